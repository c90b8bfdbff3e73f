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
        audit::Digest,
        evidence::{Evidence, Shown},
        ids::{AssignmentId, DocumentId},
        locale::{Locale, written_date},
        nda_template::pick,
        placeholders::{Values, fill_markdown, fill_plain},
        problem::Conflict,
        requirement::{Material, RequirementKind},
    },
    server::{
        auth::seal::{Opened, open_opened, seal_opened},
        store::{
            Db,
            assignments::{self, Assignment},
            documents::{self, DocumentVersion, Frozen, FrozenText},
            evidence, nda_templates,
            people::Scope,
            stored_files::{self, FileRow},
        },
    },
};
use sha2::{Digest as _, Sha256};

/// A text on the page where it is read and signed or accepted.
#[derive(Clone, Debug)]
pub struct Reading {
    pub assignment: Assignment,
    pub version: DocumentVersion,
    /// That version as this person reads it.
    pub text: Text,
    /// The version that the reader accepted before, and when; none when it is the first time, or an NDA.
    pub before: Option<(DocumentVersion, Instant)>,
    /// Comes back with the form: what was shown, and when it was opened.
    pub sealed: String,
}

/// A text in one language as somebody reads it, with nothing left to fill in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    pub language: Locale,
    pub title: String,
    /// Markdown without the title.
    pub body: String,
    /// As [`digest_of`].
    pub sha256: Digest,
}

impl Text {
    /// A version as it was published.
    pub fn plain(version: &DocumentVersion, language: Locale) -> Self {
        Self {
            language,
            title: version.title.get(language).to_owned(),
            body: version.body.get(language).to_owned(),
            sha256: version.sha256(language),
        }
    }

    fn filled(version: &DocumentVersion, language: Locale, values: &Values) -> Self {
        let title = fill_plain(version.title.get(language), values);
        let body = fill_markdown(version.body.get(language), values);
        Self {
            language,
            sha256: digest_of(&title, &body),
            title,
            body,
        }
    }

    fn frozen(text: FrozenText) -> Self {
        Self {
            language: text.language,
            title: text.title,
            body: text.body,
            sha256: text.sha256,
        }
    }
}

/// What somebody signed or accepted, for ever.
#[derive(Clone, Debug)]
pub struct Signed {
    pub assignment: Assignment,
    /// The version that was shown; none when it was signed on paper.
    pub version: Option<DocumentVersion>,
    /// The exact text: as it was frozen, else that of the version; none on paper, and of an NDA once its signer has a pseudonym.
    pub text: Option<Text>,
    pub evidence: Vec<Evidence>,
    /// Of what was signed on paper.
    pub scans: Vec<FileRow>,
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
        let (version, text) = text_for(self.app, &mut db, &assignment, locale).await?;
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
            sha256: text.sha256,
        };
        Ok(Reading {
            assignment,
            version,
            text,
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
        let (version, text, scans) = match signature.proof.shown() {
            Some(shown) => {
                let (version, frozen) = found(documents::find_shown(&mut db, shown.version, id).await?)?;
                let text = match frozen {
                    Frozen::Nothing => Some(Text::plain(&version, shown.language)),
                    Frozen::Text(text) => Some(Text::frozen(text)),
                    Frozen::Removed => None,
                };
                (Some(version), text, Vec::new())
            }
            None => (None, None, stored_files::list(&mut db, id).await?),
        };
        Ok(Signed {
            assignment,
            version,
            text,
            evidence,
            scans,
        })
    }
}

/// The checksum that evidence names: SHA-256 of title, line feed, body, in UTF-8.
pub(super) fn digest_of(title: &str, body: &str) -> Digest {
    Sha256::new().chain_update(title).chain_update(b"\n").chain_update(body).finalize().into()
}

fn document_of(assignment: &Assignment) -> Result<DocumentId> {
    match assignment.material {
        Material::Document(document) => Ok(document),
        Material::None | Material::Course(_) => Err(Error::NotFound),
    }
}

/// The newest version of an item's text, and how its person reads it: of an NDA the template that is theirs, with everything
/// filled in.
///
/// # Errors
/// `NotFound` when the item has no text.
pub async fn text_for(app: &App, db: &mut Db, assignment: &Assignment, language: Locale) -> Result<(DocumentVersion, Text)> {
    let default = document_of(assignment)?;
    if assignment.kind != RequirementKind::Nda {
        let version = found(documents::find_newest(db, default).await?)?;
        let text = Text::plain(&version, language);
        return Ok((version, text));
    }
    let recipient = found(nda_templates::find_recipient(db, assignment.person).await?)?;
    let document = pick(&recipient.templates, &recipient.group).map_or(default, |template| template.document);
    let version = found(documents::find_newest(db, document).await?)?;
    let values = Values {
        name: recipient.name,
        company: app.settings().company.clone(),
        start_date: written_date(language, recipient.start_date),
    };
    let text = Text::filled(&version, language, &values);
    Ok((version, text))
}

/// What came back with a form, checked: what was shown, and the text that it was.
pub(super) struct Reopened {
    pub shown: Shown,
    pub version: DocumentVersion,
    pub text: Text,
}

/// Opens the seal that came back and makes sure that it names this item and exactly the text that would be shown now.
///
/// # Errors
/// `NotFound` for an altered seal, `Conflict` when the item is done or the text is another one meanwhile: a newer version, another
/// template, or another name or date in it.
pub(super) async fn what_was_shown(app: &App, db: &mut Db, assignment: &Assignment, sealed: &str) -> Result<Reopened> {
    if !matches!(assignment.state, State::Open) {
        return Err(if matches!(assignment.state, State::Ended { .. }) {
            Conflict::Ended
        } else {
            Conflict::AlreadyDone
        }
        .into());
    }
    let opened = found(open_opened(&app.settings().key, sealed).filter(|opened| opened.assignment == assignment.id))?;
    let (version, text) = text_for(app, db, assignment, opened.language).await?;
    if version.id != opened.version || text.sha256 != opened.sha256 {
        return Err(Conflict::NewerVersion.into());
    }
    let shown = Shown {
        version: version.id,
        language: opened.language,
        sha256: text.sha256,
        opened_at: opened.at,
        consent: consent(assignment.kind, opened.language).to_owned(),
    };
    Ok(Reopened { shown, version, text })
}
