//! The NDA: signed by the person, confirmed by HR; or recorded by HR from paper.

use super::{
    Error, Result, Subject, audit,
    copies::freeze,
    desks::{NdaDesk, OwnDesk, ScanDesk},
    documents::{Reopened, what_was_shown},
    duties::deadline,
    exemptions::nda_was_signed,
    found,
    people::{assignment_for_change, has_left, today},
    prove, reading, roles, start_at,
};
use crate::{
    domain::{
        Instant,
        assignment::Cause,
        audit::Action,
        deadlines::{is_late, months_after},
        drawing::Drawing,
        evidence::Proof,
        ids::{AssignmentId, FileId, PersonId},
        person::{Line, MAX_NOTE, Person, iso_date, parse_date},
        problem::{Conflict, Problem, Problems},
        requirement::RequirementKind,
        roles::Permission,
        scan::{MAX_BYTES, MediaType, file_name, recognise},
    },
    server::{
        ids::fresh,
        pdf::{Act, SignedCopy},
        store::{
            Tx,
            assignments::{self, Assignment},
            evidence,
            people::Scope,
            stored_files::{self, FileContent, NewFile},
        },
        zones,
    },
};
use serde_json::json;
use sha2::{Digest, Sha256};
use time::Date;

/// So long before the first working day an NDA can be signed on paper.
const MONTHS_AHEAD: u16 = 12;

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
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let (person, assignment) = assignment_for_change(&mut tx, Scope::Own(self.person), id, RequirementKind::Nda).await?;
        let reopened = what_was_shown(self.app, &mut tx, &assignment, sealed).await?;
        let (typed_name, drawing) = signature.parse()?;
        let next = assignment.state.submit(now)?;
        let late = is_late_at(&person, &assignment, now);
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
    /// `Conflict` when it is not signed yet or was confirmed before, and for one's own where somebody else could.
    pub async fn confirm(&self, now: Instant, id: AssignmentId) -> Result<PersonId> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let (person, assignment) = assignment_for_change(&mut tx, Scope::All, id, RequirementKind::Nda).await?;
        let next = assignment.state.confirm(now)?;
        let alone = roles::attest(&mut tx, now, self.actor, person.id, Permission::ConfirmNda).await?;
        assignments::update_state(&mut tx, id, assignment.state, next, false).await?;
        let account = Some(self.actor.account());
        prove(&mut tx, now, account, id, now, Proof::NdaConfirmation).await?;
        let detail = json!({ "alone": alone });
        audit(&mut tx, now, account, Action::NdaConfirmed, Subject::about(id.0, person.id), detail);
        tx.commit().await?;
        Ok(person.id)
    }

    /// Records an NDA that was signed on paper, with the date on the paper and, where there is one, its scan. Who was in time when it is
    /// too late by now is shown by the scan and not by HR's word alone.
    ///
    /// # Errors
    /// `Invalid` for no date or one that cannot be, for a file that is no scan, and without the scan that is needed; `Conflict` when one is
    /// on record, and for one's own as in `confirm`; `Busy` as [`Upload::read`].
    pub async fn record_on_paper(&self, now: Instant, whose: PersonId, id: AssignmentId, form: &PaperForm<'_>) -> Result<()> {
        let scan = match form.scan {
            Some(upload) => Some(upload.read().await?),
            None => None,
        };
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let (person, assignment) = self.nda_of(&mut tx, whose, id).await?;
        let Paper { signed_on, note, scan } = form.parse(scan, person.details.start_date, today(&person, now))?;
        let alone = roles::attest(&mut tx, now, self.actor, person.id, Permission::ConfirmNda).await?;
        let signed_at = zones::start_of_day(&person.details.time_zone, signed_on);
        let next = assignment.state.submit(signed_at)?.confirm(now)?;
        let late = is_late_at(&person, &assignment, signed_at);
        if !late && scan.is_none() && is_late_at(&person, &assignment, now) {
            return Err(Error::field("scan", Problem::ScanMissing));
        }
        assignments::update_state(&mut tx, id, assignment.state, next, late).await?;
        let account = Some(self.actor.account());
        nda_was_signed(&mut tx, now, account, &assignment).await?;
        let proof = Proof::NdaOnPaper { signed_on, note };
        prove(&mut tx, now, account, id, signed_at, proof).await?;
        let detail = json!({ "signed_on": iso_date(signed_on), "late": late, "alone": alone });
        audit(&mut tx, now, account, Action::NdaRecordedOnPaper, Subject::about(id.0, person.id), detail);
        if let Some(scan) = scan {
            self.keep(&mut tx, now, &assignment, &scan).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Adds a scan to an NDA that is on record from paper.
    ///
    /// # Errors
    /// `Invalid` for a file that is no scan, `Conflict` when nothing is on record from paper; `Busy` as [`Upload::read`].
    pub async fn add_scan(&self, now: Instant, whose: PersonId, id: AssignmentId, upload: Option<Upload<'_>>) -> Result<()> {
        let scan = match upload {
            Some(upload) => upload.read().await?,
            None => Err(Problem::Required),
        };
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let (_, assignment) = self.nda_of(&mut tx, whose, id).await?;
        let evidence = evidence::list(&mut tx, id).await?;
        if !evidence.iter().any(|evidence| matches!(evidence.proof, Proof::NdaOnPaper { .. })) {
            return Err(Conflict::NotYet.into());
        }
        let scan = scan.map_err(|problem| Error::field("scan", problem))?;
        self.keep(&mut tx, now, &assignment, &scan).await?;
        Ok(tx.commit().await?)
    }

    /// Takes back what was signed and asks again. The record stays; what was late stays late, and the new signature is measured
    /// against the start date like the old one.
    ///
    /// # Errors
    /// `Invalid` without a reason; `Conflict` when nothing was signed, it was asked again already, or the person has left, and for one's own
    /// as in `confirm`.
    pub async fn withdraw(&self, now: Instant, id: AssignmentId, reason: &str) -> Result<PersonId> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let (person, assignment) = assignment_for_change(&mut tx, Scope::All, id, RequirementKind::Nda).await?;
        let reason = Line::parse_up_to(reason, MAX_NOTE).map_err(|problem| Error::field("reason", problem))?;
        let newest = assignments::list_of_person(&mut tx, person.id).await?;
        if has_left(&person, now) || !newest.iter().any(|item| item.id == id) {
            return Err(Conflict::Ended.into());
        }
        let next = assignment.state.withdraw(now)?;
        let alone = roles::attest(&mut tx, now, self.actor, person.id, Permission::ConfirmNda).await?;
        assignments::update_state(&mut tx, id, assignment.state, next, false).await?;
        if assignment.outside_since.is_none() {
            let today = today(&person, now);
            let deadline = deadline(&person, assignment.due, Cause::Withdrawn, today);
            assignments::insert_cycle(&mut tx, &assignment, today, deadline, Cause::Withdrawn, assignment.late).await?;
        }
        let account = Some(self.actor.account());
        let detail = json!({ "reason": reason.as_str(), "record": id, "alone": alone });
        audit(&mut tx, now, account, Action::NdaWithdrawn, Subject::about(id.0, person.id), detail);
        tx.commit().await?;
        Ok(person.id)
    }

    /// Loads an NDA of this very person for a change.
    async fn nda_of(&self, tx: &mut Tx, whose: PersonId, id: AssignmentId) -> Result<(Person, Assignment)> {
        let (person, assignment) = assignment_for_change(tx, Scope::All, id, RequirementKind::Nda).await?;
        found((person.id == whose).then_some((person, assignment)))
    }

    async fn keep(&self, tx: &mut Tx, now: Instant, item: &Assignment, scan: &Scan<'_>) -> Result<()> {
        let file = NewFile {
            id: FileId(fresh()),
            assignment: item.id,
            name: &scan.name,
            media_type: scan.media_type,
            sha256: Sha256::digest(scan.content).into(),
            content: scan.content,
        };
        let account = self.actor.account();
        stored_files::insert(tx, now, account, file).await?;
        let proof = Proof::NdaScan {
            file: file.id,
            sha256: file.sha256,
        };
        prove(tx, now, Some(account), item.id, now, proof).await?;
        let detail = json!({ "name": scan.name, "sha256": hex::encode(file.sha256) });
        audit(tx, now, Some(account), Action::NdaScanAdded, Subject::about(item.id.0, item.person), detail);
        Ok(())
    }
}

