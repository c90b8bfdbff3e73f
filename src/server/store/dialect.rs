//! The few questions that the two databases are asked in different words.

use super::{Db, Result, Tx};
use crate::domain::ids::PersonId;
use uuid::Uuid;

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
             ) returning id, kind, person_id, invitation_id, account_id, password_reset_id, digest_id, recipient, language, created_at, next_attempt_at,
                 attempts, sent_at, last_error, note"
        }
        Db::Postgres(_) => {
            "update outbox set leased_until = $2, attempts = attempts + 1 where id in (
                 select id from outbox where sent_at is null and next_attempt_at <= $1 and (leased_until is null or leased_until <= $1)
                     and (invitation_id is null or exists (select 1 from invitation i where i.id = outbox.invitation_id
                         and i.used_at is null and i.revoked_at is null and i.expires_at > $1))
                     and (password_reset_id is null or exists (select 1 from password_reset r where r.id = outbox.password_reset_id
                         and r.used_at is null and r.revoked_at is null and r.expires_at > $1))
                 order by next_attempt_at limit $3 for update skip locked
             ) returning id, kind, person_id, invitation_id, account_id, password_reset_id, digest_id, recipient, language, created_at, next_attempt_at,
                 attempts, sent_at, last_error, note"
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

/// As [`lock_person`], for many at once. They are locked in the order of their ids, so that nobody waits crosswise. Less than that
/// one's lock, which it waits for all the same: who only notes something about one of them need not wait for a long list.
///
/// # Errors
/// When the database refuses.
pub async fn lock_people(tx: &mut Tx, people: &[PersonId]) -> Result<()> {
    if let Db::Postgres(handle) = &mut **tx {
        let ids: Vec<Uuid> = people.iter().map(|person| person.0).collect();
        sqlx::query("select id from person where id = any($1) order by id for no key update")
            .bind(ids)
            .execute(&mut **handle)
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

/// Makes changes about anybody wait until the end of the transaction: a rule is held against everybody as they are. `SQLite` has one
/// writer anyway.
///
/// # Errors
/// When the database refuses.
pub async fn lock_everybody(tx: &mut Tx) -> Result<()> {
    if let Db::Postgres(handle) = &mut **tx {
        sqlx::query("select id from person order by id for no key update")
            .execute(&mut **handle)
            .await?;
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
             and p.time_zone = $3 and p.start_date <= coalesce($6, $7) and ($6 is null or p.start_date = $6) and ($8 is null or p.country = $8)
             and a.person_id = p.id and a.requirement_id = r.id and a.state = 'done' and a.outside_since is null
             and a.cycle = (select max(n.cycle) from assignment n where n.person_id = p.id and n.requirement_id = r.id)
         on conflict do nothing"
    )
}

/// Gives everybody of a group an item for the first time. See `rollout::ask_everybody`.
pub(super) const fn ask_everybody_sql(db: &Db) -> &'static str {
    with_ids!(
        db,
        "insert into assignment (id, person_id, requirement_id, cycle, cause, assigned_on, due_on, due_at, state, late)
         select ",
        ", p.id, $1, 1, case when $6 is null then 'new_version' else 'first' end, $2, $4, $5, 'open', false
         from person p
         where (p.end_date is null or p.end_date >= $2) and p.time_zone = $3 and p.start_date <= coalesce($6, $7) and ($6 is null or p.start_date = $6) and ($8 is null or p.country = $8)"
    )
}

/// Opens an item for each row of the JSON array `$2`, of the requirement `$1`. See `rules::give`.
pub(super) const fn give_sql(db: &Db) -> &'static str {
    match db {
        Db::Sqlite(_) => {
            "insert into assignment (id, person_id, requirement_id, cycle, cause, assigned_on, due_on, due_at, state, late)
             select randomblob(16), unhex(value ->> 'person', '-'), $1, value ->> 'cycle', value ->> 'cause', value ->> 'assigned_on', value ->> 'due_on',
                 value ->> 'due_at', 'open', value ->> 'late'
             from json_each($2)"
        }
        Db::Postgres(_) => {
            "insert into assignment (id, person_id, requirement_id, cycle, cause, assigned_on, due_on, due_at, state, late)
             select gen_random_uuid(), person, $1, cycle, cause, assigned_on, due_on, due_at, 'open', late
             from json_to_recordset($2::json) as x(person uuid, cycle bigint, cause text, assigned_on date, due_on date, due_at timestamptz, late boolean)"
        }
    }
}

