//! PDF copies of what was signed or accepted. An NDA's is frozen when it is signed and served from the stored bytes for ever;
//! every other is rendered when it is asked for, always to the same bytes.

use super::{
    Error, Result,
    desks::PeopleDesk,
    documents::{Signed, digest_of},
    found,
    renewals::year_after,
};
use crate::{
    domain::{
        Instant,
        audit::Digest,
        drawing::Drawing,
        evidence::Proof,
        ids::AssignmentId,
        locale::Locale,
        person::{fold, iso_date},
        roles::Permission,
    },
    server::{
        pdf::{self, Act, Certificate, PdfError, SignedCopy},
        store::{
            StoreError, Tx,
            assignments::{self, Assignment},
            copies::{self, StoredCopy},
            courses::{self, CourseVersion},
            evidence,
        },
        zones,
    },
};
use sha2::{Digest as _, Sha256};
use time::Date;

/// A file to be downloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    /// ASCII letters, digits, hyphens and one dot.
    pub name: String,
    pub content: Vec<u8>,
}

impl From<PdfError> for Error {
    fn from(error: PdfError) -> Self {
        Self::Internal(Box::new(error))
    }
}

/// Renders the copy of what is being signed and keeps it with the exact text, in the transaction that signs. Returns the SHA-256 of
/// the PDF, to be recorded with the signature.
///
/// # Errors
/// `Internal` when the recorded checksum is not that of the text; `Conflict` when there is a copy already.
pub(super) async fn freeze(tx: &mut Tx, now: Instant, assignment: AssignmentId, copy: &SignedCopy<'_>) -> Result<Digest> {
    if digest_of(copy.title, copy.body) != copy.sha256 {
        return Err(StoreError::Corrupt("checksum of a text").into());
    }
    let pdf = pdf::signed_copy(copy)?;
    let pdf_sha256 = Sha256::digest(&pdf).into();
    let stored = StoredCopy {
        language: copy.language,
        title: copy.title.to_owned(),
        body: copy.body.to_owned(),
        sha256: copy.sha256,
        pdf,
        pdf_sha256,
        created_at: now,
    };
    copies::insert(tx, assignment, &stored).await?;
    Ok(pdf_sha256)
}

impl PeopleDesk<'_> {
    /// What is somebody else's is taken away only by whoever proved lately who they are.
    fn may_take_away(&self, now: Instant, item: &Assignment) -> Result<()> {
        if self.actor.person() == Some(item.person) {
            Ok(())
        } else {
            self.actor.freshly_proved(now)
        }
    }

    /// Whether this reader sees from where somebody signed: that is for themself and HR.
    pub fn sees_origin(&self, assignment: &Assignment) -> bool {
        self.actor.person() == Some(assignment.person) || self.actor.may(Permission::ReadContact)
    }

    /// The PDF of what was signed or accepted, for whoever may see that. Who may not see from where it was signed gets a copy
    /// without it, and so never the stored one.
    ///
    /// # Errors
    /// `NotFound` as [`PeopleDesk::signed`], and for what was signed on paper; `ProofTooOld` for somebody else's.
    pub async fn signed_pdf(&self, now: Instant, id: AssignmentId) -> Result<Download> {
        let signed = self.signed(id).await?;
        self.may_take_away(now, &signed.assignment)?;
        let stored = copies::find(&mut self.app.store().read().await?, id).await?;
        signed_file(&self.app.settings().company, &signed, stored, self.sees_origin(&signed.assignment))
    }
}

