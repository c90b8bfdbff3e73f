//! The audit trail: a chain of hashes, appended to in the transaction of each change.

use super::{Db, Page, Result, StoreError, Tx, dialect, on_db};
use crate::{
    domain::{
        Instant,
        audit::{Action, Digest, Entry},
        ids::{AccountId, PersonId},
    },
    server::vault::Purpose,
};
use rand::RngExt;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use sqlx::FromRow;
use uuid::Uuid;

/// A change as the service layer describes it.
#[derive(Clone, Debug)]
pub struct Change {
    /// None: the system itself.
    pub actor: Option<AccountId>,
    pub action: Action,
    pub subject: Uuid,
    pub person: Option<PersonId>,
    /// What was changed to what; may hold personal values, and is erasable for that reason.
    pub detail: serde_json::Value,
}

/// The hash of an entry.
#[must_use]
fn entry_hash(entry: &Entry) -> Digest {
    Sha256::digest(entry.canonical_bytes()).into()
}

/// The salted hash by which an entry vouches for its detail row.
#[must_use]
fn detail_hash(salt: &[u8], body: &str) -> Digest {
    Sha256::new().chain_update(salt).chain_update(body.as_bytes()).finalize().into()
}

/// Opens the sealed text of an entry's detail.
fn open_detail(db: &Db, seq: i64, sealed: &str) -> Option<String> {
    db.vault().open(Purpose::AuditDetail, &seq.to_be_bytes(), sealed)
}

/// Appends an entry. Locks the end of the chain until the transaction ends, so `Tx::commit` calls it last.
///
/// # Errors
/// `OtherKey` when the key was rotated since this instance started: what it sealed could never be opened again. Else when the
/// database refuses.
pub(super) async fn append(tx: &mut Tx, now: Instant, change: &Change) -> Result<()> {
    let (seq, previous, key_check): (i64, Vec<u8>, Option<String>) = on_db!(tx, |c| sqlx::query_as(
        "update audit_head set seq = seq + 1 where id = 1 returning seq, hash, key_check"
    )
    .fetch_one(c)
    .await?);
    if key_check.as_deref() != Some(tx.vault().fingerprint()) {
        return Err(StoreError::OtherKey);
    }
    let salt: [u8; 16] = rand::rng().random();
    let body = change.detail.to_string();
    let entry = Entry {
        seq,
        at: now,
        actor: change.actor,
        action: change.action,
        subject: change.subject,
        person: change.person,
        detail_hash: detail_hash(&salt, &body),
        previous_hash: Digest::try_from(previous).map_err(|_| StoreError::Corrupt("audit head"))?,
    };
    let hash = entry_hash(&entry);
    let sealed = tx.vault().seal(Purpose::AuditDetail, &seq.to_be_bytes(), &body);
    on_db!(tx, |c| sqlx::query(
        "insert into audit_entry (seq, at, actor_id, action, subject_id, person_id, detail_hash, previous_hash, hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    )
    .bind(seq)
    .bind(entry.at)
    .bind(entry.actor.map(|id| id.0))
    .bind(entry.action.as_str())
    .bind(entry.subject)
    .bind(entry.person.map(|id| id.0))
    .bind(entry.detail_hash.as_slice())
    .bind(entry.previous_hash.as_slice())
    .bind(hash.as_slice())
    .execute(c)
    .await
    .map(|_| ())?);
    on_db!(tx, |c| sqlx::query("insert into audit_detail (seq, salt, body) values ($1, $2, $3)")
        .bind(seq)
        .bind(salt.as_slice())
        .bind(sealed)
        .execute(c)
        .await
        .map(|_| ())?);
    on_db!(tx, |c| sqlx::query("update audit_head set hash = $1 where id = 1")
        .bind(hash.as_slice())
        .execute(c)
        .await
        .map(|_| ())?);
    Ok(())
}

/// A line of somebody's timeline.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct TimelineRow {
    pub seq: i64,
    pub at: Instant,
    pub action: String,
    /// Name of the account that acted; none for the system.
    pub actor_name: Option<String>,
    /// JSON; none once it was erased.
    pub detail: Option<String>,
}

/// What happened about a person, newest first, before an entry. What is hidden is left out before pages are cut: a page with gaps
/// would tell how much there is.
///
/// # Errors
/// When the database refuses.
pub async fn timeline(db: &mut Db, person: PersonId, hidden: &[Action], before: Option<i64>, limit: i64) -> Result<Page<TimelineRow>> {
    let words: Vec<&str> = hidden.iter().map(|action| action.as_str()).collect();
    let sql = dialect::timeline_sql(db);
    let mut rows: Vec<TimelineRow> = on_db!(db, |c| sqlx::query_as(sql)
        .bind(person.0)
        .bind(json!(words).to_string())
        .bind(before.unwrap_or(i64::MAX))
        .bind(limit + 1)
        .fetch_all(c)
        .await?);
    open_details(db, &mut rows)?;
    Ok(Page::cut(rows, limit))
}

/// An entry with what it says.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct OpenedEntry {
    pub seq: i64,
    pub at: Instant,
    pub action: String,
    /// Name of the account that acted; none for the system.
    pub actor_name: Option<String>,
    /// Name of the account it is about, if it is about one.
    pub account_name: Option<String>,
    /// JSON; none once it was erased.
    pub detail: Option<String>,
    /// SHA-256, of this entry and of the one before.
    pub hash: Vec<u8>,
    pub previous_hash: Vec<u8>,
}

