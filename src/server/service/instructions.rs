//! Instructions: the person says that they did what is written, with a file where one is asked for; where somebody has to confirm it,
//! it waits for them.

use super::{
    Error, Result, Subject, audit,
    desks::{InstructionDesk, OwnDesk},
    documents::digest_of,
    found,
    nda::{ReadScan, Scan, Upload},
    people::assignment_for_change,
    prove, roles, start_at,
};
use crate::{
    domain::{
        Instant,
        audit::{Action, Digest},
        deadlines::is_late,
        evidence::Proof,
        ids::{AssignmentId, FileId, PersonId},
        locale::Locale,
        person::Person,
        problem::{Conflict, Problem, Problems},
        requirement::{Confirmer, Instruction, RequirementKind},
        roles::Permission,
    },
    server::{
        ids::fresh,
        store::{
            Tx,
            assignments::{self, Assignment},
            people::{self, Scope},
            requirements,
            stored_files::{self, FileContent, NewFile},
        },
    },
};
use serde_json::json;
use sha2::Digest as _;

/// What somebody has to do, as it is shown to them.
#[derive(Clone, Debug)]
pub struct ToDo {
    pub person: Person,
    pub item: Assignment,
    pub instruction: Instruction,
}

impl ToDo {
    /// The checksum of what is shown in a language: title, line feed, text.
    #[must_use]
    pub fn sha256(&self, language: Locale) -> Digest {
        sha256_of(&self.instruction, language)
    }
}

fn sha256_of(instruction: &Instruction, language: Locale) -> Digest {
    digest_of(instruction.title.get(language), instruction.body.get(language))
}

/// The form as it was sent.
#[derive(Clone, Copy, Debug, Default)]
pub struct DoneForm<'a> {
    /// The checksum of what was shown, in hexadecimal.
    pub shown: &'a str,
    pub confirms: bool,
    pub file: Option<Upload<'a>>,
}

impl DoneForm<'_> {
    fn parse<'a>(&self, file: Option<ReadScan<'a>>, instruction: &Instruction) -> Result<Option<Scan<'a>>> {
        let mut problems = Problems::default();
        if !self.confirms {
            problems.add("confirms", Problem::ConsentMissing);
        }
        let file = match file {
            _ if !instruction.needs_file => None,
            Some(file) => problems.take("file", file),
            None => problems.take("file", Err(Problem::Required)),
        };
        if problems.is_empty() { Ok(file) } else { Err(problems.into()) }
    }
}

impl OwnDesk<'_> {
    /// One's own instruction.
    ///
    /// # Errors
    /// `NotFound` when it is not one's own, is no instruction, or its rule has ended.
    pub async fn instruction(&self, id: AssignmentId) -> Result<ToDo> {
        let mut db = self.app.store().read().await?;
        let item = found(assignments::find(&mut db, Scope::Own(self.person), id).await?)?;
        let instruction = found(requirements::find_instruction(&mut db, item.requirement).await?)?;
        let person = found(people::find(&mut db, Scope::Own(self.person), self.person).await?)?;
        Ok(ToDo { person, item, instruction })
    }

    /// Says that one did what an instruction asks. Where nobody has to confirm it, that is enough.
    ///
    /// # Errors
    /// `NotFound` as [`OwnDesk::instruction`]; `Invalid` without the tick or the file that is asked for; `Conflict` when it was done
    /// before, or its text was changed meanwhile; `Busy` as [`Upload::read`].
    pub async fn follow_instruction(&self, now: Instant, id: AssignmentId, language: Locale, form: &DoneForm<'_>) -> Result<()> {
        // Only a file that is asked for is worth the reading.
        let file = match form.file {
            Some(upload) if self.instruction(id).await?.instruction.needs_file => Some(upload.read().await?),
            _ => None,
        };
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let (person, item) = assignment_for_change(&mut tx, Scope::Own(self.person), id, RequirementKind::Instruction).await?;
        let instruction = found(requirements::find_instruction(&mut tx, item.requirement).await?)?;
        let file = form.parse(file, &instruction)?;
        let next = match instruction.confirmed_by {
            Some(_) => item.state.submit(now)?,
            None => item.state.complete(now)?,
        };
        if hex::encode(sha256_of(&instruction, language)) != form.shown {
            return Err(Conflict::NewerVersion.into());
        }
        let late = is_late(item.kind, item.cause, now, item.deadline, start_at(&person));
        assignments::update_state(&mut tx, id, item.state, next, late).await?;
        let file = match file {
            Some(file) => Some(self.keep(&mut tx, now, id, &file).await?),
            None => None,
        };
        let account = Some(self.actor.account());
        let proof = Proof::InstructionDone {
            title: instruction.title.get(language).to_owned(),
            text: instruction.body.get(language).to_owned(),
            language,
            file,
            origin: self.origin.clone(),
        };
        prove(&mut tx, now, account, id, now, proof).await?;
        let detail = json!({ "title": instruction.title, "late": late });
        audit(&mut tx, now, account, Action::InstructionDone, Subject::about(id.0, person.id), detail);
        Ok(tx.commit().await?)
    }

    async fn keep(&self, tx: &mut Tx, now: Instant, item: AssignmentId, file: &Scan<'_>) -> Result<FileId> {
        let kept = NewFile {
            id: FileId(fresh()),
            assignment: item,
            name: &file.name,
            media_type: file.media_type,
            sha256: sha2::Sha256::digest(file.content).into(),
            content: file.content,
        };
        stored_files::insert(tx, now, self.actor.account(), kept).await?;
        Ok(kept.id)
    }
}

