//! Copies of what was signed: written once, in the transaction that signs; the database refuses anything else.

use super::{Db, Result, StoreError, Tx, on_db};
use crate::domain::{Instant, audit::Digest, ids::AssignmentId, locale::Locale};
use sqlx::FromRow;

/// A text as it was signed, and the PDF that the signer got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCopy {
    pub language: Locale,
    pub title: String,
    /// Markdown without the title, with nothing left to fill in.
    pub body: String,
    /// SHA-256 of title, line feed, body, in UTF-8.
    pub sha256: Digest,
    pub pdf: Vec<u8>,
    pub pdf_sha256: Digest,
    pub created_at: Instant,
}

#[derive(FromRow)]
struct CopyRow {
    language: String,
    title: String,
    body: String,
    sha256: Vec<u8>,
    pdf: Vec<u8>,
    pdf_sha256: Vec<u8>,
    created_at: Instant,
}

impl CopyRow {
    fn into_copy(self) -> Result<StoredCopy> {
        let corrupt = || StoreError::Corrupt("signed copy");
        Ok(StoredCopy {
            language: Locale::from_tag(&self.language).ok_or_else(corrupt)?,
            title: self.title,
            body: self.body,
            sha256: self.sha256.try_into().map_err(|_| corrupt())?,
            pdf: self.pdf,
            pdf_sha256: self.pdf_sha256.try_into().map_err(|_| corrupt())?,
            created_at: self.created_at,
        })
    }
}

/// Keeps a copy.
///
/// # Errors
/// When there is one already or the database refuses.
pub async fn insert(tx: &mut Tx, assignment: AssignmentId, copy: &StoredCopy) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "insert into signed_copy (assignment_id, language, title, body, sha256, pdf, pdf_sha256, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)"
    )
    .bind(assignment.0)
    .bind(copy.language.tag())
    .bind(copy.title.as_str())
    .bind(copy.body.as_str())
    .bind(copy.sha256.as_slice())
    .bind(copy.pdf.as_slice())
    .bind(copy.pdf_sha256.as_slice())
    .bind(copy.created_at)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// The copy of what was signed under an assignment; none for what was signed on paper or before copies were kept, nor once the signer
/// has a pseudonym.
///
/// # Errors
/// When the database refuses.
pub async fn find(db: &mut Db, assignment: AssignmentId) -> Result<Option<StoredCopy>> {
    let row: Option<CopyRow> = on_db!(db, |c| sqlx::query_as(
        "select language, title, body, sha256, pdf, pdf_sha256, created_at from signed_copy where assignment_id = $1 and pdf is not null"
    )
    .bind(assignment.0)
    .fetch_optional(c)
    .await?);
    row.map(CopyRow::into_copy).transpose()
}
