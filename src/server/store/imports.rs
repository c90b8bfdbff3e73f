//! Uploaded lists that wait for their preview to be confirmed.

use super::{Db, Result, StoreError, Tx, exactly_one, on_db};
use crate::{
    domain::{
        Instant,
        ids::{AccountId, ImportId},
    },
    server::vault::Purpose,
};
use sqlx::FromRow;

/// An uploaded list.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ImportRow {
    pub file_name: String,
    pub content: Vec<u8>,
    pub applied_at: Option<Instant>,
}

/// Keeps an upload and forgets this account's earlier ones: a list of people is not kept longer than it is needed.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &mut Tx, now: Instant, id: ImportId, account: AccountId, file_name: &str, content: &[u8]) -> Result<()> {
    let content = tx.vault().seal_bytes(Purpose::Upload, id.0.as_bytes(), content);
    on_db!(tx, |c| sqlx::query("delete from import_upload where account_id = $1")
        .bind(account.0)
        .execute(&mut *c)
        .await
        .map(|_| ())?);
    on_db!(tx, |c| sqlx::query(
        "insert into import_upload (id, account_id, created_at, file_name, content) values ($1, $2, $3, $4, $5)"
    )
    .bind(id.0)
    .bind(account.0)
    .bind(now)
    .bind(file_name)
    .bind(content)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// An upload of this account.
///
/// # Errors
/// When the database refuses.
pub async fn find(db: &mut Db, id: ImportId, account: AccountId) -> Result<Option<ImportRow>> {
    let mut row: Option<ImportRow> = on_db!(db, |c| sqlx::query_as(
        "select file_name, content, applied_at from import_upload where id = $1 and account_id = $2"
    )
    .bind(id.0)
    .bind(account.0)
    .fetch_optional(c)
    .await?);
    // What was applied is empty.
    if let Some(waiting) = row.as_mut().filter(|row| row.applied_at.is_none()) {
        let opened = db.vault().open_bytes(Purpose::Upload, id.0.as_bytes(), &waiting.content);
        waiting.content = opened.ok_or(StoreError::Corrupt("upload"))?;
    }
    Ok(row)
}

/// Notes that the list was taken over and empties it.
///
/// # Errors
/// `Stale` when it was taken over before.
pub async fn mark_applied(tx: &mut Tx, now: Instant, id: ImportId) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update import_upload set applied_at = $2, content = $3 where id = $1 and applied_at is null"
    )
    .bind(id.0)
    .bind(now)
    .bind(Vec::<u8>::new())
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Forgets uploads that nobody confirmed.
///
/// # Errors
/// When the database refuses.
pub async fn delete_older_than(tx: &mut Tx, before: Instant) -> Result<u64> {
    Ok(on_db!(tx, |c| sqlx::query("delete from import_upload where created_at < $1")
        .bind(before)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}
