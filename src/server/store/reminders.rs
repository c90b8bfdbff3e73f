//! Reminders: what the planner has to know, and what was sent because of it. Who else was told stands in `digests`.
//!
//! People are asked for by zone, as each has a morning of its own, and page by page.

use super::{Db, Result, StoreError, Tx, consent, exactly_one, on_db};
use crate::domain::{
    Instant,
    ids::{AssignmentId, DigestId, PersonId},
    locale::Bilingual,
    reminders::{Item, Rule, WEEKLY},
    requirement::RequirementKind,
};
use sqlx::FromRow;
use time::Date;
use uuid::Uuid;

/// An item (`a`, of requirement `r`, of the person `p`) whose next step is the person's own.
macro_rules! own_step {
    () => {
        concat!(
            "(a.state = 'open' and a.outside_since is null and r.ended_at is null and (r.kind <> 'background_check' or ",
            consent!("a"),
            " = 'missing') and not exists (select 1 from exemption u where u.assignment_id = a.id and u.kind = 'exemption' and u.decided_at is null))"
        )
    };
}
pub(super) use own_step;

/// HR lets the person start without the NDA `a`.
macro_rules! allowed {
    () => {
        "exists (select 1 from exemption f where f.assignment_id = a.id and f.kind = 'start_without_nda' and f.approved and f.ended_at is null)"
    };
}
pub(super) use allowed;

/// What the planner knows about items of people; what stands behind it chooses which. The last of what was sent about the present due
/// date is the newest: a person gets one mail a day.
macro_rules! facts {
    () => {
        concat!(
            "select p.id as person_id, p.start_date, p.reminders_paused_until as paused_until, a.id, r.kind, a.due_on,
                 m.rule as last_rule, m.number as last_number, m.sent_on as last_on,
                 exists (select 1 from reminder w where w.assignment_id = a.id and w.due_on = a.due_on and w.rule = 'nda_at_risk') as is_known_at_risk, ",
            allowed!(),
            " as is_allowed, (select max(o.created_at) from outbox o where o.person_id = p.id and o.kind = 'invitation') as told_at,
                 exists (select 1 from account k where k.person_id = p.id) as has_account
             from person p join assignment a on a.person_id = p.id join requirement r on r.id = a.requirement_id
             left join reminder m on m.assignment_id = a.id and m.due_on = a.due_on and m.rule <> 'nda_at_risk'
                 and not exists (select 1 from reminder l where l.assignment_id = a.id and l.due_on = a.due_on and l.rule <> 'nda_at_risk' and l.sent_on > m.sent_on)
             where ",
            own_step!()
        )
    };
}

/// The titles of what an item is about, in their newest versions.
macro_rules! titles {
    () => {
        "left join document_version v on v.document_id = r.document_id
             and v.number = (select max(x.number) from document_version x where x.document_id = r.document_id)
         left join course_version w on w.course_id = r.course_id
             and w.number = (select max(x.number) from course_version x where x.course_id = r.course_id)"
    };
}

#[derive(FromRow)]
struct FactRow {
    person_id: Uuid,
    start_date: Date,
    paused_until: Option<Date>,
    id: Uuid,
    kind: String,
    due_on: Date,
    last_rule: Option<String>,
    last_number: Option<i64>,
    last_on: Option<Date>,
    is_known_at_risk: bool,
    is_allowed: bool,
    told_at: Option<Instant>,
    has_account: bool,
}

/// One person with what is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminded {
    pub person: PersonId,
    pub start_date: Date,
    /// The last day of a pause.
    pub paused_until: Option<Date>,
    /// When the newest mail with a personal link alone went into the outbox.
    pub told_at: Option<Instant>,
    pub has_account: bool,
    /// Items whose next step is the person's own.
    pub items: Vec<Item>,
}

impl FactRow {
    fn item(&self) -> Result<Item> {
        let corrupt = || StoreError::Corrupt("reminder");
        let last = match (&self.last_rule, self.last_number, self.last_on) {
            (Some(word), Some(number), Some(on)) => Some((Rule::from_stored(word, number).ok_or_else(corrupt)?, on)),
            _ => None,
        };
        Ok(Item {
            id: AssignmentId(self.id),
            kind: RequirementKind::from_stored(&self.kind).ok_or_else(corrupt)?,
            due_on: self.due_on,
            last,
            is_known_at_risk: self.is_known_at_risk,
            is_allowed: self.is_allowed,
        })
    }
}

