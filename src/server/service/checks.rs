//! Background checks as HR runs them: only what is lawful in the person's country, and only its outcome.

use super::{Error, Result, Subject, audit, desks::CheckDesk, found, people::assignment_for_change, people::today, prove, roles, start_at};
use crate::{
    domain::{
        Instant,
        assignment::State,
        audit::Action,
        check_profile::{Choice, Consent, Profile, Way, may_be_kept_until, parse_check_line, parse_check_note, parse_check_reference},
        deadlines::is_late,
        evidence::{CheckOutcome, Proof},
        ids::{AccountId, AssignmentId, PersonId},
        locale::Bilingual,
        person::{Person, iso_date, parse_date},
        problem::{Conflict, Problem, Problems},
        requirement::RequirementKind,
        roles::Permission,
    },
    server::{
        store::{
            Tx,
            assignments::{self, Assignment},
            audit as trail,
            checks::{self, CheckFile, CheckRequest, CheckResult},
            people::{self as people_store, Scope},
        },
        zones,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::Date;

/// A check's page for HR.
#[derive(Clone, Debug)]
pub struct CheckPage {
    pub person: Person,
    pub assignment: Assignment,
    pub file: CheckFile,
}

/// A request as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RequestForm {
    /// The key of one of the profile's choices.
    pub choice: String,
    pub provider: String,
    pub reference: String,
    pub requested_on: String,
    pub note: String,
}

impl RequestForm {
    fn parse(&self, file: &CheckFile, person: &Person, now: Instant) -> Result<CheckRequest> {
        let profile = &file.profile.profile;
        let mut problems = Problems::default();
        let choice = problems.take("choice", choice_of(profile, &self.choice, |choice| choice.way == Way::Provider));
        let provider = problems.take("provider", parse_check_line(&self.provider));
        let reference = problems.take("reference", parse_check_reference(&self.reference));
        let requested_on = past_date(&self.requested_on, person, now).and_then(|date| not_before(date, agreed_on(file, person)));
        let requested_on = problems.take("requested_on", requested_on);
        let note = problems.take("note", parse_check_note(&self.note));
        match (choice, provider, reference, requested_on, note) {
            (Some(choice), Some(provider), Some(reference), Some(requested_on), Some(note)) => Ok(CheckRequest {
                what: choice.label.clone(),
                provider,
                reference,
                requested_on,
                stuck_at: stuck_at(profile, person, requested_on),
                legal_basis: choice.legal_basis.clone(),
                note,
                purge_on: profile.purge_on(requested_on),
            }),
            _ => Err(problems.into()),
        }
    }
}

/// An outcome as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OutcomeForm {
    /// What the provider said, or the key of a choice that needs none.
    pub outcome: String,
    pub completed_on: String,
    pub legal_basis: String,
    /// Empty: as the profile says.
    pub purge_on: String,
    pub note: String,
}

impl OutcomeForm {
    fn parse(&self, file: &CheckFile, person: &Person, by: AccountId, now: Instant) -> Result<CheckResult> {
        let profile = &file.profile.profile;
        let mut problems = Problems::default();
        let decided = problems.take("outcome", self.decided(file));
        // Where HR decides themself, nobody has to agree.
        let agreed = agreed_on(file, person).filter(|_| decided.as_ref().is_some_and(|(_, outcome)| outcome.is_from_provider()));
        let earliest = file.check.as_ref().map(|check| check.requested_on).max(agreed);
        let completed_on = problems.take("completed_on", past_date(&self.completed_on, person, now));
        let legal_basis = problems.take("legal_basis", parse_check_line(&self.legal_basis));
        let note = problems.take("note", parse_check_note(&self.note));
        let purge_on = match (self.purge_on.trim(), completed_on) {
            ("", completed) => completed.map(|date| profile.purge_on(date)),
            (raw, _) => problems.take("purge_on", parse_date(raw)),
        };
        if let Some(Err(problem)) = completed_on.map(|date| not_before(date, earliest)) {
            problems.add("completed_on", problem);
        }
        if let (Some(purge), Some(completed)) = (purge_on, completed_on) {
            if purge < completed {
                problems.add("purge_on", Problem::TooEarly);
            } else if !may_be_kept_until(purge, completed) {
                problems.add("purge_on", Problem::NotWithinThreeYears);
            }
        }
        match (decided, completed_on, legal_basis, note, purge_on) {
            (Some((what, outcome)), Some(completed_on), Some(legal_basis), Some(note), Some(purge_on)) if problems.is_empty() => Ok(CheckResult {
                what,
                outcome,
                completed_on,
                legal_basis,
                reviewed_by: by,
                note,
                purge_on,
            }),
            _ => Err(problems.into()),
        }
    }

