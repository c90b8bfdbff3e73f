//! Second factors and recovery codes. The secrets of apps are sealed; what any of it proves is decided elsewhere.

use super::{Db, Result, StoreError, Tx, exactly_one, on_db};
use crate::{
    domain::{
        Instant,
        factor::{Factor, FactorKind},
        ids::{AccountId, FactorId},
    },
    server::vault::Purpose,
};
use sqlx::FromRow;
use uuid::Uuid;

#[derive(FromRow)]
struct FactorRow {
    id: Uuid,
    kind: String,
    name: String,
    created_at: Instant,
    last_used_at: Option<Instant>,
}

/// The secret of an authenticator app.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct AppRow {
    pub id: Uuid,
    pub secret: String,
    /// The step whose code was accepted last.
    pub last_step: i64,
}

/// The public half of a passkey.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct PasskeyRow {
    pub id: Uuid,
    pub account_id: Uuid,
    /// As webauthn-rs writes it.
    pub credential: String,
}

/// A factor to be added.
pub struct NewFactor<'a> {
    pub id: FactorId,
    pub account: AccountId,
    pub name: &'a str,
}

/// Lets one change of an account's factors wait for the other, so that two tabs cannot each remove the other's last one.
///
/// # Errors
/// When the database refuses.
pub async fn hold(tx: &mut Tx, account: AccountId) -> Result<()> {
    on_db!(tx, |c| sqlx::query("update account set language = language where id = $1")
        .bind(account.0)
        .execute(c)
        .await
        .map(|_| ())?);
    Ok(())
}

/// An account's factors, oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &mut Db, account: AccountId) -> Result<Vec<Factor>> {
    let rows: Vec<FactorRow> = on_db!(db, |c| sqlx::query_as(
        "select id, 'app' as kind, name, created_at, last_used_at from totp_factor where account_id = $1
         union all
         select id, 'passkey' as kind, name, created_at, last_used_at from passkey where account_id = $1
         order by created_at, id"
    )
    .bind(account.0)
    .fetch_all(c)
    .await?);
    let factor = |row: FactorRow| Factor {
        id: FactorId(row.id),
        kind: if row.kind == "app" { FactorKind::App } else { FactorKind::Passkey },
        name: row.name,
        added_at: row.created_at,
        used_at: row.last_used_at,
    };
    Ok(rows.into_iter().map(factor).collect())
}

/// How many factors an account has.
///
/// # Errors
/// When the database refuses.
pub async fn count(db: &mut Db, account: AccountId) -> Result<i64> {
    Ok(on_db!(db, |c| sqlx::query_scalar(
        "select (select count(*) from totp_factor where account_id = $1) + (select count(*) from passkey where account_id = $1)"
    )
    .bind(account.0)
    .fetch_one(c)
    .await?))
}

/// Adds an authenticator app, with the step whose code it was confirmed by.
///
/// # Errors
/// When the database refuses.
pub async fn insert_app(tx: &mut Tx, now: Instant, new: &NewFactor<'_>, secret: &str, step: i64) -> Result<()> {
    let secret = tx.vault().seal(Purpose::OneTimeSecret, new.id.0.as_bytes(), secret);
    on_db!(tx, |c| sqlx::query(
        "insert into totp_factor (id, account_id, name, secret, created_at, last_step) values ($1, $2, $3, $4, $5, $6)"
    )
    .bind(new.id.0)
    .bind(new.account.0)
    .bind(new.name)
    .bind(secret)
    .bind(now)
    .bind(step)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// The secrets of an account's authenticator apps.
///
/// # Errors
/// When the database refuses.
pub async fn list_apps(db: &mut Db, account: AccountId) -> Result<Vec<AppRow>> {
    let mut rows: Vec<AppRow> = on_db!(db, |c| sqlx::query_as(
        "select id, secret, last_step from totp_factor where account_id = $1 order by created_at, id"
    )
    .bind(account.0)
    .fetch_all(c)
    .await?);
    for row in &mut rows {
        let secret = db.vault().open(Purpose::OneTimeSecret, row.id.as_bytes(), &row.secret);
        row.secret = secret.ok_or(StoreError::Corrupt("secret of an authenticator app"))?;
    }
    Ok(rows)
}

/// Accepts the code of a step, once: in whichever instance and after whichever restart.
///
/// # Errors
/// `Stale` when a code of this step or a later one was accepted before.
pub async fn accept_step(tx: &mut Tx, now: Instant, id: FactorId, step: i64) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update totp_factor set last_step = $2, last_used_at = $3 where id = $1 and last_step < $2"
    )
    .bind(id.0)
    .bind(step)
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Adds a passkey.
///
/// # Errors
/// When the credential is known already or the database refuses.
pub async fn insert_passkey(tx: &mut Tx, now: Instant, new: &NewFactor<'_>, credential_id: &[u8], credential: &str) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "insert into passkey (id, account_id, name, credential_id, credential, created_at) values ($1, $2, $3, $4, $5, $6)"
    )
    .bind(new.id.0)
    .bind(new.account.0)
    .bind(new.name)
    .bind(credential_id)
    .bind(credential)
    .bind(now)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// An account's passkeys.
///
/// # Errors
/// When the database refuses.
pub async fn list_passkeys(db: &mut Db, account: AccountId) -> Result<Vec<PasskeyRow>> {
    Ok(on_db!(db, |c| sqlx::query_as(
        "select id, account_id, credential from passkey where account_id = $1 order by created_at, id"
    )
    .bind(account.0)
    .fetch_all(c)
    .await?))
}

/// The passkey of this credential, unless its account was disabled.
///
/// # Errors
/// When the database refuses.
pub async fn find_passkey(db: &mut Db, credential_id: &[u8]) -> Result<Option<PasskeyRow>> {
    Ok(on_db!(db, |c| sqlx::query_as(
        "select k.id, k.account_id, k.credential from passkey k join account a on a.id = k.account_id
         where k.credential_id = $1 and a.disabled_at is null"
    )
    .bind(credential_id)
    .fetch_optional(c)
    .await?))
}

/// Notes that a passkey was used, and how its counter stands now.
///
/// # Errors
/// `Stale` when it was used meanwhile: then the counter was decided on too early.
pub async fn mark_passkey_used(tx: &mut Tx, now: Instant, before: &PasskeyRow, credential: &str) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update passkey set credential = $2, last_used_at = $3 where id = $1 and credential = $4"
    )
    .bind(before.id)
    .bind(credential)
    .bind(now)
    .bind(&before.credential)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Gives a factor of the account another name.
