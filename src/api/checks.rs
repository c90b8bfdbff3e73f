//! Background checks: outcome only. No function here takes a report.

use super::{
    done::{Done, Said, person_path},
    error::ApiError,
};
use crate::domain::{ids::AssignmentId, locale::Locale};
use leptos::prelude::*;

/// Agrees that a provider is asked about oneself. `version` and `language` name what was shown.
#[server(endpoint = "checks/give-consent")]
pub async fn give_check_consent(
    id: AssignmentId,
    #[server(default)] version: i64,
    #[server(default)] language: Locale,
    #[server(default)] consents: Option<String>,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.own_desk()?.give_consent(cx.now, id, version, language, consents.is_some()).await?;
    Ok(Done::go("/checklist", Said::CheckConsentGiven))
}

/// Does not agree that a provider is asked, or no longer.
#[server(endpoint = "checks/refuse-consent")]
pub async fn refuse_check_consent(id: AssignmentId) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.own_desk()?.refuse_consent(cx.now, id).await?;
    Ok(Done::go("/checklist", Said::CheckConsentRefused))
}

/// Notes that a check was requested.
#[server(endpoint = "checks/request")]
pub async fn request_check(
    id: AssignmentId,
    #[server(default)] choice: String,
    #[server(default)] provider: String,
    #[server(default)] reference: String,
    #[server(default)] requested_on: String,
    #[server(default)] note: String,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let form = crate::server::service::checks::RequestForm {
        choice,
        provider,
        reference,
        requested_on,
        note,
    };
    let person = cx.actor()?.check_desk(&cx.app)?.request(cx.now, id, &form).await?;
    Ok(Done::go(person_path(person), Said::CheckRequested))
}

/// Notes that the provider has what they need.
#[server(endpoint = "checks/with-provider")]
pub async fn mark_with_provider(id: AssignmentId, #[server(default)] with_provider_on: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.check_desk(&cx.app)?.mark_with_provider(cx.now, id, &with_provider_on).await?;
    Ok(Done::here(Said::CheckWithProvider))
}

/// Records the outcome of a check: what the provider said, or the key of a choice that needs no provider.
#[server(endpoint = "checks/complete")]
pub async fn complete_check(
    id: AssignmentId,
    #[server(default)] outcome: String,
    #[server(default)] completed_on: String,
    #[server(default)] legal_basis: String,
    #[server(default)] purge_on: String,
    #[server(default)] note: String,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let form = crate::server::service::checks::OutcomeForm {
        outcome,
        completed_on,
        legal_basis,
        purge_on,
        note,
    };
    let person = cx.actor()?.check_desk(&cx.app)?.complete(cx.now, id, &form).await?;
    Ok(Done::go(person_path(person), Said::CheckCompleted))
}