/// Gathers rows that are ordered by person.
fn gather(rows: &[FactRow]) -> Result<Vec<Reminded>> {
    let mut people: Vec<Reminded> = Vec::new();
    for row in rows {
        let item = row.item()?;
        match people.last_mut() {
            Some(last) if last.person.0 == row.person_id => last.items.push(item),
            _ => people.push(Reminded {
                person: PersonId(row.person_id),
                start_date: row.start_date,
                paused_until: row.paused_until,
                told_at: row.told_at,
                has_account: row.has_account,
                items: vec![item],
            }),
        }
    }
    Ok(people)
}

/// The zones in which anybody is.
///
/// # Errors
/// When the database refuses.
pub async fn list_zones(db: &mut Db) -> Result<Vec<String>> {
    Ok(on_db!(db, |c| sqlx::query_scalar(
        "select distinct time_zone from person where pseudonymised_at is null order by 1"
    )
    .fetch_all(c)
    .await?))
}

/// Of whom to ask for reminders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Morning<'a> {
    /// IANA name.
    pub zone: &'a str,
    pub today: Date,
    /// What is due later is nobody's business yet.
    pub due_by: Date,
    /// Whoever got a weekly reminder after this day gets no other.
    pub week_ago: Date,
}

/// People in a zone who may have to be reminded today: not reminded today yet, not paused, with something of their own to do soon. In
/// the order of their ids, after one.
///
/// # Errors
/// When the database refuses.
pub async fn list_due(db: &mut Db, morning: &Morning<'_>, after: Option<PersonId>, limit: i64) -> Result<Vec<Reminded>> {
    let rows: Vec<FactRow> = on_db!(db, |c| sqlx::query_as(concat!(
        facts!(),
        " and p.id in (
             select p.id from person p
             where p.time_zone = $1 and p.id > $2 and p.pseudonymised_at is null and (p.end_date is null or p.end_date >= $3)
                 and (p.reminders_paused_until is null or p.reminders_paused_until < $3)
                 and not exists (select 1 from digest d where d.recipient_id = p.id and d.local_day = $3)
                 and (exists (select 1 from invitation i where i.person_id = p.id) or exists (select 1 from account k where k.person_id = p.id))
                 and exists (select 1 from assignment a join requirement r on r.id = a.requirement_id
                     where a.person_id = p.id and a.due_on <= $4 and ",
        own_step!(),
        "                and not exists (select 1 from reminder s where s.assignment_id = a.id and s.due_on = a.due_on
                             and (s.rule = 'handed_over' or (s.rule = 'overdue' and s.sent_on > $5))))
             order by p.id limit $6)
         order by p.id, a.due_on, a.id"
    ))
    .bind(morning.zone)
    .bind(after.map_or(Uuid::nil(), |id| id.0))
    .bind(morning.today)
    .bind(morning.due_by)
    .bind(morning.week_ago)
    .bind(limit)
    .fetch_all(c)
    .await?);
    gather(&rows)
}

/// What the planner knows about one person; none without anything of their own to do.
///
/// # Errors
/// When the database refuses.
pub async fn find_of_person(db: &mut Db, person: PersonId) -> Result<Option<Reminded>> {
    let rows: Vec<FactRow> = on_db!(db, |c| sqlx::query_as(concat!(facts!(), " and p.id = $1 order by a.due_on, a.id"))
        .bind(person.0)
        .fetch_all(c)
        .await?);
    Ok(gather(&rows)?.pop())
}

/// People about whom others may have to be told: their last weekly reminder came by `week_ago`, or they start by `start_by` and have
/// not signed their NDA. In the order of their ids, after one.
///
/// # Errors
/// When the database refuses.
pub async fn list_to_escalate(db: &mut Db, week_ago: Date, start_by: Date, after: Option<PersonId>, limit: i64) -> Result<Vec<PersonId>> {
    let ids: Vec<Uuid> = on_db!(db, |c| sqlx::query_scalar(concat!(
        "select distinct p.id from person p join assignment a on a.person_id = p.id join requirement r on r.id = a.requirement_id
         where p.pseudonymised_at is null and p.id > $1 and ",
        own_step!(),
        " and ((r.kind = 'nda' and p.start_date <= $2
                 and not exists (select 1 from reminder w where w.assignment_id = a.id and w.due_on = a.due_on and w.rule = 'nda_at_risk')
                 and not ",
        allowed!(),
        ") or (exists (select 1 from reminder m where m.assignment_id = a.id and m.due_on = a.due_on and m.rule = 'overdue' and m.number >= $3
                     and m.sent_on <= $4)
                 and not exists (select 1 from reminder h where h.assignment_id = a.id and h.due_on = a.due_on and h.rule = 'handed_over')))
         order by p.id limit $5"
    ))
    .bind(after.map_or(Uuid::nil(), |id| id.0))
    .bind(start_by)
    .bind(i64::from(WEEKLY))
    .bind(week_ago)
    .bind(limit)
    .fetch_all(c)
    .await?);
    Ok(ids.into_iter().map(PersonId).collect())
}

