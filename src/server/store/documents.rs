//! Policies and NDAs, and their immutable versions.

use super::{Db, Result, StoreError, Tx, on_db};
use crate::domain::{
    Instant,
    audit::Digest,
    ids::{AssignmentId, DocumentId, DocumentVersionId},
    locale::{Bilingual, Locale},
};
use sqlx::FromRow;
use uuid::Uuid;

/// One immutable version of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentVersion {
    pub id: DocumentVersionId,
    pub document: DocumentId,
    /// From 1.
    pub number: i64,
    pub published_at: Instant,
    /// Whether everyone has to accept again.
    pub material: bool,
    /// Honest reading time.
    pub minutes: i64,
    pub title: Bilingual,
    /// Markdown without the title.
    pub body: Bilingual,
    pub sha256_de: Digest,
    pub sha256_en: Digest,
}

impl DocumentVersion {
    /// SHA-256 of the text in one language.
    #[must_use]
    pub const fn sha256(&self, locale: Locale) -> Digest {
        match locale {
            Locale::De => self.sha256_de,
            Locale::En => self.sha256_en,
        }
    }
}

#[derive(FromRow)]
struct VersionRow {
    id: Uuid,
    document_id: Uuid,
    number: i64,
    published_at: Instant,
    material: bool,
    minutes: i64,
    title_de: String,
    title_en: String,
    body_de: String,
    body_en: String,
    sha256_de: Vec<u8>,
    sha256_en: Vec<u8>,
}

impl VersionRow {
    fn into_version(self) -> Result<DocumentVersion> {
        let digest = |bytes: Vec<u8>| Digest::try_from(bytes).map_err(|_| StoreError::Corrupt("document version"));
        Ok(DocumentVersion {
            id: DocumentVersionId(self.id),
            document: DocumentId(self.document_id),
            number: self.number,
            published_at: self.published_at,
            material: self.material,
            minutes: self.minutes,
            title: Bilingual {
                de: self.title_de,
                en: self.title_en,
            },
            body: Bilingual {
                de: self.body_de,
                en: self.body_en,
            },
            sha256_de: digest(self.sha256_de)?,
            sha256_en: digest(self.sha256_en)?,
        })
    }
}

/// A text as it stood in a signed copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrozenText {
    pub language: Locale,
    pub title: String,
    pub body: String,
    pub sha256: Digest,
}

#[derive(FromRow)]
struct ShownRow {
    #[sqlx(flatten)]
    version: VersionRow,
    frozen_language: Option<String>,
    frozen_title: Option<String>,
    frozen_body: Option<String>,
    frozen_sha256: Option<Vec<u8>>,
}

impl ShownRow {
    fn into_shown(self) -> Result<(DocumentVersion, Option<FrozenText>)> {
        let corrupt = || StoreError::Corrupt("signed copy");
        let parts = self.frozen_language.zip(self.frozen_title).zip(self.frozen_body).zip(self.frozen_sha256);
        let frozen = parts.map(|(((language, title), body), sha256)| -> Result<FrozenText> {
            Ok(FrozenText {
                language: Locale::from_tag(&language).ok_or_else(corrupt)?,
                title,
                body,
                sha256: sha256.try_into().map_err(|_| corrupt())?,
            })
        });
        Ok((self.version.into_version()?, frozen.transpose()?))
    }
}

/// Adds a document without a version. `kind` is `nda` or `policy`.
///
/// # Errors
/// When the slug is taken or the database refuses.
pub async fn insert(tx: &mut Tx, id: DocumentId, kind: &str, slug: &str) -> Result<()> {
    on_db!(tx, |c| sqlx::query("insert into document (id, kind, slug) values ($1, $2, $3)")
        .bind(id.0)
        .bind(kind)
        .bind(slug)
        .execute(c)
        .await
        .map(|_| ())?);
    Ok(())
}

/// Adds a version.
///
/// # Errors
/// When the number is taken or the database refuses.
pub async fn insert_version(tx: &mut Tx, version: &DocumentVersion) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "insert into document_version (id, document_id, number, published_at, material, minutes, title_de, title_en, body_de, body_en,
             sha256_de, sha256_en)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    )
    .bind(version.id.0)
    .bind(version.document.0)
    .bind(version.number)
    .bind(version.published_at)
    .bind(version.material)
    .bind(version.minutes)
    .bind(version.title.de.as_str())
    .bind(version.title.en.as_str())
    .bind(version.body.de.as_str())
    .bind(version.body.en.as_str())
    .bind(version.sha256_de.as_slice())
    .bind(version.sha256_en.as_slice())
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

macro_rules! version_columns {
    () => {
        "id, document_id, number, published_at, material, minutes, title_de, title_en, body_de, body_en, sha256_de, sha256_en from document_version"
    };
}

/// The newest version of a document.
///
/// # Errors
/// When the database refuses.
pub async fn find_newest(db: &mut Db, document: DocumentId) -> Result<Option<DocumentVersion>> {
    let row: Option<VersionRow> = on_db!(db, |c| sqlx::query_as(concat!(
        "select ",
        version_columns!(),
        " where document_id = $1 order by number desc limit 1"
    ))
    .bind(document.0)
    .fetch_optional(c)
    .await?);
    row.map(VersionRow::into_version).transpose()
}

/// One version.
///
/// # Errors
/// When the database refuses.
pub async fn find_version(db: &mut Db, id: DocumentVersionId) -> Result<Option<DocumentVersion>> {
    let row: Option<VersionRow> = on_db!(db, |c| sqlx::query_as(concat!("select ", version_columns!(), " where id = $1"))
        .bind(id.0)
        .fetch_optional(c)
        .await?);
    row.map(VersionRow::into_version).transpose()
}

/// The version that was shown under an assignment, with the text as it was frozen then, if it was.
///
/// # Errors
/// When the database refuses.
pub async fn find_shown(db: &mut Db, id: DocumentVersionId, assignment: AssignmentId) -> Result<Option<(DocumentVersion, Option<FrozenText>)>> {
    let row: Option<ShownRow> = on_db!(db, |c| {
        sqlx::query_as(
        "select v.id, v.document_id, v.number, v.published_at, v.material, v.minutes, v.title_de, v.title_en, v.body_de, v.body_en, v.sha256_de, v.sha256_en,
             c.language as frozen_language, c.title as frozen_title, c.body as frozen_body, c.sha256 as frozen_sha256
         from document_version v left join signed_copy c on c.assignment_id = $2 where v.id = $1"
    )
    .bind(id.0)
    .bind(assignment.0)
    .fetch_optional(c)
    .await?
    });
    row.map(ShownRow::into_shown).transpose()
}
