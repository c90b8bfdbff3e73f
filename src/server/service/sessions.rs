//! One's own sessions: where one is signed in, and ending that from elsewhere.

use super::{App, Error, Result, Subject, audit, rows::OwnSession};
use crate::{
    domain::{Instant, audit::Action, ids::SessionId},
    server::{
        auth::actor::Actor,
        store::{StoreError, sessions},
    },
};
use serde_json::json;

impl Actor {
    /// Where this account is signed in, the session used last first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn sessions(&self, app: &App, now: Instant) -> Result<Vec<OwnSession>> {
        let alive = app.settings().sessions.alive(now);
        Ok(sessions::list_of_account(&mut app.store().read().await?, alive, self.account()).await?)
    }

    /// Ends one of one's own sessions.
    ///
    /// # Errors
    /// `NotFound` for somebody else's and for one that has ended.
    pub async fn end_session(&self, app: &App, now: Instant, id: SessionId) -> Result<()> {
        let mut tx = app.store().begin().await?;
        sessions::delete_one(&mut tx, self.account(), id).await.map_err(|error| match error {
            StoreError::Stale => Error::NotFound,
            other => other.into(),
        })?;
        self.note_ended(&mut tx, now, 1);
        Ok(tx.commit().await?)
    }

    /// Ends all of one's own sessions but this one. Returns how many.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn end_other_sessions(&self, app: &App, now: Instant) -> Result<u64> {
        let mut tx = app.store().begin().await?;
        let ended = sessions::delete_of_account(&mut tx, self.account(), Some(self.session())).await?;
        self.note_ended(&mut tx, now, ended);
        tx.commit().await?;
        Ok(ended)
    }

    fn note_ended(&self, tx: &mut crate::server::store::Tx, now: Instant, count: u64) {
        let subject = Subject::of_actor(self);
        audit(tx, now, Some(self.account()), Action::SessionsEnded, subject, json!({ "count": count }));
    }
}
