//! Completion and on-time figures, and the people behind each.

use super::{Db, Page, Result, StoreError, assignments::state_from_columns, newest, on_db, renewal, unmet};
use crate::domain::{
    Instant,
    assignment::State,
    ids::{PersonId, RequirementId},
    locale::Bilingual,
    requirement::RequirementKind,
};
use sqlx::FromRow;
use time::Date;
use uuid::Uuid;

/// Counts of items. People who left are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Counts {
    pub total: i64,
    pub done: i64,
    /// Done, and in time.
    pub on_time: i64,
    /// Done or submitted too late, or in the place of what was.
    pub late: i64,
    /// Of these, those that are neither done nor overdue: they wait for a confirmation, or are asked again with a new deadline.
    pub late_waiting: i64,
    /// Not fulfilled, and past their deadline.
    pub overdue: i64,
    /// Not fulfilled, and due before the horizon.
    pub due_soon: i64,
}

impl Counts {
    /// Items of which it is certain whether they were on time: what an on-time rate is a share of.
    #[must_use]
    pub const fn judged(self) -> i64 {
        self.done + self.overdue + self.late_waiting
    }

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            total: self.total + other.total,
            done: self.done + other.done,
            on_time: self.on_time + other.on_time,
            late: self.late + other.late,
            late_waiting: self.late_waiting + other.late_waiting,
            overdue: self.overdue + other.overdue,
            due_soon: self.due_soon + other.due_soon,
        }
    }
}

/// The counts of one requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequirementCounts {
    pub id: RequirementId,
    pub kind: RequirementKind,
    pub title: Option<Bilingual>,
    pub counts: Counts,
}

#[derive(FromRow)]
struct RequirementRow {
    id: Uuid,
    kind: String,
    title_de: Option<String>,
    title_en: Option<String>,
    #[sqlx(flatten)]
    counts: Counts,
}

/// `$1` now, `$2` the horizon.
macro_rules! counts {
    () => {
        concat!(
            "count(*) filter (where not ",
            renewal!("$1"),
            ") as total,
             count(*) filter (where a.state = 'done') as done,
             count(*) filter (where a.state = 'done' and not a.late) as on_time,
             count(*) filter (where a.late) as late,
             count(*) filter (where a.late and a.state <> 'done' and not (",
            unmet!(),
            " and a.due_at <= $1)) as late_waiting,
             count(*) filter (where ",
            unmet!(),
            " and a.due_at <= $1) as overdue,
             count(*) filter (where ",
            unmet!(),
            " and a.due_at > $1 and a.due_at <= $2) as due_soon"
        )
    };
}

/// The counts per requirement, in the order of the checklist.
///
/// # Errors
/// When the database refuses.
pub async fn by_requirement(db: &mut Db, now: Instant, horizon: Instant) -> Result<Vec<RequirementCounts>> {
    by_requirement_in(db, now, horizon, None).await
}

/// The counts per requirement in one department, or in all of them.
///
/// # Errors
/// When the database refuses.
pub async fn by_requirement_in(db: &mut Db, now: Instant, horizon: Instant, department: Option<&str>) -> Result<Vec<RequirementCounts>> {
    let rows: Vec<RequirementRow> = on_db!(db, |c| {
        sqlx::query_as(concat!(
        "select r.id, r.kind, coalesce(v.title_de, w.title_de, r.title_de) as title_de, coalesce(v.title_en, w.title_en, r.title_en) as title_en, ",
        counts!(),
        " from assignment a join requirement r on r.id = a.requirement_id join person p on p.id = a.person_id
          left join document_version v on v.document_id = r.document_id
              and v.number = (select max(x.number) from document_version x where x.document_id = r.document_id)
          left join course_version w on w.course_id = r.course_id
              and w.number = (select max(x.number) from course_version x where x.course_id = r.course_id)
          where ",
        newest!("$1"),
        " and a.state <> 'ended' and r.ended_at is null and a.outside_since is null and ($3 is null or p.department = $3) and (p.end_date is null or p.end_date >= $4)
          group by r.id, r.kind, r.position, r.title_de, r.title_en, v.title_de, v.title_en, w.title_de, w.title_en order by r.position, r.id"
    ))
    .bind(now)
    .bind(horizon)
    .bind(department)
    .bind(now.date())
    .fetch_all(c)
    .await?
    });
    rows.into_iter()
        .map(|row| {
            Ok(RequirementCounts {
                id: RequirementId(row.id),
                kind: RequirementKind::from_stored(&row.kind).ok_or(StoreError::Corrupt("requirement"))?,
                title: row.title_de.zip(row.title_en).map(|(de, en)| Bilingual { de, en }),
                counts: row.counts,
            })
        })
        .collect()
}

/// The counts of one department.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct DepartmentCounts {
    pub department: String,
    #[sqlx(flatten)]
    pub counts: Counts,
}

/// The counts per department, by name.
///
/// # Errors
/// When the database refuses.
pub async fn by_department(db: &mut Db, now: Instant, horizon: Instant) -> Result<Vec<DepartmentCounts>> {
    Ok(on_db!(db, |c| {
        sqlx::query_as(concat!(
        "select p.department, ",
        counts!(),
        " from assignment a join person p on p.id = a.person_id join requirement r on r.id = a.requirement_id
          where ",
        newest!("$1"),
        " and a.state <> 'ended' and r.ended_at is null and a.outside_since is null and (p.end_date is null or p.end_date >= $3) group by p.department order by p.department"
    ))
    .bind(now)
    .bind(horizon)
    .bind(now.date())
    .fetch_all(c)
    .await?
    }))
}

/// Which items of a figure to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    All,
    Done,
    OnTime,
    Late,
    Overdue,
    DueSoon,
    Missing,
}

impl Show {
    pub const ALL: [Self; 7] = [Self::All, Self::Done, Self::OnTime, Self::Late, Self::Overdue, Self::DueSoon, Self::Missing];

    /// As used in addresses and in SQL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Done => "done",
            Self::OnTime => "on-time",
            Self::Late => "late",
            Self::Overdue => "overdue",
            Self::DueSoon => "due-soon",
            Self::Missing => "missing",
        }
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|show| show.as_str() == word)
    }
}

