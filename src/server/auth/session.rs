//! Sessions: tower-sessions over our own table.
//!
//! The table holds the hash of the id, the account and an absolute end. What tower-sessions calls the session's data is
//! made afresh at each load from the account as it is now, so a removed role or a disabled account counts at the next
//! request, and a request in flight cannot write a session back to life: saving writes nothing.

use super::actor::{Actor, Proven};
use crate::{
    domain::ids::AccountId,
    server::{
        clock::Clock,
        store::{Store, sessions},
    },
};
use async_trait::async_trait;
use sha2::{Digest, Sha256};
use std::{collections::HashMap, fmt};
use time::Duration;
use tower_sessions::{
    Session, SessionStore,
    session::{Id, Record},
    session_store,
};

/// After this, everyone signs in again.
pub const ABSOLUTE_LIFETIME: Duration = Duration::hours(8);

const ACCOUNT: &str = "account";
const ACTOR: &str = "actor";

/// Our table as tower-sessions sees it.
#[derive(Clone)]
pub struct Sessions {
    store: Store,
    clock: Clock,
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

impl Sessions {
    pub const fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }
}

fn hash(id: Id) -> [u8; 32] {
    Sha256::digest(id.0.to_be_bytes()).into()
}

fn backend(error: impl ToString) -> session_store::Error {
    session_store::Error::Backend(error.to_string())
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        let account: AccountId = record
            .data
            .get(ACCOUNT)
            .and_then(|value| serde_json::from_value(value.clone()).ok())
            .ok_or_else(|| backend("a session without an account"))?;
        // A flushed session keeps the id that the browser brought; whoever planted it there must not share what it becomes.
        record.id = Id::default();
        let now = self.clock.now();
        record.expiry_date = now + ABSOLUTE_LIFETIME;
        let mut tx = self.store.begin().await.map_err(backend)?;
        sessions::insert(&mut tx, now, &hash(record.id), account, record.expiry_date)
            .await
            .map_err(backend)?;
        // The sign-in itself has its audit entry; the row is its means.
        tx.commit_housekeeping().await.map_err(backend)
    }

    async fn save(&self, _: &Record) -> session_store::Result<()> {
        Ok(())
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let now = self.clock.now();
        let mut db = self.store.read().await.map_err(backend)?;
        let rows = sessions::find(&mut db, now, &hash(*id)).await.map_err(backend)?;
        let Some(proven) = Proven::from_rows(now, &rows) else { return Ok(None) };
        let data = HashMap::from([(ACTOR.to_owned(), serde_json::to_value(proven).map_err(backend)?)]);
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date: now + ABSOLUTE_LIFETIME,
        }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        let mut tx = self.store.begin().await.map_err(backend)?;
        sessions::delete(&mut tx, &hash(*id)).await.map_err(backend)?;
        tx.commit_housekeeping().await.map_err(backend)
    }
}

/// The actor of a request's session.
///
/// # Errors
/// When the database cannot be asked.
pub async fn actor(session: &Session) -> Result<Option<Actor>, tower_sessions::session::Error> {
    Ok(session.get::<Proven>(ACTOR).await?.map(Actor::from))
}

/// Starts a session for an account under a fresh id, whatever id the browser brought.
///
/// # Errors
/// When the database refuses.
pub async fn start(session: &Session, account: AccountId) -> Result<(), tower_sessions::session::Error> {
    if session.id().is_some() {
        session.flush().await?;
    }
    session.insert(ACCOUNT, account).await?;
    session.save().await
}

/// Ends a session.
///
/// # Errors
/// When the database refuses.
pub async fn end(session: &Session) -> Result<(), tower_sessions::session::Error> {
    session.flush().await
}
