//! The register of exceptions. An exemption is asked for by one person and decided by another; while it is in force the item is
//! lifted, and when it ends the item comes back, late for ever if it was overdue before. A start without NDA is HR's alone: the NDA stays
//! due, and late.

use super::{
    App, Error, Result, Subject, audit,
    desks::{ExemptionDecisionDesk, ExemptionDesk, ExemptionRequestDesk, NdaDesk},
    duties::is_overdue_at,
    found,
    people::{any_assignment_for_change, assignment_for_change, has_left, today},
    roles,
};
use crate::{
    domain::{
        Instant,
        assignment::{Cause, EndReason, State},
        audit::Action,
        deadlines::Deadline,
        exemption::{ExemptionKind, Status, may_end_on},
        ids::{AccountId, AssignmentId, ExemptionId, PersonId},
        person::{Line, MAX_NOTE, Person, iso_date, parse_date},
        problem::{Conflict, Problem, Problems},
        requirement::RequirementKind,
    },
    server::{
        ids::fresh,
        store::{
            Page, Tx,
            assignments::{self, Assignment},
            exemptions::{self, Exemption, ExemptionKey, NewExemption},
            people::Scope,
        },
        zones,
    },
};
use serde_json::json;
use time::{Date, Duration};

/// Entries on one page of the register.
pub const PAGE: i64 = 25;
/// How long somebody has for an item that an exemption had lifted.
const DAYS_AFTER_END: Duration = Duration::days(14);
/// Exemptions that are ended in one go.
const BATCH: i64 = 200;

/// A request as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExemptionForm {
    pub reason: String,
    /// What is done instead.
    pub compensating_step: String,
    pub ends_on: String,
}

/// A form that was read.
struct Wanted {
    reason: Line,
    compensating_step: Line,
    ends_on: Date,
}

impl ExemptionForm {
    fn parse(&self, today: Date) -> Result<Wanted> {
        let mut problems = Problems::default();
        let reason = problems.take("reason", Line::parse_up_to(&self.reason, MAX_NOTE));
        let compensating_step = problems.take("compensating_step", Line::parse_up_to(&self.compensating_step, MAX_NOTE));
        let ends_on = parse_date(&self.ends_on).and_then(|date| if may_end_on(date, today) { Ok(date) } else { Err(Problem::NotWithinTwoYears) });
        let ends_on = problems.take("ends_on", ends_on);
        match (reason, compensating_step, ends_on) {
            (Some(reason), Some(compensating_step), Some(ends_on)) => Ok(Wanted {
                reason,
                compensating_step,
                ends_on,
            }),
            _ => Err(problems.into()),
        }
    }
}

impl ExemptionDesk<'_> {
    /// A page of the register, the newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn list(&self, status: Option<Status>, after: Option<ExemptionKey>) -> Result<Page<Exemption>> {
        Ok(exemptions::list(&mut self.app.store().read().await?, status, after, PAGE).await?)
    }

    /// The whole register, for a file.
    ///
    /// # Errors
    /// `ProofTooOld`, or when the database refuses.
    pub async fn list_all(&self, now: Instant) -> Result<Vec<Exemption>> {
        self.actor.freshly_proved(now)?;
        Ok(exemptions::list(&mut self.app.store().read().await?, None, None, i64::MAX).await?.rows)
    }
}

impl ExemptionRequestDesk<'_> {
    /// Asks that an item be lifted for somebody. Nothing is lifted before somebody else decides. An NDA is never lifted: who starts
    /// without it does so by [`NdaDesk::allow_start`].
    ///
    /// # Errors
    /// `NotFound` for an NDA; `Invalid` with every problem found; `Conflict` for what is done or over, or asked for already.
    pub async fn request(&self, now: Instant, id: AssignmentId, form: &ExemptionForm) -> Result<PersonId> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let (person, assignment) = any_assignment_for_change(&mut tx, Scope::All, id).await?;
        if assignment.kind == RequirementKind::Nda {
            return Err(Error::NotFound);
        }
        let wanted = form.parse(today(&person, now))?;
        assignment.state.end(now, EndReason::Exempt)?;
        if assignment.exemption_requested {
            return Err(Conflict::AlreadyDone.into());
        }
        let by = self.actor.account();
        insert(&mut tx, now, &assignment, ExemptionKind::Exemption, &wanted, by, None).await?;
        note(&mut tx, now, Some(by), Action::ExemptionRequested, &assignment, &wanted);
        tx.commit().await?;
        Ok(person.id)
    }
}

