//! What somebody typed into a form that was refused comes back with the reason. A cookie carries it; a lesson or a policy is longer than
//! a cookie may be, and waits here for the next page.

use super::{App, Result};
use crate::{
    domain::{Instant, ids::AccountId},
    server::{ids::fresh, store::kept_forms},
};
use uuid::Uuid;

/// Keeps what an account typed, and says under which id. It is no change to the record, so nothing is noted in the audit trail.
///
/// # Errors
/// When the database refuses.
pub async fn keep(app: &App, now: Instant, account: AccountId, content: &str) -> Result<Uuid> {
    let id = fresh();
    let mut tx = app.store().begin().await?;
    kept_forms::upsert(&mut tx, now, account, id, content).await?;
    tx.commit_housekeeping().await?;
    Ok(id)
}

/// What an account typed.
///
/// # Errors
/// When the database refuses.
pub async fn find(app: &App, account: AccountId, id: Uuid) -> Result<Option<String>> {
    Ok(kept_forms::find(&mut app.store().read().await?, account, id).await?)
}
