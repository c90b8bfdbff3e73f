//! The NDA: signed by the person, confirmed by HR; or recorded by HR from paper.

use super::{
    Error, Result, Subject, audit,
    copies::freeze,
    desks::{NdaDesk, OwnDesk},
    documents::{Reopened, what_was_shown},
    exemptions::nda_was_signed,
    people::{assignment_for_change, today},
    prove, start_at,
};
use crate::{
    domain::{
        Instant,
        audit::Action,
        deadlines::is_late,
        drawing::Drawing,
        evidence::Proof,
        ids::{AssignmentId, PersonId},
        person::{Line, MAX_NOTE, iso_date, parse_date},
        problem::{Problem, Problems},
        requirement::RequirementKind,
    },
    server::{
        pdf::{Act, SignedCopy},
        store::{
            assignments::{self, Assignment},
            people::Scope,
        },
        zones,
    },
};
use serde_json::json;

/// The fields of a signature, as they came.
#[derive(Clone, Copy, Debug, Default)]
pub struct SignatureForm<'a> {
    pub typed_name: &'a str,
    pub consents: bool,
    /// As `domain::drawing`; empty when nothing was drawn.
    pub drawing: &'a str,
}

impl SignatureForm<'_> {
    fn parse(&self) -> std::result::Result<(Line, Option<Drawing>), Problems> {
        let mut problems = Problems::default();
        let typed_name = problems.take("typed_name", Line::parse(self.typed_name));
        let drawing = problems.take("drawing", Drawing::parse(self.drawing));
        if !self.consents {
            problems.add("consents", Problem::ConsentMissing);
        }
        typed_name.zip(drawing).filter(|_| self.consents).ok_or(problems)
    }
}

impl OwnDesk<'_> {
    /// Signs one's own NDA.
    ///
    /// # Errors
    /// `Invalid` without a name or consent; `Conflict` when it was signed before or the text was replaced meanwhile.
    pub async fn sign_nda(&self, now: Instant, id: AssignmentId, sealed: &str, signature: &SignatureForm<'_>) -> Result<()> {
        let mut tx = self.app.store().begin().await?;
        let (person, assignment) = assignment_for_change(&mut tx, Scope::Own(self.person), id, RequirementKind::Nda).await?;
        let reopened = what_was_shown(self.app, &mut tx, &assignment, sealed).await?;
        let (typed_name, drawing) = signature.parse()?;
        let next = assignment.state.submit(now)?;
        let late = is_late(RequirementKind::Nda, assignment.cause, now, assignment.deadline, start_at(&person));
        assignments::update_state(&mut tx, id, assignment.state, next, late).await?;
        nda_was_signed(&mut tx, now, Some(self.actor.account()), &assignment).await?;
        let late = late || assignment.late;
        let copy = self.copy_of(now, &assignment, &reopened, late, typed_name.as_str(), drawing.as_ref());
        let pdf_sha256 = Some(freeze(&mut tx, now, id, &copy).await?);
        let proof = Proof::NdaSignature {
            shown: reopened.shown,
            typed_name: typed_name.into_string(),
            origin: self.origin.clone(),
            drawing,
            pdf_sha256,
        };
        let account = Some(self.actor.account());
        prove(&mut tx, now, account, id, now, proof).await?;
        audit(
            &mut tx,
            now,
            account,
            Action::NdaSigned,
            Subject::about(id.0, person.id),
            json!({ "late": late }),
        );
        Ok(tx.commit().await?)
    }

    fn copy_of<'a>(
        &'a self,
        now: Instant,
        item: &'a Assignment,
        reopened: &'a Reopened,
        late: bool,
        typed_name: &'a str,
        drawing: Option<&'a Drawing>,
    ) -> SignedCopy<'a> {
        let Reopened { shown, version, text } = reopened;
        SignedCopy {
            company: &self.app.settings().company,
            language: text.language,
            title: &text.title,
            body: &text.body,
            sha256: text.sha256,
            version: version.number,
            published_on: zones::local_date(&item.time_zone, version.published_at),
            person: &item.person_name,
            account: &item.person_name,
            time_zone: &item.time_zone,
            opened_at: shown.opened_at,
            at: now,
            consent: &shown.consent,
            late,
            origin: Some(&self.origin),
            act: Act::Signature {
                typed_name,
                strokes: drawing.map_or(&[], Drawing::strokes),
            },
        }
    }
}

impl NdaDesk<'_> {
    /// Confirms a signed NDA. Returns whose it is.
    ///
    /// # Errors
    /// `Conflict` when it is not signed yet or was confirmed before.
    pub async fn confirm(&self, now: Instant, id: AssignmentId) -> Result<PersonId> {
        let mut tx = self.app.store().begin().await?;
        let (person, assignment) = assignment_for_change(&mut tx, Scope::All, id, RequirementKind::Nda).await?;
        let next = assignment.state.confirm(now)?;
        assignments::update_state(&mut tx, id, assignment.state, next, false).await?;
        let account = Some(self.actor.account());
        prove(&mut tx, now, account, id, now, Proof::NdaConfirmation).await?;
        audit(&mut tx, now, account, Action::NdaConfirmed, Subject::about(id.0, person.id), json!({}));
        tx.commit().await?;
        Ok(person.id)
    }

    /// Records an NDA that was signed on paper, with the date on the paper.
    ///
    /// # Errors
    /// `Invalid` for a date in the future or none, `Conflict` when one is on record.
    pub async fn record_on_paper(&self, now: Instant, id: AssignmentId, signed_on: &str, note: &str) -> Result<PersonId> {
        let mut tx = self.app.store().begin().await?;
        let (person, assignment) = assignment_for_change(&mut tx, Scope::All, id, RequirementKind::Nda).await?;
        let mut problems = Problems::default();
        let signed_on = parse_date(signed_on).and_then(|date| if date > today(&person, now) { Err(Problem::InTheFuture) } else { Ok(date) });
        let signed_on = problems.take("signed_on", signed_on);
        let note = match note.trim() {
            "" => Some(String::new()),
            note => problems.take("note", Line::parse_up_to(note, MAX_NOTE)).map(Line::into_string),
        };
        let (Some(signed_on), Some(note)) = (signed_on, note) else {
            return Err(Error::from(problems));
        };
        let signed_at = zones::start_of_day(&person.details.time_zone, signed_on);
        let next = assignment.state.submit(signed_at)?.confirm(now)?;
        let late = is_late(RequirementKind::Nda, assignment.cause, signed_at, assignment.deadline, start_at(&person));
        assignments::update_state(&mut tx, id, assignment.state, next, late).await?;
        let account = Some(self.actor.account());
        nda_was_signed(&mut tx, now, account, &assignment).await?;
        let proof = Proof::NdaOnPaper { signed_on, note };
        prove(&mut tx, now, account, id, signed_at, proof).await?;
        let detail = json!({ "signed_on": iso_date(signed_on), "late": late });
        audit(&mut tx, now, account, Action::NdaRecordedOnPaper, Subject::about(id.0, person.id), detail);
        tx.commit().await?;
        Ok(person.id)
    }
}
