//! All SQL, for both databases. One body of SQL serves `SQLite` and `PostgreSQL`; what must differ stands in `dialect`.
//!
//! Every function takes a [`Db`] to read or a [`Tx`] to write. A [`Tx`] commits only after an audit entry was appended.
//! Absent on purpose: decisions. Whether something may happen is the service layer's business.

pub mod accounts;
pub mod assignments;
pub mod audit;
pub mod board;
pub mod calendar_feeds;
pub mod ceremonies;
pub mod check_profiles;
pub mod checks;
pub mod copies;
pub mod courses;
pub mod dialect;
pub mod digests;
pub mod documents;
pub mod drafts;
pub mod events;
pub mod evidence;
pub mod exemptions;
pub mod factors;
pub mod imports;
pub mod invitations;
pub mod kept_forms;
pub mod members;
pub mod nda_templates;
pub mod outbox;
pub mod password_resets;
pub mod people;
pub mod pseudonyms;
pub mod quiz;
pub mod rates;
pub mod reconciliation;
pub mod reminders;
pub mod requirements;
pub mod roles;
pub mod rollout;
pub mod rules;
pub mod sealing;
pub mod search;
pub mod sessions;
pub mod stored_files;
pub mod team;
pub mod throttle;

use crate::{
    domain::{
        Instant,
        ids::{AccountId, PersonId},
    },
    server::vault::Vault,
};
use sqlx::{
    Database, PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    ops::{Deref, DerefMut},
    str::FromStr,
    time::Duration,
};

/// Runs the same expression against whichever database is connected.
macro_rules! on_db {
    ($db:expr, |$connection:ident| $body:expr) => {
        match $db.itself() {
            $crate::server::store::Db::Sqlite(handle) => {
                let $connection = &mut **handle;
                $body
            }
            $crate::server::store::Db::Postgres(handle) => {
                let $connection = &mut **handle;
                $body
            }
        }
    };
}
pub(crate) use on_db;

/// An item (`a`, of requirement `r`) that is not fulfilled and whose deadline still counts. A background check counts by its
/// outcome; the other kinds that wait have been done by the person already.
macro_rules! unmet {
    () => {
        "(a.state in ('open', 'failed') or (a.state = 'waiting' and r.kind = 'background_check'))"
    };
}
pub(crate) use unmet;

/// An item (`a`) that comes again every year and is open already, but whose last year is not over: what was done before still
/// stands. `$now` is the number of the parameter that holds now.
macro_rules! renewal {
    ($now:literal) => {
        concat!("(a.cause = 'yearly' and a.state = 'open' and a.due_at > ", $now, ")")
    };
}
pub(crate) use renewal;

