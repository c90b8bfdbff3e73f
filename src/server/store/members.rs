//! Lists of a password manager's members, who their addresses are, and how both compare with the people on record.
//!
//! `matched!` says whose a line is: said by hand before the work address before the private one; an address that is the work
//! address of one person and the private one of another is nobody's. `judged!` states `domain::member::Listing::bucket` in SQL,
//! so that the lists can be counted and paged; a contract test holds both equal.

use super::{Db, Page, Result, StoreError, Tx, assignments::state_from_columns, exactly_one, newest, on_db, renewal};
use crate::domain::{
    Instant,
    assignment::State,
    audit::Digest,
    deadlines::Deadline,
    ids::{AccountId, AssignmentId, MemberListId, PersonId},
    member::{Bucket, Listing, MemberStatus, Remembered, TwoStep, Vendor},
};
use sqlx::FromRow;
use time::Date;
use uuid::Uuid;

/// A list that was uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberList {
    pub id: MemberListId,
    pub vendor: Vendor,
    pub file_name: String,
    pub sha256: Digest,
    /// How many accounts it names; 0 as long as it could not be read.
    pub members: i64,
    pub uploaded_at: Instant,
    pub uploaded_by: String,
    /// When it was taken over and by whom.
    pub applied: Option<(Instant, String)>,
    /// The file, as long as it could not be read.
    pub content: Vec<u8>,
    /// The list that was applied last: the one that counts.
    pub newest: Option<Newest>,
}

/// The list that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Newest {
    pub id: MemberListId,
    pub sha256: Digest,
    pub applied_at: Instant,
}

#[derive(FromRow)]
struct ListRow {
    id: Uuid,
    vendor: String,
    file_name: String,
    sha256: Vec<u8>,
    members: i64,
    uploaded_at: Instant,
    uploaded_by: String,
    applied_at: Option<Instant>,
    applied_by: Option<String>,
    content: Vec<u8>,
    newest_id: Option<Uuid>,
    newest_sha256: Option<Vec<u8>>,
    newest_applied_at: Option<Instant>,
}

macro_rules! list_columns {
    () => {
        "select l.id, l.vendor, l.file_name, l.sha256, l.members, l.uploaded_at, u.name as uploaded_by, l.applied_at, a.name as applied_by, l.content,
             n.id as newest_id, n.sha256 as newest_sha256, n.applied_at as newest_applied_at
         from member_list l join account u on u.id = l.uploaded_by left join account a on a.id = l.applied_by
         left join member_list n on n.id = (select x.id from member_list x where x.applied_at is not null order by x.applied_at desc, x.id desc limit 1)"
    };
}

impl ListRow {
    fn into_list(self) -> Result<MemberList> {
        let corrupt = || StoreError::Corrupt("member list");
        let digest = |bytes: Vec<u8>| Digest::try_from(bytes).map_err(|_| corrupt());
        let newest = match (self.newest_id, self.newest_sha256, self.newest_applied_at) {
            (Some(id), Some(sha256), Some(applied_at)) => Some(Newest {
                id: MemberListId(id),
                sha256: digest(sha256)?,
                applied_at,
            }),
            _ => None,
        };
        Ok(MemberList {
            newest,
            id: MemberListId(self.id),
            vendor: Vendor::from_word(&self.vendor).ok_or_else(corrupt)?,
            file_name: self.file_name,
            sha256: digest(self.sha256)?,
            members: self.members,
            uploaded_at: self.uploaded_at,
            uploaded_by: self.uploaded_by,
            applied: self.applied_at.zip(self.applied_by),
            content: self.content,
        })
    }
}

/// A file to keep until it is applied.
#[derive(Clone, Copy, Debug)]
pub struct NewList<'a> {
    pub id: MemberListId,
    pub file_name: &'a str,
    pub sha256: Digest,
    pub content: &'a [u8],
    pub by: AccountId,
}

/// One account, as a list names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMember<'a> {
    pub line: i64,
    /// Lower case.
    pub email: &'a str,
    pub name: &'a str,
    pub listing: Listing,
}

