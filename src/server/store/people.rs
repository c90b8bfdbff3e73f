//! People and the history of their start dates.

use super::{Db, Page, Result, StoreError, Tx, dialect, exactly_one, newest, on_db, renewal, unmet};
use crate::{
    domain::{
        Instant,
        ids::{AccountId, PersonId},
        locale::Locale,
        person::{Country, Email, Line, Person, PersonDetails, PersonKind, fold, searchable},
        tags::Tags,
    },
    server::vault::Vault,
};
use sqlx::FromRow;
use time::Date;
use uuid::Uuid;

/// Which people a reader may see. What lies outside answers like what does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    All,
    /// The reports of a manager.
    ReportsOf(PersonId),
    Own(PersonId),
}

impl Scope {
    /// As two optional bindings: the manager's id and the person's own.
    pub(super) const fn bindings(self) -> (Option<Uuid>, Option<Uuid>) {
        match self {
            Self::All => (None, None),
            Self::ReportsOf(manager) => (Some(manager.0), None),
            Self::Own(person) => (None, Some(person.0)),
        }
    }
}

#[derive(FromRow)]
struct PersonRow {
    id: Uuid,
    name: String,
    private_email: String,
    work_email: Option<String>,
    kind: String,
    country: String,
    department: String,
    job_title: String,
    manager_id: Option<Uuid>,
    manager_email: Option<String>,
    start_date: Date,
    time_zone: String,
    end_date: Option<Date>,
    language: String,
    tags: String,
    pseudonymised_at: Option<Instant>,
}

impl PersonRow {
    fn into_person(self, vault: &Vault) -> Result<Person> {
        let corrupt = || StoreError::Corrupt("person");
        let line = |raw: &str| Line::known(raw).map_err(|_| corrupt());
        let email = |sealed: &str| {
            let opened = vault.open_address(sealed).ok_or(StoreError::Corrupt("address"))?;
            Email::known(&opened).map_err(|_| corrupt())
        };
        Ok(Person {
            id: PersonId(self.id),
            details: PersonDetails {
                name: line(&self.name)?,
                private_email: email(&self.private_email)?,
                work_email: self.work_email.as_deref().map(email).transpose()?,
                kind: PersonKind::parse(&self.kind).map_err(|_| corrupt())?,
                country: Country::parse(&self.country).map_err(|_| corrupt())?,
                department: line(&self.department)?,
                job_title: line(&self.job_title)?,
                manager_email: self.manager_email.as_deref().map(email).transpose()?,
                start_date: self.start_date,
                time_zone: self.time_zone,
                language: Locale::from_tag(&self.language).ok_or_else(corrupt)?,
                tags: tags(&self.tags)?,
            },
            manager_id: self.manager_id.map(PersonId),
            end_date: self.end_date,
            pseudonymised_at: self.pseudonymised_at,
        })
    }
}

macro_rules! person_columns {
    () => {
        "p.id, p.name, p.private_email, p.work_email, p.kind, p.country, p.department, p.job_title, p.manager_id,
         coalesce(m.work_email, m.private_email) as manager_email, p.start_date, p.time_zone, p.end_date, p.language,
         p.tags, p.pseudonymised_at
         from person p left join person m on m.id = p.manager_id"
    };
}

/// What a person is found by: name, work address, department and title, as [`searchable`] writes them. The private address is not everyone's to
/// search by; see [`list`].
pub(super) fn search_text(name: &Line, work: Option<&Email>, department: &Line, job_title: &Line) -> String {
    let work = work.map_or("", Email::as_str);
    searchable(&format!("{} {work} {} {}", name.as_str(), department.as_str(), job_title.as_str()))
}

fn search_text_of(details: &PersonDetails) -> String {
    search_text(&details.name, details.work_email.as_ref(), &details.department, &details.job_title)
}

/// What is searched for as the stored address it would be; none when it is no whole address.
pub(super) fn searched_address(db: &Db, words: &str) -> Option<String> {
    Some(db.vault().seal_address(Email::known(words).ok()?.as_str()))
}

/// Both addresses, sealed.
fn sealed_addresses(db: &Db, details: &PersonDetails) -> (String, Option<String>) {
    let seal = |email: &Email| db.vault().seal_address(email.as_str());
    (seal(&details.private_email), details.work_email.as_ref().map(seal))
}

