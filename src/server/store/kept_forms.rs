//! What was typed into a form that was refused, where it is longer than a cookie holds.

use super::{Db, Result, Tx, on_db};
use crate::{
    domain::{Instant, ids::AccountId},
    server::vault::Purpose,
};
use uuid::Uuid;

/// Keeps what was typed, in place of what this account typed before.
///
/// # Errors
/// When the database refuses.
pub async fn upsert(tx: &mut Tx, now: Instant, account: AccountId, id: Uuid, content: &str) -> Result<()> {
    let content = tx.vault().seal(Purpose::TypedForm, id.as_bytes(), content);
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

/// What this account typed, under the id it was kept by; none as well when the key was changed meanwhile.
///
/// # Errors
/// When the database refuses.
pub async fn find(db: &mut Db, account: AccountId, id: Uuid) -> Result<Option<String>> {
    let content: Option<String> = on_db!(db, |c| sqlx::query_scalar("select content from kept_form where account_id = $1 and id = $2")
        .bind(account.0)
        .bind(id)
        .fetch_optional(c)
        .await?);
    Ok(content.and_then(|content| db.vault().open(Purpose::TypedForm, id.as_bytes(), &content)))
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