/// Keeps an upload and forgets this account's earlier previews.
///
/// # Errors
/// When the database refuses.
pub async fn insert_list(tx: &mut Tx, now: Instant, list: &NewList<'_>) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "delete from member where list_id in (select l.id from member_list l where l.uploaded_by = $1 and l.applied_at is null)"
    )
    .bind(list.by.0)
    .execute(&mut *c)
    .await
    .map(|_| ())?);
    on_db!(tx, |c| sqlx::query("delete from member_list where uploaded_by = $1 and applied_at is null")
        .bind(list.by.0)
        .execute(&mut *c)
        .await
        .map(|_| ())?);
    on_db!(tx, |c| sqlx::query(
        "insert into member_list (id, vendor, file_name, sha256, members, uploaded_at, uploaded_by, content) values ($1, 'other', $2, $3, 0, $4, $5, $6)"
    )
    .bind(list.id.0)
    .bind(list.file_name)
    .bind(list.sha256.as_slice())
    .bind(now)
    .bind(list.by.0)
    .bind(list.content)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// Writes down whom a list names, once it could be read; the file itself goes.
///
/// # Errors
/// `Stale` when it was read before.
pub async fn fill_list(tx: &mut Tx, id: MemberListId, vendor: Vendor, members: &[NewMember<'_>]) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update member_list set vendor = $2, members = $3, content = $4 where id = $1 and members = 0 and applied_at is null"
    )
    .bind(id.0)
    .bind(vendor.as_str())
    .bind(i64::try_from(members.len()).unwrap_or(i64::MAX))
    .bind(Vec::<u8>::new())
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))?;
    for member in members {
        on_db!(tx, |c| sqlx::query(
            "insert into member (list_id, line, email, name, status, two_step) values ($1, $2, $3, $4, $5, $6)"
        )
        .bind(id.0)
        .bind(member.line)
        .bind(member.email)
        .bind(member.name)
        .bind(member.listing.status.as_str())
        .bind(member.listing.two_step.as_str())
        .execute(c)
        .await
        .map(|_| ())?);
    }
    Ok(())
}

/// A list, applied or not, and which one counts.
///
/// # Errors
/// When the database refuses.
pub async fn find_list(db: &mut Db, id: MemberListId) -> Result<Option<MemberList>> {
    let row: Option<ListRow> = on_db!(db, |c| sqlx::query_as(concat!(list_columns!(), " where l.id = $1"))
        .bind(id.0)
        .fetch_optional(c)
        .await?);
    row.map(ListRow::into_list).transpose()
}

/// The list that was applied last: the one that counts.
///
/// # Errors
/// When the database refuses.
pub async fn find_newest_applied(db: &mut Db) -> Result<Option<MemberList>> {
    let row: Option<ListRow> = on_db!(db, |c| sqlx::query_as(concat!(list_columns!(), " where l.id = n.id")).fetch_optional(c).await?);
    row.map(ListRow::into_list).transpose()
}