/// Notes what a rule asked for: in the mail to the person, or without one. Says whether it was not noted before.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &mut Tx, item: &Item, rule: Rule, sent_on: Date, digest: Option<DigestId>) -> Result<bool> {
    let rows = on_db!(tx, |c| sqlx::query(
        "insert into reminder (id, assignment_id, due_on, rule, number, sent_on, digest_id) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing"
    )
    .bind(crate::server::ids::fresh())
    .bind(item.id.0)
    .bind(item.due_on)
    .bind(rule.as_str())
    .bind(i64::from(rule.number()))
    .bind(sent_on)
    .bind(digest.map(|id| id.0))
    .execute(c)
    .await
    .map(|done| done.rows_affected())?);
    Ok(rows == 1)
}

#[derive(FromRow)]
struct SentRow {
    kind: String,
    title_de: Option<String>,
    title_en: Option<String>,
    rule: String,
    number: i64,
    sent_on: Date,
    sent_at: Option<Instant>,
}

/// A reminder that was planned for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub kind: RequirementKind,
    /// The title of the policy, NDA or course; none for what has no text.
    pub title: Option<Bilingual>,
    pub rule: Rule,
    /// The day for which it was planned.
    pub sent_on: Date,
    /// When the mail left; none while it waits, and for what went to others.
    pub sent_at: Option<Instant>,
}

impl SentRow {
    fn into_sent(self) -> Result<Sent> {
        let corrupt = || StoreError::Corrupt("reminder");
        Ok(Sent {
            kind: RequirementKind::from_stored(&self.kind).ok_or_else(corrupt)?,
            title: self.title_de.zip(self.title_en).map(|(de, en)| Bilingual { de, en }),
            rule: Rule::from_stored(&self.rule, self.number).ok_or_else(corrupt)?,
            sent_on: self.sent_on,
            sent_at: self.sent_at,
        })
    }
}

macro_rules! sent {
    () => {
        concat!(
            "select r.kind, coalesce(v.title_de, w.title_de) as title_de, coalesce(v.title_en, w.title_en) as title_en, m.rule, m.number, m.sent_on,
                 (select o.sent_at from outbox o where o.digest_id = m.digest_id) as sent_at
             from reminder m join assignment a on a.id = m.assignment_id join requirement r on r.id = a.requirement_id ",
            titles!()
        )
    };
}

/// What a mail reminds its reader of themself, in the order of the checklist.
///
/// # Errors
/// When the database refuses.
pub async fn list_of_digest(db: &mut Db, digest: DigestId) -> Result<Vec<Sent>> {
    let rows: Vec<SentRow> = on_db!(db, |c| sqlx::query_as(concat!(
        sent!(),
        " where m.digest_id = $1 order by r.position, a.id, m.sent_on"
    ))
    .bind(digest.0)
    .fetch_all(c)
    .await?);
    rows.into_iter().map(SentRow::into_sent).collect()
}

/// What a person was reminded of, and what others were told about them; the newest first.
///
/// # Errors
/// When the database refuses.
pub async fn list_of_person(db: &mut Db, person: PersonId, limit: i64) -> Result<Vec<Sent>> {
    let rows: Vec<SentRow> = on_db!(db, |c| sqlx::query_as(concat!(
        sent!(),
        " where a.person_id = $1 order by m.sent_on desc, r.position, a.id limit $2"
    ))
    .bind(person.0)
    .bind(limit)
    .fetch_all(c)
    .await?);
    rows.into_iter().map(SentRow::into_sent).collect()
}

/// Until when nobody reminds a person.
///
/// # Errors
/// When the database refuses.
pub async fn find_pause(db: &mut Db, person: PersonId) -> Result<Option<Date>> {
    let until: Option<Option<Date>> = on_db!(db, |c| sqlx::query_scalar("select reminders_paused_until from person where id = $1")
        .bind(person.0)
        .fetch_optional(c)
        .await?);
    Ok(until.flatten())
}

/// Sets until when nobody reminds a person.
///
/// # Errors
/// `Stale` when there is no such person.
pub async fn set_pause(tx: &mut Tx, person: PersonId, until: Option<Date>) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query("update person set reminders_paused_until = $2 where id = $1")
        .bind(person.0)
        .bind(until)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}
