//! A password manager's list of members against the people on record: whose a line is, and how everybody stands.
//!
//! `matched!` says whose a line is: said by hand before the work address before the private one; an address that is the work
//! address of one person and the private one of another is nobody's. `judged!` states `domain::member::Listing::bucket` in SQL,
//! so that the lists can be counted and paged; a contract test holds both equal.

use super::{Db, Page, Result, assignments::state_from_columns, members::listing, newest, on_db, renewal};
use crate::domain::{
    Instant,
    assignment::State,
    deadlines::Deadline,
    ids::{AssignmentId, MemberListId, PersonId},
    member::{Bucket, Listing},
};
use sqlx::FromRow;
use time::Date;
use uuid::Uuid;

/// The lines of list `$1`, each with whose it is.
macro_rules! matched {
    () => {
        "select m.line, m.email, m.name, m.status, m.two_step, x.email is not null as is_said,
             coalesce(x.email is null and w.id <> v.id, false) as is_ambiguous,
             case when x.email is not null then x.person_id when w.id <> v.id then null else coalesce(w.id, v.id) end as person_id
         from member m left join member_match x on x.email = m.email
         left join person w on w.work_email = m.email left join person v on v.private_email = m.email
         where m.list_id = $1"
    };
}

/// How much a line `e` proves, the most first: the order of `MemberStatus` and `TwoStep`.
macro_rules! by_strength {
    ($e:literal) => {
        concat!(
            "case ",
            $e,
            ".status when 'active' then 0 when 'accepted' then 1 when 'invited' then 2 else 3 end, case ",
            $e,
            ".two_step when 'on' then 0 when 'enforced' then 1 when 'unknown' then 2 else 3 end, ",
            $e,
            ".line"
        )
    };
}