impl InstructionDesk<'_> {
    /// Confirms that somebody did what an instruction asks. Returns who.
    ///
    /// # Errors
    /// `NotFound` for what somebody else is to confirm; `Conflict` when it is not done yet, was confirmed before, or is one's own.
    pub async fn confirm(&self, now: Instant, id: AssignmentId) -> Result<PersonId> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let (person, item) = assignment_for_change(&mut tx, Scope::All, id, RequirementKind::Instruction).await?;
        if !self.confirms(&item, &person) {
            return Err(Error::NotFound);
        }
        if roles::is_actor(&mut tx, self.actor, person.id).await? {
            return Err(Conflict::NeedsSecondPerson.into());
        }
        let next = item.state.confirm(now)?;
        assignments::update_state(&mut tx, id, item.state, next, false).await?;
        let account = Some(self.actor.account());
        prove(&mut tx, now, account, id, now, Proof::InstructionConfirmation).await?;
        let detail = json!({ "title": item.title });
        audit(&mut tx, now, account, Action::InstructionConfirmed, Subject::about(id.0, person.id), detail);
        tx.commit().await?;
        Ok(person.id)
    }

    /// What somebody uploaded for an instruction, for whoever is to confirm it.
    ///
    /// # Errors
    /// `NotFound` for what somebody else is to confirm, or has no file; `ProofTooOld`.
    pub async fn file(&self, now: Instant, id: AssignmentId) -> Result<FileContent> {
        let mut db = self.app.store().read().await?;
        let item = found(assignments::find(&mut db, Scope::All, id).await?)?;
        let person = found(people::find(&mut db, Scope::All, item.person).await?)?;
        if item.kind != RequirementKind::Instruction || !self.confirms(&item, &person) {
            return Err(Error::NotFound);
        }
        let file = found(stored_files::list(&mut db, id).await?.pop())?;
        let file = found(stored_files::find(&mut db, Scope::All, file.id).await?)?;
        self.actor.freshly_proved(now)?;
        Ok(file)
    }

    /// Whether this desk is where an item is confirmed. What nobody has to confirm is HR's to look at.
    fn confirms(&self, item: &Assignment, person: &Person) -> bool {
        match item.confirmed_by {
            Some(Confirmer::Hr) | None => self.actor.may(Permission::ConfirmForHr),
            Some(Confirmer::Security) => self.actor.may(Permission::ConfirmForSecurity),
            Some(Confirmer::Manager) => person.manager_id.is_some() && person.manager_id == self.actor.person(),
        }
    }
}