/// An item (`a`) that no later cycle has taken the place of. A renewal takes it when it is done or due, everything else at once.
macro_rules! newest {
    ($now:literal) => {
        concat!(
            "not exists (select 1 from assignment n where n.person_id = a.person_id and n.requirement_id = a.requirement_id and n.cycle > a.cycle
                 and not (n.cause = 'yearly' and n.state = 'open' and n.due_at > ",
            $now,
            "))"
        )
    };
}
pub(crate) use newest;

/// What the person `p` answered when asked to agree to the check `$item`, in the words of `domain::check_profile::Consent`.
macro_rules! consent {
    ($item:literal) => {
        concat!(
            "case when coalesce((select x.needs_consent from check_profile x where x.country = p.country),
                 (select x.needs_consent from check_profile x where x.country = 'generic'), false)
             then coalesce((select case when y.consents then 'given' else 'refused' end from check_consent y where y.assignment_id = ",
            $item,
            ".id), 'missing')
             else 'not_needed' end"
        )
    };
}
pub(crate) use consent;

/// A folded column as `domain::person::searchable` would write it.
macro_rules! searchable {
    ($column:literal) => {
        concat!("replace(replace(replace(", $column, ", 'ae', 'a'), 'oe', 'o'), 'ue', 'u')")
    };
}
pub(crate) use searchable;

/// How many connections each pool opens at most.
const CONNECTIONS: u32 = 8;
/// How long a request waits for a connection before it is told to come back.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);

/// What can go wrong below the service layer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A stored value that no version of this program wrote.
    #[error("the stored {0} cannot be read")]
    Corrupt(&'static str),
    /// A conditional write found another state than the one it was decided on.
    #[error("the row changed meanwhile")]
    Stale,
    #[error("a change without an audit entry was refused")]
    Unaudited,
    /// Whoever makes the change was signed out or lost a right while it was made.
    #[error("whose change it is was signed out meanwhile")]
    SignedOut,
    /// The key was rotated since this instance started, or this is another installation's database.
    #[error("the database is sealed with another key")]
    OtherKey,
}

pub type Result<T> = std::result::Result<T, StoreError>;

/// The connected database.
#[derive(Clone)]
pub enum Store {
    /// Many readers, one writer: `SQLite` has one write lock, and waiting for it in our own queue is fairer than polling.
    Sqlite {
        readers: SqlitePool,
        writer: SqlitePool,
        vault: Vault,
    },
    Postgres {
        pool: PgPool,
        vault: Vault,
    },
}

/// How carefully `SQLite` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// What was acknowledged survives a power cut.
    Full,
    /// For filling a fresh demo database only.
    Off,
}

impl Store {
    /// Connects. The URL's scheme chooses the database; a `SQLite` file is created when it is missing. Whether `vault` has the key that
    /// the database is sealed with is asked by `service::keys`.
    ///
    /// # Errors
    /// When the URL cannot be read or the database cannot be reached.
    pub async fn connect(url: &str, durability: Durability, vault: Vault) -> Result<Self> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(url)?.options([("idle_in_transaction_session_timeout", "15s"), ("timezone", "UTC")]);
            let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(ACQUIRE_TIMEOUT);
            return Ok(Self::Postgres {
                pool: pool.connect_with(options).await?,
                vault,
            });
        }
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .foreign_keys(true)
            // Otherwise `insert or replace` slips past the triggers that refuse deletion.
            .pragma("recursive_triggers", "on")
            // What is removed must not be found in the free pages of the file.
            .pragma("secure_delete", "on")
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(match durability {
                Durability::Full => SqliteSynchronous::Full,
                Durability::Off => SqliteSynchronous::Off,
            })
            .busy_timeout(Duration::from_secs(5));
        let pool = || SqlitePoolOptions::new().acquire_timeout(ACQUIRE_TIMEOUT);
        let writer = pool().max_connections(1).connect_with(options.clone()).await?;
        let readers = pool().max_connections(CONNECTIONS).connect_with(options.read_only(true)).await?;
        Ok(Self::Sqlite { readers, writer, vault })
    }

    /// Brings the schema up to date. Instances that start together wait for each other.
    ///
    /// # Errors
    /// When a migration fails or one that has landed was edited.
    pub async fn migrate(&self) -> Result<()> {
        match self {
            Self::Sqlite { writer, .. } => sqlx::migrate!("migrations/sqlite").run(writer).await?,
            Self::Postgres { pool, .. } => sqlx::migrate!("migrations/postgres").run(pool).await?,
        }
        Ok(())
    }

    /// Whether every migration of this binary has been applied.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn is_migrated(&self) -> Result<bool> {
        let newest = sqlx::migrate!("migrations/sqlite").iter().map(|migration| migration.version).max();
        let mut db = self.read().await?;
        Ok(newest == dialect::newest_migration(&mut db).await?)
    }

    /// A connection for reading.
    ///
    /// # Errors
    /// When none is free in time or the database is away.
    pub async fn read(&self) -> Result<Db> {
        Ok(match self {
            Self::Sqlite { readers, vault, .. } => Db::Sqlite(Handle::new(Connection::Pooled(readers.acquire().await?), vault)),
            Self::Postgres { pool, vault } => Db::Postgres(Handle::new(Connection::Pooled(pool.acquire().await?), vault)),
        })
    }

    /// A transaction for writing; dropped without a commit, it leaves nothing behind.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub async fn begin(&self) -> Result<Tx> {
        let db = match self {
            // Taking the write lock at once avoids a deadlock between two readers that both want to write.
            Self::Sqlite { writer, vault, .. } => {
                let transaction = writer.begin_with("begin immediate").await?;
                Db::Sqlite(Handle::new(Connection::Transaction(transaction), vault))
            }
            Self::Postgres { pool, vault } => Db::Postgres(Handle::new(Connection::Transaction(pool.begin().await?), vault)),
        };
        Ok(Tx {
            db,
            pending: Vec::new(),
            author: None,
        })
    }

    /// As [`Store::begin`], for a change that somebody makes who is signed in. It may wait long for its turn or a lock, so it is committed
    /// only if they were not signed out, and lost no right, meanwhile.
    ///
    /// # Errors
    /// As [`Store::begin`].
    pub async fn begin_by(&self, author: Author) -> Result<Tx> {
        Ok(Tx {
            author: Some(author),
            ..self.begin().await?
        })
    }

    /// The keys that this instance seals with.
    pub const fn vault(&self) -> &Vault {
        match self {
            Self::Sqlite { vault, .. } | Self::Postgres { vault, .. } => vault,
        }
    }

    /// Folds `SQLite`'s write-ahead log into the file and empties it, so that nothing of what was replaced is left in it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn fold_log(&self) -> Result<()> {
        if let Self::Sqlite { writer, .. } = self {
            sqlx::query("pragma wal_checkpoint(truncate)").execute(writer).await?;
        }
        Ok(())
    }

    /// Closes all connections, letting `SQLite` fold its write-ahead log into the file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { readers, writer, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres { pool, .. } => pool.close().await,
        }
    }
}

/// A connection, with the keys for what is sealed behind it.
pub struct Handle<D: Database> {
    connection: Connection<D>,
    vault: Vault,
}

