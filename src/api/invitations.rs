//! Personal links.

use super::{
    done::{Done, Said},
    error::ApiError,
};
use crate::domain::ids::PersonId;
use leptos::prelude::*;

/// Sends a person a new link.
#[server(endpoint = "invitations/send")]
pub async fn send_invitation(person: PersonId, #[server(default)] name: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.people_editing_desk(&cx.app)?.invite(cx.now, person).await?;
    Ok(Done::here(Said::InvitationSent { name }))
}

/// Opens a link: uses it up and signs its person in. `press` tells the second half of a double click from somebody else.
#[server(endpoint = "invitations/accept")]
pub async fn accept_invitation(token: String, #[server(default)] press: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let who = crate::server::service::invitations::accept(&cx.app, cx.now, &cx.caller, &token, &press).await?;
    let proof = crate::server::auth::session::Proof::Link;
    Ok(Done::silently(cx.enter(who, proof, "/welcome").await?))
}

/// Sends another link in place of a used or expired one, to the address it went to.
#[server(endpoint = "invitations/renew")]
pub async fn renew_invitation(token: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    crate::server::service::invitations::renew(&cx.app, cx.now, &cx.caller, &token).await?;
    Ok(Done::here(Said::LinkRequested))
}

/// Sends a link to the owner of an address, if it belongs to somebody; the answer is the same either way.
#[server(endpoint = "invitations/request")]
pub async fn request_link(#[server(default)] email: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    crate::server::service::passwords::send_way_in(&cx.app, cx.now, &cx.caller, &email).await?;
    Ok(Done::go("/sign-in", Said::LinkRequested))
}
