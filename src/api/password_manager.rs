//! Enrolment in the password manager.

use super::{
    done::{Done, Said},
    error::ApiError,
};
use crate::domain::ids::AssignmentId;
use leptos::prelude::*;

/// Declares one's own enrolment.
#[server(endpoint = "password-manager/declare")]
pub async fn declare_enrolment(id: AssignmentId) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.own_desk()?.declare_enrolment(cx.now, id).await?;
    Ok(Done::go("/checklist", Said::EnrolmentDeclared))
}

/// Confirms somebody's enrolment; stays on the page it was confirmed on.
#[server(endpoint = "password-manager/confirm")]
pub async fn confirm_enrolment(id: AssignmentId) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.enrolment_desk(&cx.app)?.confirm(cx.now, id).await?;
    Ok(Done::here(Said::EnrolmentConfirmed))
}
