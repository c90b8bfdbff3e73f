//! What nobody needs any more is removed: sessions that ended, uploads that nobody confirmed, forms that nobody came back for,
//! limits that are forgiven, security events after 13 months, and provider, reference and note of background checks whose time has come.

use super::{App, Result, Subject, audit, events};
use crate::{
    domain::{Instant, audit::Action},
    server::store::{assignments, ceremonies, checks, events as event_store, imports, kept_forms, members, people::Scope, sessions, throttle},
};
use serde_json::json;
use time::Duration;

/// A list of people or members is kept no longer for its preview, and what was typed no longer for its form.
const UPLOADS_KEPT: Duration = Duration::days(1);

/// How much was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    pub sessions: u64,
    pub uploads: u64,
    pub forms: u64,
    pub limits: u64,
    pub events: u64,
    pub ceremonies: u64,
    pub checks: u64,
}

impl Swept {
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.sessions + self.uploads + self.forms + self.ceremonies + self.limits + self.events + self.checks
    }
}

/// Removes what nobody needs any more. Only what was part of the record leaves audit entries.
///
/// # Errors
/// When the database refuses.
pub async fn sweep(app: &App, now: Instant) -> Result<Swept> {
    let mut tx = app.store().begin().await?;
    let swept = Swept {
        sessions: sessions::delete_expired(&mut tx, now).await?,
        uploads: imports::delete_older_than(&mut tx, now - UPLOADS_KEPT).await? + members::delete_previews_older_than(&mut tx, now - UPLOADS_KEPT).await?,
        ceremonies: ceremonies::delete_expired(&mut tx, now).await?,
        forms: kept_forms::delete_older_than(&mut tx, now - UPLOADS_KEPT).await?,
        limits: throttle::delete_empty(&mut tx, now.unix_timestamp()).await?,
        events: event_store::delete_older_than(&mut tx, now - events::KEPT).await?,
        checks: 0,
    };
    tx.commit_housekeeping().await?;
    Ok(Swept {
        checks: purge_checks(app, now).await?,
        ..swept
    })
}

async fn purge_checks(app: &App, now: Instant) -> Result<u64> {
    let mut tx = app.store().begin().await?;
    let purged = checks::purge(&mut tx, now.date()).await?;
    for id in &purged {
        if let Some(item) = assignments::find(&mut tx, Scope::All, *id).await? {
            audit(&mut tx, now, None, Action::CheckPurged, Subject::about(id.0, item.person), json!({}));
        }
    }
    if !purged.is_empty() {
        tx.commit().await?;
    }
    Ok(purged.len() as u64)
}
