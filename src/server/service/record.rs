//! A person's own record: everything they signed, accepted and passed, in every cycle, as a list and as one archive to take along.

use super::{
    Error, Result,
    copies::{Download, certificate_file, signed_file},
    desks::OwnDesk,
    documents::{Signed, Text},
    found,
};
use crate::{
    domain::{
        assignment::{EndReason, State},
        evidence::{Evidence, Proof},
        ids::FileId,
        locale::Locale,
        person::{iso_date, iso_moment},
        requirement::RequirementKind,
    },
    server::store::{
        Db,
        assignments::{self, Assignment},
        copies, courses, documents, evidence,
        people::Scope,
        stored_files::{self, FileContent},
    },
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::io::{Cursor, Write};
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

/// One item in one of its cycles, with what proves it.
#[derive(Clone, Debug)]
pub struct Entry {
    pub item: Assignment,
    pub evidence: Vec<Evidence>,
}

impl Entry {
    /// Whether there is something to take along.
    pub fn has_copy(&self) -> bool {
        self.evidence.iter().any(|evidence| evidence.proof.shown().is_some())
    }

    /// What was uploaded for an instruction.
    pub fn file(&self) -> Option<FileId> {
        self.evidence.iter().find_map(|evidence| match evidence.proof {
            Proof::InstructionDone { file, .. } => file,
            _ => None,
        })
    }

    /// When a course was passed.
    pub fn passed(&self) -> Option<&Evidence> {
        self.evidence.iter().find(|evidence| matches!(evidence.proof, Proof::QuizPass { .. }))
    }
}

impl OwnDesk<'_> {
    /// One's own record, in the order of the checklist, the newest cycle of each item first. Left out is what nothing happened
    /// to yet.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn record(&self) -> Result<Vec<Entry>> {
        self.entries(&mut self.app.store().read().await?).await
    }

    async fn entries(&self, db: &mut Db) -> Result<Vec<Entry>> {
        let newest = assignments::list_of_person(db, self.person).await?;
        let mut earlier = assignments::list_earlier_cycles(db, self.person).await?;
        let mut proofs = evidence::list_of_person(db, self.person).await?;
        let mut entries = Vec::new();
        for item in newest {
            let (own, rest) = earlier.into_iter().partition(|one| one.requirement == item.requirement);
            earlier = rest;
            for item in std::iter::once(item).chain::<Vec<Assignment>>(own) {
                let evidence = proofs
                    .extract_if(.., |(id, _)| *id == item.id)
                    .map(|(_, evidence)| evidence)
                    .collect::<Vec<_>>();
                if !evidence.is_empty() || !matches!(item.state, State::Open | State::Ended { .. }) {
                    entries.push(Entry { item, evidence });
                }
            }
        }
        Ok(entries)
    }

    /// One's own record as one archive: the copies and certificates as PDF, a list to read, and the same for machines.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn archive(&self, language: Locale) -> Result<Download> {
        let mut db = self.app.store().read().await?;
        let entries = self.entries(&mut db).await?;
        let company = self.app.settings().company.clone();
        let mut sources = Vec::with_capacity(entries.len());
        for entry in entries {
            sources.push(source(&mut db, entry).await?);
        }
        drop(db);
        // Setting type takes a while; others are served meanwhile.
        let content = tokio::task::spawn_blocking(move || pack(&company, language, sources))
            .await
            .map_err(|error| Error::Internal(Box::new(error)))??;
        Ok(Download {
            name: "antritt.zip".to_owned(),
            content,
        })
    }
}

/// What a file of the archive is made of.
struct Source {
    entry: Entry,
    text: Option<documents::DocumentVersion>,
    stored: Option<copies::StoredCopy>,
    course: Option<courses::CourseVersion>,
    scans: Vec<FileContent>,
}

async fn source(db: &mut Db, entry: Entry) -> Result<Source> {
    let shown = entry.evidence.iter().find_map(|evidence| evidence.proof.shown());
    let text = match shown {
        Some(shown) => Some(found(documents::find_version(db, shown.version).await?)?),
        None => None,
    };
    let stored = match shown {
        Some(_) => copies::find(db, entry.item.id).await?,
        None => None,
    };
    let course = match entry.passed().map(|evidence| &evidence.proof) {
        Some(Proof::QuizPass { course, .. }) => courses::find_version(db, *course).await?,
        _ => None,
    };
    let mut scans = Vec::new();
    for evidence in &entry.evidence {
        if let Proof::NdaScan { file, .. } | Proof::InstructionDone { file: Some(file), .. } = evidence.proof {
            scans.extend(stored_files::find(db, Scope::Own(entry.item.person), file).await?);
        }
    }
    Ok(Source {
        entry,
        text,
        stored,
        course,
        scans,
    })
}