///
/// # Errors
/// `Stale` when the account has no such factor.
pub async fn rename(tx: &mut Tx, account: AccountId, id: FactorId, name: &str) -> Result<()> {
    let apps = on_db!(tx, |c| sqlx::query("update totp_factor set name = $3 where id = $1 and account_id = $2")
        .bind(id.0)
        .bind(account.0)
        .bind(name)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?);
    let passkeys = on_db!(tx, |c| sqlx::query("update passkey set name = $3 where id = $1 and account_id = $2")
        .bind(id.0)
        .bind(account.0)
        .bind(name)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?);
    exactly_one(apps + passkeys)
}

/// Removes a factor of the account.
///
/// # Errors
/// `Stale` when the account has no such factor.
pub async fn delete(tx: &mut Tx, account: AccountId, id: FactorId) -> Result<()> {
    let apps = on_db!(tx, |c| sqlx::query("delete from totp_factor where id = $1 and account_id = $2")
        .bind(id.0)
        .bind(account.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?);
    let passkeys = on_db!(tx, |c| sqlx::query("delete from passkey where id = $1 and account_id = $2")
        .bind(id.0)
        .bind(account.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?);
    exactly_one(apps + passkeys)
}

/// Removes every factor of an account, its recovery codes and what it has begun. Says how many factors there were.
///
/// # Errors
/// When the database refuses.
pub async fn delete_all(tx: &mut Tx, account: AccountId) -> Result<u64> {
    let apps = on_db!(tx, |c| sqlx::query("delete from totp_factor where account_id = $1")
        .bind(account.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?);
    let passkeys = on_db!(tx, |c| sqlx::query("delete from passkey where account_id = $1")
        .bind(account.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?);
    delete_recovery_codes(tx, account).await?;
    on_db!(tx, |c| sqlx::query("delete from ceremony where account_id = $1")
        .bind(account.0)
        .execute(c)
        .await
        .map(|_| ())?);
    Ok(apps + passkeys)
}

/// Ends every recovery code of an account.
///
/// # Errors
/// When the database refuses.
pub async fn delete_recovery_codes(tx: &mut Tx, account: AccountId) -> Result<()> {
    on_db!(tx, |c| sqlx::query("delete from recovery_code where account_id = $1")
        .bind(account.0)
        .execute(c)
        .await
        .map(|_| ())?);
    Ok(())
}

/// Adds a recovery code by its hash.
///
/// # Errors
/// When the database refuses.
pub async fn insert_recovery_code(tx: &mut Tx, now: Instant, account: AccountId, hash: &[u8]) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "insert into recovery_code (account_id, code_hash, created_at) values ($1, $2, $3)"
    )
    .bind(account.0)
    .bind(hash)
    .bind(now)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// Uses a recovery code up. Of two that try at once, one succeeds.
///
/// # Errors
/// `Stale` when it was used before, or never was one.
pub async fn use_recovery_code(tx: &mut Tx, now: Instant, account: AccountId, hash: &[u8]) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update recovery_code set used_at = $3 where account_id = $1 and code_hash = $2 and used_at is null"
    )
    .bind(account.0)
    .bind(hash)
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// How many recovery codes an account has left.
///
/// # Errors
/// When the database refuses.
pub async fn count_recovery_codes(db: &mut Db, account: AccountId) -> Result<i64> {
    Ok(on_db!(db, |c| sqlx::query_scalar(
        "select count(*) from recovery_code where account_id = $1 and used_at is null"
    )
    .bind(account.0)
    .fetch_one(c)
    .await?))
}