/// Ends what is unfinished of the items in the rows of the JSON array `$1`. See `rules::end`. The plus keeps `SQLite` from reading every open
/// item for each row.
pub(super) const fn end_sql(db: &Db) -> &'static str {
    match db {
        Db::Sqlite(_) => {
            "update assignment set state = 'ended', ended_at = $2, end_reason = $3, late = assignment.late or x.late
             from (select unhex(value ->> 'item', '-') as item, value ->> 'late' as late from json_each($1)) x
             where assignment.id = x.item and +assignment.state in ('open', 'waiting', 'failed')"
        }
        Db::Postgres(_) => {
            "update assignment set state = 'ended', ended_at = $2, end_reason = $3, late = assignment.late or x.late
             from json_to_recordset($1::json) as x(item uuid, late boolean)
             where assignment.id = x.item and assignment.state in ('open', 'waiting', 'failed')"
        }
    }
}

/// Sets the items in the JSON array `$1` aside, or takes them up again. See `rules::set_outside`.
pub(super) const fn set_outside_sql(db: &Db) -> &'static str {
    match db {
        Db::Sqlite(_) => "update assignment set outside_since = $2 where id in (select unhex(value, '-') from json_each($1))",
        Db::Postgres(_) => "update assignment set outside_since = $2 where id in (select value::uuid from json_array_elements_text($1::json))",
    }
}

/// Keeps the old days of deadlines that the rows of the JSON array `$1` move. See `rules::move_deadlines`.
pub(super) const fn note_moves_sql(db: &Db) -> &'static str {
    match db {
        Db::Sqlite(_) => {
            "insert into deadline_change (id, assignment_id, changed_at, old_due_on, new_due_on, reason)
             select randomblob(16), a.id, $2, a.due_on, x.value ->> 'due_on', $3
             from json_each($1) x join assignment a on a.id = unhex(x.value ->> 'item', '-')"
        }
        Db::Postgres(_) => {
            "insert into deadline_change (id, assignment_id, changed_at, old_due_on, new_due_on, reason)
             select gen_random_uuid(), a.id, $2, a.due_on, x.due_on, $3
             from json_to_recordset($1::json) as x(item uuid, due_on date) join assignment a on a.id = x.item"
        }
    }
}

/// Moves the deadlines as the rows of the JSON array `$1` say. See `rules::move_deadlines`, and above for the plus.
pub(super) const fn move_sql(db: &Db) -> &'static str {
    match db {
        Db::Sqlite(_) => {
            "update assignment set due_on = x.due_on, due_at = x.due_at
             from (select unhex(value ->> 'item', '-') as item, value ->> 'due_on' as due_on, value ->> 'due_at' as due_at from json_each($1)) x
             where assignment.id = x.item and +assignment.state in ('open', 'waiting', 'failed')"
        }
        Db::Postgres(_) => {
            "update assignment set due_on = x.due_on, due_at = x.due_at
             from json_to_recordset($1::json) as x(item uuid, due_on date, due_at timestamptz)
             where assignment.id = x.item and assignment.state in ('open', 'waiting', 'failed')"
        }
    }
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

/// What happened about a person, but for the actions in the JSON array `$2`. See `audit::timeline`.
pub(super) const fn timeline_sql(db: &Db) -> &'static str {
    macro_rules! timeline {
        ($hidden:literal) => {
            concat!(
                "select e.seq, e.at, e.action, a.name as actor_name, d.body as detail
                 from audit_entry e left join account a on a.id = e.actor_id left join audit_detail d on d.seq = e.seq
                 where e.person_id = $1 and e.action not in (select value from ",
                $hidden,
                ") and e.seq < $3 order by e.seq desc limit $4"
            )
        };
    }
    match db {
        Db::Sqlite(_) => timeline!("json_each($2)"),
        Db::Postgres(_) => timeline!("json_array_elements_text($2::json)"),
    }
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
