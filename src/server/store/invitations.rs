//! Personal links. Only the hash of a link's token is stored.

use super::{Db, Result, Tx, exactly_one, on_db};
use crate::domain::{
    Instant,
    ids::{AccountId, InvitationId, PersonId},
};
use sqlx::FromRow;
use uuid::Uuid;

/// A personal link that was sent.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct InvitationRow {
    pub id: Uuid,
    pub person_id: Uuid,
    pub created_at: Instant,
    pub expires_at: Instant,
    pub used_at: Option<Instant>,
    pub revoked_at: Option<Instant>,
}

/// Adds a link and revokes the person's earlier unused ones: the newest mail is the one that works.
///
/// # Errors
/// When the database refuses.
pub async fn insert(
    tx: &mut Tx,
    now: Instant,
    id: InvitationId,
    person: PersonId,
    token_hash: &[u8],
    by: Option<AccountId>,
    expires_at: Instant,
) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "update invitation set revoked_at = $2 where person_id = $1 and used_at is null and revoked_at is null"
    )
    .bind(person.0)
    .bind(now)
    .execute(&mut *c)
    .await
    .map(|_| ())?);
    on_db!(tx, |c| sqlx::query(
        "insert into invitation (id, person_id, token_hash, created_at, created_by, expires_at) values ($1, $2, $3, $4, $5, $6)"
    )
    .bind(id.0)
    .bind(person.0)
    .bind(token_hash)
    .bind(now)
    .bind(by.map(|id| id.0))
    .bind(expires_at)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// The link with this token, whatever its state.
///
/// # Errors
/// When the database refuses.
pub async fn find(db: &mut Db, token_hash: &[u8]) -> Result<Option<InvitationRow>> {
    Ok(on_db!(db, |c| sqlx::query_as(
        "select id, person_id, created_at, expires_at, used_at, revoked_at from invitation where token_hash = $1"
    )
    .bind(token_hash)
    .fetch_optional(c)
    .await?))
}

/// A person's newest link.
///
/// # Errors
/// When the database refuses.
pub async fn newest(db: &mut Db, person: PersonId) -> Result<Option<InvitationRow>> {
    Ok(on_db!(db, |c| sqlx::query_as(
        "select id, person_id, created_at, expires_at, used_at, revoked_at from invitation where person_id = $1
         order by created_at desc, id desc limit 1"
    )
    .bind(person.0)
    .fetch_optional(c)
    .await?))
}

/// Uses a link up. Of two that try at once, one succeeds.
///
/// # Errors
/// `Stale` when it was used, revoked or has expired.
pub async fn mark_used(tx: &mut Tx, now: Instant, id: InvitationId) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update invitation set used_at = $2 where id = $1 and used_at is null and revoked_at is null and expires_at > $2"
    )
    .bind(id.0)
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Revokes a leaver's unused links.
///
/// # Errors
/// When the database refuses.
pub async fn revoke_of_person(tx: &mut Tx, now: Instant, person: PersonId) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "update invitation set revoked_at = $2 where person_id = $1 and used_at is null and revoked_at is null"
    )
    .bind(person.0)
    .bind(now)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// The links that can still be opened.
///
/// # Errors
/// When the database refuses.
pub async fn list_live(db: &mut Db, now: Instant) -> Result<Vec<InvitationId>> {
    let ids: Vec<Uuid> = on_db!(db, |c| sqlx::query_scalar(
        "select id from invitation where used_at is null and revoked_at is null and expires_at > $1"
    )
    .bind(now)
    .fetch_all(c)
    .await?);
    Ok(ids.into_iter().map(InvitationId).collect())
}

/// Gives a link another token; with the one it had, it can no longer be opened.
///
/// # Errors
/// `Stale` when there is no such link.
pub async fn replace_token(tx: &mut Tx, id: InvitationId, token_hash: &[u8]) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query("update invitation set token_hash = $2 where id = $1")
        .bind(id.0)
        .bind(token_hash)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}