fn pack(company: &str, language: Locale, sources: Vec<Source>) -> Result<Vec<u8>> {
    let broken = |error: zip::result::ZipError| Error::Internal(Box::new(error));
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // No dates of the clock: the same record gives the same archive.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut add = |name: &str, content: &[u8]| -> Result<()> {
        archive.start_file(name, options).map_err(broken)?;
        archive.write_all(content).map_err(|error| Error::Internal(Box::new(error)))
    };
    let (mut listed, mut lines) = (Vec::new(), vec![list_title(language, company)]);
    for (number, source) in (1..).zip(sources) {
        let file = file_of(company, language, &source)?.map(|file| (format!("{number:02}-{}", file.name), file.content));
        lines.push(line(language, &source, file.as_ref().map(|(name, _)| name.as_str())));
        listed.push(machine_readable(&source, file.as_ref()));
        if let Some((name, content)) = file {
            add(&name, &content)?;
        }
        for (page, scan) in (1..).zip(&source.scans) {
            add(&format!("{number:02}-{page}-{}", scan.name), &scan.content)?;
        }
    }
    add(list_name(language), format!("{}\n", lines.join("\n\n")).as_bytes())?;
    let listed = serde_json::to_vec_pretty(&json!({ "company": company, "items": listed })).map_err(|error| Error::Internal(Box::new(error)))?;
    add("record.json", &listed)?;
    Ok(archive.finish().map_err(broken)?.into_inner())
}

fn file_of(company: &str, language: Locale, source: &Source) -> Result<Option<Download>> {
    let Entry { item, evidence } = &source.entry;
    if let Some((version, shown)) = source.text.as_ref().zip(evidence.iter().find_map(|evidence| evidence.proof.shown())) {
        let signed = Signed {
            assignment: item.clone(),
            version: Some(version.clone()),
            text: Some(Text::plain(version, shown.language)),
            evidence: evidence.clone(),
            scans: Vec::new(),
        };
        return signed_file(company, &signed, source.stored.clone(), true).map(Some);
    }
    match (&source.course, source.entry.passed()) {
        (Some(course), Some(pass)) => certificate_file(company, item, course, pass.at, language).map(Some),
        _ => Ok(None),
    }
}

const fn list_name(language: Locale) -> &'static str {
    match language {
        Locale::De => "Meine Nachweise.txt",
        Locale::En => "My record.txt",
    }
}

fn list_title(language: Locale, company: &str) -> String {
    match language {
        Locale::De => format!("Meine Nachweise\n{company}"),
        Locale::En => format!("My record\n{company}"),
    }
}

/// One item in words: what, when, which file.
fn line(language: Locale, source: &Source, file: Option<&str>) -> String {
    let item = &source.entry.item;
    let title = source
        .text
        .as_ref()
        .map(|text| text.title.get(language).to_owned())
        .or_else(|| source.course.as_ref().map(|course| course.content.title.get(language).to_owned()))
        .or_else(|| instructed(&source.entry).map(|(title, _)| title.to_owned()))
        .unwrap_or_else(|| kind(language, item.kind).to_owned());
    let mut lines = vec![title, standing(language, item.state).to_owned()];
    if let State::Ended {
        at,
        reason: EndReason::Withdrawn,
    } = item.state
    {
        lines.push(format!("{}: {}", withdrawn(language), iso_moment(at)));
    }
    for evidence in &source.entry.evidence {
        lines.push(format!("{}: {}", proof(language, &evidence.proof), when(evidence)));
        lines.extend(evidence.proof.shown().map(|shown| format!("SHA-256: {}", hex::encode(shown.sha256))));
    }
    lines.extend(instructed(&source.entry).map(|(_, text)| text.to_owned()));
    lines.extend(file.map(|file| format!("→ {file}")));
    lines.join("\n  ")
}

/// Title and text of an instruction, as they were shown.
fn instructed(entry: &Entry) -> Option<(&str, &str)> {
    entry.evidence.iter().find_map(|evidence| match &evidence.proof {
        Proof::InstructionDone { title, text, .. } => Some((title.as_str(), text.as_str())),
        _ => None,
    })
}

