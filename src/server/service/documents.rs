//! Texts that are read before they are signed or accepted: which version, and what was shown when.

use super::{
    App, Error, Result,
    desks::{OwnDesk, PeopleDesk},
    found,
};
use crate::{
    domain::{
        Instant,
        assignment::State,
        evidence::{Evidence, Shown},
        ids::{AssignmentId, DocumentId},
        locale::Locale,
        problem::Conflict,
        requirement::{Material, RequirementKind},
    },
    server::{
        auth::seal::{Opened, open_opened, seal_opened},
        store::{
            Db,
            assignments::{self, Assignment},
            documents::{self, DocumentVersion},
            evidence,
            people::Scope,
        },
    },
};

/// A text on the page where it is read and signed or accepted.
#[derive(Clone, Debug)]
pub struct Reading {
    pub assignment: Assignment,
    pub version: DocumentVersion,
    /// The version that the reader accepted before, and when; none when it is the first time, or an NDA.
    pub before: Option<(DocumentVersion, Instant)>,
    /// Comes back with the form: what was shown, and when it was opened.
    pub sealed: String,
}

/// What somebody signed or accepted, for ever.
#[derive(Clone, Debug)]
pub struct Signed {
    pub assignment: Assignment,
    /// The text as it stood; none when it was signed on paper.
    pub version: Option<DocumentVersion>,
    pub evidence: Vec<Evidence>,
}

/// The sentence beside the button, recorded as it was shown.
pub const fn consent(kind: RequirementKind, locale: Locale) -> &'static str {
    match (kind, locale) {
        (RequirementKind::Nda, Locale::De) => {
            "Ich habe die Vereinbarung gelesen und bin mit ihr einverstanden. Mein eingegebener Name gilt als meine elektronische Unterschrift."
        }
        (RequirementKind::Nda, Locale::En) => "I have read the agreement and I agree to it. My typed name is my electronic signature.",
        (_, Locale::De) => "Ich habe diese Richtlinie gelesen, verstanden und halte mich daran.",
        (_, Locale::En) => "I have read and understood this policy and will follow it.",
    }
}

impl OwnDesk<'_> {
    /// Opens the text of one's own item.
    ///
    /// # Errors
    /// `NotFound` when the item is not one's own or has no text.
    pub async fn read(&self, now: Instant, id: AssignmentId, kind: RequirementKind, locale: Locale) -> Result<Reading> {
        let mut db = self.app.store().read().await?;
        let assignment = found(
            assignments::find(&mut db, Scope::Own(self.person), id)
                .await?
                .filter(|assignment| assignment.kind == kind),
        )?;
        let version = found(documents::find_newest(&mut db, document_of(&assignment)?).await?)?;
        let before = if kind == RequirementKind::Policy && assignment.cycle > 1 {
            documents::find_last_accepted(&mut db, self.person, assignment.requirement).await?
        } else {
            None
        };
        let opened = Opened {
            assignment: id,
            version: version.id,
            language: locale,
            at: now,
        };
        Ok(Reading {
            assignment,
            version,
            before,
            sealed: seal_opened(&self.app.settings().key, opened),
        })
    }
}

impl PeopleDesk<'_> {
    /// What was signed or accepted, with the evidence. For the signer, HR and the auditor; a manager sees only passed and date.
    ///
    /// # Errors
    /// `NotFound` outside the reader's scope, or when nothing was signed yet.
    pub async fn signed(&self, id: AssignmentId) -> Result<Signed> {
        if matches!(self.scope, Scope::ReportsOf(_)) {
            return Err(Error::NotFound);
        }
        let mut db = self.app.store().read().await?;
        let assignment = found(assignments::find(&mut db, self.scope, id).await?)?;
        let evidence = evidence::list(&mut db, id).await?;
        let signature = found(evidence.iter().find(|evidence| evidence.proof.is_signature()))?;
        let version = match signature.proof.shown() {
            Some(shown) => Some(found(documents::find_version(&mut db, shown.version).await?)?),
            None => None,
        };
        Ok(Signed { assignment, version, evidence })
    }
}

fn document_of(assignment: &Assignment) -> Result<DocumentId> {
    match assignment.material {
        Material::Document(document) => Ok(document),
        Material::None | Material::Course(_) => Err(Error::NotFound),
    }
}

/// Opens the seal that came back and makes sure that it names this item and the newest version.
///
/// # Errors
/// `NotFound` for an altered seal, `Conflict` when the item is done or the text was replaced meanwhile.
pub(super) async fn what_was_shown(app: &App, db: &mut Db, assignment: &Assignment, sealed: &str) -> Result<Shown> {
    if !matches!(assignment.state, State::Open) {
        return Err(if matches!(assignment.state, State::Ended { .. }) {
            Conflict::Ended
        } else {
            Conflict::AlreadyDone
        }
        .into());
    }
    let opened = found(open_opened(&app.settings().key, sealed).filter(|opened| opened.assignment == assignment.id))?;
    let version = found(documents::find_newest(db, document_of(assignment)?).await?)?;
    if version.id != opened.version {
        return Err(Conflict::NewerVersion.into());
    }
    Ok(Shown {
        version: version.id,
        language: opened.language,
        sha256: version.sha256(opened.language),
        opened_at: opened.at,
        consent: consent(assignment.kind, opened.language).to_owned(),
    })
}
