//! A manager's reports as the manager sees them: what they passed and when, and what is left.

use super::{Db, Page, Result, StoreError, assignments::state_from_columns, newest, on_db, people::PersonKey};
use crate::domain::{
    Instant,
    assignment::{Cause, State},
    deadlines::Deadline,
    ids::PersonId,
    locale::Bilingual,
    requirement::RequirementKind,
};
use sqlx::FromRow;
use time::Date;
use uuid::Uuid;

/// Somebody who reports to the manager.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Member {
    pub id: Uuid,
    pub name: String,
    pub sort_name: String,
    pub job_title: String,
    pub start_date: Date,
    /// IANA name of the zone in which they work.
    pub time_zone: String,
    /// When they were nudged last.
    pub nudged_at: Option<Instant>,
    /// The last day on which nobody reminds them.
    pub paused_until: Option<Date>,
}

/// One of their items. Without anything that is between the person and HR.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamItem {
    pub person: PersonId,
    pub kind: RequirementKind,
    /// Of the policy or course, in its newest version.
    pub title: Option<Bilingual>,
    pub cause: Cause,
    pub deadline: Deadline,
    pub state: State,
    pub late: bool,
}

#[derive(FromRow)]
struct ItemRow {
    person_id: Uuid,
    kind: String,
    title_de: Option<String>,
    title_en: Option<String>,
    cause: String,
    due_on: Date,
    due_at: Instant,
    state: String,
    submitted_at: Option<Instant>,
    done_at: Option<Instant>,
    ended_at: Option<Instant>,
    end_reason: Option<String>,
    late: bool,
}

impl ItemRow {
    fn into_item(self) -> Result<TeamItem> {
        let corrupt = || StoreError::Corrupt("assignment");
        Ok(TeamItem {
            person: PersonId(self.person_id),
            kind: RequirementKind::from_stored(&self.kind).ok_or_else(corrupt)?,
            title: self.title_de.zip(self.title_en).map(|(de, en)| Bilingual { de, en }),
            cause: Cause::from_stored(&self.cause).ok_or_else(corrupt)?,
            deadline: Deadline {
                due_on: self.due_on,
                due_at: self.due_at,
            },
            state: state_from_columns(&self.state, self.submitted_at, self.done_at, self.ended_at, self.end_reason.as_deref())?,
            late: self.late,
        })
    }
}

/// A page of those who report to `manager` and are still here on `today`, by name.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &mut Db, manager: PersonId, today: Date, after: Option<&PersonKey>, limit: i64) -> Result<Page<Member>> {
    let (name, id) = after.map_or(("", Uuid::nil()), |(name, id)| (name, id.0));
    let rows = on_db!(db, |c| sqlx::query_as(
        "select p.id, p.name, p.sort_name, p.job_title, p.start_date, p.time_zone,
             (select max(o.created_at) from outbox o where o.person_id = p.id and o.kind = 'nudge') as nudged_at,
             p.reminders_paused_until as paused_until
         from person p
         where p.manager_id = $1 and (p.end_date is null or p.end_date >= $2) and (p.sort_name > $3 or (p.sort_name = $3 and p.id > $4))
         order by p.sort_name, p.id limit $5"
    )
    .bind(manager.0)
    .bind(today)
    .bind(name)
    .bind(id)
    .bind(limit + 1)
    .fetch_all(c)
    .await?);
    Ok(Page::cut(rows, limit))
}

/// The items of those who report to `manager`, from the first to the last of a page, as they stand at `now`: by person, then in the
/// order of the checklist.
///
/// # Errors
/// When the database refuses.
pub async fn list_items(db: &mut Db, manager: PersonId, now: Instant, first: &Member, last: &Member) -> Result<Vec<TeamItem>> {
    let rows: Vec<ItemRow> = on_db!(db, |c| sqlx::query_as(concat!(
        "select a.person_id, r.kind, coalesce(v.title_de, w.title_de) as title_de, coalesce(v.title_en, w.title_en) as title_en, a.cause,
             a.due_on, a.due_at, a.state, a.submitted_at, a.done_at, a.ended_at, a.end_reason, a.late
         from person p join assignment a on a.person_id = p.id join requirement r on r.id = a.requirement_id
         left join document_version v on v.document_id = r.document_id
             and v.number = (select max(x.number) from document_version x where x.document_id = r.document_id)
         left join course_version w on w.course_id = r.course_id
             and w.number = (select max(x.number) from course_version x where x.course_id = r.course_id)
         where p.manager_id = $1 and ",
        newest!("$2"),
        " and (p.sort_name > $3 or (p.sort_name = $3 and p.id >= $4)) and (p.sort_name < $5 or (p.sort_name = $5 and p.id <= $6))
         order by p.sort_name, p.id, r.position, a.cycle, a.id"
    ))
    .bind(manager.0)
    .bind(now)
    .bind(&first.sort_name)
    .bind(first.id)
    .bind(&last.sort_name)
    .bind(last.id)
    .fetch_all(c)
    .await?);
    rows.into_iter().map(ItemRow::into_item).collect()
}

/// When somebody was nudged last.
///
/// # Errors
/// When the database refuses.
pub async fn last_nudge(db: &mut Db, person: PersonId) -> Result<Option<Instant>> {
    Ok(on_db!(db, |c| sqlx::query_scalar(
        "select max(created_at) from outbox where person_id = $1 and kind = 'nudge'"
    )
    .bind(person.0)
    .fetch_one(c)
    .await?))
}
