//! The register of exceptions: exemptions, and starts that HR allowed without an NDA. Nothing is ever removed from it.

use super::{Db, Page, Result, StoreError, Tx, exactly_one, on_db};
use crate::domain::{
    Instant,
    exemption::{ExemptionKind, Status},
    ids::{AccountId, AssignmentId, ExemptionId, PersonId},
    locale::Bilingual,
    requirement::RequirementKind,
};
use sqlx::FromRow;
use time::Date;
use uuid::Uuid;

/// What somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewExemption<'a> {
    pub id: ExemptionId,
    pub assignment: AssignmentId,
    pub kind: ExemptionKind,
    pub reason: &'a str,
    pub compensating_step: &'a str,
    /// The last day on which it holds, where the person works.
    pub ends_on: Date,
    pub requested_by: AccountId,
}

/// An entry of the register, with the names that it is read by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exemption {
    pub id: ExemptionId,
    pub assignment: AssignmentId,
    pub person: PersonId,
    pub person_name: String,
    /// IANA name of the zone in which the person works.
    pub time_zone: String,
    pub item: RequirementKind,
    pub title: Option<Bilingual>,
    pub kind: ExemptionKind,
    pub status: Status,
    pub reason: String,
    pub compensating_step: String,
    pub ends_on: Date,
    pub requested_at: Instant,
    pub requested_by: AccountId,
    pub requested_by_name: String,
    pub decided_at: Option<Instant>,
    pub decided_by_name: Option<String>,
    pub ended_at: Option<Instant>,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    assignment_id: Uuid,
    person_id: Uuid,
    person_name: String,
    time_zone: String,
    item: String,
    title_de: Option<String>,
    title_en: Option<String>,
    kind: String,
    reason: String,
    compensating_step: String,
    ends_on: Date,
    requested_at: Instant,
    requested_by: Uuid,
    requested_by_name: String,
    decided_at: Option<Instant>,
    decided_by_name: Option<String>,
    approved: Option<bool>,
    ended_at: Option<Instant>,
}

impl Row {
    fn into_exemption(self) -> Result<Exemption> {
        let corrupt = || StoreError::Corrupt("exemption");
        Ok(Exemption {
            id: ExemptionId(self.id),
            assignment: AssignmentId(self.assignment_id),
            person: PersonId(self.person_id),
            person_name: self.person_name,
            time_zone: self.time_zone,
            item: RequirementKind::from_stored(&self.item).ok_or_else(corrupt)?,
            title: self.title_de.zip(self.title_en).map(|(de, en)| Bilingual { de, en }),
            kind: ExemptionKind::from_stored(&self.kind).ok_or_else(corrupt)?,
            status: Status::of(self.approved, self.ended_at),
            reason: self.reason,
            compensating_step: self.compensating_step,
            ends_on: self.ends_on,
            requested_at: self.requested_at,
            requested_by: AccountId(self.requested_by),
            requested_by_name: self.requested_by_name,
            decided_at: self.decided_at,
            decided_by_name: self.decided_by_name,
            ended_at: self.ended_at,
        })
    }
}

macro_rules! exemption_columns {
    () => {
        "e.id, e.assignment_id, p.id as person_id, p.name as person_name, p.time_zone, r.kind as item,
         coalesce(v.title_de, w.title_de, r.title_de) as title_de, coalesce(v.title_en, w.title_en, r.title_en) as title_en, e.kind, e.reason,
             e.compensating_step, e.ends_on, e.requested_at, e.requested_by, q.name as requested_by_name, e.decided_at, d.name as decided_by_name,
             e.approved, e.ended_at
         from exemption e join assignment a on a.id = e.assignment_id join person p on p.id = a.person_id join requirement r on r.id = a.requirement_id
         join account q on q.id = e.requested_by left join account d on d.id = e.decided_by
         left join document_version v on v.document_id = r.document_id
             and v.number = (select max(x.number) from document_version x where x.document_id = r.document_id)
         left join course_version w on w.course_id = r.course_id
             and w.number = (select max(x.number) from course_version x where x.course_id = r.course_id)"
    };
}

