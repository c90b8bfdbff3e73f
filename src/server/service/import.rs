//! Importing a list of people: kept as uploaded, previewed against who is on record, then taken over all or nothing.
//!
//! Importing the same file twice changes nothing: people are recognised by their private or work e-mail address.

use super::{
    App, Error, Result, Subject, audit,
    desks::PeopleEditingDesk,
    found, invitations,
    people::{self as people_service, changed_fields, has_left},
    people_file::{self, Column, FileProblem, FileRow},
};
use crate::{
    domain::{
        Instant,
        audit::Action,
        ids::{AccountId, ImportId, PersonId},
        person::{Email, Person, PersonDetails},
        problem::{Conflict, FieldProblem, Problem},
    },
    server::{
        ids::fresh,
        store::{Tx, dialect, imports, people, requirements},
        zones,
    },
};
use serde_json::json;
use std::collections::HashMap;

/// What the import would do with one row.
#[derive(Clone, Debug)]
pub enum RowPlan {
    New,
    /// The form names of the fields that would change.
    Changed(Vec<&'static str>),
    Unchanged,
    Refused(Vec<FieldProblem>),
}

/// One row of the preview.
#[derive(Clone, Debug)]
pub struct PlannedRow {
    pub file: FileRow,
    pub plan: RowPlan,
}

/// What the import would do.
#[derive(Clone, Debug)]
pub struct Preview {
    pub id: ImportId,
    pub file_name: String,
    /// The whole file cannot be read; then there are no rows.
    pub problem: Option<FileProblem>,
    pub rows: Vec<PlannedRow>,
}

/// How many people an import adds, changes, leaves alone and refuses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub new: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub refused: usize,
}

impl Preview {
    pub fn tally(&self) -> Tally {
        tally(&self.rows)
    }

    /// Whether there is something to take over and nothing that forbids it.
    pub fn is_applicable(&self) -> bool {
        let tally = self.tally();
        self.problem.is_none() && tally.refused == 0 && tally.new + tally.changed > 0
    }
}

fn tally(rows: &[PlannedRow]) -> Tally {
    let mut tally = Tally::default();
    for row in rows {
        match row.plan {
            RowPlan::New => tally.new += 1,
            RowPlan::Changed(_) => tally.changed += 1,
            RowPlan::Unchanged => tally.unchanged += 1,
            RowPlan::Refused(_) => tally.refused += 1,
        }
    }
    tally
}

/// A row that passed, with what becomes of it.
struct Entry {
    details: PersonDetails,
    /// The person on record it was recognised as.
    known: Option<PersonId>,
    id: PersonId,
    absent: Vec<Column>,
}

/// What parsing a whole list against the people on record gives.
struct Plan {
    rows: Vec<PlannedRow>,
    entries: Vec<Entry>,
    /// Everyone by both addresses, the file's newcomers included.
    by_email: HashMap<String, PersonId>,
    on_record: HashMap<PersonId, Person>,
}

impl PeopleEditingDesk<'_> {
    /// Keeps an uploaded file for its preview.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn upload(&self, now: Instant, file_name: &str, content: &[u8]) -> Result<ImportId> {
        let id = ImportId(fresh());
        let name: String = file_name.chars().filter(|c| !c.is_control()).take(100).collect();
        let mut tx = self.app.store().begin().await?;
        imports::insert(&mut tx, now, id, self.actor.account(), &name, content).await?;
        audit(
            &mut tx,
            now,
            Some(self.actor.account()),
            Action::PeopleImportPreviewed,
            Subject::thing(id.0),
            json!({ "bytes": content.len() }),
        );
        tx.commit().await?;
        Ok(id)
    }

    /// What an uploaded file would do.
    ///
    /// # Errors
    /// `NotFound` for somebody else's upload, `Conflict` when it was taken over.
    pub async fn preview(&self, now: Instant, id: ImportId) -> Result<Preview> {
        let mut db = self.app.store().read().await?;
        let upload = found(imports::find(&mut db, id, self.actor.account()).await?)?;
        if upload.applied_at.is_some() {
            return Err(Conflict::PreviewGone.into());
        }
        let everyone = people::list_all(&mut db).await?;
        Ok(preview_of(id, upload.file_name, &upload.content, everyone, now))
    }

    /// Takes an uploaded file over, all of it or nothing, and invites the newcomers if wished.
    ///
    /// # Errors
    /// `Invalid` with the problems of every bad row; `Conflict` when it was taken over before.
    pub async fn apply(&self, now: Instant, id: ImportId, invite: bool) -> Result<Tally> {
        let mut tx = self.app.store().begin().await?;
        let upload = found(imports::find(&mut tx, id, self.actor.account()).await?)?;
        if upload.applied_at.is_some() {
            return Err(Conflict::AlreadyDone.into());
        }
        imports::mark_applied(&mut tx, now, id).await?;
        let tally = take_over(&mut tx, self.app, now, Some(self.actor.account()), &upload.content, invite, id).await?;
        tx.commit().await?;
        Ok(tally)
    }
}