/// One entry.
///
/// # Errors
/// When the database refuses, `Corrupt` when its detail cannot be opened.
pub async fn find(db: &mut Db, seq: i64) -> Result<Option<OpenedEntry>> {
    let entry: Option<OpenedEntry> = on_db!(db, |c| sqlx::query_as(
        "select e.seq, e.at, e.action, a.name as actor_name, s.name as account_name, d.body as detail, e.hash, e.previous_hash
         from audit_entry e left join account a on a.id = e.actor_id left join account s on s.id = e.subject_id
             left join audit_detail d on d.seq = e.seq
         where e.seq = $1"
    )
    .bind(seq)
    .fetch_optional(c)
    .await?);
    let Some(entry) = entry else { return Ok(None) };
    let detail = opened(db, seq, entry.detail)?;
    Ok(Some(OpenedEntry { detail, ..entry }))
}

/// The detail of an entry, unless it was erased.
fn opened(db: &Db, seq: i64, sealed: Option<String>) -> Result<Option<String>> {
    let open = |sealed: String| open_detail(db, seq, &sealed).ok_or(StoreError::Corrupt("audit detail"));
    sealed.map(open).transpose()
}

fn open_details(db: &Db, rows: &mut [TimelineRow]) -> Result<()> {
    for row in rows {
        row.detail = opened(db, row.seq, row.detail.take())?;
    }
    Ok(())
}

/// What happened to an account, newest first, before an entry; its sign-ins and what it did elsewhere are left out. Entries about one
/// factor are known by the account that made them: nobody adds, names or removes those of others.
///
/// # Errors
/// When the database refuses.
pub async fn of_account(db: &mut Db, account: AccountId, before: Option<i64>, limit: i64) -> Result<Page<TimelineRow>> {
    let mut rows: Vec<TimelineRow> = on_db!(db, |c| {
        sqlx::query_as(
            "select e.seq, e.at, e.action, a.name as actor_name, d.body as detail
         from audit_entry e left join account a on a.id = e.actor_id left join audit_detail d on d.seq = e.seq
         where e.seq < $2
             and (e.subject_id = $1 and (e.action like 'role.%' or e.action like 'factor.%'
                     or e.action in ('account.created', 'account.disabled', 'account.enabled', 'account.sessions_ended', 'account.password_set',
                         'account.password_changed', 'account.password_reset_requested', 'account.password_reset', 'account.address_changed'))
                 or e.actor_id = $1 and e.action in ('factor.added', 'factor.renamed', 'factor.removed', 'factor.passkey_refused'))
         order by e.seq desc limit $3",
        )
        .bind(account.0)
        .bind(before.unwrap_or(i64::MAX))
        .bind(limit + 1)
        .fetch_all(c)
        .await?
    });
    open_details(db, &mut rows)?;
    Ok(Page::cut(rows, limit))
}

/// When something last happened to what an entry is about, as the trail has it.
///
/// # Errors
/// When the database refuses.
pub async fn last_at(db: &mut Db, subject: Uuid, action: Action) -> Result<Option<Instant>> {
    Ok(on_db!(db, |c| sqlx::query_scalar(
        "select at from audit_entry where subject_id = $1 and action = $2 order by seq desc limit 1"
    )
    .bind(subject)
    .bind(action.as_str())
    .fetch_optional(c)
    .await?))
}

#[derive(FromRow)]
struct EntryRow {
    seq: i64,
    at: Instant,
    actor_id: Option<Uuid>,
    action: String,
    subject_id: Uuid,
    person_id: Option<Uuid>,
    detail_hash: Vec<u8>,
    previous_hash: Vec<u8>,
    hash: Vec<u8>,
    salt: Option<Vec<u8>>,
    body: Option<String>,
}

/// Checks the whole chain and every detail that was not erased.
///
/// # Errors
/// `Corrupt` at the first entry that does not fit.
pub async fn verify(db: &mut Db) -> Result<i64> {
    let rows: Vec<EntryRow> = on_db!(db, |c| sqlx::query_as(
        "select e.seq, e.at, e.actor_id, e.action, e.subject_id, e.person_id, e.detail_hash, e.previous_hash, e.hash, d.salt, d.body
         from audit_entry e left join audit_detail d on d.seq = e.seq order by e.seq"
    )
    .fetch_all(c)
    .await?);
    let broken = || StoreError::Corrupt("audit trail");
    let mut previous: Digest = [0; 32];
    let mut seq = 0;
    for row in rows {
        seq += 1;
        let entry = Entry {
            seq: row.seq,
            at: row.at,
            actor: row.actor_id.map(AccountId),
            action: Action::from_stored(&row.action).ok_or_else(broken)?,
            subject: row.subject_id,
            person: row.person_id.map(PersonId),
            detail_hash: Digest::try_from(row.detail_hash).map_err(|_| broken())?,
            previous_hash: Digest::try_from(row.previous_hash).map_err(|_| broken())?,
        };
        let fits = entry.seq == seq && entry.previous_hash == previous && entry_hash(&entry).as_slice() == row.hash;
        let vouched = row.salt.zip(row.body).is_none_or(|(salt, sealed)| {
            let body = open_detail(db, seq, &sealed);
            body.is_some_and(|body| detail_hash(&salt, &body) == entry.detail_hash)
        });
        if !fits || !vouched {
            return Err(broken());
        }
        previous = entry_hash(&entry);
    }
    let (head_seq, head): (i64, Vec<u8>) = on_db!(db, |c| sqlx::query_as("select seq, hash from audit_head where id = 1").fetch_one(c).await?);
    if head_seq == seq && head == previous { Ok(seq) } else { Err(broken()) }
}