    /// What was checked, and how it ended.
    fn decided(&self, file: &CheckFile) -> std::result::Result<(Bilingual, CheckOutcome), Problem> {
        match CheckOutcome::parse(&self.outcome) {
            Err(Problem::NotChosen) => Err(Problem::NotChosen),
            Ok(outcome @ (CheckOutcome::Cleared | CheckOutcome::NotCleared)) => {
                let nothing = || Bilingual {
                    de: String::new(),
                    en: String::new(),
                };
                Ok((file.check.as_ref().map_or_else(nothing, |check| check.what.clone()), outcome))
            }
            _ => {
                let choice = file.profile.profile.choice(self.outcome.trim()).ok_or(Problem::NotAnOutcome)?;
                let outcome = choice.way.own_outcome().ok_or(Problem::NotAnOutcome)?;
                Ok((choice.label.clone(), outcome))
            }
        }
    }
}

impl CheckDesk<'_> {
    /// One person's check.
    ///
    /// # Errors
    /// `NotFound` when there is no such check.
    pub async fn get(&self, id: AssignmentId) -> Result<CheckPage> {
        let mut db = self.app.store().read().await?;
        let assignment = found(assignments::find(&mut db, Scope::All, id).await?)?;
        let file = found(checks::find(&mut db, id).await?)?;
        let person = found(people_store::find(&mut db, Scope::All, assignment.person).await?)?;
        Ok(CheckPage { person, assignment, file })
    }

    /// Notes that a check was requested. Returns for whom.
    ///
    /// # Errors
    /// `Invalid` with every problem found, a day before the consent among them; `Conflict` when one is under way or done, or the person did not consent.
    pub async fn request(&self, now: Instant, id: AssignmentId, form: &RequestForm) -> Result<PersonId> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let (person, assignment, file) = load(&mut tx, id).await?;
        if !file.consent.allows_a_provider() {
            return Err(Conflict::NoConsent.into());
        }
        let request = form.parse(&file, &person, now)?;
        let next = assignment.state.submit(zones::start_of_day(&person.details.time_zone, request.requested_on))?;
        assignments::update_state(&mut tx, id, assignment.state, next, false).await?;
        checks::upsert_request(&mut tx, id, &request).await?;
        let detail = json!({ "requested_on": iso_date(request.requested_on) });
        self.note(&mut tx, now, Action::CheckRequested, &assignment, detail);
        tx.commit().await?;
        Ok(person.id)
    }

    /// Notes since when the provider has what they need. Returns for whom.
    ///
    /// # Errors
    /// `Invalid` for a date before the request or in the future; `Conflict` when nothing was requested, or this was noted before.
    pub async fn mark_with_provider(&self, now: Instant, id: AssignmentId, on: &str) -> Result<PersonId> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let (person, assignment, file) = load(&mut tx, id).await?;
        match assignment.state {
            State::Waiting { .. } => {}
            State::Open | State::Failed { .. } => return Err(Conflict::NotYet.into()),
            State::Done { .. } => return Err(Conflict::AlreadyDone.into()),
            State::Ended { .. } => return Err(Conflict::Ended.into()),
        }
        let requested_on = file.check.as_ref().map(|check| check.requested_on);
        let on = past_date(on, &person, now)
            .and_then(|date| not_before(date, requested_on))
            .map_err(|problem| Error::field("with_provider_on", problem))?;
        checks::mark_with_provider(&mut tx, id, on, stuck_at(&file.profile.profile, &person, on)).await?;
        self.note(&mut tx, now, Action::CheckWithProvider, &assignment, json!({ "requested_on": iso_date(on) }));
        tx.commit().await?;
        Ok(person.id)
    }

    /// Records the outcome. A check that is not required, or was replaced by a lawful alternative, needs no request before. The day on the
    /// form stands on record; whether the check was in time is not its alone to say.
    ///
    /// # Errors
    /// `Invalid` with every problem found; `Conflict` when an outcome is on record, or when a check that nobody requested, or that
    /// the person no longer agrees to, is said to be cleared or not, and for one's own where somebody else could.
    pub async fn complete(&self, now: Instant, id: AssignmentId, form: &OutcomeForm) -> Result<PersonId> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let (person, assignment, file) = load(&mut tx, id).await?;
        let alone = roles::attest(&mut tx, now, self.actor, person.id, Permission::RecordCheck).await?;
        let by = self.actor.account();
        let result = form.parse(&file, &person, by, now)?;
        let CheckResult { outcome, completed_on, .. } = result;
        if outcome.is_from_provider() {
            if matches!(assignment.state, State::Open | State::Failed { .. }) {
                return Err(Conflict::NotYet.into());
            }
            if !file.consent.allows_a_provider() {
                return Err(Conflict::NoConsent.into());
            }
        }
        let completed_at = zones::start_of_day(&person.details.time_zone, completed_on);
        let counts_from = counts_from(&mut tx, now, id, outcome, completed_at).await?;
        let next = match outcome {
            CheckOutcome::NotCleared => assignment.state.fail(counts_from)?,
            _ => assignment.state.complete(counts_from)?,
        };
        let late = is_late(assignment.kind, assignment.cause, counts_from, assignment.deadline, start_at(&person));
        assignments::update_state(&mut tx, id, assignment.state, next, late).await?;
        checks::upsert_result(&mut tx, id, &result).await?;
        prove(&mut tx, now, Some(by), id, completed_at, Proof::CheckResult { outcome, completed_on }).await?;
        let detail = json!({ "completed_on": iso_date(completed_on), "late": late, "alone": alone });
        self.note(&mut tx, now, Action::CheckCompleted, &assignment, detail);
        tx.commit().await?;
        Ok(person.id)
    }

    /// What happened to a check. Provider, reference and note never stand in an entry: they go on a day, entries stay.
    fn note(&self, tx: &mut Tx, now: Instant, action: Action, assignment: &Assignment, detail: serde_json::Value) {
        let subject = Subject::about(assignment.id.0, assignment.person);
        audit(tx, now, Some(self.actor.account()), action, subject, detail);
    }
}