/// A connection, in a transaction or not.
enum Connection<D: Database> {
    Pooled(PoolConnection<D>),
    Transaction(Transaction<'static, D>),
}

impl<D: Database> Handle<D> {
    fn new(connection: Connection<D>, vault: &Vault) -> Self {
        Self {
            connection,
            vault: vault.clone(),
        }
    }

    async fn commit(self) -> Result<()> {
        if let Connection::Transaction(transaction) = self.connection {
            transaction.commit().await?;
        }
        Ok(())
    }
}

impl<D: Database> Deref for Handle<D> {
    type Target = D::Connection;
    fn deref(&self) -> &D::Connection {
        match &self.connection {
            Connection::Pooled(connection) => connection,
            Connection::Transaction(transaction) => transaction,
        }
    }
}

impl<D: Database> DerefMut for Handle<D> {
    fn deref_mut(&mut self) -> &mut D::Connection {
        match &mut self.connection {
            Connection::Pooled(connection) => connection,
            Connection::Transaction(transaction) => transaction,
        }
    }
}

/// A connection to either database.
pub enum Db {
    Sqlite(Handle<Sqlite>),
    Postgres(Handle<Postgres>),
}

impl Db {
    /// Lets `on_db!` reach the connection through a transaction's deref.
    const fn itself(&mut self) -> &mut Self {
        self
    }

    /// The keys for what is sealed behind this connection.
    pub const fn vault(&self) -> &Vault {
        match self {
            Self::Sqlite(handle) => &handle.vault,
            Self::Postgres(handle) => &handle.vault,
        }
    }

    /// From now on, what this connection writes is sealed with other keys.
    fn change_vault(&mut self, vault: &Vault) {
        match self {
            Self::Sqlite(handle) => handle.vault = vault.clone(),
            Self::Postgres(handle) => handle.vault = vault.clone(),
        }
    }

    /// Opens an address.
    pub(super) fn open_address(&self, sealed: &str) -> Result<String> {
        self.vault().open_address(sealed).ok_or(StoreError::Corrupt("address"))
    }
}

/// A transaction on either database.
pub struct Tx {
    db: Db,
    /// Audit entries, appended at the commit: the end of the chain is locked last and only briefly, so that two changes
    /// never wait for each other crosswise.
    pending: Vec<(Instant, audit::Change)>,
    author: Option<Author>,
}

/// Who makes a change.
#[derive(Clone, Copy, Debug)]
pub struct Author {
    pub account: AccountId,
    pub person: Option<PersonId>,
    /// See [`accounts::find_epoch`].
    pub epoch: i64,
}

impl Deref for Tx {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.db
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Db {
        &mut self.db
    }
}

impl Tx {
    /// Commits a change together with its audit entry.
    ///
    /// # Errors
    /// `Unaudited` when there is none, `SignedOut` when its author was; then nothing is written.
    pub async fn commit(mut self) -> Result<()> {
        let entries = std::mem::take(&mut self.pending);
        if entries.is_empty() {
            return Err(StoreError::Unaudited);
        }
        for (now, change) in &entries {
            audit::append(&mut self, *now, change).await?;
        }
        // While the end of the chain is held: nothing stands in it after what took the author's right.
        if let Some(author) = self.author
            && !accounts::is_at(&mut self, author.account, author.epoch).await?
        {
            return Err(StoreError::SignedOut);
        }
        self.commit_housekeeping().await?;
        // Said where it is sure to have happened. Names and values stand in the database only.
        for (_, change) in entries.iter().filter(|(_, change)| change.action.is_security_event()) {
            tracing::info!(
                target: "security",
                {
                    event.kind = change.action.as_str(),
                    event.outcome = "success",
                    account.id = change.actor.map(tracing::field::display),
                    subject.id = %change.subject,
                },
                "security event"
            );
        }
        Ok(())
    }

    /// From here on it is of no account any more whether its author is signed in: the change itself ends their sessions.
    fn signs_out(&mut self, is_author: impl FnOnce(Author) -> bool) {
        self.author = self.author.filter(|author| !is_author(*author));
    }

    /// Notes what this transaction changes, for the audit trail.
    pub fn note(&mut self, now: Instant, change: audit::Change) {
        self.pending.push((now, change));
    }

    /// Commits what is no change to the record: sessions that expire, leases on mails.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn commit_housekeeping(self) -> Result<()> {
        match self.db {
            Db::Sqlite(handle) => handle.commit().await,
            Db::Postgres(handle) => handle.commit().await,
        }
    }
}

/// A conditional write must have hit exactly one row.
fn exactly_one(rows: u64) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// A page of a list, by key: never by offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    pub rows: Vec<T>,
    /// Whether rows follow; the key to go on from is the last row's.
    pub more: bool,
}

impl<T> Page<T> {
    /// Cuts a result that was asked for with one row too many.
    fn cut(mut rows: Vec<T>, limit: i64) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        Self { rows, more }
    }
}
