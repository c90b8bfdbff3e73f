//! Courses and their immutable versions.

use super::{Db, Result, StoreError, Tx, on_db};
use crate::domain::{
    Instant,
    audit::Digest,
    course::Course,
    ids::{CourseId, CourseVersionId},
};
use sqlx::FromRow;
use uuid::Uuid;

/// One immutable version of a course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourseVersion {
    pub id: CourseVersionId,
    pub course: CourseId,
    /// From 1.
    pub number: i64,
    pub minutes: i64,
    pub content: Course,
}

#[derive(FromRow)]
struct VersionRow {
    id: Uuid,
    course_id: Uuid,
    number: i64,
    minutes: i64,
    content: String,
}

impl VersionRow {
    fn into_version(self) -> Result<CourseVersion> {
        Ok(CourseVersion {
            id: CourseVersionId(self.id),
            course: CourseId(self.course_id),
            number: self.number,
            minutes: self.minutes,
            content: serde_json::from_str(&self.content).map_err(|_| StoreError::Corrupt("course"))?,
        })
    }
}

/// Adds a course with its first version. `sha256` covers the content as stored.
///
/// # Errors
/// When the slug is taken or the database refuses.
pub async fn insert(tx: &mut Tx, now: Instant, slug: &str, version: &CourseVersion, content: &str, sha256: Digest) -> Result<()> {
    on_db!(tx, |c| sqlx::query("insert into course (id, slug) values ($1, $2)")
        .bind(version.course.0)
        .bind(slug)
        .execute(c)
        .await
        .map(|_| ())?);
    on_db!(tx, |c| sqlx::query(
        "insert into course_version (id, course_id, number, published_at, minutes, content, sha256) values ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(version.id.0)
    .bind(version.course.0)
    .bind(version.number)
    .bind(now)
    .bind(version.minutes)
    .bind(content)
    .bind(sha256.as_slice())
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// The newest version of a course.
///
/// # Errors
/// When the database refuses.
pub async fn find_newest(db: &mut Db, course: CourseId) -> Result<Option<CourseVersion>> {
    let row: Option<VersionRow> = on_db!(db, |c| sqlx::query_as(
        "select id, course_id, number, minutes, content from course_version where course_id = $1 order by number desc limit 1"
    )
    .bind(course.0)
    .fetch_optional(c)
    .await?);
    row.map(VersionRow::into_version).transpose()
}

/// One version.
///
/// # Errors
/// When the database refuses.
pub async fn find_version(db: &mut Db, id: CourseVersionId) -> Result<Option<CourseVersion>> {
    let row: Option<VersionRow> = on_db!(db, |c| sqlx::query_as(
        "select id, course_id, number, minutes, content from course_version where id = $1"
    )
    .bind(id.0)
    .fetch_optional(c)
    .await?);
    row.map(VersionRow::into_version).transpose()
}
