//! Scans of what was signed on paper: appended, never changed; the database refuses anything else.

use super::{Db, Result, StoreError, Tx, on_db, people::Scope};
use crate::domain::{
    Instant,
    audit::Digest,
    ids::{AccountId, AssignmentId, FileId},
    scan::MediaType,
};
use sqlx::FromRow;
use uuid::Uuid;

/// A scan to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewFile<'a> {
    pub id: FileId,
    pub assignment: AssignmentId,
    /// Cleaned by `domain::scan::file_name`.
    pub name: &'a str,
    pub media_type: MediaType,
    pub sha256: Digest,
    pub content: &'a [u8],
}

/// Keeps a scan.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &mut Tx, now: Instant, by: AccountId, file: NewFile<'_>) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "insert into stored_file (id, assignment_id, file_name, media_type, size, sha256, content, uploaded_at, uploaded_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    )
    .bind(file.id.0)
    .bind(file.assignment.0)
    .bind(file.name)
    .bind(file.media_type.as_str())
    .bind(i64::try_from(file.content.len()).unwrap_or(i64::MAX))
    .bind(file.sha256.as_slice())
    .bind(file.content)
    .bind(now)
    .bind(by.0)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// A scan without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRow {
    pub id: FileId,
    /// None once the file itself is gone, because the person has a pseudonym.
    pub name: Option<String>,
    pub media_type: MediaType,
    /// In bytes.
    pub size: i64,
    pub sha256: Digest,
    pub uploaded_at: Instant,
    pub uploaded_by: String,
}

/// A scan as it is handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileContent {
    pub name: String,
    pub media_type: MediaType,
    pub content: Vec<u8>,
}

#[derive(FromRow)]
struct ListRow {
    id: Uuid,
    file_name: Option<String>,
    media_type: String,
    size: i64,
    sha256: Vec<u8>,
    uploaded_at: Instant,
    uploaded_by: String,
}

fn media_type(stored: &str) -> Result<MediaType> {
    MediaType::from_stored(stored).ok_or(StoreError::Corrupt("file"))
}

/// The scans of an assignment, oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &mut Db, assignment: AssignmentId) -> Result<Vec<FileRow>> {
    let rows: Vec<ListRow> = on_db!(db, |c| sqlx::query_as(
        "select f.id, f.file_name, f.media_type, f.size, f.sha256, f.uploaded_at, u.name as uploaded_by
         from stored_file f join account u on u.id = f.uploaded_by where f.assignment_id = $1 order by f.uploaded_at, f.id"
    )
    .bind(assignment.0)
    .fetch_all(c)
    .await?);
    let file = |row: ListRow| {
        Ok(FileRow {
            id: FileId(row.id),
            media_type: media_type(&row.media_type)?,
            name: row.file_name,
            size: row.size,
            sha256: Digest::try_from(row.sha256).map_err(|_| StoreError::Corrupt("file"))?,
            uploaded_at: row.uploaded_at,
            uploaded_by: row.uploaded_by,
        })
    };
    rows.into_iter().map(file).collect()
}

/// A scan whose assignment lies within a scope, unless it is gone.
///
/// # Errors
/// When the database refuses.
pub async fn find(db: &mut Db, scope: Scope, id: FileId) -> Result<Option<FileContent>> {
    let (manager, own) = scope.bindings();
    let row: Option<(String, String, Vec<u8>)> = on_db!(db, |c| sqlx::query_as(
        "select f.file_name, f.media_type, f.content from stored_file f join assignment a on a.id = f.assignment_id join person p on p.id = a.person_id
         where f.id = $1 and f.content is not null and ($2 is null or p.manager_id = $2) and ($3 is null or p.id = $3)"
    )
    .bind(id.0)
    .bind(manager)
    .bind(own)
    .fetch_optional(c)
    .await?);
    row.map(|(name, stored, content)| {
        Ok(FileContent {
            name,
            media_type: media_type(&stored)?,
            content,
        })
    })
    .transpose()
}
