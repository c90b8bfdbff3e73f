//! Sessions: tower-sessions over our own table.
//!
//! The table holds the hash of the id, the account and an absolute end. What tower-sessions calls the session's data is
//! made afresh at each load from the account as it is now, so a removed role or a disabled account counts at the next
//! request, and a request in flight cannot write a session back to life: saving writes nothing.

use super::actor::{Actor, HalfProven, Halfway, Proven, Recognised, Standing};
use crate::{
    domain::{Instant, evidence::Origin, ids::SessionId},
    server::{
        ids::fresh,
        service::App,
        store::{
            StoreError, accounts,
            sessions::{self, Alive, NewSession},
        },
    },
};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{collections::HashMap, fmt};
use time::Duration;
use tower_sessions::{
    Session, SessionStore,
    session::{Id, Record},
    session_store,
};

const BEGUN: &str = "begun";
const ACTOR: &str = "actor";
const HALFWAY: &str = "halfway";
/// What the store says of a sign-in that was overtaken; tower-sessions lets it say words only.
const OVER: &str = "the account's sessions were ended meanwhile";
/// Using a session is noted no more often than this, so that reading seldom writes.
const SEEN_EVERY: Duration = Duration::minutes(1);

/// How long sessions live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// After this, everyone signs in again.
    pub absolute: Duration,
    /// After this without use, whoever holds a role signs in again.
    pub idle: Duration,
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            absolute: Duration::hours(8),
            idle: Duration::minutes(30),
        }
    }
}

impl Lifetimes {
    /// What is alive now.
    pub fn alive(&self, now: Instant) -> Alive {
        Alive {
            now,
            idle_since: now - self.idle,
        }
    }
}

/// How somebody proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Proof {
    /// By a personal link.
    Link,
    /// By a password alone.
    Password,
    /// By a second factor after a password or link, or by a passkey, which is two factors in one.
    SecondFactor,
}

/// What a session begins with; crosses from [`start`] to the store inside the session layer only.
#[derive(Serialize, Deserialize)]
struct Begun {
    who: Recognised,
    proof: Proof,
    origin: Origin,
    /// When it ends at the latest; none: a lifetime from now.
    until: Option<Instant>,
}

/// Our table as tower-sessions sees it.
#[derive(Clone)]
pub struct Sessions(App);

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

impl Sessions {
    pub const fn new(app: App) -> Self {
        Self(app)
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
        let begun: Begun = record
            .data
            .get(BEGUN)
            .and_then(|value| serde_json::from_value(value.clone()).ok())
            .ok_or_else(|| backend("a session without an account"))?;
        // A flushed session keeps the id that the browser brought; whoever planted it there must not share what it becomes.
        record.id = Id::default();
        let now = self.0.now();
        record.expiry_date = begun.until.unwrap_or(now + self.0.settings().sessions.absolute);
        let mut tx = self.0.store().begin().await.map_err(backend)?;
        let session = NewSession {
            id: SessionId(fresh()),
            id_hash: &hash(record.id),
            account: begun.who.account,
            expires_at: record.expiry_date,
            second_factor: begun.proof == Proof::SecondFactor,
            origin: &begun.origin,
        };
        let held = accounts::hold_at(&mut tx, begun.who.account, begun.who.epoch).await;
        held.map_err(|error| match error {
            StoreError::Stale => backend(OVER),
            other => backend(other),
        })?;
        sessions::insert(&mut tx, now, &session).await.map_err(backend)?;
        // The sign-in itself has its audit entry; the row is its means.
        tx.commit_housekeeping().await.map_err(backend)
    }

    async fn save(&self, _: &Record) -> session_store::Result<()> {
        Ok(())
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let (now, lifetimes) = (self.0.now(), self.0.settings().sessions);
        let mut db = self.0.store().read().await.map_err(backend)?;
        let rows = sessions::find(&mut db, lifetimes.alive(now), &hash(*id)).await.map_err(backend)?;
        let (name, value) = match Standing::from_rows(&rows, now, self.0.settings().second_factor_required) {
            Some(Standing::Full(proven)) => (ACTOR, serde_json::to_value(proven)),
            Some(Standing::Half(proven)) => (HALFWAY, serde_json::to_value(proven)),
            None => return Ok(None),
        };
        let data = HashMap::from([(name.to_owned(), value.map_err(backend)?)]);
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date: now + lifetimes.absolute,
        }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        let mut tx = self.0.store().begin().await.map_err(backend)?;
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

/// Whoever of a request's session still owes their second factor.
///
/// # Errors
/// When the database cannot be asked.
pub async fn halfway(session: &Session) -> Result<Option<Halfway>, tower_sessions::session::Error> {
    Ok(session.get::<HalfProven>(HALFWAY).await?.map(Halfway::from))
}

/// Starts a session for an account under a fresh id, whatever id the browser brought.
///
/// # Errors
/// When the database refuses, or as told by [`is_over`].
pub async fn start(session: &Session, who: Recognised, proof: Proof, origin: Origin) -> Result<(), tower_sessions::session::Error> {
    begin(
        session,
        Begun {
            who,
            proof,
            origin,
            until: None,
        },
    )
    .await
}

/// Gives the session of an actor a fresh id after they proved anew that they are `who`. It ends no later for that, and has no more rights.
///
/// # Errors
/// As [`start`].
pub async fn renew(session: &Session, actor: &Actor, who: Recognised, origin: Origin) -> Result<(), tower_sessions::session::Error> {
    let proof = if actor.has_second_factor_proof() {
        Proof::SecondFactor
    } else {
        Proof::Password
    };
    begin(
        session,
        Begun {
            who,
            proof,
            origin,
            until: Some(actor.session_ends_at()),
        },
    )
    .await
}

/// Whether a session could not begin because the account's sessions were ended while somebody signed in.
pub fn is_over(error: &tower_sessions::session::Error) -> bool {
    use tower_sessions::session::Error;
    matches!(error, Error::Store(session_store::Error::Backend(words)) if words == OVER)
}

async fn begin(session: &Session, begun: Begun) -> Result<(), tower_sessions::session::Error> {
    if session.id().is_some() {
        session.flush().await?;
    }
    session.insert(BEGUN, begun).await?;
    session.save().await
}

/// Notes that a session is in use, and from where. Costs nothing when that was noted within the last minute.
///
/// # Errors
/// When the database refuses.
pub async fn note_use(app: &App, now: Instant, actor: &Actor, origin: &Origin) -> Result<(), crate::server::store::StoreError> {
    if now < actor.seen_at() + SEEN_EVERY {
        return Ok(());
    }
    let mut tx = app.store().begin().await?;
    sessions::mark_seen(&mut tx, now, actor.session(), origin).await?;
    tx.commit_housekeeping().await
}

/// Ends a session.
///
/// # Errors
/// When the database refuses.
pub async fn end(session: &Session) -> Result<(), tower_sessions::session::Error> {
    session.flush().await
}
