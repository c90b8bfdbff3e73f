//! Importing a list of people: kept as uploaded, previewed against who is on record, then taken over all or nothing.
//!
//! Importing the same file twice changes nothing: people are recognised by their private or work e-mail address.

use super::{
    App, Error, Result, Subject, audit,
    desks::PeopleEditingDesk,
    found, invitations,
    people::{self as people_service, changed_fields, has_left},
    people_file::{self, Column, FileProblem, FileRow},
    reading::{self, Turn, cut},
};
use crate::{
    domain::{
        Instant,
        audit::Action,
        ids::{ImportId, PersonId},
        person::{Email, Line, MAX_NOTE, Person, PersonDetails, PersonForm},
        problem::{Conflict, FieldProblem, Problem},
    },
    server::{
        auth::actor::Actor,
        ids::fresh,
        store::{Tx, dialect, imports, people, requirements},
        zones,
    },
};
use serde_json::json;
use std::collections::HashMap;

/// Rows without problems that a page shows.
const MAX_SOUND: usize = 200;
/// Rows with problems that it shows; nobody corrects more in one go.
const MAX_REFUSED: usize = 500;

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
    /// In the order of the file. For a page: those it shows, refused rows first, then what would be written, then what would stay.
    pub rows: Vec<PlannedRow>,
    tally: Tally,
    moves_starts: bool,
}

/// How many people an import adds, changes, leaves alone and refuses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub new: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub refused: usize,
}

impl Tally {
    /// Those that are not refused.
    pub const fn sound(self) -> usize {
        self.new + self.changed + self.unchanged
    }
}

impl Preview {
    fn new(id: ImportId, file_name: String, read: std::result::Result<Vec<PlannedRow>, FileProblem>) -> Self {
        let (problem, rows) = match read {
            Ok(rows) => (None, rows),
            Err(problem) => (Some(problem), Vec::new()),
        };
        Self {
            id,
            file_name,
            problem,
            tally: tally(&rows),
            moves_starts: moves_starts(&rows),
            rows,
        }
    }

    /// Lets go of all that a page does not show.
    fn for_a_page(mut self) -> Self {
        let (mut refused, mut sound): (Vec<_>, Vec<_>) = self.rows.into_iter().partition(|row| matches!(row.plan, RowPlan::Refused(_)));
        sound.sort_by_key(|row| matches!(row.plan, RowPlan::Unchanged));
        refused.truncate(MAX_REFUSED);
        sound.truncate(MAX_SOUND);
        self.rows = refused.into_iter().chain(sound).map(PlannedRow::cut).collect();
        self
    }

    /// Of all rows, also those that are not shown.
    pub const fn tally(&self) -> Tally {
        self.tally
    }

    /// Whether there is something to take over and nothing that forbids it.
    pub fn is_applicable(&self) -> bool {
        let tally = self.tally();
        self.problem.is_none() && tally.refused == 0 && tally.new + tally.changed > 0
    }

    /// Whether somebody's start date would move, for which there has to be a reason.
    pub const fn moves_starts(&self) -> bool {
        self.moves_starts
    }
}

impl PlannedRow {
    fn cut(mut self) -> Self {
        let PersonForm {
            name,
            private_email,
            work_email,
            kind,
            country,
            department,
            job_title,
            manager_email,
            start_date,
            time_zone,
            language,
            tags,
        } = &mut self.file.form;
        [
            name,
            private_email,
            work_email,
            kind,
            country,
            department,
            job_title,
            manager_email,
            start_date,
            time_zone,
            language,
            tags,
        ]
        .into_iter()
        .for_each(cut);
        self
    }
}

fn moves_starts(rows: &[PlannedRow]) -> bool {
    rows.iter()
        .any(|row| matches!(&row.plan, RowPlan::Changed(fields) if fields.contains(&"start_date")))
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

impl Plan {
    /// Whom on record the list changes, in the order of their ids.
    fn changed(&self) -> Vec<PersonId> {
        let sound = self.rows.iter().filter(|row| !matches!(row.plan, RowPlan::Refused(_)));
        let changed = sound.zip(&self.entries).filter(|(row, _)| matches!(row.plan, RowPlan::Changed(_)));
        let mut ids: Vec<PersonId> = changed.map(|(_, entry)| entry.id).collect();
        ids.sort_unstable();
        ids
    }
}

impl PeopleEditingDesk<'_> {
    /// Keeps an uploaded file for its preview.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn upload(&self, now: Instant, file_name: &str, content: &[u8]) -> Result<ImportId> {
        let id = ImportId(fresh());
        let name: String = file_name.chars().filter(|c| !c.is_control()).take(100).collect();
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
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
        let turn = reading::turn().await?;
        let mut db = self.app.store().read().await?;
        let upload = found(imports::find(&mut db, id, self.actor.account()).await?)?;
        if upload.applied_at.is_some() {
            return Err(Conflict::PreviewGone.into());
        }
        let everyone = people::list_all(&mut db).await?;
        drop(db);
        let read = move || preview_of(id, upload.file_name, &upload.content, everyone, now).for_a_page();
        let (_, preview) = turn.take(read).await?;
        Ok(preview)
    }

    /// Takes an uploaded file over, all of it or nothing, and invites the newcomers if wished. `reason`: why start dates move, if any do.
    ///
    /// # Errors
    /// `ProofTooOld`, as a list may change addresses by which people get into their accounts; `Invalid` with the problems of every bad row,
    /// or without a reason that is needed; `Conflict` when it was taken over before, when people were changed at this moment, and when it
    /// moves one's own start as in [`PeopleEditingDesk::move_start`].
    pub async fn apply(&self, now: Instant, id: ImportId, invite: bool, reason: &str) -> Result<Tally> {
        self.actor.freshly_proved(now)?;
        let turn = reading::turn().await?;
        let upload = found(imports::find(&mut self.app.store().read().await?, id, self.actor.account()).await?)?;
        if upload.applied_at.is_some() {
            return Err(Conflict::AlreadyDone.into());
        }
        let list = List::read(self.app, now, turn, upload.content).await?;
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        imports::mark_applied(&mut tx, now, id).await?;
        let actor = Some(self.actor);
        let tally = take_over(&mut tx, self.app, now, list, &Order { actor, id, invite, reason }).await?;
        tx.commit().await?;
        Ok(tally)
    }
}

