//! Links by which somebody sets a new password. Only the hash of a link's token is stored.

use super::{Db, Result, Tx, exactly_one, on_db};
use crate::domain::{
    Instant,
    ids::{AccountId, PasswordResetId},
};
use sqlx::FromRow;
use uuid::Uuid;

/// A link that was sent.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ResetRow {
    pub id: Uuid,
    pub account_id: Uuid,
    pub expires_at: Instant,
    pub used_at: Option<Instant>,
    pub revoked_at: Option<Instant>,
}

/// Adds a link and revokes the account's earlier ones: the newest mail is the one that works.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &mut Tx, now: Instant, id: PasswordResetId, account: AccountId, token_hash: &[u8], expires_at: Instant) -> Result<()> {
    revoke_of_account(tx, now, account).await?;
    on_db!(tx, |c| sqlx::query(
        "insert into password_reset (id, account_id, token_hash, created_at, expires_at) values ($1, $2, $3, $4, $5)"
    )
    .bind(id.0)
    .bind(account.0)
    .bind(token_hash)
    .bind(now)
    .bind(expires_at)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// The link with this token, whatever its state; none for an account that was disabled.
///
/// # Errors
/// When the database refuses.
pub async fn find(db: &mut Db, token_hash: &[u8]) -> Result<Option<ResetRow>> {
    Ok(on_db!(db, |c| sqlx::query_as(
        "select r.id, r.account_id, r.expires_at, r.used_at, r.revoked_at from password_reset r join account a on a.id = r.account_id
         where r.token_hash = $1 and a.disabled_at is null"
    )
    .bind(token_hash)
    .fetch_optional(c)
    .await?))
}

/// When an account was last sent a link.
///
/// # Errors
/// When the database refuses.
pub async fn find_newest_at(db: &mut Db, account: AccountId) -> Result<Option<Instant>> {
    Ok(on_db!(db, |c| sqlx::query_scalar(
        "select max(created_at) from password_reset where account_id = $1"
    )
    .bind(account.0)
    .fetch_one(c)
    .await?))
}

/// Uses a link up. Of two that try at once, one succeeds.
///
/// # Errors
/// `Stale` when it was used, revoked or has expired.
pub async fn mark_used(tx: &mut Tx, now: Instant, id: PasswordResetId) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update password_reset set used_at = $2 where id = $1 and used_at is null and revoked_at is null and expires_at > $2"
    )
    .bind(id.0)
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Revokes an account's unused links.
///
/// # Errors
/// When the database refuses.
pub async fn revoke_of_account(tx: &mut Tx, now: Instant, account: AccountId) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "update password_reset set revoked_at = $2 where account_id = $1 and used_at is null and revoked_at is null"
    )
    .bind(account.0)
    .bind(now)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}
