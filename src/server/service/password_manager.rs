//! The password manager: a person's own word is weak evidence and waits for HR or security to confirm it.

use super::{
    Result, Subject, audit,
    desks::{EnrolmentDesk, OwnDesk},
    people::assignment_for_change,
    prove, roles, start_at,
};
use crate::{
    domain::{
        Instant,
        assignment::State,
        audit::Action,
        deadlines::is_late,
        evidence::Proof,
        ids::{AssignmentId, PersonId},
        requirement::RequirementKind,
        roles::Permission,
    },
    server::store::{assignments, people::Scope},
};
use serde_json::json;

impl OwnDesk<'_> {
    /// Declares that one is enrolled.
    ///
    /// # Errors
    /// `Conflict` when it was declared before.
    pub async fn declare_enrolment(&self, now: Instant, id: AssignmentId) -> Result<()> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let (person, assignment) = assignment_for_change(&mut tx, Scope::Own(self.person), id, RequirementKind::PasswordManager).await?;
        let next = assignment.state.submit(now)?;
        let late = is_late(assignment.kind, assignment.cause, now, assignment.deadline, start_at(&person));
        assignments::update_state(&mut tx, id, assignment.state, next, late).await?;
        let account = Some(self.actor.account());
        let proof = Proof::PasswordManagerDeclaration { origin: self.origin.clone() };
        prove(&mut tx, now, account, id, now, proof).await?;
        audit(
            &mut tx,
            now,
            account,
            Action::PasswordManagerDeclared,
            Subject::about(id.0, person.id),
            json!({ "late": late }),
        );
        Ok(tx.commit().await?)
    }
}

impl EnrolmentDesk<'_> {
    /// Confirms that somebody is enrolled, whether they declared it or not. Returns who.
    ///
    /// # Errors
    /// `Conflict` when it was confirmed before, and for one's own where somebody else could.
    pub async fn confirm(&self, now: Instant, id: AssignmentId) -> Result<PersonId> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let (person, assignment) = assignment_for_change(&mut tx, Scope::All, id, RequirementKind::PasswordManager).await?;
        let alone = roles::attest(&mut tx, now, self.actor, person.id, Permission::ConfirmPasswordManager).await?;
        let next = assignment.state.complete(now)?;
        let late = matches!(assignment.state, State::Open) && is_late(assignment.kind, assignment.cause, now, assignment.deadline, start_at(&person));
        assignments::update_state(&mut tx, id, assignment.state, next, late).await?;
        let account = Some(self.actor.account());
        prove(&mut tx, now, account, id, now, Proof::PasswordManagerConfirmation).await?;
        audit(
            &mut tx,
            now,
            account,
            Action::PasswordManagerConfirmed,
            Subject::about(id.0, person.id),
            json!({ "late": late, "alone": alone }),
        );
        tx.commit().await?;
        Ok(person.id)
    }
}
