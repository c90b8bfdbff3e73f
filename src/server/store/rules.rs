//! What a rule does to everybody at once, in a few statements however many they are.

use super::{Db, Result, StoreError, Tx, assignments::state_from_columns, dialect, on_db, people::tags};
use crate::domain::{
    Instant,
    assignment::{Cause, EndReason, State},
    deadlines::Deadline,
    group::Facts,
    ids::{AssignmentId, PersonId, RequirementId},
    person::{Country, Line, PersonKind},
    tags::Tags,
};
use serde::Serialize;
use serde_json::json;
use sqlx::FromRow;
use time::{Date, format_description::well_known::Rfc3339};
use uuid::Uuid;

/// Somebody whom a rule may concern, and what they have of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub person: PersonId,
    kind: PersonKind,
    pub country: Country,
    department: Line,
    job_title: Line,
    tags: Tags,
    pub start_date: Date,
    pub time_zone: String,
    pub end_date: Option<Date>,
    /// Their newest item of the rule.
    pub held: Option<HeldItem>,
}

impl Candidate {
    /// What decides whether the rule is for them.
    #[must_use]
    pub const fn facts(&self) -> Facts<'_> {
        Facts {
            kind: self.kind,
            country: &self.country,
            department: &self.department,
            job_title: &self.job_title,
            tags: &self.tags,
        }
    }
}

/// The newest item that somebody has of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldItem {
    pub id: AssignmentId,
    pub cycle: i64,
    pub cause: Cause,
    pub state: State,
    /// It was set aside: the rule does not ask for it any more.
    pub outside: bool,
    pub due_on: Date,
    pub assigned_on: Option<Date>,
    pub late: bool,
}

#[derive(FromRow)]
struct CandidateRow {
    person_id: Uuid,
    kind: String,
    country: String,
    department: String,
    job_title: String,
    tags: String,
    start_date: Date,
    time_zone: String,
    end_date: Option<Date>,
    assignment_id: Option<Uuid>,
    cycle: Option<i64>,
    cause: Option<String>,
    state: Option<String>,
    submitted_at: Option<Instant>,
    done_at: Option<Instant>,
    ended_at: Option<Instant>,
    end_reason: Option<String>,
    outside_since: Option<Instant>,
    due_on: Option<Date>,
    assigned_on: Option<Date>,
    late: Option<bool>,
}

impl CandidateRow {
    fn into_candidate(self) -> Result<Candidate> {
        let held = match (self.assignment_id, self.cycle, self.cause, self.state, self.due_on) {
            (Some(id), Some(cycle), Some(cause), Some(state), Some(due_on)) => Some(HeldItem {
                id: AssignmentId(id),
                cycle,
                cause: Cause::from_stored(&cause).ok_or(StoreError::Corrupt("assignment"))?,
                state: state_from_columns(&state, self.submitted_at, self.done_at, self.ended_at, self.end_reason.as_deref())?,
                outside: self.outside_since.is_some(),
                due_on,
                assigned_on: self.assigned_on,
                late: self.late.unwrap_or(false),
            }),
            _ => None,
        };
        let corrupt = |_| StoreError::Corrupt("person");
        Ok(Candidate {
            person: PersonId(self.person_id),
            kind: PersonKind::parse(&self.kind).map_err(corrupt)?,
            country: Country::parse(&self.country).map_err(corrupt)?,
            department: Line::parse(&self.department).map_err(corrupt)?,
            job_title: Line::parse(&self.job_title).map_err(corrupt)?,
            tags: tags(&self.tags)?,
            start_date: self.start_date,
            time_zone: self.time_zone,
            end_date: self.end_date,
            held,
        })
    }
}