/// Whether a signature of that moment is late.
pub fn is_late_at(person: &Person, item: &Assignment, at: Instant) -> bool {
    is_late(RequirementKind::Nda, item.cause, at, item.deadline, start_at(person))
}

/// A file as it came.
#[derive(Clone, Copy, Debug)]
pub struct Upload<'a> {
    /// As the browser called it.
    pub name: &'a str,
    /// None: more than `scan::MAX_BYTES`.
    pub content: Option<&'a [u8]>,
}

/// What became of reading an upload.
pub(super) type ReadScan<'a> = std::result::Result<Scan<'a>, Problem>;

/// A file that may be kept.
pub(super) struct Scan<'a> {
    pub(super) name: String,
    pub(super) media_type: MediaType,
    pub(super) content: &'a [u8],
}

impl<'a> Upload<'a> {
    /// Looks through it in its turn. Asked for before a transaction begins: whoever changes anything would wait for the reading, too.
    ///
    /// # Errors
    /// `Busy` when too many wait to have a file read.
    pub(super) async fn read(&self) -> Result<ReadScan<'a>> {
        let Some(content) = self.content else {
            return Ok(Err(Problem::TooManyBytes(MAX_BYTES)));
        };
        let turn = reading::turn().await?;
        let copy = content.to_vec();
        let (turn, recognised) = turn.take(move || recognise(&copy)).await?;
        drop(turn);
        Ok(recognised.map(|media_type| Scan {
            name: file_name(self.name, media_type),
            media_type,
            content,
        }))
    }
}