/// Reads stored tags.
pub(super) fn tags(stored: &str) -> Result<Tags> {
    serde_json::from_str(stored).map_err(|_| StoreError::Corrupt("person"))
}

fn stored_tags(tags: &Tags) -> Result<String> {
    serde_json::to_string(tags).map_err(|_| StoreError::Corrupt("person"))
}

/// Adds a person.
///
/// # Errors
/// When an e-mail address is taken or the database refuses.
pub async fn insert(tx: &mut Tx, now: Instant, person: &Person, start_at: Instant) -> Result<()> {
    let d = &person.details;
    let (private_email, work_email) = sealed_addresses(tx, d);
    on_db!(tx, |c| sqlx::query(
        "insert into person (id, name, private_email, work_email, kind, country, department, job_title, manager_id, start_date, start_at,
             time_zone, end_date, language, search_text, sort_name, created_at, tags)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
    )
    .bind(person.id.0)
    .bind(d.name.as_str())
    .bind(private_email)
    .bind(work_email)
    .bind(d.kind.as_str())
    .bind(d.country.as_str())
    .bind(d.department.as_str())
    .bind(d.job_title.as_str())
    .bind(person.manager_id.map(|id| id.0))
    .bind(d.start_date)
    .bind(start_at)
    .bind(d.time_zone.as_str())
    .bind(person.end_date)
    .bind(d.language.tag())
    .bind(search_text_of(d))
    .bind(fold(d.name.as_str()))
    .bind(now)
    .bind(stored_tags(&d.tags)?)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// Replaces what is known of a person, the start date and its instant included, the last day aside.
///
/// # Errors
/// `Stale` when there is no such person; else as [`insert`].
pub async fn update(tx: &mut Tx, person: &Person, start_at: Instant) -> Result<()> {
    let d = &person.details;
    let (private_email, work_email) = sealed_addresses(tx, d);
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update person set name = $2, private_email = $3, work_email = $4, kind = $5, country = $6, department = $7, job_title = $8,
             manager_id = $9, start_date = $10, start_at = $11, time_zone = $12, language = $13, search_text = $14, sort_name = $15,
             tags = $16
         where id = $1"
    )
    .bind(person.id.0)
    .bind(d.name.as_str())
    .bind(private_email)
    .bind(work_email)
    .bind(d.kind.as_str())
    .bind(d.country.as_str())
    .bind(d.department.as_str())
    .bind(d.job_title.as_str())
    .bind(person.manager_id.map(|id| id.0))
    .bind(d.start_date)
    .bind(start_at)
    .bind(d.time_zone.as_str())
    .bind(d.language.tag())
    .bind(search_text_of(d))
    .bind(fold(d.name.as_str()))
    .bind(stored_tags(&d.tags)?)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Sets somebody's last day, or takes it away from whoever comes back. Nothing else does, so no change of details can take it back.
///
/// # Errors
/// `Stale` when there is no such person.
pub async fn set_last_day(tx: &mut Tx, id: PersonId, last_day: Option<Date>) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query("update person set end_date = $2 where id = $1")
        .bind(id.0)
        .bind(last_day)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}

/// Sets who somebody reports to.
///
/// # Errors
/// `Stale` when there is no such person.
pub async fn set_manager(tx: &mut Tx, id: PersonId, manager: Option<PersonId>) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query("update person set manager_id = $2 where id = $1")
        .bind(id.0)
        .bind(manager.map(|id| id.0))
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}

/// One person within a scope.
///
/// # Errors
/// When the database refuses.
pub async fn find(db: &mut Db, scope: Scope, id: PersonId) -> Result<Option<Person>> {
    let (manager, own) = scope.bindings();
    let row: Option<PersonRow> = on_db!(db, |c| sqlx::query_as(concat!(
        "select ",
        person_columns!(),
        " where p.id = $1 and ($2 is null or p.manager_id = $2) and ($3 is null or p.id = $3)"
    ))
    .bind(id.0)
    .bind(manager)
    .bind(own)
    .fetch_optional(c)
    .await?);
    row.map(|row| row.into_person(db.vault())).transpose()
}

/// What a person's page says about mails to them.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Correspondence {
    /// The last day of a pause of reminders.
    pub paused_until: Option<Date>,
    /// Why the newest mail could not be sent so far.
    pub mail_error: Option<String>,
}

#[derive(FromRow)]
struct PageRow {
    #[sqlx(flatten)]
    person: PersonRow,
    #[sqlx(flatten)]
    correspondence: Correspondence,
}

