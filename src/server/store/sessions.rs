//! Sessions, and in the same question whose they are and what that account may do now.

use super::{Db, Result, Tx, on_db};
use crate::domain::{
    Instant,
    ids::{AccountId, PersonId},
};
use sqlx::FromRow;
use uuid::Uuid;

/// The account behind a session as it is at this moment, one row per role it holds.
#[derive(Clone, Debug, FromRow)]
pub struct SessionRow {
    pub account_id: Uuid,
    pub person_id: Option<Uuid>,
    pub name: String,
    pub language: String,
    pub has_password: bool,
    pub has_reports: bool,
    pub role: Option<String>,
}

/// Starts a session.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &mut Tx, now: Instant, id_hash: &[u8], account: AccountId, expires_at: Instant) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "insert into session (id_hash, account_id, created_at, expires_at) values ($1, $2, $3, $4)"
    )
    .bind(id_hash)
    .bind(account.0)
    .bind(now)
    .bind(expires_at)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// The account of a live session. Empty: there is none, it expired, or the account was disabled.
///
/// # Errors
/// When the database refuses.
pub async fn find(db: &mut Db, now: Instant, id_hash: &[u8]) -> Result<Vec<SessionRow>> {
    Ok(on_db!(db, |c| sqlx::query_as(
        "select a.id as account_id, a.person_id, a.name, a.language, a.password_hash is not null as has_password,
             exists (select 1 from person r where r.manager_id = a.person_id) as has_reports, g.role
         from session s join account a on a.id = s.account_id
         left join role_grant g on g.account_id = a.id and (g.ends_at is null or g.ends_at > $2)
         where s.id_hash = $1 and s.expires_at > $2 and a.disabled_at is null"
    )
    .bind(id_hash)
    .bind(now)
    .fetch_all(c)
    .await?))
}

/// Ends a session.
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

/// Ends every session of an account.
///
/// # Errors
/// When the database refuses.
pub async fn delete_of_account(tx: &mut Tx, account: AccountId) -> Result<()> {
    on_db!(tx, |c| sqlx::query("delete from session where account_id = $1")
        .bind(account.0)
        .execute(c)
        .await
        .map(|_| ())?);
    Ok(())
}

/// Ends every session of a person's account.
///
/// # Errors
/// When the database refuses.
pub async fn delete_of_person(tx: &mut Tx, person: PersonId) -> Result<()> {
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