/// Which figure to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    pub requirement: Option<RequirementId>,
    pub department: Option<String>,
    pub show: Show,
}

/// An item behind a figure.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ItemRow {
    pub assignment_id: Uuid,
    pub person_id: Uuid,
    pub name: String,
    pub department: String,
    pub start_date: Date,
    pub kind: String,
    pub title_de: Option<String>,
    pub title_en: Option<String>,
    pub due_on: Date,
    pub due_at: Instant,
    pub state: String,
    pub submitted_at: Option<Instant>,
    pub done_at: Option<Instant>,
    pub late: bool,
}

impl ItemRow {
    /// The state, read back from its columns; none for what no version of this program wrote.
    #[must_use]
    pub fn state(&self) -> Option<State> {
        state_from_columns(&self.state, self.submitted_at, self.done_at, None, None).ok()
    }
}

/// Where a list of items goes on: after this deadline and assignment.
pub type ItemKey = (Instant, Uuid);

/// A page of the items behind a figure, by deadline.
///
/// # Errors
/// When the database refuses.
pub async fn list_items(db: &mut Db, now: Instant, horizon: Instant, filter: &Filter, after: Option<ItemKey>, limit: i64) -> Result<Page<ItemRow>> {
    let (at, id) = after.map_or((None, Uuid::nil()), |(at, id)| (Some(at), id));
    let rows = on_db!(db, |c| sqlx::query_as(concat!(
        "select a.id as assignment_id, p.id as person_id, p.name, p.department, p.start_date, r.kind, coalesce(v.title_de, w.title_de, r.title_de) as title_de,
             coalesce(v.title_en, w.title_en, r.title_en) as title_en,
             a.due_on, a.due_at, a.state, a.submitted_at, a.done_at, a.late
         from assignment a join person p on p.id = a.person_id join requirement r on r.id = a.requirement_id
         left join document_version v on v.document_id = r.document_id
             and v.number = (select max(x.number) from document_version x where x.document_id = r.document_id)
         left join course_version w on w.course_id = r.course_id
             and w.number = (select max(x.number) from course_version x where x.course_id = r.course_id)
         where ",
        newest!("$1"),
        " and a.state <> 'ended' and r.ended_at is null and a.outside_since is null
             and ($3 is null or r.id = $3) and ($4 is null or p.department = $4) and (p.end_date is null or p.end_date >= $9)
             and case $5
                 when 'done' then a.state = 'done'
                 when 'on-time' then a.state = 'done' and not a.late
                 when 'late' then a.late
                 when 'overdue' then ",
        unmet!(),
        " and a.due_at <= $1
                 when 'due-soon' then ",
        unmet!(),
        " and a.due_at > $1 and a.due_at <= $2
                 when 'missing' then a.state <> 'done' and not ",
        renewal!("$1"),
        "
                 else not ",
        renewal!("$1"),
        "
             end
             and ($6 is null or a.due_at > $6 or (a.due_at = $6 and a.id > $7))
         order by a.due_at, a.id limit $8"
    ))
    .bind(now)
    .bind(horizon)
    .bind(filter.requirement.map(|id| id.0))
    .bind(filter.department.as_deref())
    .bind(filter.show.as_str())
    .bind(at)
    .bind(id)
    .bind(limit + 1)
    .bind(now.date())
    .fetch_all(c)
    .await?);
    Ok(Page::cut(rows, limit))
}

/// The people with an item that breaches before the horizon, the nearest deadline first: who to talk to.
///
/// # Errors
/// When the database refuses.
pub async fn breaching_soon(db: &mut Db, now: Instant, horizon: Instant, limit: i64) -> Result<Vec<BreachRow>> {
    Ok(on_db!(db, |c| sqlx::query_as(concat!(
        "select p.id as person_id, p.name, p.department, count(*) as items, min(a.due_on) as due_on
         from assignment a join person p on p.id = a.person_id join requirement r on r.id = a.requirement_id
         where ",
        unmet!(),
        " and r.ended_at is null and a.due_at > $1 and a.due_at <= $2
         group by p.id, p.name, p.department, p.sort_name order by min(a.due_at), p.sort_name, p.id limit $3"
    ))
    .bind(now)
    .bind(horizon)
    .bind(limit)
    .fetch_all(c)
    .await?))
}

/// Somebody whose item will breach soon.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct BreachRow {
    pub person_id: Uuid,
    pub name: String,
    pub department: String,
    pub items: i64,
    pub due_on: Date,
}

impl BreachRow {
    #[must_use]
    pub const fn person(&self) -> PersonId {
        PersonId(self.person_id)
    }
}