/// One person within a scope, and how mails reach them.
///
/// # Errors
/// When the database refuses.
pub async fn find_with_correspondence(db: &mut Db, scope: Scope, id: PersonId) -> Result<Option<(Person, Correspondence)>> {
    let (manager, own) = scope.bindings();
    let row: Option<PageRow> = on_db!(db, |c| sqlx::query_as(concat!(
        "select p.reminders_paused_until as paused_until,
             (select case when o.sent_at is null then o.last_error end from outbox o where o.person_id = p.id
                 order by o.created_at desc, o.id desc limit 1) as mail_error, ",
        person_columns!(),
        " where p.id = $1 and ($2 is null or p.manager_id = $2) and ($3 is null or p.id = $3)"
    ))
    .bind(id.0)
    .bind(manager)
    .bind(own)
    .fetch_optional(c)
    .await?);
    row.map(|row| Ok((row.person.into_person(db.vault())?, row.correspondence))).transpose()
}

/// One person about whom something is to be changed: held until the transaction ends. None as well for a person with a pseudonym.
///
/// # Errors
/// When the database refuses.
pub async fn find_for_change(tx: &mut Tx, id: PersonId) -> Result<Option<Person>> {
    dialect::lock_person(tx, id).await?;
    Ok(find(tx, Scope::All, id).await?.filter(|person| person.pseudonymised_at.is_none()))
}

/// The person with this private or work e-mail address.
///
/// # Errors
/// When the database refuses.
pub async fn find_by_email(db: &mut Db, email: &Email) -> Result<Option<Person>> {
    let address = db.vault().seal_address(email.as_str());
    let row: Option<PersonRow> = on_db!(db, |c| sqlx::query_as(concat!(
        "select ",
        person_columns!(),
        " where p.private_email = $1 or p.work_email = $1"
    ))
    .bind(address)
    .fetch_optional(c)
    .await?);
    row.map(|row| row.into_person(db.vault())).transpose()
}

/// Everyone, for comparing with an imported list. The one list that is not paged: an import is all or nothing.
///
/// # Errors
/// When the database refuses.
pub async fn list_all(db: &mut Db) -> Result<Vec<Person>> {
    let rows: Vec<PersonRow> = on_db!(db, |c| sqlx::query_as(concat!("select ", person_columns!(), " order by p.sort_name, p.id"))
        .fetch_all(c)
        .await?);
    rows.into_iter().map(|row| row.into_person(db.vault())).collect()
}

/// A line of the list of people.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct PersonSummary {
    pub id: Uuid,
    pub name: String,
    pub sort_name: String,
    pub kind: String,
    pub department: String,
    pub job_title: String,
    pub start_date: Date,
    pub end_date: Option<Date>,
    /// Items done, of all items not ended, those overdue, and those that were late.
    pub done: i64,
    pub total: i64,
    pub overdue: i64,
    pub late: i64,
}

/// What to look for, and whether it may be somebody's private address, which is found as a whole only: who may not read them must not
/// guess them either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Search<'a> {
    pub words: &'a str,
    pub private: bool,
}

/// Where a list of people goes on: after this name and id.
pub type PersonKey = (String, PersonId);

