//! What somebody has begun and not finished: adding an app or a passkey, proving who they are by one, keeping their recovery codes.

use super::{Db, Result, Tx, on_db};
use crate::domain::{
    Instant,
    ids::{AccountId, CeremonyId},
};
use sqlx::FromRow;
use uuid::Uuid;

/// What has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    AddApp,
    AddPasskey,
    UsePasskey,
    ShowCodes,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::AddApp => "add_app",
            Self::AddPasskey => "add_passkey",
            Self::UsePasskey => "use_passkey",
            Self::ShowCodes => "show_codes",
        }
    }
}

/// Something begun.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct CeremonyRow {
    pub id: Uuid,
    pub account_id: Option<Uuid>,
    pub state: String,
}

/// Begins something. `account` is none where somebody says who they are by a passkey.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &mut Tx, id: CeremonyId, purpose: Purpose, account: Option<AccountId>, state: &str, expires_at: Instant) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "insert into ceremony (id, purpose, account_id, state, expires_at) values ($1, $2, $3, $4, $5)"
    )
    .bind(id.0)
    .bind(purpose.as_str())
    .bind(account.map(|id| id.0))
    .bind(state)
    .bind(expires_at)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// What an account has begun last for this purpose and may still finish.
///
/// # Errors
/// When the database refuses.
pub async fn find_newest(db: &mut Db, now: Instant, purpose: Purpose, account: AccountId) -> Result<Option<CeremonyRow>> {
    Ok(on_db!(db, |c| sqlx::query_as(
        "select id, account_id, state from ceremony where account_id = $1 and purpose = $2 and expires_at > $3
         order by expires_at desc, id desc limit 1"
    )
    .bind(account.0)
    .bind(purpose.as_str())
    .bind(now)
    .fetch_optional(c)
    .await?))
}

/// Takes something begun out, so that nobody finishes it twice.
///
/// # Errors
/// When the database refuses.
pub async fn take(tx: &mut Tx, now: Instant, id: CeremonyId, purpose: Purpose) -> Result<Option<CeremonyRow>> {
    Ok(on_db!(tx, |c| sqlx::query_as(
        "delete from ceremony where id = $1 and purpose = $2 and expires_at > $3 returning id, account_id, state"
    )
    .bind(id.0)
    .bind(purpose.as_str())
    .bind(now)
    .fetch_optional(c)
    .await?))
}

/// Ends what an account has begun for this purpose.
///
/// # Errors
/// When the database refuses.
pub async fn delete_of_account(tx: &mut Tx, purpose: Purpose, account: AccountId) -> Result<u64> {
    Ok(on_db!(tx, |c| sqlx::query("delete from ceremony where account_id = $1 and purpose = $2")
        .bind(account.0)
        .bind(purpose.as_str())
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}

/// Removes what nobody came back for.
///
/// # Errors
/// When the database refuses.
pub async fn delete_expired(tx: &mut Tx, now: Instant) -> Result<u64> {
    Ok(on_db!(tx, |c| sqlx::query("delete from ceremony where expires_at <= $1")
        .bind(now)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}
