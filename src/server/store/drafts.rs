//! Drafts of policies and NDAs: one per document.

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

/// A document with its draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    pub document: DocumentId,
    pub kind: DocumentKind,
    pub draft: Option<Draft>,
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
        Ok(Edited {
            document: DocumentId(self.id),
            kind: DocumentKind::from_stored(&self.kind).ok_or(StoreError::Corrupt("document"))?,
            draft: self.revision.zip(self.updated_at).map(|(revision, updated_at)| Draft {
                texts,
                updated_at,
                updated_by: self.updated_by.unwrap_or_default(),
                revision,
            }),
        })
    }
}

/// A document with its draft.
///
/// # Errors
/// When the database refuses.
pub async fn find(db: &mut Db, document: DocumentId) -> Result<Option<Edited>> {
    let row: Option<EditedRow> = on_db!(db, |c| sqlx::query_as(
        "select d.id, d.kind, f.title_de, f.title_en, f.body_de, f.body_en, f.updated_at, u.name as updated_by, f.revision
         from document d left join document_draft f on f.document_id = d.id left join account u on u.id = f.updated_by
         where d.id = $1"
    )
    .bind(document.0)
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

/// Removes a draft of the revision that was `seen`.
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
    .map(|done| done.rows_affected())?))
}