/// The file of one record; `stored` is what was frozen, if it was.
pub(super) fn signed_file(company: &str, signed: &Signed, stored: Option<StoredCopy>, sees_origin: bool) -> Result<Download> {
    let (at, act, shown, origin) = signed
        .evidence
        .iter()
        .find_map(|evidence| match &evidence.proof {
            Proof::NdaSignature {
                shown,
                typed_name,
                origin,
                drawing,
                ..
            } => {
                let strokes = drawing.as_ref().map_or::<&[_], _>(&[], Drawing::strokes);
                let act = Act::Signature { typed_name, strokes };
                Some((evidence.at, act, shown, origin))
            }
            Proof::PolicyAcceptance { shown, origin } => Some((evidence.at, Act::Acceptance, shown, origin)),
            _ => None,
        })
        .ok_or(Error::NotFound)?;
    let signed_on = zones::local_date(&signed.assignment.time_zone, at);
    let name = |title: &str| file_name(title, &signed.assignment.person_name, signed_on);
    if let Some(stored) = stored.filter(|_| sees_origin) {
        return Ok(Download {
            name: name(&stored.title),
            content: stored.pdf,
        });
    }
    let (version, text) = signed.version.as_ref().zip(signed.text.as_ref()).ok_or(Error::NotFound)?;
    let item = &signed.assignment;
    let copy = SignedCopy {
        company,
        language: text.language,
        title: &text.title,
        body: &text.body,
        sha256: shown.sha256,
        version: version.number,
        published_on: zones::local_date(&item.time_zone, version.published_at),
        person: &item.person_name,
        account: &item.person_name,
        time_zone: &item.time_zone,
        opened_at: shown.opened_at,
        at,
        consent: &shown.consent,
        late: item.late,
        origin: Some(origin).filter(|origin| sees_origin && origin.is_known()),
        act,
    };
    Ok(Download {
        name: name(&text.title),
        content: pdf::signed_copy(&copy)?,
    })
}

impl PeopleDesk<'_> {
    /// The certificate of a passed course, in the reader's language. It names no score.
    ///
    /// # Errors
    /// `NotFound` outside the reader's scope, or when the course is not passed; `ProofTooOld` for somebody else's.
    pub async fn certificate(&self, now: Instant, id: AssignmentId, language: Locale) -> Result<Download> {
        let mut db = self.app.store().read().await?;
        let item = found(assignments::find(&mut db, self.scope, id).await?)?;
        let passed = evidence::list(&mut db, id).await?.into_iter().find_map(|evidence| match evidence.proof {
            Proof::QuizPass { course, .. } => Some((evidence.at, course)),
            _ => None,
        });
        let (at, version) = found(passed)?;
        self.may_take_away(now, &item)?;
        let version = found(courses::find_version(&mut db, version).await?)?;
        certificate_file(&self.app.settings().company, &item, &version, at, language)
    }
}

/// The certificate of one pass.
pub(super) fn certificate_file(company: &str, item: &Assignment, version: &CourseVersion, at: Instant, language: Locale) -> Result<Download> {
    let passed_on = zones::local_date(&item.time_zone, at);
    let course = version.content.title.get(language);
    let certificate = Certificate {
        company,
        language,
        person: &item.person_name,
        course,
        version: version.number,
        passed_at: at,
        passed_on,
        valid_until: Some(year_after(passed_on)),
        reference: &item.id.to_string(),
    };
    Ok(Download {
        name: file_name(course, &item.person_name, passed_on),
        content: pdf::certificate(&certificate)?,
    })
}

/// A name that every file system takes: the title, whose it is, and the day.
fn file_name(title: &str, person: &str, on: Date) -> String {
    let plain = |text: &str| {
        let words: Vec<String> = fold(text)
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        words.join("-").chars().take(60).collect::<String>()
    };
    let parts = [plain(title), plain(person), iso_date(on)];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}.pdf", parts.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn file_names_are_plain() {
        let on = date!(2026 - 11 - 23);
        assert_eq!(
            file_name("Vertraulichkeit & Co", "Jörg Łukasz", on),
            "vertraulichkeit-co-jorg-lukasz-2026-11-23.pdf"
        );
        assert_eq!(file_name("../../etc\r\nX: 1", "\u{202e}", on), "etc-x-1-2026-11-23.pdf");
        assert_eq!(file_name("ж", "ж", on), "2026-11-23.pdf");
    }
}
