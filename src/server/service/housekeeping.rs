//! What nobody needs any more is removed: sessions that ended, and uploaded lists that nobody confirmed.

use super::{App, Result};
use crate::{
    domain::Instant,
    server::store::{imports, sessions},
};
use time::Duration;

/// A list of people is kept no longer for its preview.
const UPLOADS_KEPT: Duration = Duration::days(1);

/// How much was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    pub sessions: u64,
    pub uploads: u64,
}

/// Removes what nobody needs any more. None of it is part of the record, so it leaves no audit entry.
///
/// # Errors
/// When the database refuses.
pub async fn sweep(app: &App, now: Instant) -> Result<Swept> {
    let mut tx = app.store().begin().await?;
    let swept = Swept {
        sessions: sessions::delete_expired(&mut tx, now).await?,
        uploads: imports::delete_older_than(&mut tx, now - UPLOADS_KEPT).await?,
    };
    tx.commit_housekeeping().await?;
    Ok(swept)
}