/// Imports a file from the command line, where whoever can start the program on the server is trusted.
///
/// # Errors
/// As [`PeopleEditingDesk::apply`].
pub async fn apply_file(app: &App, now: Instant, content: &[u8], invite: bool) -> Result<Tally> {
    let mut tx = app.store().begin().await?;
    let tally = take_over(&mut tx, app, now, None, content, invite, ImportId(fresh())).await?;
    tx.commit().await?;
    Ok(tally)
}

/// What a file would do, without writing anything.
///
/// # Errors
/// When the database refuses.
pub async fn dry_run(app: &App, now: Instant, content: &[u8]) -> Result<Preview> {
    let everyone = people::list_all(&mut app.store().read().await?).await?;
    Ok(preview_of(ImportId(uuid::Uuid::nil()), String::new(), content, everyone, now))
}

fn preview_of(id: ImportId, file_name: String, content: &[u8], everyone: Vec<Person>, now: Instant) -> Preview {
    match people_file::parse(content) {
        Ok(file) => Preview {
            id,
            file_name,
            problem: None,
            rows: plan(file, everyone, now).rows,
        },
        Err(problem) => Preview {
            id,
            file_name,
            problem: Some(problem),
            rows: Vec::new(),
        },
    }
}

/// Writes every row, or refuses all of them.
async fn take_over(tx: &mut Tx, app: &App, now: Instant, by: Option<AccountId>, content: &[u8], invite: bool, id: ImportId) -> Result<Tally> {
    dialect::hold_publishing(tx).await?;
    let file = people_file::parse(content).map_err(|_| Error::Conflict(Conflict::PreviewGone))?;
    let Plan {
        rows,
        entries,
        by_email,
        on_record,
    } = plan(file, people::list_all(tx).await?, now);
    let tally = tally(&rows);
    if tally.refused > 0 {
        let problems = rows
            .into_iter()
            .filter_map(|row| if let RowPlan::Refused(problems) = row.plan { Some(problems) } else { None });
        return Err(Error::Invalid(problems.flatten().collect()));
    }
    let requirements = requirements::list(tx).await?;
    let manager_of = |details: &PersonDetails| by_email.get(details.manager_email.as_ref()?.as_str()).copied();
    let (newcomers, known): (Vec<Entry>, Vec<Entry>) = entries.into_iter().partition(|entry| entry.known.is_none());
    let mut reports = Vec::new();
    for Entry { details, id, .. } in newcomers {
        reports.extend(manager_of(&details).map(|manager| (id, manager)));
        // A manager further down in the same file does not exist yet.
        let person = Person {
            id,
            details,
            manager_id: None,
            end_date: None,
            pseudonymised_at: None,
        };
        people_service::insert(tx, now, by, &person, &requirements).await?;
        if invite {
            invitations::send(tx, app, now, by, &person).await?;
        }
    }
    for (person, manager) in reports {
        people::set_manager(tx, person, Some(manager)).await?;
    }
    for entry in known {
        let manager_id = manager_of(&entry.details);
        if let Some(before) = on_record.get(&entry.id) {
            let after = merged(before, entry.details, manager_id, &entry.absent);
            if after != *before {
                people_service::update(tx, now, by, before, &after, "").await?;
            }
        }
    }
    let detail = json!({ "new": tally.new, "changed": tally.changed, "unchanged": tally.unchanged });
    audit(tx, now, by, Action::PeopleImported, Subject::thing(id.0), detail);
    Ok(tally)
}

/// What somebody on record becomes. What the list does not say stays: the language, and what it
/// has no column for.
fn merged(before: &Person, details: PersonDetails, manager_id: Option<PersonId>, absent: &[Column]) -> Person {
    let old = &before.details;
    Person {
        details: PersonDetails {
            language: old.language,
            manager_email: old.manager_email.clone(),
            work_email: if absent.contains(&Column::WorkEmail) {
                old.work_email.clone()
            } else {
                details.work_email
            },
            ..details
        },
        manager_id: if absent.contains(&Column::ManagerEmail) {
            before.manager_id
        } else {
            manager_id
        },
        ..before.clone()
    }
}

