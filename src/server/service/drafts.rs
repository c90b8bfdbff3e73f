//! Writing policies and NDAs: a draft per document, saved as often as one likes, seen by nobody else. Two editors never overwrite
//! each other unawares: what the slower one typed is kept beside the draft.

use super::{Error, Result, Subject, audit, desks::DocumentDesk, found, markdown};
use crate::{
    domain::{
        Instant,
        audit::Action,
        document::{DocumentKind, MAX_BODY, Saved, Texts, slug},
        ids::DocumentId,
        person::Line,
        problem::{Conflict, Problems},
    },
    server::{
        ids::fresh,
        store::{
            Db, StoreError, Tx,
            documents::{self, DocumentSummary, DocumentVersion},
            drafts::{self, Edited},
        },
        zones,
    },
};
use serde_json::json;

/// The two titles and texts as they were typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DraftForm<'a> {
    pub title_de: &'a str,
    pub title_en: &'a str,
    pub body_de: &'a str,
    pub body_en: &'a str,
}

impl DraftForm<'_> {
    fn parse(&self) -> Result<Texts> {
        Ok(Texts::parse([self.title_de, self.title_en], [self.body_de, self.body_en])?)
    }
}

/// A document on the page where it is written.
#[derive(Clone, Debug)]
pub struct Writing {
    pub edited: Edited,
    /// The newest first.
    pub versions: Vec<DocumentVersion>,
    /// Where its readers' dates are told: the company's zone.
    pub time_zone: String,
}

impl Writing {
    /// What stands in the form: what was typed and set aside, else the draft, else the newest version.
    pub fn texts(&self) -> Texts {
        let Edited { draft, aside, .. } = &self.edited;
        let newest = || self.versions.first().map(texts_of);
        let texts = aside.as_ref().map(|(texts, _)| texts).or_else(|| draft.as_ref().map(|draft| &draft.texts));
        texts.cloned().or_else(newest).unwrap_or_else(empty)
    }

    /// The revision that the form saw; 0 without a draft.
    pub fn revision(&self) -> i64 {
        self.edited.draft.as_ref().map_or(0, |draft| draft.revision)
    }
}

