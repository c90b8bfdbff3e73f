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

/// Opens a new cycle for many people in one statement; only the name of a random id differs.
pub(super) const fn ask_again_sql(db: &Db) -> &'static str {
    macro_rules! ask_again {
        ($id:literal) => {
            concat!(
                "insert into assignment (id, person_id, requirement_id, cycle, cause, due_on, due_at, state, late)
                 select ",
                $id,
                ", a.person_id, a.requirement_id, a.cycle + 1, 'new_version', $4, $5, 'open', false
                 from assignment a join requirement r on r.id = a.requirement_id join person p on p.id = a.person_id
                 where r.course_id = $1 and r.ended_at is null and (p.end_date is null or p.end_date >= $2) and p.time_zone = $3 and a.state = 'done'
                     and not exists (select 1 from assignment n where n.person_id = a.person_id and n.requirement_id = a.requirement_id and n.cycle > a.cycle)"
            )
        };
    }
    match db {
        Db::Sqlite(_) => ask_again!("randomblob(16)"),
        Db::Postgres(_) => ask_again!("gen_random_uuid()"),
    }
}