/// The lines of list `$1` by bucket, for every person the one that proves most; `$2` is today. Lines that say nothing any more,
/// such as a suspended account of somebody who left, are in no bucket.
macro_rules! judged {
    () => {
        concat!(
            "select e.line, e.email, e.name, e.status, e.two_step, e.is_said, e.is_ambiguous, e.person_id, p.name as person_name, p.department,
                 coalesce(p.sort_name, '') as sort,
                 case
                     when e.person_id is null and e.is_said then 'set-aside'
                     when e.person_id is null then 'unknown'
                     when e.status = 'revoked' then null
                     when p.end_date < $2 then 'left'
                     when e.status <> 'active' then 'invited'
                     when e.two_step in ('on', 'enforced') then 'enrolled'
                     else 'two-step'
                 end as bucket,
                 case when e.person_id is null then 1 else row_number() over (partition by e.person_id order by ",
            by_strength!("e"),
            ") end as place
             from (",
            matched!(),
            ") e left join person p on p.id = e.person_id"
        )
    };
}

/// People who are in no line of list `$1` that opens anything, although they started by `$3` and are here on `$2`.
macro_rules! missing {
    () => {
        concat!(
            "from person p join assignment a on a.person_id = p.id join requirement r on r.id = a.requirement_id
             where r.kind = 'password_manager' and r.ended_at is null and a.state <> 'ended' and ",
            newest!("$3"),
            " and not ",
            renewal!("$3"),
            " and p.start_at <= $3 and (p.end_date is null or p.end_date >= $2)
             and p.id not in (select e.person_id from (",
            matched!(),
            ") e where e.person_id is not null and e.status <> 'revoked')"
        )
    };
}

/// A line of a list and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    pub line: i64,
    pub email: String,
    /// As the vendor has it.
    pub name: String,
    pub listing: Listing,
    pub person: Option<PersonId>,
    /// Somebody said by hand whose it is, or that it is nobody's.
    pub is_said: bool,
    /// It is the work address of one person and the private one of another.
    pub is_ambiguous: bool,
}

#[derive(FromRow)]
struct MatchRow {
    line: i64,
    email: String,
    name: String,
    status: String,
    two_step: String,
    person_id: Option<Uuid>,
    is_said: bool,
    is_ambiguous: bool,
}

impl MatchRow {
    fn into_match(self, db: &Db) -> Result<Match> {
        Ok(Match {
            listing: listing(&self.status, &self.two_step)?,
            line: self.line,
            email: db.open_address(&self.email)?,
            name: self.name,
            person: self.person_id.map(PersonId),
            is_said: self.is_said,
            is_ambiguous: self.is_ambiguous,
        })
    }
}

/// All lines of a list, or those that are one person's.
///
/// # Errors
/// When the database refuses.
pub async fn list_matches(db: &mut Db, list: MemberListId, person: Option<PersonId>) -> Result<Vec<Match>> {
    let rows: Vec<MatchRow> = on_db!(db, |c| sqlx::query_as(concat!(
        "select e.line, e.email, e.name, e.status, e.two_step, e.person_id, e.is_said, e.is_ambiguous from (",
        matched!(),
        ") e where $2 is null or e.person_id = $2 order by e.line"
    ))
    .bind(list.0)
    .bind(person.map(|person| person.0))
    .fetch_all(c)
    .await?);
    rows.into_iter().map(|row| row.into_match(db)).collect()
}

/// One line of a list, by its address.
///
/// # Errors
/// When the database refuses.
pub async fn find_match(db: &mut Db, list: MemberListId, email: &str) -> Result<Option<Match>> {
    let address = db.vault().seal_address(email);
    let row: Option<MatchRow> = on_db!(db, |c| sqlx::query_as(concat!(matched!(), " and m.email = $2"))
        .bind(list.0)
        .bind(address)
        .fetch_optional(c)
        .await?);
    row.map(|row| row.into_match(db)).transpose()
}

/// How many stand in each bucket of a list.
///
/// # Errors
/// When the database refuses.
pub async fn count_by_bucket(db: &mut Db, list: MemberListId, now: Instant) -> Result<Vec<(Bucket, i64)>> {
    let rows: Vec<(String, i64)> = on_db!(db, |c| sqlx::query_as(concat!(
        "select j.bucket, count(*) from (",
        judged!(),
        ") j where j.place = 1 and j.bucket is not null group by j.bucket union all select 'missing', count(*) ",
        missing!()
    ))
    .bind(list.0)
    .bind(now.date())
    .bind(now)
    .fetch_all(c)
    .await?);
    let count = |bucket: Bucket| rows.iter().find(|(word, _)| word == bucket.as_str()).map_or(0, |(_, count)| *count);
    Ok(Bucket::ALL.iter().map(|bucket| (*bucket, count(*bucket))).collect())
}

/// Where a bucket goes on: after this name, which is empty for who is none of ours, and this line or person.
pub type BucketKey = (String, String);

/// Somebody in a bucket: a line of the list, one of our people, or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketRow {
    pub key: BucketKey,
    /// Address, name and standing with the vendor; none for who is in no line.
    pub listed: Option<(String, String, Listing)>,
    pub is_said: bool,
    pub is_ambiguous: bool,
    /// Id, name and department.
    pub person: Option<(PersonId, String, String)>,
    pub item: Option<BucketItem>,
}

/// The item of somebody in a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BucketItem {
    pub id: AssignmentId,
    pub state: State,
    pub deadline: Deadline,
    pub late: bool,
    /// A vendor's list proves it.
    pub on_vendor_list: bool,
}

#[derive(FromRow)]
struct BucketLine {
    line: Option<i64>,
    sort: String,
    email: Option<String>,
    name: Option<String>,
    status: Option<String>,
    two_step: Option<String>,
    is_said: bool,
    is_ambiguous: bool,
    person_id: Option<Uuid>,
    person_name: Option<String>,
    department: Option<String>,
    item_id: Option<Uuid>,
    item_state: Option<String>,
    submitted_at: Option<Instant>,
    done_at: Option<Instant>,
    ended_at: Option<Instant>,
    end_reason: Option<String>,
    due_on: Option<Date>,
    due_at: Option<Instant>,
    late: Option<bool>,
    on_vendor_list: bool,
}

impl BucketLine {
    fn into_row(self, db: &Db) -> Result<BucketRow> {
        let person = self.person_id.zip(self.person_name).zip(self.department);
        let key = match (self.line, self.person_id) {
            (Some(line), _) => line.to_string(),
            (None, person) => person.unwrap_or_default().to_string(),
        };
        let listed = match (self.email, self.status, self.two_step) {
            (Some(email), Some(status), Some(two_step)) => Some((db.open_address(&email)?, self.name.unwrap_or_default(), listing(&status, &two_step)?)),
            _ => None,
        };
        let item = match (self.item_id, self.item_state, self.due_on, self.due_at) {
            (Some(id), Some(word), Some(due_on), Some(due_at)) => Some(BucketItem {
                id: AssignmentId(id),
                state: state_from_columns(&word, self.submitted_at, self.done_at, self.ended_at, self.end_reason.as_deref())?,
                deadline: Deadline { due_on, due_at },
                late: self.late.unwrap_or(false),
                on_vendor_list: self.on_vendor_list,
            }),
            _ => None,
        };
        Ok(BucketRow {
            key: (self.sort, key),
            listed,
            is_said: self.is_said,
            is_ambiguous: self.is_ambiguous,
            person: person.map(|((id, name), department)| (PersonId(id), name, department)),
            item,
        })
    }
}

macro_rules! item_columns {
    () => {
        "a.id as item_id, a.state as item_state, a.submitted_at, a.done_at, a.ended_at, a.end_reason, a.due_on, a.due_at, a.late,
         exists (select 1 from evidence v where v.assignment_id = a.id and v.kind = 'password_manager_member') as on_vendor_list"
    };
}

/// A page of a bucket, by name; who is none of ours, in the order of the list.
///
/// # Errors
/// When the database refuses.
pub async fn list_bucket(db: &mut Db, list: MemberListId, now: Instant, bucket: Bucket, after: Option<&BucketKey>, limit: i64) -> Result<Page<BucketRow>> {
    if bucket == Bucket::Missing {
        return list_missing(db, list, now, after, limit).await;
    }
    let line = after.and_then(|(_, line)| line.parse::<i64>().ok()).unwrap_or(0);
    let rows: Vec<BucketLine> = on_db!(db, |c| sqlx::query_as(concat!(
        "select j.line, j.sort, j.email, j.name, j.status, j.two_step, j.is_said, j.is_ambiguous, j.person_id, j.person_name, j.department, ",
        item_columns!(),
        " from (",
        judged!(),
        ") j left join assignment a on a.person_id = j.person_id
              and a.requirement_id in (select r.id from requirement r where r.kind = 'password_manager' and r.ended_at is null) and ",
        newest!("$3"),
        " and not ",
        renewal!("$3"),
        " where j.place = 1 and j.bucket = $4 and ($5 is null or j.sort > $5 or (j.sort = $5 and j.line > $6)) order by j.sort, j.line limit $7"
    ))
    .bind(list.0)
    .bind(now.date())
    .bind(now)
    .bind(bucket.as_str())
    .bind(after.map(|(sort, _)| sort.as_str()))
    .bind(line)
    .bind(limit + 1)
    .fetch_all(c)
    .await?);
    Ok(Page::cut(rows.into_iter().map(|row| row.into_row(db)).collect::<Result<_>>()?, limit))
}

async fn list_missing(db: &mut Db, list: MemberListId, now: Instant, after: Option<&BucketKey>, limit: i64) -> Result<Page<BucketRow>> {
    let id = after.and_then(|(_, id)| id.parse::<Uuid>().ok()).unwrap_or_default();
    let today: Date = now.date();
    let rows: Vec<BucketLine> = on_db!(db, |c| {
        sqlx::query_as(concat!(
        "select cast(null as bigint) as line, p.sort_name as sort, null as email, null as name, null as status, null as two_step, false as is_said, false as is_ambiguous,
             p.id as person_id, p.name as person_name, p.department, ",
        item_columns!(),
        " ",
        missing!(),
        " and ($4 is null or p.sort_name > $4 or (p.sort_name = $4 and p.id > $5)) order by p.sort_name, p.id limit $6"
    ))
    .bind(list.0)
    .bind(today)
    .bind(now)
    .bind(after.map(|(sort, _)| sort.as_str()))
    .bind(id)
    .bind(limit + 1)
    .fetch_all(c)
    .await?
    });
    Ok(Page::cut(rows.into_iter().map(|row| row.into_row(db)).collect::<Result<_>>()?, limit))
}
