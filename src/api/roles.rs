//! Roles: granting, deciding on what another administrator asked for, and taking away.

use super::{
    done::{Done, Said, account_path},
    error::ApiError,
};
use crate::domain::ids::{AccountId, RoleRequestId};
use leptos::prelude::*;

/// Grants a role, or asks another administrator to. `address` is the account's as it was shown.
#[server(endpoint = "roles/grant")]
pub async fn grant_role(
    id: AccountId,
    #[server(default)] address: String,
    #[server(default)] role: String,
    #[server(default)] reason: String,
    #[server(default)] ends_on: String,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let form = crate::server::service::roles::GrantForm { role, reason, ends_on };
    let granted = cx.actor()?.accounts_desk(&cx.app)?.grant(cx.now, id, &address, &form).await?.is_in_force();
    Ok(Done::go(account_path(id), if granted { Said::RoleGranted } else { Said::RoleRequested }))
}

/// Approves what another administrator asked for.
#[server(endpoint = "roles/approve")]
pub async fn approve_role(id: RoleRequestId) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.accounts_desk(&cx.app)?.approve(cx.now, id).await?;
    Ok(Done::go("/admin/accounts", Said::RoleApproved))
}

/// Refuses what another administrator asked for.
#[server(endpoint = "roles/refuse")]
pub async fn refuse_role(id: RoleRequestId, #[server(default)] reason: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.accounts_desk(&cx.app)?.refuse(cx.now, id, &reason).await?;
    Ok(Done::go("/admin/accounts", Said::RoleRefused))
}

/// Takes one's own request back.
#[server(endpoint = "roles/withdraw")]
pub async fn withdraw_role(id: RoleRequestId) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.accounts_desk(&cx.app)?.withdraw(cx.now, id).await?;
    Ok(Done::go("/admin/accounts", Said::RoleWithdrawn))
}

/// Takes a role away. `role` is the stored word.
#[server(endpoint = "roles/remove")]
pub async fn remove_role(id: AccountId, #[server(default)] role: String, #[server(default)] reason: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.accounts_desk(&cx.app)?.remove(cx.now, id, &role, &reason).await?;
    Ok(Done::go(account_path(id), Said::RoleRemoved))
}
