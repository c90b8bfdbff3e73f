//! What was typed into a form that was refused, where it is longer than a cookie holds.

use super::{Db, Result, Tx, on_db};
use crate::domain::{Instant, ids::AccountId};
use uuid::Uuid;

/// Keeps what was typed, in place of what this account typed before.
///
/// # Errors
/// When the database refuses.
pub async fn upsert(tx: &mut Tx, now: Instant, account: AccountId, id: Uuid, content: &str) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "insert into kept_form (account_id, id, content, created_at) values ($1, $2, $3, $4)
         on conflict (account_id) do update set id = excluded.id, content = excluded.content, created_at = excluded.created_at"
    )
    .bind(account.0)
    .bind(id)
    .bind(content)
    .bind(now)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// What this account typed, under the id it was kept by.
///
/// # Errors
/// When the database refuses.
pub async fn find(db: &mut Db, account: AccountId, id: Uuid) -> Result<Option<String>> {
    Ok(on_db!(db, |c| sqlx::query_scalar(
        "select content from kept_form where account_id = $1 and id = $2"
    )
    .bind(account.0)
    .bind(id)
    .fetch_optional(c)
    .await?))
}

/// Forgets what nobody came back for.
///
/// # Errors
/// When the database refuses.
pub async fn delete_older_than(tx: &mut Tx, before: Instant) -> Result<u64> {
    Ok(on_db!(tx, |c| sqlx::query("delete from kept_form where created_at < $1")
        .bind(before)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}