fn plan(file: Vec<FileRow>, everyone: Vec<Person>, now: Instant) -> Plan {
    let mut by_email: HashMap<String, PersonId> = HashMap::new();
    for person in &everyone {
        for email in addresses(&person.details) {
            by_email.insert(email.as_str().to_owned(), person.id);
        }
    }
    let on_record: HashMap<PersonId, Person> = everyone.into_iter().map(|person| (person.id, person)).collect();
    let mut parsed: Vec<(FileRow, std::result::Result<Entry, Vec<FieldProblem>>)> = Vec::with_capacity(file.len());
    let mut first_line: HashMap<String, u64> = HashMap::new();
    let known_addresses = by_email.clone();
    for row in file {
        let entry = row.form.parse(zones::is_known).map_err(crate::domain::problem::Problems::into_vec);
        let entry = entry.and_then(|details| recognise(&row, details, &known_addresses, &mut first_line));
        match &entry {
            Ok(entry) => {
                for email in addresses(&entry.details) {
                    by_email.insert(email.as_str().to_owned(), entry.id);
                }
            }
            // A row that is refused for another reason is still somebody's manager: one mistake, one message.
            Err(_) => {
                for email in [&row.form.private_email, &row.form.work_email]
                    .into_iter()
                    .filter_map(|raw| Email::parse(raw).ok())
                {
                    by_email.entry(email.as_str().to_owned()).or_insert_with(|| PersonId(fresh()));
                }
            }
        }
        parsed.push((row, entry));
    }
    let mut rows = Vec::with_capacity(parsed.len());
    let mut entries = Vec::with_capacity(parsed.len());
    for (file, entry) in parsed {
        let judged = entry.and_then(|entry| judge(&entry, &by_email, &on_record, now).map(|plan| (entry, plan)));
        match judged {
            Ok((entry, plan)) => {
                rows.push(PlannedRow { file, plan });
                entries.push(entry);
            }
            Err(problems) => rows.push(PlannedRow {
                file,
                plan: RowPlan::Refused(problems),
            }),
        }
    }
    Plan {
        rows,
        entries,
        by_email,
        on_record,
    }
}

fn addresses(details: &PersonDetails) -> impl Iterator<Item = &Email> {
    std::iter::once(&details.private_email).chain(details.work_email.as_ref())
}

/// Finds out who a row is: somebody on record, or somebody new whose addresses nobody else has.
fn recognise(
    row: &FileRow,
    details: PersonDetails,
    on_record: &HashMap<String, PersonId>,
    first_line: &mut HashMap<String, u64>,
) -> std::result::Result<Entry, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let known_by = |email: &Email| on_record.get(email.as_str()).copied();
    let by_private = known_by(&details.private_email);
    let by_work = details.work_email.as_ref().and_then(known_by);
    if let (Some(private), Some(work)) = (by_private, by_work)
        && private != work
    {
        problems.push(FieldProblem::new("work_email", Problem::EmailTaken));
    }
    for (field, email) in [("private_email", Some(&details.private_email)), ("work_email", details.work_email.as_ref())] {
        let Some(email) = email else { continue };
        if let Some(line) = first_line.get(email.as_str()).filter(|line| **line != row.line) {
            problems.push(FieldProblem::new(field, Problem::EmailRepeated(*line)));
        } else {
            first_line.insert(email.as_str().to_owned(), row.line);
        }
    }
    let known = by_private.or(by_work);
    if let Some(known) = known.filter(|_| problems.is_empty()) {
        // One person in two rows, by two of their addresses.
        let line = *first_line.entry(known.to_string()).or_insert(row.line);
        if line != row.line {
            problems.push(FieldProblem::new("private_email", Problem::EmailRepeated(line)));
        }
    }
    if problems.is_empty() {
        Ok(Entry {
            details,
            known,
            id: known.unwrap_or_else(|| PersonId(fresh())),
            absent: row.absent.clone(),
        })
    } else {
        Err(problems)
    }
}

/// Decides what becomes of a row, now that everybody in the file is known.
fn judge(
    entry: &Entry,
    by_email: &HashMap<String, PersonId>,
    on_record: &HashMap<PersonId, Person>,
    now: Instant,
) -> std::result::Result<RowPlan, Vec<FieldProblem>> {
    let manager_id = match &entry.details.manager_email {
        None => None,
        Some(email) => match by_email.get(email.as_str()) {
            Some(manager) if *manager == entry.id => return Err(vec![FieldProblem::new("manager_email", Problem::OwnManager)]),
            Some(manager) => Some(*manager),
            None => return Err(vec![FieldProblem::new("manager_email", Problem::UnknownManager)]),
        },
    };
    let Some(before) = entry.known.and_then(|known| on_record.get(&known)) else {
        return Ok(RowPlan::New);
    };
    if has_left(before, now) {
        return Err(vec![FieldProblem::new("private_email", Problem::HasLeft)]);
    }
    let same_address = before.details.private_email == entry.details.private_email;
    if !same_address && before.details.name != entry.details.name {
        // Only the work address fits: more likely a newcomer with a reused address than somebody who changed all else.
        return Err(vec![FieldProblem::new("work_email", Problem::EmailTaken)]);
    }
    let after = merged(before, entry.details.clone(), manager_id, &entry.absent);
    let mut fields = changed_fields(before, &after);
    if before.details.start_date != after.details.start_date {
        fields.push("start_date");
    }
    Ok(if fields.is_empty() { RowPlan::Unchanged } else { RowPlan::Changed(fields) })
}