impl ExemptionDecisionDesk<'_> {
    /// Approves or refuses what somebody else asked for. Approved, the item is lifted at once; one that was overdue stays late.
    ///
    /// # Errors
    /// `ProofTooOld` to approve; `Conflict` for one's own request or an exemption for oneself, for what was decided before, and when the item was
    /// fulfilled or the last day passed meanwhile.
    pub async fn decide(&self, now: Instant, id: ExemptionId, approve: bool) -> Result<()> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let exemption = found(exemptions::find(&mut tx, id).await?)?;
        let (person, assignment) = any_assignment_for_change(&mut tx, Scope::All, exemption.assignment).await?;
        let by = self.actor.account();
        if exemption.requested_by == by || roles::is_actor(&mut tx, self.actor, person.id).await? {
            return Err(Conflict::NeedsSecondPerson.into());
        }
        if approve {
            self.actor.freshly_proved(now)?;
        }
        exemptions::decide(&mut tx, now, id, by, approve).await?;
        let action = if approve { Action::ExemptionApproved } else { Action::ExemptionRefused };
        if approve {
            if exemption.ends_on < today(&person, now) {
                return Err(Conflict::Ended.into());
            }
            let next = assignment.state.end(now, EndReason::Exempt)?;
            let late = is_overdue_at(&person, &assignment, now);
            assignments::update_state(&mut tx, assignment.id, assignment.state, next, late).await?;
        }
        let detail = json!({ "reason": exemption.reason, "title": assignment.title });
        audit(&mut tx, now, Some(by), action, Subject::about(id.0, person.id), detail);
        Ok(tx.commit().await?)
    }

    /// Ends an exemption before its last day; the item comes back.
    ///
    /// # Errors
    /// `ProofTooOld`; `Conflict` when it is not in force.
    pub async fn end(&self, now: Instant, id: ExemptionId) -> Result<()> {
        self.actor.freshly_proved(now)?;
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let exemption = found(exemptions::find(&mut tx, id).await?)?;
        let (person, assignment) = any_assignment_for_change(&mut tx, Scope::All, exemption.assignment).await?;
        end(&mut tx, now, Some(self.actor.account()), &exemption, &person, &assignment).await?;
        Ok(tx.commit().await?)
    }
}

impl NdaDesk<'_> {
    /// Lets somebody start although the NDA is not signed. HR stands for it by name; it stays on the register, and the signature
    /// stays due, and late.
    ///
    /// # Errors
    /// `ProofTooOld`; `Invalid` with every problem found; `Conflict` when it is signed, or the start is allowed already, and for one's own.
    pub async fn allow_start(&self, now: Instant, id: AssignmentId, form: &ExemptionForm) -> Result<PersonId> {
        self.actor.freshly_proved(now)?;
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let (person, assignment) = assignment_for_change(&mut tx, Scope::All, id, RequirementKind::Nda).await?;
        let wanted = form.parse(today(&person, now))?;
        match assignment.state {
            State::Open if !assignment.starts_without => {}
            State::Ended { .. } => return Err(Conflict::Ended.into()),
            _ => return Err(Conflict::AlreadyDone.into()),
        }
        let by = self.actor.account();
        if roles::is_actor(&mut tx, self.actor, person.id).await? {
            return Err(Conflict::NeedsSecondPerson.into());
        }
        insert(&mut tx, now, &assignment, ExemptionKind::StartWithoutNda, &wanted, by, Some(by)).await?;
        note(&mut tx, now, Some(by), Action::StartAllowedWithoutNda, &assignment, &wanted);
        tx.commit().await?;
        Ok(person.id)
    }
}

async fn insert(
    tx: &mut Tx,
    now: Instant,
    assignment: &Assignment,
    kind: ExemptionKind,
    wanted: &Wanted,
    by: AccountId,
    decided_by: Option<AccountId>,
) -> Result<()> {
    let new = NewExemption {
        id: ExemptionId(fresh()),
        assignment: assignment.id,
        kind,
        reason: wanted.reason.as_str(),
        compensating_step: wanted.compensating_step.as_str(),
        ends_on: wanted.ends_on,
        requested_by: by,
    };
    Ok(exemptions::insert(tx, now, &new, decided_by).await?)
}