/// Imports a file from the command line, where whoever can start the program on the server is trusted.
///
/// # Errors
/// As [`PeopleEditingDesk::apply`].
pub async fn apply_file(app: &App, now: Instant, content: &[u8], invite: bool, reason: &str) -> Result<Tally> {
    let list = List::read(app, now, reading::turn().await?, content.to_vec()).await?;
    let mut tx = app.store().begin().await?;
    let id = ImportId(fresh());
    let tally = take_over(
        &mut tx,
        app,
        now,
        list,
        &Order {
            actor: None,
            id,
            invite,
            reason,
        },
    )
    .await?;
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
    let rows = people_file::parse(content).map(|file| plan(file, everyone, now).rows);
    Preview::new(id, file_name, rows)
}

/// A file that was read, with the turn in which everyone on record is held against it.
struct List {
    turn: Turn,
    rows: Vec<FileRow>,
    /// Whom it would change, in the order of their ids.
    concerned: Vec<PersonId>,
}

impl List {
    async fn read(app: &App, now: Instant, turn: Turn, content: Vec<u8>) -> Result<Self> {
        let (turn, rows) = turn.take(move || people_file::parse(&content)).await?;
        let rows = rows.map_err(|_| Error::Conflict(Conflict::PreviewGone))?;
        let everyone = people::list_all(&mut app.store().read().await?).await?;
        let (turn, draft) = turn.take(move || plan(rows, everyone, now)).await?;
        Ok(Self {
            turn,
            concerned: draft.changed(),
            rows: draft.rows.into_iter().map(|row| row.file).collect(),
        })
    }

    /// Locks whom the list changes, and reads everyone again under the locks: what is decided on must be what is written on.
    async fn plan(self, tx: &mut Tx, now: Instant) -> Result<Plan> {
        let Self { turn, rows, concerned } = self;
        dialect::lock_people(tx, &concerned).await?;
        let everyone = people::list_all(tx).await?;
        let (turn, planned) = turn.take(move || plan(rows, everyone, now)).await?;
        drop(turn);
        if planned.changed().iter().all(|person| concerned.binary_search(person).is_ok()) {
            Ok(planned)
        } else {
            Err(Conflict::ChangedMeanwhile.into())
        }
    }
}

/// On whose word a list is taken over, and how.
struct Order<'a> {
    actor: Option<&'a Actor>,
    id: ImportId,
    invite: bool,
    /// Why start dates move; not looked at when none does.
    reason: &'a str,
}

/// Writes every row, or refuses all of them.
async fn take_over(tx: &mut Tx, app: &App, now: Instant, list: List, order: &Order<'_>) -> Result<Tally> {
    let Order { actor, id, invite, reason } = *order;
    let by = actor.map(Actor::account);
    dialect::hold_publishing(tx).await?;
    let Plan {
        rows,
        entries,
        by_email,
        on_record,
    } = list.plan(tx, now).await?;
    let tally = tally(&rows);
    if tally.refused > 0 {
        return Err(refusal(rows));
    }
    let reason = why_starts_move(&rows, reason)?;
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
                let moves = after.details.start_date != before.details.start_date;
                people_service::update(tx, now, actor, before, &after, if moves { &reason } else { "" }, None).await?;
            }
        }
    }
    let detail = json!({ "new": tally.new, "changed": tally.changed, "unchanged": tally.unchanged });
    audit(tx, now, by, Action::PeopleImported, Subject::thing(id.0), detail);
    Ok(tally)
}

/// Every problem of the rows that cannot be taken over.
fn refusal(rows: Vec<PlannedRow>) -> Error {
    let problems = rows
        .into_iter()
        .filter_map(|row| if let RowPlan::Refused(problems) = row.plan { Some(problems) } else { None });
    Error::Invalid(problems.flatten().collect())
}

/// The reason for the starts that move; empty when none does.
fn why_starts_move(rows: &[PlannedRow], reason: &str) -> Result<String> {
    if !moves_starts(rows) {
        return Ok(String::new());
    }
    let reason = Line::parse_up_to(reason, MAX_NOTE).map_err(|problem| Error::field("reason", problem))?;
    Ok(reason.into_string())
}

/// What somebody on record becomes. What the list does not say stays: the language, and what it
/// has no column for.
fn merged(before: &Person, details: PersonDetails, manager_id: Option<PersonId>, absent: &[Column]) -> Person {
    let old = &before.details;
    Person {
        details: PersonDetails {
            language: old.language,
            tags: old.tags.clone(),
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
                    .filter_map(|raw| Email::known(raw).ok())
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
