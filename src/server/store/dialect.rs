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
                     and (invitation_id is null or exists (select 1 from invitation i where i.id = outbox.invitation_id
                         and i.used_at is null and i.revoked_at is null and i.expires_at > $1))
                     and (password_reset_id is null or exists (select 1 from password_reset r where r.id = outbox.password_reset_id
                         and r.used_at is null and r.revoked_at is null and r.expires_at > $1))
                 order by next_attempt_at limit $3
             ) returning id, kind, person_id, invitation_id, account_id, password_reset_id, recipient, language, created_at, next_attempt_at, attempts,
                 sent_at, last_error, note"
        }
        Db::Postgres(_) => {
            "update outbox set leased_until = $2, attempts = attempts + 1 where id in (
                 select id from outbox where sent_at is null and next_attempt_at <= $1 and (leased_until is null or leased_until <= $1)
                     and (invitation_id is null or exists (select 1 from invitation i where i.id = outbox.invitation_id
                         and i.used_at is null and i.revoked_at is null and i.expires_at > $1))
                     and (password_reset_id is null or exists (select 1 from password_reset r where r.id = outbox.password_reset_id
                         and r.used_at is null and r.revoked_at is null and r.expires_at > $1))
                 order by next_attempt_at limit $3 for update skip locked
             ) returning id, kind, person_id, invitation_id, account_id, password_reset_id, recipient, language, created_at, next_attempt_at, attempts,
                 sent_at, last_error, note"
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

/// Makes changes to who administers wait for each other, until the end of the transaction: two administrators must not take each
/// other's rights at once. Called before any account is written, so that nobody waits crosswise. `SQLite` has one writer anyway.
///
/// # Errors
/// When the database refuses.
pub async fn lock_roles(tx: &mut Tx) -> Result<()> {
    if let Db::Postgres(handle) = &mut **tx {
        sqlx::query("select pg_advisory_xact_lock(4711013)").execute(&mut **handle).await?;
    }
    Ok(())
}

/// Keeps versions from being published until the end of the transaction: who accepts the old text at that moment must be seen by
/// the publishing, and so must who is just being added. `SQLite` has one writer anyway. Called first in a transaction, so that
/// nobody waits crosswise.
///
/// # Errors
/// When the database refuses.
pub async fn hold_publishing(tx: &mut Tx) -> Result<()> {
    if let Db::Postgres(handle) = &mut **tx {
        sqlx::query("select pg_advisory_xact_lock_shared(4711001)").execute(&mut **handle).await?;
    }
    Ok(())
}

/// Waits until nobody holds publishing back, and keeps everybody out until the end of the transaction.
///
/// # Errors
/// When the database refuses.
pub async fn begin_publishing(tx: &mut Tx) -> Result<()> {
    if let Db::Postgres(handle) = &mut **tx {
        sqlx::query("select pg_advisory_xact_lock(4711001)").execute(&mut **handle).await?;
    }
    Ok(())
}

/// A statement that makes many rows at once; only the name of a random id differs.
macro_rules! with_ids {
    ($db:expr, $before:literal, $after:literal) => {
        match $db {
            Db::Sqlite(_) => concat!($before, "randomblob(16)", $after),
            Db::Postgres(_) => concat!($before, "gen_random_uuid()", $after),
        }
    };
}

/// Opens a new cycle for everybody of a group who accepted a policy or passed a course. See `rollout::ask_again`. `SQLite` keeps to
/// the order of a `cross join`; without one it looks through everything that was ever done, once per group.
pub(super) const fn ask_again_sql(db: &Db) -> &'static str {
    with_ids!(
        db,
        "insert into assignment (id, person_id, requirement_id, cycle, cause, due_on, due_at, state, late)
         select ",
        ", a.person_id, a.requirement_id, a.cycle + 1, 'new_version', $4, $5, 'open', false
         from requirement r cross join person p cross join assignment a
         where $1 in (r.document_id, r.course_id) and r.ended_at is null and (p.end_date is null or p.end_date >= $2)
             and p.time_zone = $3 and p.start_date <= coalesce($6, $7) and ($6 is null or p.start_date = $6)
             and a.person_id = p.id and a.requirement_id = r.id and a.state = 'done'
             and a.cycle = (select max(n.cycle) from assignment n where n.person_id = p.id and n.requirement_id = r.id)
         on conflict do nothing"
    )
}

/// Gives everybody of a group an item for the first time. See `rollout::ask_everybody`.
pub(super) const fn ask_everybody_sql(db: &Db) -> &'static str {
    with_ids!(
        db,
        "insert into assignment (id, person_id, requirement_id, cycle, cause, due_on, due_at, state, late)
         select ",
        ", p.id, $1, 1, case when $6 is null then 'new_version' else 'first' end, $4, $5, 'open', false
         from person p
         where (p.end_date is null or p.end_date >= $2) and p.time_zone = $3 and p.start_date <= coalesce($6, $7) and ($6 is null or p.start_date = $6)"
    )
}

/// Keeps the old days of renewals that are brought forward. See `rollout::bring_renewals_forward`.
pub(super) const fn note_renewals_sql(db: &Db) -> &'static str {
    with_ids!(
        db,
        "insert into deadline_change (id, assignment_id, changed_at, old_due_on, new_due_on, reason)
         select ",
        ", a.id, $4, a.due_on, $3, $5
         from assignment a join requirement r on r.id = a.requirement_id join person p on p.id = a.person_id
         where $1 in (r.document_id, r.course_id) and r.ended_at is null and p.time_zone = $2 and a.cause = 'yearly' and a.state = 'open' and a.due_on > $3"
    )
}

/// Entries of the audit trail whose action stands in the JSON array `$1`. See `events::list_entries`.
pub(super) const fn entries_by_action_sql(db: &Db) -> &'static str {
    macro_rules! entries {
        ($words:literal) => {
            concat!(
                "select e.seq, e.at, e.action, a.name as actor_name, s.name as account_name
                 from audit_entry e left join account a on a.id = e.actor_id left join account s on s.id = e.subject_id
                 where e.action in (select value from ",
                $words,
                ") and e.seq < $2 order by e.seq desc limit $3"
            )
        };
    }
    match db {
        Db::Sqlite(_) => entries!("json_each($1)"),
        Db::Postgres(_) => entries!("json_array_elements_text($1::json)"),
    }
}
