//! Accounts as administrators see them: adding, disabling, enabling, ending sessions.

use super::{
    done::{Done, Said, account_path},
    error::ApiError,
};
use crate::domain::ids::AccountId;
use leptos::prelude::*;

/// Adds an account with a role.
#[server(endpoint = "accounts/add")]
pub async fn add_account(
    #[server(default)] email: String,
    #[server(default)] name: String,
    #[server(default)] language: String,
    #[server(default)] role: String,
    #[server(default)] reason: String,
    #[server(default)] ends_on: String,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let grant = crate::server::service::roles::GrantForm { role, reason, ends_on };
    let form = crate::server::service::managed_accounts::AccountForm { email, name, language, grant };
    let (id, granted) = cx.actor()?.accounts_desk(&cx.app)?.add(cx.now, &form).await?;
    let granted = granted.is_in_force();
    Ok(Done::go(account_path(id), Said::AccountAdded { granted }))
}

/// Keeps an account from being used.
#[server(endpoint = "accounts/disable")]
pub async fn disable_account(id: AccountId, #[server(default)] reason: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.accounts_desk(&cx.app)?.disable(cx.now, id, &reason).await?;
    Ok(Done::go(account_path(id), Said::AccountDisabled))
}

/// Lets an account be used again.
#[server(endpoint = "accounts/enable")]
pub async fn enable_account(id: AccountId, #[server(default)] reason: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.accounts_desk(&cx.app)?.enable(cx.now, id, &reason).await?;
    Ok(Done::go(account_path(id), Said::AccountEnabled))
}

/// Takes every second factor from an account whose owner lost them.
#[server(endpoint = "accounts/reset-factors")]
pub async fn reset_factors(id: AccountId, #[server(default)] reason: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.accounts_desk(&cx.app)?.reset_factors(cx.now, id, &reason).await?;
    Ok(Done::go(account_path(id), Said::FactorsReset))
}

/// Ends every session of an account.
#[server(endpoint = "accounts/end-sessions")]
pub async fn end_sessions(id: AccountId) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let ended = cx.actor()?.accounts_desk(&cx.app)?.end_sessions(cx.now, id).await?;
    Ok(Done::go(account_path(id), Said::SessionsEnded.if_changed(ended)))
}
