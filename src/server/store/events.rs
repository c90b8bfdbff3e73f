//! Security events, beside the entries of the audit trail that are security events as well.

use super::{Db, Result, Tx, on_db};
use crate::domain::{Instant, ids::AccountId, security_event::Kind};
use sqlx::FromRow;
use uuid::Uuid;

/// An event as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub id: Uuid,
    /// When it happened first.
    pub at: Instant,
    pub kind: Kind,
    pub account: Option<AccountId>,
    pub subject: Option<Uuid>,
    pub fingerprint: Option<String>,
    /// How often since it was written last.
    pub times: i64,
}

/// An event as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct EventRow {
    pub id: Uuid,
    pub at: Instant,
    pub kind: String,
    pub account_name: Option<String>,
    pub fingerprint: Option<String>,
    pub times: i64,
}

/// An entry of the audit trail as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct EntryRow {
    pub seq: i64,
    pub at: Instant,
    pub action: String,
    /// Name of the account that acted; none for the system.
    pub actor_name: Option<String>,
    /// Name of the account it is about, if it is about one.
    pub account_name: Option<String>,
}

/// Writes an event, or counts one up that was written before under this id.
///
/// # Errors
/// When the database refuses.
pub async fn upsert(tx: &mut Tx, event: &Event) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "insert into security_event (id, at, kind, account_id, subject_id, fingerprint, times) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (id) do update set times = security_event.times + excluded.times"
    )
    .bind(event.id)
    .bind(event.at)
    .bind(event.kind.as_str())
    .bind(event.account.map(|id| id.0))
    .bind(event.subject)
    .bind(event.fingerprint.as_deref())
    .bind(event.times)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// Events, newest first, before one; of one kind, or of all.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &mut Db, kind: Option<Kind>, before: Option<(Instant, Uuid)>, limit: i64) -> Result<Vec<EventRow>> {
    let (at, id) = before.unzip();
    Ok(on_db!(db, |c| sqlx::query_as(
        "select e.id, e.at, e.kind, a.name as account_name, e.fingerprint, e.times
         from security_event e left join account a on a.id = e.account_id
         where ($1 is null or e.kind = $1) and ($2 is null or e.at < $2 or (e.at = $2 and e.id < $3))
         order by e.at desc, e.id desc limit $4"
    )
    .bind(kind.map(Kind::as_str))
    .bind(at)
    .bind(id)
    .bind(limit)
    .fetch_all(c)
    .await?))
}

/// Entries of the audit trail with one of these actions, newest first, before one. `actions` is a JSON array of words.
///
/// # Errors
/// When the database refuses.
pub async fn list_entries(db: &mut Db, actions: &str, before: Option<i64>, limit: i64) -> Result<Vec<EntryRow>> {
    let sql = super::dialect::entries_by_action_sql(db);
    Ok(on_db!(db, |c| sqlx::query_as(sql)
        .bind(actions)
        .bind(before.unwrap_or(i64::MAX))
        .bind(limit)
        .fetch_all(c)
        .await?))
}

/// Forgets events that are older.
///
/// # Errors
/// When the database refuses.
pub async fn delete_older_than(tx: &mut Tx, before: Instant) -> Result<u64> {
    Ok(on_db!(tx, |c| sqlx::query("delete from security_event where at < $1")
        .bind(before)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}
