//! Sessions, and in the same question whose they are and what that account may do now.

use super::{Db, Result, Tx, exactly_one, on_db};
use crate::domain::{
    Instant,
    evidence::Origin,
    ids::{AccountId, PersonId, SessionId},
};
use sqlx::FromRow;
use time::Date;
use uuid::Uuid;

/// The account behind a session as it is at this moment, one row per role it holds.
#[derive(Clone, Debug, FromRow)]
pub struct SessionRow {
    pub session_id: Uuid,
    pub seen_at: Instant,
    pub expires_at: Instant,
    pub proved_at: Instant,
    pub second_factor_at: Option<Instant>,
    pub created_at: Instant,
    /// Whether the account has a second factor.
    pub has_factor: bool,
    pub account_id: Uuid,
    /// See [`super::accounts::find_epoch`].
    pub epoch: i64,
    pub person_id: Option<Uuid>,
    pub name: String,
    pub language: String,
    pub has_password: bool,
    pub has_reports: bool,
    pub role: Option<String>,
    /// The last day of the person behind it, and where that day ends.
    pub end_date: Option<Date>,
    pub time_zone: Option<String>,
}

/// A session to begin.
pub struct NewSession<'a> {
    pub id: SessionId,
    /// SHA-256 of what the cookie holds.
    pub id_hash: &'a [u8],
    pub account: AccountId,
    pub expires_at: Instant,
    /// Whether its holder gave a second factor.
    pub second_factor: bool,
    pub origin: &'a Origin,
}

/// Until when sessions live that are not used: each of them until `now`, those of accounts with a role since `idle_since`.
#[derive(Clone, Copy, Debug)]
pub struct Alive {
    pub now: Instant,
    /// A session with rights that was last used at this instant, or before, is over.
    pub idle_since: Instant,
}

/// A session as its holder sees it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct OwnSession {
    pub id: Uuid,
    pub created_at: Instant,
    pub expires_at: Instant,
    pub seen_at: Instant,
    pub second_factor_at: Option<Instant>,
    pub ip: String,
    pub user_agent: String,
}

/// Starts a session.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &mut Tx, now: Instant, session: &NewSession<'_>) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "insert into session (id, id_hash, account_id, created_at, expires_at, seen_at, proved_at, second_factor_at, ip, user_agent)
         values ($1, $2, $3, $4, $5, $4, $4, $6, $7, $8)"
    )
    .bind(session.id.0)
    .bind(session.id_hash)
    .bind(session.account.0)
    .bind(now)
    .bind(session.expires_at)
    .bind(session.second_factor.then_some(now))
    .bind(&session.origin.ip)
    .bind(&session.origin.user_agent)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// The account of a live session. Empty: there is none, it expired, nobody used it for too long, or the account was disabled.
///
/// # Errors
/// When the database refuses.
pub async fn find(db: &mut Db, alive: Alive, id_hash: &[u8]) -> Result<Vec<SessionRow>> {
    Ok(on_db!(db, |c| {
        sqlx::query_as(
        "select s.id as session_id, s.seen_at, s.expires_at, s.proved_at, s.second_factor_at, s.created_at, a.id as account_id, a.epoch, a.person_id, a.name, a.language,
             exists (select 1 from totp_factor t where t.account_id = a.id) or exists (select 1 from passkey k where k.account_id = a.id) as has_factor,
             a.password_hash is not null as has_password, exists (select 1 from person r where r.manager_id = a.person_id) as has_reports, g.role,
             p.end_date, p.time_zone
         from session s join account a on a.id = s.account_id left join person p on p.id = a.person_id
         left join role_grant g on g.account_id = a.id and (g.ends_at is null or g.ends_at > $2)
         where s.id_hash = $1 and s.expires_at > $2 and a.disabled_at is null and (s.seen_at > $3 or g.role is null)"
    )
    .bind(id_hash)
    .bind(alive.now)
    .bind(alive.idle_since)
    .fetch_all(c)
    .await?
    }))
}

