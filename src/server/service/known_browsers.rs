//! Browsers that an account knows. Who signed in from one, or set the account's password there, gets a sealed mark for it to keep, so that
//! limits can tell its owner from strangers. A mark opens nothing.
//!
//! Marks are bound to what the account asks for at sign-in: those that were had with an old password, or with a password alone before
//! there was a second factor, are worth nothing.

use super::{
    App, Result, found,
    throttle::{Caller, Whom},
};
use crate::{
    domain::{Instant, ids::AccountId},
    server::{
        auth::seal::{open_device, seal_device},
        ids::fresh,
        store::accounts,
    },
};
use time::Duration;

/// So long a browser is known.
pub const KNOWN_FOR: Duration = Duration::days(365);

/// What an account asks for at sign-in, as marks are bound to it.
pub(super) fn secrets(password_hash: Option<&str>, has_factor: bool) -> String {
    format!("{has_factor} {}", password_hash.unwrap_or_default())
}

async fn secrets_of(app: &App, account: AccountId) -> Result<String> {
    let owner = found(accounts::find_owner(&mut app.store().read().await?, account).await?)?;
    Ok(secrets(owner.password_hash.as_deref(), owner.has_factor))
}

/// The mark of the browser that just signed in to an account, or set its password.
///
/// # Errors
/// `NotFound` when the account was disabled meanwhile.
pub async fn mark(app: &App, now: Instant, account: AccountId) -> Result<String> {
    let secrets = secrets_of(app, account).await?;
    Ok(seal_device(&app.settings().key, account, &secrets, fresh(), now + KNOWN_FOR))
}

/// Whom a try at signing in to an account aims at, if it comes from a browser that the account knows.
pub(super) fn known_to(app: &App, now: Instant, caller: &Caller, account: AccountId, secrets: &str) -> Option<Whom<'static>> {
    let browser = open_device(&app.settings().key, account, secrets, &caller.device, now)?;
    Some(Whom::Known(account, browser))
}

/// The account that somebody signs in to whose password fitted, as this browser reaches it.
pub(super) async fn reached_from(app: &App, now: Instant, caller: &Caller, account: AccountId) -> Result<Whom<'static>> {
    let secrets = secrets_of(app, account).await?;
    Ok(known_to(app, now, caller, account, &secrets).unwrap_or(Whom::Account(account)))
}
