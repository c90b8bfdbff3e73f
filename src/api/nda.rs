//! Signing, confirming and withdrawing NDAs. Those on paper come with a file: see `server::http::uploads`.

use super::{
    done::{Done, Said, person_path},
    error::ApiError,
};
use crate::domain::ids::AssignmentId;
use leptos::prelude::*;

/// Signs one's own NDA.
#[server(endpoint = "nda/sign")]
pub async fn sign_nda(
    id: AssignmentId,
    #[server(default)] opened: String,
    #[server(default)] typed_name: String,
    #[server(default)] consents: Option<String>,
    #[server(default)] drawing: String,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let (typed_name, consents, drawing) = (&*typed_name, consents.is_some(), &*drawing);
    let signature = crate::server::service::nda::SignatureForm { typed_name, consents, drawing };
    cx.own_desk()?.sign_nda(cx.now, id, &opened, &signature).await?;
    Ok(Done::go("/checklist", Said::NdaSigned))
}

/// Confirms a signed NDA; stays on the page it was confirmed on.
#[server(endpoint = "nda/confirm")]
pub async fn confirm_nda(id: AssignmentId) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.nda_desk(&cx.app)?.confirm(cx.now, id).await?;
    Ok(Done::here(Said::NdaConfirmed))
}

/// Takes back a signed NDA and asks again.
#[server(endpoint = "nda/withdraw")]
pub async fn withdraw_nda(id: AssignmentId, #[server(default)] reason: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let person = cx.actor()?.nda_desk(&cx.app)?.withdraw(cx.now, id, &reason).await?;
    Ok(Done::go(person_path(person), Said::NdaWithdrawn))
}
