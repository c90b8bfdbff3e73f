//! The person's side of a background check: what is lawful, what a provider may be asked, and whether they agree. Nobody asks
//! for a reason.

use super::{Error, Result, Subject, audit, desks::OwnDesk, found, people::assignment_for_change, prove};
use crate::{
    domain::{
        Instant,
        assignment::State,
        audit::Action,
        check_profile::Consent,
        evidence::{Evidence, Proof},
        ids::AssignmentId,
        locale::Locale,
        problem::{Conflict, Problem},
        requirement::RequirementKind,
    },
    server::store::{
        assignments::{self, Assignment},
        checks::{self, CheckFile},
        evidence,
        people::Scope,
    },
};
use serde_json::json;

/// A check as its person sees it.
#[derive(Clone, Debug)]
pub struct OwnCheck {
    pub assignment: Assignment,
    pub file: CheckFile,
    /// What they agreed to last; only while it holds.
    pub agreed: Option<Evidence>,
}

/// The sentence beside the button, recorded as it was shown.
pub const fn consent(locale: Locale) -> &'static str {
    match locale {
        Locale::De => {
            "Ich willige ein, dass die genannten Prüfungen bei einem Dienstleister angefordert werden und dass hier Anbieter, Aktenzeichen, Daten und Ergebnis festgehalten werden. Die Einwilligung kann ich jederzeit für die Zukunft widerrufen."
        }
        Locale::En => {
            "I agree that the checks named above are requested from a provider, and that provider, reference, dates and outcome are recorded here. I can withdraw my consent for the future at any time."
        }
    }
}

impl OwnDesk<'_> {
    /// One's own check.
    ///
    /// # Errors
    /// `NotFound` when the item is not one's own or is no check.
    pub async fn check(&self, id: AssignmentId) -> Result<OwnCheck> {
        let mut db = self.app.store().read().await?;
        let assignment = found(assignments::find(&mut db, Scope::Own(self.person), id).await?)?;
        let file = found(checks::find(&mut db, id).await?)?;
        let agreed = if file.consent == Consent::Given {
            let is_consent = |one: &Evidence| matches!(one.proof, Proof::CheckConsent { .. });
            evidence::list(&mut db, id).await?.into_iter().rfind(is_consent)
        } else {
            None
        };
        Ok(OwnCheck { assignment, file, agreed })
    }

    /// Agrees that a provider is asked. `version` names the profile that was shown, `language` in which language.
    ///
    /// # Errors
    /// `Invalid` without the tick; `Conflict` when nothing is asked, or the profile was changed meanwhile.
    pub async fn give_consent(&self, now: Instant, id: AssignmentId, version: i64, language: Locale, consents: bool) -> Result<()> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let (person, assignment) = assignment_for_change(&mut tx, Scope::Own(self.person), id, RequirementKind::BackgroundCheck).await?;
        let CheckFile { profile, consent: said, .. } = found(checks::find(&mut tx, id).await?)?;
        refuse_when_over(&assignment)?;
        if said.allows_a_provider() {
            return Err(Conflict::AlreadyDone.into());
        }
        if profile.version != version {
            return Err(Conflict::NewerVersion.into());
        }
        if !consents {
            return Err(Error::field("consents", Problem::ConsentMissing));
        }
        checks::upsert_consent(&mut tx, now, id, true).await?;
        let profile = profile.profile;
        let proof = Proof::CheckConsent {
            sentence: profile.sentence.get(language).to_owned(),
            asked: profile.asked_of_providers().map(|choice| choice.label.get(language).to_owned()).collect(),
            consent: consent(language).to_owned(),
            language,
            origin: self.origin.clone(),
        };
        let account = Some(self.actor.account());
        prove(&mut tx, now, account, id, now, proof).await?;
        audit(&mut tx, now, account, Action::CheckConsentGiven, Subject::about(id.0, person.id), json!({}));
        Ok(tx.commit().await?)
    }

    /// Does not agree, or no longer.
    ///
    /// # Errors
    /// `Conflict` when nothing is asked, or this was said before.
    pub async fn refuse_consent(&self, now: Instant, id: AssignmentId) -> Result<()> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let (person, assignment) = assignment_for_change(&mut tx, Scope::Own(self.person), id, RequirementKind::BackgroundCheck).await?;
        refuse_when_over(&assignment)?;
        let action = match found(checks::find(&mut tx, id).await?)?.consent {
            Consent::Missing => Action::CheckConsentRefused,
            Consent::Given => Action::CheckConsentWithdrawn,
            Consent::Refused | Consent::NotNeeded => return Err(Conflict::AlreadyDone.into()),
        };
        checks::upsert_consent(&mut tx, now, id, false).await?;
        audit(&mut tx, now, Some(self.actor.account()), action, Subject::about(id.0, person.id), json!({}));
        Ok(tx.commit().await?)
    }
}

fn refuse_when_over(assignment: &Assignment) -> Result<()> {
    match assignment.state {
        State::Done { .. } => Err(Conflict::AlreadyDone.into()),
        State::Ended { .. } => Err(Conflict::Ended.into()),
        State::Open | State::Waiting { .. } | State::Failed { .. } => Ok(()),
    }
}