const fn kind(language: Locale, kind: RequirementKind) -> &'static str {
    let (german, english) = match kind {
        RequirementKind::Nda => ("Vertraulichkeitsvereinbarung", "Confidentiality agreement"),
        RequirementKind::BackgroundCheck => ("Hintergrundüberprüfung", "Background check"),
        RequirementKind::Policy => ("Sicherheitsrichtlinie", "Security policy"),
        RequirementKind::Training => ("Sicherheitsschulung", "Security training"),
        RequirementKind::PasswordManager => ("Passwort-Manager", "Password manager"),
        RequirementKind::Instruction => ("Aufgabe", "Task"),
    };
    match language {
        Locale::De => german,
        Locale::En => english,
    }
}

/// When it happened: the day where only that is known, else the instant.
fn when(evidence: &Evidence) -> String {
    match evidence.proof {
        Proof::NdaOnPaper { signed_on: day, .. } | Proof::CheckResult { completed_on: day, .. } => iso_date(day),
        _ => iso_moment(evidence.at),
    }
}

const fn withdrawn(language: Locale) -> &'static str {
    match language {
        Locale::De => "zurückgezogen, gilt nicht mehr",
        Locale::En => "withdrawn, counts no more",
    }
}

const fn standing(language: Locale, state: State) -> &'static str {
    let (german, english) = match state {
        State::Open => ("offen", "open"),
        State::Waiting { .. } => ("wartet auf andere", "waits for others"),
        State::Done { .. } => ("erledigt", "done"),
        State::Failed { .. } => ("nicht bestanden", "not cleared"),
        State::Ended { .. } => ("beendet", "ended"),
    };
    match language {
        Locale::De => german,
        Locale::En => english,
    }
}

const fn proof(language: Locale, proof: &Proof) -> &'static str {
    let (german, english) = match proof {
        Proof::NdaSignature { .. } | Proof::NdaOnPaper { .. } => ("unterschrieben", "signed"),
        Proof::PolicyAcceptance { .. } => ("angenommen", "accepted"),
        Proof::NdaScan { .. } => ("Scan abgelegt", "scan added"),
        Proof::QuizPass { .. } => ("bestanden", "passed"),
        Proof::CheckConsent { .. } => ("eingewilligt", "consented"),
        Proof::CheckResult { .. } => ("abgeschlossen", "completed"),
        Proof::PasswordManagerDeclaration { .. } => ("von mir gemeldet", "declared by me"),
        Proof::PasswordManagerMember { .. } => ("durch die Liste des Anbieters belegt", "proven by the vendor's list"),
        Proof::InstructionDone { .. } => ("erledigt", "done"),
        Proof::NdaConfirmation | Proof::PasswordManagerConfirmation | Proof::InstructionConfirmation => ("bestätigt", "confirmed"),
    };
    match language {
        Locale::De => german,
        Locale::En => english,
    }
}

/// The same for machines. Of a background check status and dates only, as everywhere.
fn machine_readable(source: &Source, file: Option<&(String, Vec<u8>)>) -> Value {
    let Entry { item, evidence } = &source.entry;
    let proofs: Vec<_> = evidence
        .iter()
        .map(|evidence| {
            let shown = evidence.proof.shown();
            json!({
                "kind": evidence.proof.kind(),
                "at": when(evidence),
                "at_unix": evidence.at.unix_timestamp(),
                "recorded_at_unix": evidence.recorded_at.unix_timestamp(),
                "language": shown.map(|shown| shown.language.tag()),
                "text_sha256": shown.map(|shown| hex::encode(shown.sha256)),
            })
        })
        .collect();
    json!({
        "item": item.kind.as_str(),
        "cycle": item.cycle,
        "title": source.text.as_ref().map(|text| json!({ "de": text.title.de, "en": text.title.en })),
        "version": source.text.as_ref().map(|text| text.number).or_else(|| source.course.as_ref().map(|course| course.number)),
        "state": item.state.as_str(),
        "end_reason": match item.state {
            State::Ended { reason, .. } => Some(reason.as_str()),
            _ => None,
        },
        "late": item.late,
        "due_on": iso_date(item.deadline.due_on),
        "proofs": proofs,
        "file": file.map(|(name, content)| json!({ "name": name, "sha256": hex::encode(Sha256::digest(content)) })),
    })
}
