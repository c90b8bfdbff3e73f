//! What somebody has begun and not finished: adding an app or a passkey, proving who they are by one, keeping their recovery codes.

use super::{Db, Result, StoreError, Tx, on_db};
use crate::{
    domain::{
        Instant,
        ids::{AccountId, CeremonyId},
    },
    server::vault::{Purpose as Sealed, Vault},
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
    /// By purpose: a secret, what webauthn-rs expects back, or recovery codes. Sealed in the database.
    pub state: String,
}

impl CeremonyRow {
    fn opened(self, vault: &Vault) -> Result<Self> {
        let state = vault.open(Sealed::OneTimeSecret, self.id.as_bytes(), &self.state);
        let state = state.ok_or(StoreError::Corrupt("state of a ceremony"))?;
        Ok(Self { state, ..self })
    }
}

/// Begins something. `account` is none where somebody says who they are by a passkey.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &mut Tx, id: CeremonyId, purpose: Purpose, account: Option<AccountId>, state: &str, expires_at: Instant) -> Result<()> {
    let state = tx.vault().seal(Sealed::OneTimeSecret, id.0.as_bytes(), state);
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
    let row: Option<CeremonyRow> = on_db!(db, |c| sqlx::query_as(
        "select id, account_id, state from ceremony where account_id = $1 and purpose = $2 and expires_at > $3
         order by expires_at desc, id desc limit 1"
    )
    .bind(account.0)
    .bind(purpose.as_str())
    .bind(now)
    .fetch_optional(c)
    .await?);
    row.map(|row| row.opened(db.vault())).transpose()
}

/// Takes something begun out, so that nobody finishes it twice.
///
/// # Errors
/// When the database refuses.
pub async fn take(tx: &mut Tx, now: Instant, id: CeremonyId, purpose: Purpose) -> Result<Option<CeremonyRow>> {
    let row: Option<CeremonyRow> = on_db!(tx, |c| sqlx::query_as(
        "delete from ceremony where id = $1 and purpose = $2 and expires_at > $3 returning id, account_id, state"
    )
    .bind(id.0)
    .bind(purpose.as_str())
    .bind(now)
    .fetch_optional(c)
    .await?);
    row.map(|row| row.opened(tx.vault())).transpose()
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
