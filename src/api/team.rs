//! A manager's team.

use super::{
    done::{Done, Said},
    error::ApiError,
};
use crate::domain::ids::PersonId;
use leptos::prelude::*;

/// Reminds one of one's reports of their checklist.
#[server(endpoint = "team/nudge")]
pub async fn nudge(person: PersonId) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let name = cx.actor()?.team_desk(&cx.app)?.nudge(cx.now, person).await?;
    Ok(Done::go("/team", Said::Nudged { name }))
}
