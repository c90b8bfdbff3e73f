//! The few questions that the two databases are asked in different words.

use super::{Db, Result, Tx};
use crate::domain::ids::PersonId;

/// The version of the newest applied migration; none before the first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn newest_migration(db: &mut Db) -> Result<Option<i64>> {
    let exists: i64 = match db {
        Db::Sqlite(handle) => {
            sqlx::query_scalar("select count(*) from sqlite_master where type = 'table' and name = '_sqlx_migrations'")
                .fetch_one(&mut **handle)
                .await?
        }
        Db::Postgres(handle) => {
            sqlx::query_scalar("select count(*) from information_schema.tables where table_schema = current_schema() and table_name = '_sqlx_migrations'")
                .fetch_one(&mut **handle)
                .await?
        }
    };
    if exists == 0 {
        return Ok(None);
    }
    Ok(super::on_db!(db, |c| sqlx::query_scalar(
        "select max(version) from _sqlx_migrations where success"
    )
    .fetch_one(c)
    .await)?)
}

/// Takes mails out of the outbox for one sender: on `PostgreSQL`, rows another instance is looking at are passed over; on
/// `SQLite` there is one writer anyway.
pub(super) const fn lease_sql(db: &Db) -> &'static str {
    match db {
        Db::Sqlite(_) => {
            "update outbox set leased_until = $2, attempts = attempts + 1 where id in (
                 select id from outbox where sent_at is null and next_attempt_at <= $1 and (leased_until is null or leased_until <= $1)
                     and exists (select 1 from invitation i where i.id = outbox.invitation_id and i.used_at is null and i.revoked_at is null and i.expires_at > $1)
                 order by next_attempt_at limit $3
             ) returning id, kind, person_id, invitation_id, recipient, language, created_at, next_attempt_at, attempts, sent_at, last_error"
        }
        Db::Postgres(_) => {
            "update outbox set leased_until = $2, attempts = attempts + 1 where id in (
                 select id from outbox where sent_at is null and next_attempt_at <= $1 and (leased_until is null or leased_until <= $1)
                     and exists (select 1 from invitation i where i.id = outbox.invitation_id and i.used_at is null and i.revoked_at is null and i.expires_at > $1)
                 order by next_attempt_at limit $3 for update skip locked
             ) returning id, kind, person_id, invitation_id, recipient, language, created_at, next_attempt_at, attempts, sent_at, last_error"
        }
    }
}

/// The version of the `SQLite` inside this program; none on `PostgreSQL`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn sqlite_version(db: &mut Db) -> Result<Option<String>> {
    match db {
        Db::Sqlite(handle) => Ok(Some(sqlx::query_scalar("select sqlite_version()").fetch_one(&mut **handle).await?)),
        Db::Postgres(_) => Ok(None),
    }
}

/// Makes changes about one person wait for each other: what is decided on must still hold when it is written. `SQLite` has one
/// writer, which its transaction is from the start.
///
/// # Errors
/// When the database refuses.
pub async fn lock_person(tx: &mut Tx, person: PersonId) -> Result<()> {
    if let Db::Postgres(handle) = &mut **tx {
        sqlx::query("select id from person where id = $1 for update")
            .bind(person.0)
            .fetch_optional(&mut **handle)
            .await?;
    }
    Ok(())
}