impl DocumentDesk<'_> {
    /// The documents that this editor may write.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn list(&self, now: Instant) -> Result<Vec<DocumentSummary>> {
        let today = zones::local_date(&self.app.settings().time_zone, now);
        let mut all = documents::list(&mut self.app.store().read().await?, now, today).await?;
        all.retain(|document| self.writes(document.kind));
        Ok(all)
    }

    /// A document as this editor finds it.
    ///
    /// # Errors
    /// `NotFound` when there is none that they may write.
    pub async fn open(&self, id: DocumentId) -> Result<Writing> {
        let mut db = self.app.store().read().await?;
        Ok(Writing {
            edited: self.edited(&mut db, id).await?,
            versions: documents::list_versions(&mut db, id).await?,
            time_zone: self.app.settings().time_zone.clone(),
        })
    }

    /// Begins a policy. It is asked of nobody before it is published.
    ///
    /// # Errors
    /// `Invalid` with every problem found; `NotFound` for somebody who may not write policies.
    pub async fn add_policy(&self, now: Instant, title_de: &str, title_en: &str) -> Result<DocumentId> {
        if !self.writes(DocumentKind::Policy) {
            return Err(Error::NotFound);
        }
        let mut problems = Problems::default();
        let title_de = problems.take("title_de", Line::parse(title_de));
        let title_en = problems.take("title_en", Line::parse(title_en));
        let (Some(title_de), Some(title_en)) = (title_de, title_en) else {
            return Err(problems.into());
        };
        let id = DocumentId(fresh());
        let mut texts = empty();
        texts.title.de = title_de.into_string();
        texts.title.en = title_en.into_string();
        // Two policies may have the same title; the end of the id tells their names apart.
        let unique = id.to_string();
        let slug = format!("{}-{}", slug(&texts.title.en), unique.get(unique.len() - 6..).unwrap_or_default());
        let mut tx = self.app.store().begin().await?;
        documents::insert(&mut tx, id, DocumentKind::Policy.as_str(), &slug).await?;
        drafts::save(&mut tx, now, self.actor.account(), id, &texts, 0).await?;
        self.note(&mut tx, now, Action::DocumentAdded, id, json!({ "title": texts.title }));
        tx.commit().await?;
        Ok(id)
    }

    /// Saves a draft over revision `seen`.
    ///
    /// # Errors
    /// `Invalid` with every problem found.
    pub async fn save(&self, now: Instant, id: DocumentId, seen: i64, form: DraftForm<'_>) -> Result<Saved> {
        let mut tx = self.app.store().begin().await?;
        let edited = self.edited(&mut tx, id).await?;
        let texts = form.parse()?;
        let by = self.actor.account();
        let on_record = match &edited.draft {
            Some(draft) => Some(draft.texts.clone()),
            None => documents::find_newest(&mut tx, id).await?.as_ref().map(texts_of),
        };
        if on_record.as_ref() == Some(&texts) && edited.aside.is_none() {
            return Ok(Saved::Unchanged);
        }
        if edited.draft.as_ref().map_or(0, |draft| draft.revision) != seen {
            return self.set_aside(tx, now, id, &texts).await;
        }
        match drafts::save(&mut tx, now, by, id, &texts, seen).await {
            // Somebody saved between the question and the answer.
            Err(StoreError::Stale) => return self.set_aside(tx, now, id, &texts).await,
            saved => saved?,
        }
        drafts::drop_aside(&mut tx, by, id).await?;
        self.note(&mut tx, now, Action::DocumentDraftSaved, id, json!({ "title": texts.title }));
        tx.commit().await?;
        Ok(Saved::Saved)
    }

    async fn set_aside(&self, mut tx: Tx, now: Instant, id: DocumentId, texts: &Texts) -> Result<Saved> {
        drafts::set_aside(&mut tx, now, self.actor.account(), id, texts).await?;
        // Nobody but this editor ever sees it, so it is no change to the record.
        tx.commit_housekeeping().await?;
        Ok(Saved::SetAside)
    }

    /// Drops what this editor had typed while somebody else saved.
    ///
    /// # Errors
    /// `NotFound` when there is no such document.
    pub async fn drop_aside(&self, id: DocumentId) -> Result<()> {
        let mut tx = self.app.store().begin().await?;
        self.edited(&mut tx, id).await?;
        drafts::drop_aside(&mut tx, self.actor.account(), id).await?;
        Ok(tx.commit_housekeeping().await?)
    }

    /// Drops the draft of revision `seen`; a policy that was never published goes with it. Says whether the document stays.
    ///
    /// # Errors
    /// `Conflict` when there is no draft, or somebody else saved meanwhile.
    pub async fn discard(&self, now: Instant, id: DocumentId, seen: i64) -> Result<bool> {
        let mut tx = self.app.store().begin().await?;
        let edited = self.edited(&mut tx, id).await?;
        let title = edited.draft.ok_or(Conflict::AlreadyDone)?.texts.title;
        drafts::delete(&mut tx, id, seen).await.map_err(draft_changed)?;
        let stays = edited.kind == DocumentKind::Nda || documents::find_newest(&mut tx, id).await?.is_some();
        if !stays {
            documents::delete(&mut tx, id).await?;
        }
        self.note(&mut tx, now, Action::DocumentDraftDiscarded, id, json!({ "title": title }));
        tx.commit().await?;
        Ok(stays)
    }

    /// How a text will look to its readers. A long one takes a while, and others shall not wait for it.
    ///
    /// # Errors
    /// When the rendering breaks down.
    pub async fn preview(&self, text: String) -> Result<String> {
        let shown: String = text.chars().take(MAX_BODY).collect();
        let rendered = tokio::task::spawn_blocking(move || markdown::render(&shown)).await;
        rendered.map_err(|error| Error::Internal(Box::new(error)))
    }

    pub(super) async fn edited(&self, db: &mut Db, id: DocumentId) -> Result<Edited> {
        found(drafts::find(db, id, self.actor.account()).await?.filter(|edited| self.writes(edited.kind)))
    }

    /// Whether this editor may write documents of a kind.
    pub fn writes(&self, kind: DocumentKind) -> bool {
        self.actor.may(kind.permission())
    }

    pub(super) fn note(&self, tx: &mut Tx, now: Instant, action: Action, id: DocumentId, detail: serde_json::Value) {
        audit(tx, now, Some(self.actor.account()), action, Subject::thing(id.0), detail);
    }
}

/// What a version says.
pub fn texts_of(version: &DocumentVersion) -> Texts {
    Texts {
        title: version.title.clone(),
        body: version.body.clone(),
    }
}

fn empty() -> Texts {
    let nothing = || crate::domain::locale::Bilingual {
        de: String::new(),
        en: String::new(),
    };
    Texts {
        title: nothing(),
        body: nothing(),
    }
}

/// A draft of another revision than the one that was seen.
pub(super) fn draft_changed(error: StoreError) -> Error {
    match error {
        StoreError::Stale => Conflict::DraftChanged.into(),
        other => other.into(),
    }
}