fn note(tx: &mut Tx, now: Instant, by: Option<AccountId>, action: Action, assignment: &Assignment, wanted: &Wanted) {
    let detail = json!({ "reason": wanted.reason.as_str(), "title": assignment.title, "ends_on": iso_date(wanted.ends_on) });
    audit(tx, now, by, action, Subject::about(assignment.id.0, assignment.person), detail);
}

/// The NDA is signed, so nobody starts without it any more; the entry stays on the register.
pub(super) async fn nda_was_signed(tx: &mut Tx, now: Instant, by: Option<AccountId>, assignment: &Assignment) -> Result<()> {
    if !assignment.starts_without {
        return Ok(());
    }
    for exemption in exemptions::list_of_assignment(tx, assignment.id).await? {
        if exemption.kind == ExemptionKind::StartWithoutNda && exemption.status == Status::InForce {
            exemptions::end(tx, now, exemption.id).await?;
            let subject = Subject::about(exemption.id.0, assignment.person);
            audit(tx, now, by, Action::ExemptionEnded, subject, json!({}));
        }
    }
    Ok(())
}

/// Ends what reached its last day. Returns how many; run by the clock.
///
/// # Errors
/// When the database refuses.
pub async fn end_due(app: &App, now: Instant) -> Result<usize> {
    // A day begins first on Kiritimati, 14 hours before UTC; each person's own zone decides below.
    let furthest = (now + Duration::hours(14)).date();
    let due = exemptions::list_ending(&mut app.store().read().await?, furthest, BATCH).await?;
    let mut ended = 0;
    for exemption in due {
        if exemption.ends_on >= zones::local_date(&exemption.time_zone, now) {
            continue;
        }
        let mut tx = app.store().begin().await?;
        let (person, assignment) = any_assignment_for_change(&mut tx, Scope::All, exemption.assignment).await?;
        match end(&mut tx, now, None, &exemption, &person, &assignment).await {
            Ok(()) => {
                tx.commit().await?;
                ended += 1;
            }
            // Somebody ended it by hand meanwhile.
            Err(Error::Conflict(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(ended)
}

/// Ends an exemption; what it had lifted is asked for again, unless the person left.
async fn end(tx: &mut Tx, now: Instant, by: Option<AccountId>, exemption: &Exemption, person: &Person, assignment: &Assignment) -> Result<()> {
    exemptions::end(tx, now, exemption.id).await?;
    let lifted = matches!(assignment.state, State::Ended { reason: EndReason::Exempt, .. });
    if exemption.kind == ExemptionKind::Exemption && lifted {
        // What nobody asks for any more does not come back; should it be asked again, then anew.
        let reason = match (has_left(person, now), assignment.outside_since) {
            (true, _) => Some(EndReason::Left),
            (false, Some(_)) => Some(EndReason::OutOfGroup),
            (false, None) => None,
        };
        if let Some(reason) = reason {
            assignments::update_state(tx, assignment.id, assignment.state, State::Ended { at: now, reason }, false).await?;
        } else {
            let today = today(person, now);
            let deadline = due_again(person, assignment, today);
            assignments::insert_cycle(tx, assignment, today, deadline, Cause::ExemptionEnded, assignment.late).await?;
        }
    }
    let subject = Subject::about(exemption.id.0, person.id);
    audit(tx, now, by, Action::ExemptionEnded, subject, json!({ "title": assignment.title }));
    Ok(())
}

/// By when somebody has to do what an exemption had lifted. What was overdue before the exemption began is so again at once: an exemption
/// for a day is no new deadline.
fn due_again(person: &Person, lifted: &Assignment, today: Date) -> Deadline {
    match lifted.state {
        State::Ended { at, .. } if lifted.late && lifted.deadline.due_at <= at => lifted.deadline,
        _ => zones::deadline_on(&person.details.time_zone, (today + DAYS_AFTER_END).max(lifted.deadline.due_on)),
    }
}
