//! Drafts of policies and NDAs: one per document, and what editors typed while somebody else saved.

use super::{Db, Result, StoreError, Tx, exactly_one, on_db};
use crate::domain::{
    Instant,
    document::{DocumentKind, Texts},
    ids::{AccountId, DocumentId},
    locale::Bilingual,
};
use sqlx::FromRow;
use uuid::Uuid;

/// A draft as it was saved last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub texts: Texts,
    pub updated_at: Instant,
    /// The name of the account that saved it.
    pub updated_by: String,
    /// From 1.
    pub revision: i64,
}

/// A document with its draft, as one editor finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    pub document: DocumentId,
    pub kind: DocumentKind,
    pub draft: Option<Draft>,
    /// What this editor typed while somebody else saved.
    pub aside: Option<(Texts, Instant)>,
}

#[derive(FromRow)]
struct EditedRow {
    id: Uuid,
    kind: String,
    title_de: Option<String>,
    title_en: Option<String>,
    body_de: Option<String>,
    body_en: Option<String>,
    updated_at: Option<Instant>,
    updated_by: Option<String>,
    revision: Option<i64>,
    aside_title_de: Option<String>,
    aside_title_en: Option<String>,
    aside_body_de: Option<String>,
    aside_body_en: Option<String>,
    set_aside_at: Option<Instant>,
}

impl EditedRow {
    fn into_edited(self) -> Result<Edited> {
        let both = |de: Option<String>, en: Option<String>| Bilingual {
            de: de.unwrap_or_default(),
            en: en.unwrap_or_default(),
        };
        let texts = Texts {
            title: both(self.title_de, self.title_en),
            body: both(self.body_de, self.body_en),
        };
        let aside = Texts {
            title: both(self.aside_title_de, self.aside_title_en),
            body: both(self.aside_body_de, self.aside_body_en),
        };
        Ok(Edited {
            document: DocumentId(self.id),
            kind: DocumentKind::from_stored(&self.kind).ok_or(StoreError::Corrupt("document"))?,
            draft: self.revision.zip(self.updated_at).map(|(revision, updated_at)| Draft {
                texts,
                updated_at,
                updated_by: self.updated_by.unwrap_or_default(),
                revision,
            }),
            aside: self.set_aside_at.map(|at| (aside, at)),
        })
    }
}

/// A document with its draft, and what this editor has set aside.
///
/// # Errors
/// When the database refuses.
pub async fn find(db: &mut Db, document: DocumentId, editor: AccountId) -> Result<Option<Edited>> {
    let row: Option<EditedRow> = on_db!(db, |c| sqlx::query_as(
        "select d.id, d.kind, f.title_de, f.title_en, f.body_de, f.body_en, f.updated_at, u.name as updated_by, f.revision,
             s.title_de as aside_title_de, s.title_en as aside_title_en, s.body_de as aside_body_de, s.body_en as aside_body_en, s.set_aside_at
         from document d left join document_draft f on f.document_id = d.id left join account u on u.id = f.updated_by
         left join document_draft_aside s on s.document_id = d.id and s.account_id = $2
         where d.id = $1"
    )
    .bind(document.0)
    .bind(editor.0)
    .fetch_optional(c)
    .await?);
    row.map(EditedRow::into_edited).transpose()
}

/// Saves a draft over the revision that was `seen`; 0 where there was none.
///
/// # Errors
/// `Stale` when somebody else saved meanwhile.
pub async fn save(tx: &mut Tx, now: Instant, by: AccountId, document: DocumentId, texts: &Texts, seen: i64) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "insert into document_draft (document_id, title_de, title_en, body_de, body_en, updated_at, updated_by, revision)
         select $1, $2, $3, $4, $5, $6, $7, 1 where $8 = 0 or exists (select 1 from document_draft x where x.document_id = $1)
         on conflict (document_id) do update set title_de = excluded.title_de, title_en = excluded.title_en, body_de = excluded.body_de,
             body_en = excluded.body_en, updated_at = excluded.updated_at, updated_by = excluded.updated_by, revision = document_draft.revision + 1
         where document_draft.revision = $8"
    )
    .bind(document.0)
    .bind(&*texts.title.de)
    .bind(&*texts.title.en)
    .bind(&*texts.body.de)
    .bind(&*texts.body.en)
    .bind(now)
    .bind(by.0)
    .bind(seen)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Removes a draft of the revision that was `seen`, and whatever was typed beside it.
///
/// # Errors
/// `Stale` when somebody else saved meanwhile.
pub async fn delete(tx: &mut Tx, document: DocumentId, seen: i64) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "delete from document_draft where document_id = $1 and revision = $2"
    )
    .bind(document.0)
    .bind(seen)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))?;
    on_db!(tx, |c| sqlx::query("delete from document_draft_aside where document_id = $1")
        .bind(document.0)
        .execute(c)
        .await
        .map(|_| ())?);
    Ok(())
}

/// Keeps what an editor typed while somebody else saved.
///
/// # Errors
/// When the database refuses.
pub async fn set_aside(tx: &mut Tx, now: Instant, editor: AccountId, document: DocumentId, texts: &Texts) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "insert into document_draft_aside (document_id, account_id, title_de, title_en, body_de, body_en, set_aside_at) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (document_id, account_id) do update set title_de = excluded.title_de, title_en = excluded.title_en, body_de = excluded.body_de,
             body_en = excluded.body_en, set_aside_at = excluded.set_aside_at"
    )
    .bind(document.0)
    .bind(editor.0)
    .bind(&*texts.title.de)
    .bind(&*texts.title.en)
    .bind(&*texts.body.de)
    .bind(&*texts.body.en)
    .bind(now)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// Drops what an editor had set aside, if anything.
///
/// # Errors
/// When the database refuses.
pub async fn drop_aside(tx: &mut Tx, editor: AccountId, document: DocumentId) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "delete from document_draft_aside where document_id = $1 and account_id = $2"
    )
    .bind(document.0)
    .bind(editor.0)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}