/// Everybody whose last day is not before `last_day`, with their newest item of a requirement. Without one: as for a new requirement.
///
/// # Errors
/// When the database refuses.
pub async fn list_candidates(db: &mut Db, requirement: Option<RequirementId>, last_day: Date) -> Result<Vec<Candidate>> {
    let rows: Vec<CandidateRow> = on_db!(db, |c| sqlx::query_as(
        "select p.id as person_id, p.kind, p.country, p.department, p.job_title, p.tags, p.start_date, p.time_zone, p.end_date,
             a.id as assignment_id, a.cycle, a.cause, a.state, a.submitted_at, a.done_at, a.ended_at, a.end_reason, a.outside_since, a.due_on,
             a.assigned_on, a.late
         from person p left join assignment a on a.person_id = p.id and a.requirement_id = $1
             and a.cycle = (select max(n.cycle) from assignment n where n.person_id = p.id and n.requirement_id = $1)
         where p.pseudonymised_at is null and (p.end_date is null or p.end_date >= $2)"
    )
    .bind(requirement.map(|id| id.0))
    .bind(last_day)
    .fetch_all(c)
    .await?);
    rows.into_iter().map(CandidateRow::into_candidate).collect()
}

/// An item that somebody gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    pub person: PersonId,
    pub cycle: i64,
    pub cause: Cause,
    pub assigned_on: Date,
    pub deadline: Deadline,
    /// What it replaces was late.
    pub late: bool,
}

/// An item that ends unfinished.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Ended {
    pub item: AssignmentId,
    /// It was overdue.
    pub late: bool,
}

/// A deadline that moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    pub item: AssignmentId,
    pub deadline: Deadline,
}

/// An instant as both databases read it.
fn written(at: Instant) -> Result<String> {
    at.format(&Rfc3339).map_err(|_| StoreError::Corrupt("instant"))
}

fn in_json<T: Serialize>(rows: &T) -> Result<String> {
    serde_json::to_string(rows).map_err(|_| StoreError::Corrupt("list"))
}

/// Opens these items. Says how many.
///
/// # Errors
/// When somebody has such a cycle already or the database refuses.
pub async fn give(tx: &mut Tx, requirement: RequirementId, given: &[Given]) -> Result<u64> {
    let rows = given.iter().map(|one| {
        Ok(json!({
            "person": one.person, "cycle": one.cycle, "cause": one.cause.as_str(), "assigned_on": one.assigned_on.to_string(),
            "due_on": one.deadline.due_on.to_string(), "due_at": written(one.deadline.due_at)?, "late": one.late,
        }))
    });
    let rows = in_json(&rows.collect::<Result<Vec<_>>>()?)?;
    let sql = dialect::give_sql(tx);
    Ok(on_db!(tx, |c| sqlx::query(sql)
        .bind(requirement.0)
        .bind(&rows)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}

/// Ends those of the items that are still unfinished. `late` only ever becomes true. Says how many.
///
/// # Errors
/// When the database refuses.
pub async fn end(tx: &mut Tx, now: Instant, items: &[Ended], reason: EndReason) -> Result<u64> {
    let (sql, items) = (dialect::end_sql(tx), in_json(&items)?);
    Ok(on_db!(tx, |c| sqlx::query(sql)
        .bind(&items)
        .bind(now)
        .bind(reason.as_str())
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}

/// Sets decided items aside since an instant, or takes them up again. Says how many.
///
/// # Errors
/// When the database refuses.
pub async fn set_outside(tx: &mut Tx, items: &[AssignmentId], since: Option<Instant>) -> Result<u64> {
    let (sql, items) = (dialect::set_outside_sql(tx), in_json(&items)?);
    Ok(on_db!(tx, |c| sqlx::query(sql)
        .bind(&items)
        .bind(since)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}

/// Moves the deadlines of unfinished items, and keeps the old days in the history. Says how many.
///
/// # Errors
/// When the database refuses.
pub async fn move_deadlines(tx: &mut Tx, now: Instant, moved: &[Moved], reason: &str) -> Result<u64> {
    let rows = moved
        .iter()
        .map(|one| Ok(json!({ "item": one.item, "due_on": one.deadline.due_on.to_string(), "due_at": written(one.deadline.due_at)? })));
    let rows = in_json(&rows.collect::<Result<Vec<_>>>()?)?;
    let (note, change) = (dialect::note_moves_sql(tx), dialect::move_sql(tx));
    on_db!(tx, |c| sqlx::query(note).bind(&rows).bind(now).bind(reason).execute(c).await.map(|_| ())?);
    Ok(on_db!(tx, |c| sqlx::query(change)
        .bind(&rows)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}
