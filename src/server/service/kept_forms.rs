//! What somebody typed into a form that was refused comes back with the reason. A cookie carries it; a lesson or a policy is longer than
//! a cookie may be, and waits here for the next page.

use super::{App, Result, throttle};
use crate::{
    domain::{Instant, ids::AccountId},
    server::{ids::fresh, store::kept_forms},
};
use uuid::Uuid;

/// The most that is kept of one form, in bytes: both bodies of the longest policy, written in umlauts only, with room to spare.
const MAX_BYTES: usize = 400_000;

/// Keeps what an account typed, and says under which id; none where it is too long or there was too much of it lately, as every form
/// that takes the place of another leaves `PostgreSQL` something to clear away. It is no change to the record, so nothing is noted in the audit
/// trail.
///
/// # Errors
/// When the database refuses.
pub async fn keep(app: &App, now: Instant, account: AccountId, content: &str) -> Result<Option<Uuid>> {
    if content.len() > MAX_BYTES || !throttle::may_keep(app, account).await? {
        return Ok(None);
    }
    let id = fresh();
    let mut tx = app.store().begin().await?;
    kept_forms::upsert(&mut tx, now, account, id, content).await?;
    tx.commit_housekeeping().await?;
    Ok(Some(id))
}

/// What an account typed.
///
/// # Errors
/// When the database refuses.
pub async fn find(app: &App, account: AccountId, id: Uuid) -> Result<Option<String>> {
    Ok(kept_forms::find(&mut app.store().read().await?, account, id).await?)
}
