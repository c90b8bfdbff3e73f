//! Background checks: outcome only. No function here takes a report.

use super::{
    done::{Done, Said, person_path},
    error::ApiError,
};
use crate::domain::ids::AssignmentId;
use leptos::prelude::*;

/// Notes that a check was requested.
#[server(endpoint = "checks/request")]
pub async fn request_check(
    id: AssignmentId,
    #[server(default)] check_type: String,
    #[server(default)] provider: String,
    #[server(default)] reference: String,
    #[server(default)] requested_on: String,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let form = crate::server::service::checks::RequestForm {
        check_type,
        provider,
        reference,
        requested_on,
    };
    let person = cx.actor()?.check_desk(&cx.app)?.request(cx.now, id, &form).await?;
    Ok(Done::go(person_path(person), Said::CheckRequested))
}

/// Records the outcome of a check.
#[server(endpoint = "checks/complete")]
pub async fn complete_check(
    id: AssignmentId,
    #[server(default)] outcome: String,
    #[server(default)] completed_on: String,
    #[server(default)] legal_basis: String,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let form = crate::server::service::checks::OutcomeForm {
        outcome,
        completed_on,
        legal_basis,
    };
    let person = cx.actor()?.check_desk(&cx.app)?.complete(cx.now, id, &form).await?;
    Ok(Done::go(person_path(person), Said::CheckCompleted))
}