/// The live sessions of an account, the one used last first.
///
/// # Errors
/// When the database refuses.
pub async fn list_of_account(db: &mut Db, alive: Alive, account: AccountId) -> Result<Vec<OwnSession>> {
    Ok(on_db!(db, |c| sqlx::query_as(
        "select s.id, s.created_at, s.expires_at, s.seen_at, s.second_factor_at, s.ip, s.user_agent from session s
         where s.account_id = $1 and s.expires_at > $2
             and (s.seen_at > $3 or not exists (select 1 from role_grant g where g.account_id = $1 and (g.ends_at is null or g.ends_at > $2)))
         order by s.seen_at desc, s.id"
    )
    .bind(account.0)
    .bind(alive.now)
    .bind(alive.idle_since)
    .fetch_all(c)
    .await?))
}

/// Notes that a session was used, and from where. One that has ended stays ended.
///
/// # Errors
/// When the database refuses.
pub async fn mark_seen(tx: &mut Tx, now: Instant, id: SessionId, origin: &Origin) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "update session set seen_at = $2, ip = $3, user_agent = $4 where id = $1 and seen_at < $2 and expires_at > $2"
    )
    .bind(id.0)
    .bind(now)
    .bind(&origin.ip)
    .bind(&origin.user_agent)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// Ends the session that a cookie names.
///
/// # Errors
/// When the database refuses.
pub async fn delete(tx: &mut Tx, id_hash: &[u8]) -> Result<()> {
    on_db!(tx, |c| sqlx::query("delete from session where id_hash = $1")
        .bind(id_hash)
        .execute(c)
        .await
        .map(|_| ())?);
    Ok(())
}

/// Counts that sessions of an account were ended or it lost a right, so that neither a sign-in nor a change that was let in before goes
/// through after.
pub(super) async fn raise_epoch(tx: &mut Tx, account: AccountId) -> Result<()> {
    tx.signs_out(|author| author.account == account);
    on_db!(tx, |c| sqlx::query("update account set epoch = epoch + 1 where id = $1")
        .bind(account.0)
        .execute(c)
        .await
        .map(|_| ())?);
    Ok(())
}

/// Ends one session of an account.
///
/// # Errors
/// `Stale` when the account has no such session.
pub async fn delete_one(tx: &mut Tx, account: AccountId, id: SessionId) -> Result<()> {
    raise_epoch(tx, account).await?;
    exactly_one(on_db!(tx, |c| sqlx::query("delete from session where account_id = $1 and id = $2")
        .bind(account.0)
        .bind(id.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}

/// Ends every session of an account but one, or all of them. Returns how many.
///
/// # Errors
/// When the database refuses.
pub async fn delete_of_account(tx: &mut Tx, account: AccountId, except: Option<SessionId>) -> Result<u64> {
    raise_epoch(tx, account).await?;
    Ok(on_db!(tx, |c| sqlx::query(
        "delete from session where account_id = $1 and ($2 is null or id <> $2)"
    )
    .bind(account.0)
    .bind(except.map(|id| id.0))
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Ends every session of a person's account.
///
/// # Errors
/// When the database refuses.
pub async fn delete_of_person(tx: &mut Tx, person: PersonId) -> Result<()> {
    tx.signs_out(|author| author.person == Some(person));
    on_db!(tx, |c| sqlx::query("update account set epoch = epoch + 1 where person_id = $1")
        .bind(person.0)
        .execute(c)
        .await
        .map(|_| ())?);
    on_db!(tx, |c| sqlx::query(
        "delete from session where account_id in (select id from account where person_id = $1)"
    )
    .bind(person.0)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// Removes sessions that nobody can use any more.
///
/// # Errors
/// When the database refuses.
pub async fn delete_expired(tx: &mut Tx, now: Instant) -> Result<u64> {
    Ok(on_db!(tx, |c| sqlx::query("delete from session where expires_at <= $1")
        .bind(now)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}
