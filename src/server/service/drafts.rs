//! Writing policies and NDAs: a draft per document, saved as often as one likes, seen by nobody else. Two editors never overwrite
//! each other unawares: the slower one is refused, and gets back what they typed beside what the other saved.

use super::{Error, Result, Subject, audit, desks::DocumentDesk, found, markdown, when_stale};
use crate::{
    domain::{
        Instant,
        audit::Action,
        document::{DocumentKind, MAX_BODY, Texts},
        ids::DocumentId,
        person::Line,
        problem::{Conflict, Problems},
        slug::own_slug,
    },
    server::{
        ids::fresh,
        store::{
            Db, Tx,
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
    /// What stands in the form: the draft, else the newest version.
    pub fn texts(&self) -> Texts {
        let draft = self.edited.draft.as_ref().map(|draft| draft.texts.clone());
        draft.or_else(|| self.versions.first().map(texts_of)).unwrap_or_else(empty)
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
        let slug = own_slug(&texts.title.en, "policy", id.0);
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        documents::insert(&mut tx, id, DocumentKind::Policy.as_str(), &slug).await?;
        drafts::save(&mut tx, now, self.actor.account(), id, &texts, 0).await?;
        self.note(&mut tx, now, Action::DocumentAdded, id, json!({ "title": texts.title }));
        tx.commit().await?;
        Ok(id)
    }

    /// Saves a draft over revision `seen`. Says whether anything changed.
    ///
    /// # Errors
    /// `Invalid` with every problem found; `Conflict` when somebody else saved meanwhile.
    pub async fn save(&self, now: Instant, id: DocumentId, seen: i64, form: DraftForm<'_>) -> Result<bool> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let edited = self.edited(&mut tx, id).await?;
        let texts = form.parse()?;
        let on_record = match edited.draft {
            Some(draft) => Some(draft.texts),
            None => documents::find_newest(&mut tx, id).await?.as_ref().map(texts_of),
        };
        if on_record.as_ref() == Some(&texts) {
            return Ok(false);
        }
        let saved = drafts::save(&mut tx, now, self.actor.account(), id, &texts, seen).await;
        saved.map_err(when_stale(Conflict::ChangedMeanwhile))?;
        self.note(&mut tx, now, Action::DocumentDraftSaved, id, json!({ "title": texts.title }));
        tx.commit().await?;
        Ok(true)
    }

    /// Drops the draft of revision `seen`; a policy that was never published goes with it. Says whether the document stays.
    ///
    /// # Errors
    /// `Conflict` when there is no draft, or somebody else saved meanwhile.
    pub async fn discard(&self, now: Instant, id: DocumentId, seen: i64) -> Result<bool> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let edited = self.edited(&mut tx, id).await?;
        let title = edited.draft.ok_or(Conflict::AlreadyDone)?.texts.title;
        drafts::delete(&mut tx, id, seen).await.map_err(when_stale(Conflict::DraftChanged))?;
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
        found(drafts::find(db, id).await?.filter(|edited| self.writes(edited.kind)))
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