/// A page of people in the order of their names.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &mut Db, scope: Scope, search: &Search<'_>, now: Instant, after: Option<&PersonKey>, limit: i64) -> Result<Page<PersonSummary>> {
    let (manager, own) = scope.bindings();
    let pattern = like_pattern(search.words);
    let private = search.private.then(|| searched_address(db, search.words)).flatten();
    let (after_name, after_id) = after.map_or((String::new(), Uuid::nil()), |(name, id)| (name.clone(), id.0));
    let rows = on_db!(db, |c| {
        sqlx::query_as(concat!(
            "select p.id, p.name, p.sort_name, p.kind, p.department, p.job_title, p.start_date, p.end_date,
             (select count(*) from assignment a where a.person_id = p.id and a.state = 'done' and ",
            newest!("$4"),
            ") as done,
             (select count(*) from assignment a where a.person_id = p.id and a.state <> 'ended' and not ",
            renewal!("$4"),
            " and ",
            newest!("$4"),
            ") as total,
             (select count(*) from assignment a join requirement r on r.id = a.requirement_id
                 where a.person_id = p.id and a.due_at <= $4 and ",
            unmet!(),
            ") as overdue,
             (select count(*) from assignment a where a.person_id = p.id and a.late) as late
         from person p
         where ($1 is null or p.manager_id = $1) and ($2 is null or p.id = $2) and (p.search_text like $3 escape '!' or p.private_email = $8)
             and (p.sort_name > $5 or (p.sort_name = $5 and p.id > $6))
         order by p.sort_name, p.id limit $7"
        ))
        .bind(manager)
        .bind(own)
        .bind(pattern)
        .bind(now)
        .bind(after_name)
        .bind(after_id)
        .bind(limit + 1)
        .bind(private)
        .fetch_all(c)
        .await?
    });
    Ok(Page::cut(rows, limit))
}

/// A pattern that finds every word of the search, in the order typed.
pub(super) fn like_pattern(search: &str) -> String {
    let mut pattern = String::from("%");
    for word in searchable(search).split_whitespace() {
        pattern += &literal(word);
        pattern.push('%');
    }
    pattern
}

/// A text as a pattern that finds nothing but itself.
pub(super) fn literal(text: &str) -> String {
    let mut pattern = String::new();
    for c in text.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern
}

/// Writes a move of the start date into the history.
///
/// # Errors
/// When the database refuses.
pub async fn insert_start_date_change(tx: &mut Tx, now: Instant, by: Option<AccountId>, person: PersonId, old: Date, new: Date, reason: &str) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "insert into start_date_change (id, person_id, changed_at, changed_by, old_date, new_date, reason) values ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(crate::server::ids::fresh())
    .bind(person.0)
    .bind(now)
    .bind(by.map(|id| id.0))
    .bind(old)
    .bind(new)
    .bind(reason)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// A move of a start date.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct StartDateChange {
    pub changed_at: Instant,
    pub old_date: Date,
    pub new_date: Date,
    pub reason: String,
}

/// The moves of a person's start date, oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn list_start_date_changes(db: &mut Db, person: PersonId) -> Result<Vec<StartDateChange>> {
    Ok(on_db!(db, |c| sqlx::query_as(
        "select changed_at, old_date, new_date, reason from start_date_change where person_id = $1 order by changed_at, id"
    )
    .bind(person.0)
    .fetch_all(c)
    .await?))
}

/// How many people are on record; asked to tell an empty installation from a search without a hit.
///
/// # Errors
/// When the database refuses.
pub async fn count(db: &mut Db) -> Result<i64> {
    Ok(on_db!(db, |c| sqlx::query_scalar("select count(*) from person").fetch_one(c).await?))
}

/// An account `c` that works and is no person's, under an address of the person `p`, of which nobody was told when `p` left.
macro_rules! left_open {
    () => {
        "c.person_id is null and c.disabled_at is null and (c.email = p.private_email or c.email = p.work_email)
             and not exists (select 1 from audit_entry e where e.person_id = p.id and e.action = 'person.account_left_open')"
    };
}

/// People whose last day may be over by `today`, and who still have unfinished items or an account that works.
///
/// # Errors
/// When the database refuses.
pub async fn list_leavers_to_close(db: &mut Db, today: Date) -> Result<Vec<Person>> {
    let rows: Vec<PersonRow> = on_db!(db, |c| sqlx::query_as(concat!(
        "select ",
        person_columns!(),
        " where p.end_date <= $1 and (
             exists (select 1 from assignment a where a.person_id = p.id and a.state in ('open', 'waiting', 'failed'))
             or exists (select 1 from account c where c.person_id = p.id and c.disabled_at is null)
             or exists (select 1 from account c where ",
        left_open!(),
        "))"
    ))
    .bind(today)
    .fetch_all(c)
    .await?);
    rows.into_iter().map(|row| row.into_person(db.vault())).collect()
}

/// The accounts that work and are no person's, under an address of this one, as long as nobody was told.
///
/// # Errors
/// When the database refuses.
pub async fn list_accounts_left_open(db: &mut Db, id: PersonId) -> Result<Vec<AccountId>> {
    let ids: Vec<Uuid> = on_db!(db, |c| sqlx::query_scalar(concat!(
        "select c.id from person p join account c on ",
        left_open!(),
        " where p.id = $1 order by c.id"
    ))
    .bind(id.0)
    .fetch_all(c)
    .await?);
    Ok(ids.into_iter().map(AccountId).collect())
}