/// Loads a check for a change with what holds in its country.
async fn load(tx: &mut Tx, id: AssignmentId) -> Result<(Person, Assignment, CheckFile)> {
    let (person, assignment) = assignment_for_change(tx, Scope::All, id, RequirementKind::BackgroundCheck).await?;
    let file = found(checks::find(tx, id).await?)?;
    Ok((person, assignment, file))
}

/// From when on an outcome counts. Nobody's word alone dates anything back: what HR decided themself counts from when it is recorded, and
/// what a provider answered from the day of the answer, but not from before the request was on record here.
async fn counts_from(tx: &mut Tx, now: Instant, id: AssignmentId, outcome: CheckOutcome, completed_at: Instant) -> Result<Instant> {
    if !outcome.is_from_provider() {
        return Ok(now);
    }
    let recorded_at = trail::last_at(tx, id.0, Action::CheckRequested).await?.unwrap_or(now);
    Ok(recorded_at.max(completed_at))
}

/// The day on which the person agreed, where they work; none where nobody has to, or they did not.
fn agreed_on(file: &CheckFile, person: &Person) -> Option<Date> {
    let at = file.decided_at.filter(|_| file.consent == Consent::Given)?;
    Some(zones::local_date(&person.details.time_zone, at))
}

fn not_before(date: Date, earliest: Option<Date>) -> std::result::Result<Date, Problem> {
    if earliest.is_some_and(|earliest| date < earliest) {
        Err(Problem::TooEarly)
    } else {
        Ok(date)
    }
}

/// One of the profile's choices by its key.
fn choice_of<'a>(profile: &'a Profile, key: &str, fits: impl Fn(&Choice) -> bool) -> std::result::Result<&'a Choice, Problem> {
    match key.trim() {
        "" => Err(Problem::NotChosen),
        key => profile.choice(key).filter(|choice| fits(choice)).ok_or(Problem::NotAChoice),
    }
}

/// From when on a check counts as stuck, where the person works.
fn stuck_at(profile: &Profile, person: &Person, since: Date) -> Instant {
    zones::start_of_day(&person.details.time_zone, profile.stuck_on(since))
}

fn past_date(raw: &str, person: &Person, now: Instant) -> std::result::Result<Date, Problem> {
    let date = parse_date(raw)?;
    if date > today(person, now) { Err(Problem::InTheFuture) } else { Ok(date) }
}