/// The fields of the form for paper, as they came.
#[derive(Clone, Copy, Debug, Default)]
pub struct PaperForm<'a> {
    pub signed_on: &'a str,
    pub note: &'a str,
    pub scan: Option<Upload<'a>>,
}

struct Paper<'a> {
    signed_on: Date,
    note: String,
    scan: Option<Scan<'a>>,
}

impl PaperForm<'_> {
    fn parse<'a>(&self, scan: Option<ReadScan<'a>>, start: Date, today: Date) -> std::result::Result<Paper<'a>, Problems> {
        let mut problems = Problems::default();
        let signed_on = parse_date(self.signed_on).and_then(|date| match date {
            _ if date > today => Err(Problem::InTheFuture),
            _ if months_after(date, MONTHS_AHEAD) < start => Err(Problem::TooEarly),
            _ => Ok(date),
        });
        let signed_on = problems.take("signed_on", signed_on);
        let note = match self.note.trim() {
            "" => Some(String::new()),
            note => problems.take("note", Line::parse_up_to(note, MAX_NOTE)).map(Line::into_string),
        };
        let scan = problems.take("scan", scan.transpose());
        match (signed_on, note, scan) {
            (Some(signed_on), Some(note), Some(scan)) => Ok(Paper { signed_on, note, scan }),
            _ => Err(problems),
        }
    }
}

impl ScanDesk<'_> {
    /// A scan, for HR and whoever signed it.
    ///
    /// # Errors
    /// `NotFound` for anybody else; `ProofTooOld` for HR.
    pub async fn scan(&self, now: Instant, id: FileId) -> Result<FileContent> {
        let file = found(stored_files::find(&mut self.app.store().read().await?, self.scope, id).await?)?;
        if self.scope == Scope::All {
            self.actor.freshly_proved(now)?;
        }
        Ok(file)
    }
}
