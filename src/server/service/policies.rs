//! Policies: read to the end, then accepted in exactly the version and language that was shown.

use super::{Error, Result, Subject, audit, desks::OwnDesk, documents::what_was_shown, people::assignment_for_change, prove, start_at};
use crate::{
    domain::{Instant, audit::Action, deadlines::is_late, evidence::Proof, ids::AssignmentId, problem::Problem, requirement::RequirementKind},
    server::store::{assignments, dialect, people::Scope},
};
use serde_json::json;

impl OwnDesk<'_> {
    /// Accepts a policy.
    ///
    /// # Errors
    /// `Invalid` without consent; `Conflict` when it was accepted before or the text was replaced meanwhile.
    pub async fn accept_policy(&self, now: Instant, id: AssignmentId, sealed: &str, consents: bool) -> Result<()> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        dialect::hold_publishing(&mut tx).await?;
        let (person, assignment) = assignment_for_change(&mut tx, Scope::Own(self.person), id, RequirementKind::Policy).await?;
        let shown = what_was_shown(self.app, &mut tx, &assignment, sealed).await?.shown;
        if !consents {
            return Err(Error::field("consents", Problem::ConsentMissing));
        }
        let next = assignment.state.complete(now)?;
        let late = is_late(assignment.kind, assignment.cause, now, assignment.deadline, start_at(&person));
        assignments::update_state(&mut tx, id, assignment.state, next, late).await?;
        let account = Some(self.actor.account());
        let proof = Proof::PolicyAcceptance {
            shown,
            origin: self.origin.clone(),
        };
        prove(&mut tx, now, account, id, now, proof).await?;
        let detail = json!({ "late": late, "title": assignment.title });
        audit(&mut tx, now, account, Action::PolicyAccepted, Subject::about(id.0, person.id), detail);
        Ok(tx.commit().await?)
    }
}
