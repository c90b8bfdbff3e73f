//! Taking over an uploaded list. The upload itself is a plain handler (`server::http::uploads`).

use super::{
    done::{Done, Said},
    error::ApiError,
};
use crate::domain::ids::ImportId;
use leptos::prelude::*;

/// Takes an uploaded list over, all of it or nothing; with `invite=on` every newcomer gets a personal link. Where start dates move,
/// `reason` says why.
#[server(endpoint = "imports/apply")]
pub async fn apply_import(id: ImportId, #[server(default)] invite: Option<String>, #[server(default)] reason: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let tally = cx.actor()?.people_editing_desk(&cx.app)?.apply(cx.now, id, invite.is_some(), &reason).await?;
    Ok(Done::go(
        "/hr",
        Said::Imported {
            new: tally.new,
            changed: tally.changed,
            unchanged: tally.unchanged,
            invited: invite.is_some(),
        },
    ))
}
