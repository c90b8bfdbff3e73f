//! Mails of reminders, one a day for each reader, and what they tell about others.

use super::{
    Db, Result, StoreError, Tx, consent, on_db,
    reminders::{allowed, own_step},
};
use crate::domain::{
    Instant,
    ids::{AccountId, DigestId, PersonId},
    locale::Bilingual,
    reminders::Rule,
    requirement::RequirementKind,
};
use sqlx::FromRow;
use time::Date;
use uuid::Uuid;

/// What others are to be told and still is so: the reminder `e` about the item `a`.
macro_rules! standing {
    () => {
        concat!(
            "from reminder e join assignment a on a.id = e.assignment_id and a.due_on = e.due_on join requirement r on r.id = a.requirement_id
                 join person p on p.id = a.person_id
             where e.rule in ('handed_over', 'nda_at_risk') and p.pseudonymised_at is null and ",
            own_step!(),
            " and not (e.rule = 'nda_at_risk' and ",
            allowed!(),
            ")"
        )
    };
}

/// Who reads a mail of reminders: a person, or an account that is nobody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reader {
    Person(PersonId),
    Account(AccountId),
}

impl Reader {
    const fn id(self) -> Uuid {
        match self {
            Self::Person(id) => id.0,
            Self::Account(id) => id.0,
        }
    }
}

/// Begins the reader's mail of the day. None when there was one already; of two who try at once, one succeeds.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &mut Tx, now: Instant, reader: Reader, today: Date) -> Result<Option<DigestId>> {
    let id = crate::server::ids::fresh();
    let (person, account) = match reader {
        Reader::Person(person) => (Some(person.0), None),
        Reader::Account(account) => (None, Some(account.0)),
    };
    let rows = on_db!(tx, |c| sqlx::query(
        "insert into digest (id, recipient_id, person_id, account_id, local_day, created_at) values ($1, $2, $3, $4, $5, $6) on conflict do nothing"
    )
    .bind(id)
    .bind(reader.id())
    .bind(person)
    .bind(account)
    .bind(today)
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?);
    Ok((rows == 1).then_some(DigestId(id)))
}

/// The reader's mail that waits to be sent, since whenever.
///
/// # Errors
/// When the database refuses.
pub async fn find_waiting(db: &mut Db, reader: Reader) -> Result<Option<DigestId>> {
    let id: Option<Uuid> = on_db!(db, |c| sqlx::query_scalar(
        "select d.id from digest d join outbox o on o.digest_id = d.id where d.recipient_id = $1 and o.sent_at is null order by d.created_at desc limit 1"
    )
    .bind(reader.id())
    .fetch_optional(c)
    .await?);
    Ok(id.map(DigestId))
}

/// Managers and people of HR who have still to be told something.
///
/// # Errors
/// When the database refuses.
pub async fn list_readers(db: &mut Db, now: Instant) -> Result<Vec<Reader>> {
    let rows: Vec<(Option<Uuid>, Option<Uuid>)> = on_db!(db, |c| sqlx::query_as(concat!(
        "select p.manager_id as person_id, cast(null as uuid) as account_id ",
        standing!(),
        " and p.manager_id is not null and not exists (select 1 from reminder_told t where t.reminder_id = e.id and t.recipient_id = p.manager_id)
         union
         select c.person_id, c.id from account c
         where c.disabled_at is null
             and exists (select 1 from role_grant g where g.account_id = c.id and g.role = 'hr' and (g.ends_at is null or g.ends_at > $1))
             and exists (select 1 ",
        standing!(),
        " and p.id <> coalesce(c.person_id, c.id)
                     and not exists (select 1 from reminder_told t where t.reminder_id = e.id and t.recipient_id = coalesce(c.person_id, c.id)))"
    ))
    .bind(now)
    .fetch_all(c)
    .await?);
    let mut readers = Vec::new();
    for row in rows {
        let reader = match row {
            (Some(person), _) => Reader::Person(PersonId(person)),
            (None, Some(account)) => Reader::Account(AccountId(account)),
            (None, None) => continue,
        };
        if !readers.contains(&reader) {
            readers.push(reader);
        }
    }
    Ok(readers)
}

