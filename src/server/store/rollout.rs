//! Asking many people at once, in a few statements however many they are.
//!
//! People are asked in groups that share a deadline: those in one time zone, apart from newcomers, whose own rule may give them a
//! later day than everybody else's.

use super::{Db, Result, Tx, dialect, on_db};
use crate::domain::{Instant, deadlines::Deadline, ids::RequirementId, requirement::Material};
use sqlx::FromRow;
use time::Date;
use uuid::Uuid;

/// How many people a new version of a policy or course concerns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Reach {
    /// Accepted or passed an earlier version, and are asked for nothing at present.
    pub accepted: i64,
    /// Have still to accept or pass, for the first time or again.
    pub open: i64,
    /// An exemption lifts it for them.
    pub lifted: i64,
    /// Left the company.
    pub left_company: i64,
    /// Everybody who is here, asked for this or not.
    pub everybody: i64,
}

/// People who share a deadline.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Group {
    pub time_zone: String,
    /// The first working day of newcomers; none for everybody else.
    pub start_date: Option<Date>,
    /// Where newcomers work, as working days are counted by country; none for everybody else.
    pub country: Option<String>,
}

/// Ids are unique across documents and courses, so one parameter serves for both.
const fn id_of(material: Material) -> Uuid {
    match material {
        Material::Document(document) => document.0,
        Material::Course(course) => course.0,
        Material::None => Uuid::nil(),
    }
}

/// Whom a policy or course concerns on `today`.
///
/// # Errors
/// When the database refuses.
pub async fn reach(db: &mut Db, material: impl Into<Material>, today: Date) -> Result<Reach> {
    let material = id_of(material.into());
    Ok(on_db!(db, |c| sqlx::query_as(
        "select count(case when here and state = 'done' then 1 end) as accepted, count(case when here and state = 'open' then 1 end) as open,
             count(case when here and state = 'ended' and end_reason = 'exempt' then 1 end) as lifted, count(case when not here then 1 end) as left_company,
             (select count(*) from person e where e.end_date is null or e.end_date >= $2) as everybody
         from (
             select a.state, a.end_reason, (p.end_date is null or p.end_date >= $2) as here
             from assignment a join requirement r on r.id = a.requirement_id join person p on p.id = a.person_id
             where $1 in (r.document_id, r.course_id) and r.ended_at is null and a.outside_since is null
                 and not exists (select 1 from assignment n where n.person_id = a.person_id and n.requirement_id = a.requirement_id and n.cycle > a.cycle)
         ) item"
    )
    .bind(material)
    .bind(today)
    .fetch_one(c)
    .await?))
}

/// The groups of everybody who is here on `today`. Newcomers are those who start after `newcomers_after`.
///
/// # Errors
/// When the database refuses.
pub async fn list_groups(db: &mut Db, today: Date, newcomers_after: Date) -> Result<Vec<Group>> {
    Ok(on_db!(db, |c| sqlx::query_as(
        "select distinct time_zone, case when start_date > $2 then start_date end as start_date, case when start_date > $2 then country end as country
         from person where end_date is null or end_date >= $1 order by 1, 2, 3"
    )
    .bind(today)
    .bind(newcomers_after)
    .fetch_all(c)
    .await?))
}

/// Asks everybody of a group who accepted a policy or passed a course to do it again. What they did stays on record. Says how many.
///
/// # Errors
/// When the database refuses.
pub async fn ask_again(tx: &mut Tx, material: impl Into<Material>, today: Date, newcomers_after: Date, group: &Group, deadline: Deadline) -> Result<u64> {
    let (sql, material) = (dialect::ask_again_sql(tx), id_of(material.into()));
    Ok(on_db!(tx, |c| sqlx::query(sql)
        .bind(material)
        .bind(today)
        .bind(&*group.time_zone)
        .bind(deadline.due_on)
        .bind(deadline.due_at)
        .bind(group.start_date)
        .bind(newcomers_after)
        .bind(group.country.as_deref())
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}

/// Gives everybody of a group an item that nobody had before. Only a newcomer's deadline hangs on the start. Says how many.
///
/// # Errors
/// When the database refuses.
pub async fn ask_everybody(tx: &mut Tx, requirement: RequirementId, today: Date, newcomers_after: Date, group: &Group, deadline: Deadline) -> Result<u64> {
    let sql = dialect::ask_everybody_sql(tx);
    Ok(on_db!(tx, |c| sqlx::query(sql)
        .bind(requirement.0)
        .bind(today)
        .bind(&*group.time_zone)
        .bind(deadline.due_on)
        .bind(deadline.due_at)
        .bind(group.start_date)
        .bind(newcomers_after)
        .bind(group.country.as_deref())
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}

/// Moves the deadlines of yearly renewals in a zone that are open and due later than a new version counts: who is asked again
/// anyway is asked in time. The old day stays in the history. Says how many.
///
/// # Errors
/// When the database refuses.
pub async fn bring_renewals_forward(
    tx: &mut Tx,
    now: Instant,
    material: impl Into<Material>,
    time_zone: &str,
    deadline: Deadline,
    reason: &str,
) -> Result<u64> {
    let (sql, material) = (dialect::note_renewals_sql(tx), id_of(material.into()));
    on_db!(tx, |c| sqlx::query(sql)
        .bind(material)
        .bind(time_zone)
        .bind(deadline.due_on)
        .bind(now)
        .bind(reason)
        .execute(c)
        .await
        .map(|_| ())?);
    Ok(on_db!(tx, |c| {
        sqlx::query(
        "update assignment set due_on = $3, due_at = $4
         where requirement_id in (select r.id from requirement r where $1 in (r.document_id, r.course_id) and r.ended_at is null) and cause = 'yearly' and state = 'open'
             and due_on > $3 and person_id in (select p.id from person p where p.time_zone = $2)"
    )
    .bind(material)
    .bind(time_zone)
    .bind(deadline.due_on)
    .bind(deadline.due_at)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?
    }))
}
