//! Leaky buckets, one row each: every try adds some seconds, and time takes them away again. A row says only when its bucket is
//! empty, so a bucket that ran empty is no different from none. One that is filled at once remembers for a while that something happened.

use super::{Db, Result, Tx, on_db};

/// So many seconds the clocks of two instances may differ. A bucket that is fuller than it can be by less is full.
pub const CLOCKS_DIFFER: i64 = 600;

/// The Unix second at which a bucket is empty; none when it is.
///
/// # Errors
/// When the database refuses.
pub async fn find(db: &mut Db, key: &[u8]) -> Result<Option<i64>> {
    Ok(on_db!(db, |c| sqlx::query_scalar("select empty_at from throttle where key_hash = $1")
        .bind(key)
        .fetch_optional(c)
        .await?))
}

/// Adds `seconds` to a bucket that holds `capacity` seconds; whether they still fitted. Of many that try at once, only as many
/// succeed as fit. A bucket that is fuller than it can be by more than [`CLOCKS_DIFFER`] was filled by a clock that ran ahead, and begins
/// anew.
///
/// # Errors
/// When the database refuses.
pub async fn charge(tx: &mut Tx, key: &[u8], now: i64, seconds: i64, capacity: i64) -> Result<bool> {
    let charged: Option<i64> = on_db!(tx, |c| sqlx::query_scalar(
        "insert into throttle (key_hash, empty_at) values ($1, $2 + $3)
         on conflict (key_hash) do update set empty_at = case when throttle.empty_at between $2 and $2 + $4 then throttle.empty_at else $2 end + $3
         where throttle.empty_at + $3 <= $2 + $4 or throttle.empty_at > $2 + $4 + $5 returning empty_at"
    )
    .bind(key)
    .bind(now)
    .bind(seconds)
    .bind(capacity)
    .bind(CLOCKS_DIFFER)
    .fetch_optional(c)
    .await?);
    Ok(charged.is_some())
}

/// Takes back what a try added that turned out to be none.
///
/// # Errors
/// When the database refuses.
pub async fn refund(tx: &mut Tx, key: &[u8], seconds: i64) -> Result<()> {
    on_db!(tx, |c| sqlx::query("update throttle set empty_at = empty_at - $2 where key_hash = $1")
        .bind(key)
        .bind(seconds)
        .execute(c)
        .await
        .map(|_| ())?);
    Ok(())
}

/// Forgets buckets that ran empty.
///
/// # Errors
/// When the database refuses.
pub async fn delete_empty(tx: &mut Tx, now: i64) -> Result<u64> {
    Ok(on_db!(tx, |c| sqlx::query("delete from throttle where empty_at <= $1")
        .bind(now)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}