/// What a reader has still to be told: HR everything but about themself, a manager what is about their people. The oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn list_untold(db: &mut Db, now: Instant, reader: Reader, limit: i64) -> Result<Vec<Uuid>> {
    Ok(on_db!(db, |c| sqlx::query_scalar(concat!(
        "select e.id ",
        standing!(),
        " and p.id <> $1 and not exists (select 1 from reminder_told t where t.reminder_id = e.id and t.recipient_id = $1)
             and (p.manager_id = $1 or exists (select 1 from account c join role_grant g on g.account_id = c.id
                 where coalesce(c.person_id, c.id) = $1 and c.disabled_at is null and g.role = 'hr' and (g.ends_at is null or g.ends_at > $2)))
         order by e.sent_on, e.id limit $3"
    ))
    .bind(reader.id())
    .bind(now)
    .bind(limit)
    .fetch_all(c)
    .await?))
}

/// Notes that a mail tells somebody.
///
/// # Errors
/// When the database refuses.
pub async fn insert_told(tx: &mut Tx, reminder: Uuid, reader: Reader, digest: DigestId) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "insert into reminder_told (reminder_id, recipient_id, digest_id) values ($1, $2, $3) on conflict do nothing"
    )
    .bind(reminder)
    .bind(reader.id())
    .bind(digest.0)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

#[derive(FromRow)]
struct ToldRow {
    name: String,
    manager_id: Option<Uuid>,
    start_date: Date,
    due_on: Date,
    kind: String,
    title_de: Option<String>,
    title_en: Option<String>,
    rule: String,
    number: i64,
}

/// What somebody is told about somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub name: String,
    pub manager: Option<PersonId>,
    pub start_date: Date,
    pub due_on: Date,
    pub kind: RequirementKind,
    pub title: Option<Bilingual>,
    pub rule: Rule,
}

/// What a mail tells about others and still is so, in the order of their names.
///
/// # Errors
/// When the database refuses.
pub async fn list_told(db: &mut Db, digest: DigestId) -> Result<Vec<Told>> {
    let rows: Vec<ToldRow> = on_db!(db, |c| {
        sqlx::query_as(concat!(
        "select s.name, s.manager_id, s.start_date, s.due_on, s.kind, s.rule, s.number,
             coalesce(v.title_de, w.title_de) as title_de, coalesce(v.title_en, w.title_en) as title_en
         from (select p.name, p.sort_name, p.id as person_id, p.manager_id, p.start_date, a.id, a.due_on, r.kind, r.position, r.document_id, r.course_id, e.rule, e.number ",
        standing!(),
        " and exists (select 1 from reminder_told t where t.reminder_id = e.id and t.digest_id = $1)) s
         left join document_version v on v.document_id = s.document_id
             and v.number = (select max(x.number) from document_version x where x.document_id = s.document_id)
         left join course_version w on w.course_id = s.course_id
             and w.number = (select max(x.number) from course_version x where x.course_id = s.course_id)
         order by s.sort_name, s.person_id, s.position, s.id, s.rule"
    ))
    .bind(digest.0)
    .fetch_all(c)
    .await?
    });
    let told = |row: ToldRow| {
        let corrupt = || StoreError::Corrupt("reminder");
        Ok(Told {
            name: row.name,
            manager: row.manager_id.map(PersonId),
            start_date: row.start_date,
            due_on: row.due_on,
            kind: RequirementKind::from_stored(&row.kind).ok_or_else(corrupt)?,
            title: row.title_de.zip(row.title_en).map(|(de, en)| Bilingual { de, en }),
            rule: Rule::from_stored(&row.rule, row.number).ok_or_else(corrupt)?,
        })
    };
    rows.into_iter().map(told).collect()
}

/// Forgets what a mail was to say that was never sent.
///
/// # Errors
/// When the database refuses.
pub async fn forget(tx: &mut Tx, digest: DigestId) -> Result<()> {
    for statement in ["delete from reminder where digest_id = $1", "delete from reminder_told where digest_id = $1"] {
        on_db!(tx, |c| sqlx::query(statement).bind(digest.0).execute(c).await.map(|_| ())?);
    }
    Ok(())
}
