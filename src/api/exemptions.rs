//! Exemptions: asking, deciding, ending; and HR's word that somebody may start without an NDA.

use super::{
    done::{Done, Said, person_path},
    error::ApiError,
};
use crate::domain::ids::{AssignmentId, ExemptionId};
use leptos::prelude::*;

/// Asks that an item be lifted for somebody.
#[server(endpoint = "exemptions/request")]
pub async fn request_exemption(
    id: AssignmentId,
    #[server(default)] reason: String,
    #[server(default)] compensating_step: String,
    #[server(default)] ends_on: String,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let form = crate::server::service::exemptions::ExemptionForm {
        reason,
        compensating_step,
        ends_on,
    };
    let person = cx.actor()?.exemption_request_desk(&cx.app)?.request(cx.now, id, &form).await?;
    Ok(Done::go(person_path(person), Said::ExemptionRequested))
}

/// Decides on what somebody else asked for. `approve` is the pressed button's value: `yes` or `no`.
#[server(endpoint = "exemptions/decide")]
pub async fn decide_exemption(id: ExemptionId, approve: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let approve = approve == "yes";
    cx.actor()?.exemption_decision_desk(&cx.app)?.decide(cx.now, id, approve).await?;
    Ok(Done::here(if approve { Said::ExemptionApproved } else { Said::ExemptionRefused }))
}

/// Ends an exemption before its last day.
#[server(endpoint = "exemptions/end")]
pub async fn end_exemption(id: ExemptionId) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.exemption_decision_desk(&cx.app)?.end(cx.now, id).await?;
    Ok(Done::here(Said::ExemptionEnded))
}

/// Lets somebody start without a signed NDA.
#[server(endpoint = "exemptions/allow-start")]
pub async fn allow_start(
    id: AssignmentId,
    #[server(default)] reason: String,
    #[server(default)] compensating_step: String,
    #[server(default)] ends_on: String,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let form = crate::server::service::exemptions::ExemptionForm {
        reason,
        compensating_step,
        ends_on,
    };
    let person = cx.actor()?.nda_desk(&cx.app)?.allow_start(cx.now, id, &form).await?;
    Ok(Done::go(person_path(person), Said::StartAllowed))
}