/// Makes a list the one that counts.
///
/// # Errors
/// `Stale` when it was applied before.
pub async fn mark_applied(tx: &mut Tx, now: Instant, id: MemberListId, by: AccountId) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update member_list set applied_at = $2, applied_by = $3 where id = $1 and applied_at is null"
    )
    .bind(id.0)
    .bind(now)
    .bind(by.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Notes that the vendor demands two-step login of everyone, for a list that does not say. Returns of how many.
///
/// # Errors
/// When the list was applied before or the database refuses.
pub async fn mark_two_step_enforced(tx: &mut Tx, id: MemberListId) -> Result<u64> {
    Ok(on_db!(tx, |c| sqlx::query(
        "update member set two_step = 'enforced' where list_id = $1 and two_step = 'unknown'"
    )
    .bind(id.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Forgets previews that nobody took over.
///
/// # Errors
/// When the database refuses.
pub async fn delete_previews_older_than(tx: &mut Tx, before: Instant) -> Result<u64> {
    on_db!(tx, |c| sqlx::query(
        "delete from member where list_id in (select l.id from member_list l where l.uploaded_at < $1 and l.applied_at is null)"
    )
    .bind(before)
    .execute(&mut *c)
    .await
    .map(|_| ())?);
    Ok(on_db!(tx, |c| sqlx::query(
        "delete from member_list where uploaded_at < $1 and applied_at is null"
    )
    .bind(before)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Remembers who an address is, for this list and all that follow.
///
/// # Errors
/// When there is no such person or the database refuses.
pub async fn upsert_match(tx: &mut Tx, now: Instant, email: &str, who: Remembered, by: AccountId) -> Result<()> {
    let person = match who {
        Remembered::Person(person) => Some(person.0),
        Remembered::NotOurs => None,
    };
    on_db!(tx, |c| sqlx::query(
        "insert into member_match (email, person_id, remembered_at, remembered_by) values ($1, $2, $3, $4)
         on conflict (email) do update set person_id = excluded.person_id, remembered_at = excluded.remembered_at, remembered_by = excluded.remembered_by"
    )
    .bind(email)
    .bind(person)
    .bind(now)
    .bind(by.0)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// Forgets who an address was said to be.
///
/// # Errors
/// `Stale` when nothing was said.
pub async fn delete_match(tx: &mut Tx, email: &str) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query("delete from member_match where email = $1")
        .bind(email)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}

/// What the columns below a header were said to be, as JSON.
///
/// # Errors
/// When the database refuses.
pub async fn find_mapping(db: &mut Db, header: &Digest) -> Result<Option<String>> {
    Ok(on_db!(db, |c| sqlx::query_scalar("select mapping from member_mapping where header = $1")
        .bind(header.as_slice())
        .fetch_optional(c)
        .await?))
}

/// Remembers what the columns below a header are.
///
/// # Errors
/// When the database refuses.
pub async fn upsert_mapping(tx: &mut Tx, now: Instant, header: &Digest, mapping: &str, by: AccountId) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "insert into member_mapping (header, mapping, remembered_at, remembered_by) values ($1, $2, $3, $4)
         on conflict (header) do update set mapping = excluded.mapping, remembered_at = excluded.remembered_at, remembered_by = excluded.remembered_by"
    )
    .bind(header.as_slice())
    .bind(mapping)
    .bind(now)
    .bind(by.0)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

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
                 coalesce(p.sort_name, e.email) as sort,
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

/// Reads a stored listing.
pub(super) fn listing(status: &str, two_step: &str) -> Result<Listing> {
    let listing = MemberStatus::from_word(status).zip(TwoStep::from_word(two_step));
    let (status, two_step) = listing.ok_or(StoreError::Corrupt("member"))?;
    Ok(Listing { status, two_step })
}

impl MatchRow {
    fn into_match(self) -> Result<Match> {
        Ok(Match {
            listing: listing(&self.status, &self.two_step)?,
            line: self.line,
            email: self.email,
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
    rows.into_iter().map(MatchRow::into_match).collect()
}

/// One line of a list, by its address.
///
/// # Errors
/// When the database refuses.
pub async fn find_match(db: &mut Db, list: MemberListId, email: &str) -> Result<Option<Match>> {
    let row: Option<MatchRow> = on_db!(db, |c| sqlx::query_as(concat!(matched!(), " and m.email = $2"))
        .bind(list.0)
        .bind(email)
        .fetch_optional(c)
        .await?);
    row.map(MatchRow::into_match).transpose()
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

/// Where a bucket goes on: after this name or address, and this line or person.
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
    fn into_row(self) -> Result<BucketRow> {
        let person = self.person_id.zip(self.person_name).zip(self.department);
        let key = match (self.line, self.person_id) {
            (Some(line), _) => line.to_string(),
            (None, person) => person.unwrap_or_default().to_string(),
        };
        let listed = match (self.email, self.status, self.two_step) {
            (Some(email), Some(status), Some(two_step)) => Some((email, self.name.unwrap_or_default(), listing(&status, &two_step)?)),
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

/// A page of a bucket, by name or address.
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
    Ok(Page::cut(rows.into_iter().map(BucketLine::into_row).collect::<Result<_>>()?, limit))
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
    Ok(Page::cut(rows.into_iter().map(BucketLine::into_row).collect::<Result<_>>()?, limit))
}
