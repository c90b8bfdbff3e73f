//! Background checks: requested, completed, outcome only.

use super::{Error, Result, Subject, audit, desks::CheckDesk, found, people::assignment_for_change, prove, start_at};
use crate::{
    domain::{
        Instant,
        assignment::State,
        audit::Action,
        deadlines::is_late,
        evidence::{CheckOutcome, Proof},
        ids::{AssignmentId, PersonId},
        person::{Line, Person, iso_date, parse_date},
        problem::{Conflict, Problem, Problems},
        requirement::RequirementKind,
    },
    server::{
        store::{
            assignments::{self, Assignment},
            checks::{self, CheckRequest, CheckRow},
            people::{self as people_store, Scope},
        },
        zones,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::{Date, Duration};

/// Provider and reference are removed this long after the outcome.
const PURGE_AFTER: Duration = Duration::days(180);

/// A check's page for HR.
#[derive(Clone, Debug)]
pub struct CheckPage {
    pub person: Person,
    pub assignment: Assignment,
    pub check: Option<CheckRow>,
}

/// A request as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RequestForm {
    pub check_type: String,
    pub provider: String,
    pub reference: String,
    pub requested_on: String,
}

/// An outcome as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OutcomeForm {
    pub outcome: String,
    pub completed_on: String,
    pub legal_basis: String,
}

impl CheckDesk<'_> {
    /// One person's check.
    ///
    /// # Errors
    /// `NotFound` when there is no such check.
    pub async fn get(&self, id: AssignmentId) -> Result<CheckPage> {
        let mut db = self.app.store().read().await?;
        let assignment = found(
            assignments::find(&mut db, Scope::All, id)
                .await?
                .filter(|assignment| assignment.kind == RequirementKind::BackgroundCheck),
        )?;
        let person = found(people_store::find(&mut db, Scope::All, assignment.person).await?)?;
        let check = checks::find(&mut db, id).await?;
        Ok(CheckPage { person, assignment, check })
    }

    /// Notes that a check was requested. Returns for whom.
    ///
    /// # Errors
    /// `Invalid` with every problem found; `Conflict` when one is under way or done.
    pub async fn request(&self, now: Instant, id: AssignmentId, form: &RequestForm) -> Result<PersonId> {
        let mut tx = self.app.store().begin().await?;
        let (person, assignment) = assignment_for_change(&mut tx, Scope::All, id, RequirementKind::BackgroundCheck).await?;
        let mut problems = Problems::default();
        let check_type = problems.take("check_type", Line::parse(&form.check_type));
        let provider = problems.take("provider", Line::parse(&form.provider));
        let reference = match form.reference.trim() {
            "" => Some(String::new()),
            raw => problems.take("reference", Line::parse_up_to(raw, 100)).map(Line::into_string),
        };
        let requested_on = problems.take("requested_on", past_date(&form.requested_on, &person, now));
        let (Some(check_type), Some(provider), Some(reference), Some(requested_on)) = (check_type, provider, reference, requested_on) else {
            return Err(Error::from(problems));
        };
        let next = assignment.state.submit(zones::start_of_day(&person.details.time_zone, requested_on))?;
        assignments::update_state(&mut tx, id, assignment.state, next, false).await?;
        let request = CheckRequest {
            check_type: check_type.into_string(),
            provider: provider.into_string(),
            reference,
            requested_on,
        };
        checks::upsert_request(&mut tx, id, &request).await?;
        let detail = json!({ "requested_on": iso_date(requested_on) });
        audit(
            &mut tx,
            now,
            Some(self.actor.account()),
            Action::CheckRequested,
            Subject::about(id.0, person.id),
            detail,
        );
        tx.commit().await?;
        Ok(person.id)
    }

    /// Records the outcome. A check that is not required, or was replaced by a lawful alternative, needs no request before.
    ///
    /// # Errors
    /// `Invalid` with every problem found; `Conflict` when an outcome is on record, or when a check that nobody requested
    /// is said to be cleared or not.
    pub async fn complete(&self, now: Instant, id: AssignmentId, form: &OutcomeForm) -> Result<PersonId> {
        let mut tx = self.app.store().begin().await?;
        let (person, assignment) = assignment_for_change(&mut tx, Scope::All, id, RequirementKind::BackgroundCheck).await?;
        let mut problems = Problems::default();
        let outcome = problems.take("outcome", CheckOutcome::parse(&form.outcome));
        let completed_on = problems.take("completed_on", past_date(&form.completed_on, &person, now));
        let legal_basis = problems.take("legal_basis", Line::parse(&form.legal_basis));
        let earlier = checks::find(&mut tx, id).await?;
        if let (Some(check), Some(date)) = (&earlier, completed_on)
            && date < check.requested_on
        {
            problems.add("completed_on", Problem::TooEarly);
        }
        let (Some(outcome), Some(completed_on), Some(legal_basis), true) = (outcome, completed_on, legal_basis, problems.is_empty()) else {
            return Err(Error::from(problems));
        };
        let speaks_of_a_check = matches!(outcome, CheckOutcome::Cleared | CheckOutcome::NotCleared);
        if speaks_of_a_check && matches!(assignment.state, State::Open | State::Failed { .. }) {
            return Err(Conflict::NotYet.into());
        }
        let completed_at = zones::start_of_day(&person.details.time_zone, completed_on);
        let next = match outcome {
            CheckOutcome::NotCleared => assignment.state.fail(completed_at)?,
            _ => assignment.state.complete(completed_at)?,
        };
        let late = is_late(assignment.kind, assignment.cause, completed_at, assignment.deadline, start_at(&person));
        assignments::update_state(&mut tx, id, assignment.state, next, late).await?;
        if earlier.is_none() {
            let nothing = CheckRequest {
                check_type: String::new(),
                provider: String::new(),
                reference: String::new(),
                requested_on: completed_on,
            };
            checks::upsert_request(&mut tx, id, &nothing).await?;
        }
        let by = self.actor.account();
        checks::complete(&mut tx, id, outcome, completed_on, legal_basis.as_str(), by, completed_on + PURGE_AFTER).await?;
        let proof = Proof::CheckResult { outcome, completed_on };
        prove(&mut tx, now, Some(by), id, completed_at, proof).await?;
        let detail = json!({ "completed_on": iso_date(completed_on), "late": late });
        audit(&mut tx, now, Some(by), Action::CheckCompleted, Subject::about(id.0, person.id), detail);
        tx.commit().await?;
        Ok(person.id)
    }
}

fn past_date(raw: &str, person: &Person, now: Instant) -> std::result::Result<Date, Problem> {
    let date = parse_date(raw)?;
    if date > super::people::today(person, now) {
        Err(Problem::InTheFuture)
    } else {
        Ok(date)
    }
}