/// Notes a request. `decided_by`: who approves in the same act, for what needs no second person.
///
/// # Errors
/// When somebody asked for the same meanwhile, or the database refuses.
pub async fn insert(tx: &mut Tx, now: Instant, new: &NewExemption<'_>, decided_by: Option<AccountId>) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "insert into exemption (id, assignment_id, kind, reason, compensating_step, ends_on, requested_at, requested_by, decided_at, decided_by, approved)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    )
    .bind(new.id.0)
    .bind(new.assignment.0)
    .bind(new.kind.as_str())
    .bind(new.reason)
    .bind(new.compensating_step)
    .bind(new.ends_on)
    .bind(now)
    .bind(new.requested_by.0)
    .bind(decided_by.map(|_| now))
    .bind(decided_by.map(|by| by.0))
    .bind(decided_by.map(|_| true))
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// Notes the decision.
///
/// # Errors
/// `Stale` when somebody decided before.
pub async fn decide(tx: &mut Tx, now: Instant, id: ExemptionId, by: AccountId, approved: bool) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update exemption set decided_at = $2, decided_by = $3, approved = $4 where id = $1 and decided_at is null"
    )
    .bind(id.0)
    .bind(now)
    .bind(by.0)
    .bind(approved)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Notes that an exemption is over.
///
/// # Errors
/// `Stale` when it was not in force.
pub async fn end(tx: &mut Tx, now: Instant, id: ExemptionId) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update exemption set ended_at = $2 where id = $1 and approved and ended_at is null"
    )
    .bind(id.0)
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// One entry.
///
/// # Errors
/// When the database refuses.
pub async fn find(db: &mut Db, id: ExemptionId) -> Result<Option<Exemption>> {
    let row: Option<Row> = on_db!(db, |c| sqlx::query_as(concat!("select ", exemption_columns!(), " where e.id = $1"))
        .bind(id.0)
        .fetch_optional(c)
        .await?);
    row.map(Row::into_exemption).transpose()
}

/// What is asked for or in force about one item, the newest first.
///
/// # Errors
/// When the database refuses.
pub async fn list_of_assignment(db: &mut Db, id: AssignmentId) -> Result<Vec<Exemption>> {
    let rows: Vec<Row> = on_db!(db, |c| sqlx::query_as(concat!(
        "select ",
        exemption_columns!(),
        " where e.assignment_id = $1 order by e.requested_at desc, e.id desc"
    ))
    .bind(id.0)
    .fetch_all(c)
    .await?);
    rows.into_iter().map(Row::into_exemption).collect()
}

/// Those in force whose last day is before `today`. Days differ by zone, so the caller asks each for its own.
///
/// # Errors
/// When the database refuses.
pub async fn list_ending(db: &mut Db, today: Date, limit: i64) -> Result<Vec<Exemption>> {
    let rows: Vec<Row> = on_db!(db, |c| sqlx::query_as(concat!(
        "select ",
        exemption_columns!(),
        " where e.approved and e.ended_at is null and e.ends_on < $1 order by e.ends_on, e.id limit $2"
    ))
    .bind(today)
    .bind(limit)
    .fetch_all(c)
    .await?);
    rows.into_iter().map(Row::into_exemption).collect()
}

/// Where the register goes on: after this request and entry.
pub type ExemptionKey = (Instant, ExemptionId);

/// A page of the register, the newest request first; of one status or of all.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &mut Db, status: Option<Status>, after: Option<ExemptionKey>, limit: i64) -> Result<Page<Exemption>> {
    let (at, id) = after.map_or((None, Uuid::nil()), |(at, id)| (Some(at), id.0));
    let rows: Vec<Row> = on_db!(db, |c| sqlx::query_as(concat!(
        "select ",
        exemption_columns!(),
        " where ($1 is null or $1 = case when e.approved is null then 'requested' when not e.approved then 'refused'
                  when e.ended_at is null then 'in_force' else 'over' end)
              and ($2 is null or e.requested_at < $2 or (e.requested_at = $2 and e.id < $3))
          order by e.requested_at desc, e.id desc limit $4"
    ))
    .bind(status.map(Status::as_str))
    .bind(at)
    .bind(id)
    .bind(limit.saturating_add(1))
    .fetch_all(c)
    .await?);
    let rows = rows.into_iter().map(Row::into_exemption).collect::<Result<_>>()?;
    Ok(Page::cut(rows, limit))
}
