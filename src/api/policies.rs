//! Accepting policies.

use super::{
    done::{Done, Said},
    error::ApiError,
};
use crate::domain::ids::AssignmentId;
use leptos::prelude::*;

/// Accepts a policy in the version and language that was shown.
#[server(endpoint = "policies/accept")]
pub async fn accept_policy(id: AssignmentId, #[server(default)] opened: String, #[server(default)] consents: Option<String>) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.own_desk()?.accept_policy(cx.now, id, &opened, consents.is_some()).await?;
    Ok(Done::go("/checklist", Said::PolicyAccepted))
}
