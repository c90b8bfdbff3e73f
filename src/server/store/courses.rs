//! Courses: drafts, immutable versions, images.

use super::{Db, Result, StoreError, Tx, exactly_one, on_db};
use crate::domain::{
    Instant,
    audit::Digest,
    course::Course,
    ids::{AccountId, CourseId, CourseVersionId},
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

/// A course that is being written, beside what is published of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourseRow {
    pub id: CourseId,
    pub slug: String,
    /// The newest version: its number, when it was published, and its content.
    pub published: Option<(i64, Instant, Course)>,
    pub draft: Option<CourseDraft>,
}

impl CourseRow {
    /// What its authors see: the draft, else what is published.
    #[must_use]
    pub fn content(&self) -> Option<&Course> {
        let draft = self.draft.as_ref().map(|draft| &draft.content);
        draft.or(self.published.as_ref().map(|(.., content)| content))
    }

    /// The draft's revision, if there is one.
    #[must_use]
    pub fn revision(&self) -> Option<i64> {
        self.draft.as_ref().map(|draft| draft.revision)
    }
}

/// The next version as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourseDraft {
    pub content: Course,
    /// From 1; counted up by every change.
    pub revision: i64,
    pub updated_at: Instant,
    /// The name of the account that changed it last.
    pub updated_by: String,
}

/// A version in the history of its course.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct VersionRow {
    pub number: i64,
    pub published_at: Instant,
    /// Whether everyone who had passed was asked to pass again.
    pub material: bool,
    /// Of the content as stored.
    pub sha256: Vec<u8>,
}

/// An uploaded image.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ImageRow {
    pub media_type: String,
    pub content: Vec<u8>,
}

/// Adds a course without a version.
///
/// # Errors
/// When the slug is taken or the database refuses.
pub async fn insert(tx: &mut Tx, id: CourseId, slug: &str) -> Result<()> {
    on_db!(tx, |c| sqlx::query("insert into course (id, slug) values ($1, $2)")
        .bind(id.0)
        .bind(slug)
        .execute(c)
        .await
        .map(|_| ())?);
    Ok(())
}

/// Adds a version. `content` is the version's content as it is to be stored, and `sha256` covers it.
///
/// # Errors
/// When the number is taken or the database refuses.
pub async fn insert_version(tx: &mut Tx, now: Instant, version: &CourseVersion, content: &str, sha256: Digest, material: bool) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "insert into course_version (id, course_id, number, published_at, minutes, content, sha256, material, title_de, title_en)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    )
    .bind(version.id.0)
    .bind(version.course.0)
    .bind(version.number)
    .bind(now)
    .bind(version.minutes)
    .bind(content)
    .bind(sha256.as_slice())
    .bind(material)
    .bind(version.content.title.de.as_str())
    .bind(version.content.title.en.as_str())
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

type RawVersion = (Uuid, Uuid, i64, i64, String);

fn read_version((id, course, number, minutes, content): RawVersion) -> Result<CourseVersion> {
    Ok(CourseVersion {
        id: CourseVersionId(id),
        course: CourseId(course),
        number,
        minutes,
        content: read_content(&content)?,
    })
}

/// The newest version of a course.
///
/// # Errors
/// When the database refuses.
pub async fn find_newest(db: &mut Db, course: CourseId) -> Result<Option<CourseVersion>> {
    let row: Option<RawVersion> = on_db!(db, |c| sqlx::query_as(
        "select id, course_id, number, minutes, content from course_version where course_id = $1 order by number desc limit 1"
    )
    .bind(course.0)
    .fetch_optional(c)
    .await?);
    row.map(read_version).transpose()
}

/// One version.
///
/// # Errors
/// When the database refuses.
pub async fn find_version(db: &mut Db, id: CourseVersionId) -> Result<Option<CourseVersion>> {
    let row: Option<RawVersion> = on_db!(db, |c| sqlx::query_as(
        "select id, course_id, number, minutes, content from course_version where id = $1"
    )
    .bind(id.0)
    .fetch_optional(c)
    .await?);
    row.map(read_version).transpose()
}

fn read_content(stored: &str) -> Result<Course> {
    serde_json::from_str(stored).map_err(|_| StoreError::Corrupt("course"))
}

#[derive(FromRow)]
struct RawCourse {
    id: Uuid,
    slug: String,
    number: Option<i64>,
    published_at: Option<Instant>,
    content: Option<String>,
    draft: Option<String>,
    revision: Option<i64>,
    updated_at: Option<Instant>,
    updated_by: Option<String>,
}

impl RawCourse {
    fn into_row(self) -> Result<CourseRow> {
        let published = match (self.number, self.published_at, self.content) {
            (Some(number), Some(at), Some(content)) => Some((number, at, read_content(&content)?)),
            _ => None,
        };
        let draft = match (self.draft, self.revision, self.updated_at, self.updated_by) {
            (Some(content), Some(revision), Some(updated_at), Some(updated_by)) => Some(CourseDraft {
                content: read_content(&content)?,
                revision,
                updated_at,
                updated_by,
            }),
            _ => None,
        };
        Ok(CourseRow {
            id: CourseId(self.id),
            slug: self.slug,
            published,
            draft,
        })
    }
}

macro_rules! course_columns {
    () => {
        "k.id, k.slug, v.number, v.published_at, v.content, d.content as draft, d.revision, d.updated_at, b.name as updated_by
         from course k
         left join course_version v on v.course_id = k.id and v.number = (select max(x.number) from course_version x where x.course_id = k.id)
         left join course_draft d on d.course_id = k.id
         left join account b on b.id = d.updated_by"
    };
}

/// One course, as its authors see it.
///
/// # Errors
/// When the database refuses.
pub async fn find(db: &mut Db, id: CourseId) -> Result<Option<CourseRow>> {
    let row: Option<RawCourse> = on_db!(db, |c| sqlx::query_as(concat!("select ", course_columns!(), " where k.id = $1"))
        .bind(id.0)
        .fetch_optional(c)
        .await?);
    row.map(RawCourse::into_row).transpose()
}

/// Every course, the oldest first. A company has a handful.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &mut Db) -> Result<Vec<CourseRow>> {
    let rows: Vec<RawCourse> = on_db!(db, |c| sqlx::query_as(concat!("select ", course_columns!(), " order by k.id"))
        .fetch_all(c)
        .await?);
    rows.into_iter().map(RawCourse::into_row).collect()
}

/// The versions of a course, the newest first.
///
/// # Errors
/// When the database refuses.
pub async fn list_versions(db: &mut Db, course: CourseId) -> Result<Vec<VersionRow>> {
    Ok(on_db!(db, |c| sqlx::query_as(
        "select number, published_at, material, sha256 from course_version where course_id = $1 order by number desc"
    )
    .bind(course.0)
    .fetch_all(c)
    .await?))
}

/// Writes a draft. `seen` is the revision that was changed; none where there was no draft.
///
/// # Errors
/// `Stale` when somebody else changed it meanwhile.
pub async fn save_draft(tx: &mut Tx, now: Instant, course: CourseId, content: &str, seen: Option<i64>, by: AccountId) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "insert into course_draft (course_id, content, revision, updated_at, updated_by) values ($1, $2, $3 + 1, $4, $5)
         on conflict (course_id) do update set content = excluded.content, revision = excluded.revision, updated_at = excluded.updated_at,
             updated_by = excluded.updated_by
         where course_draft.revision = $3"
    )
    .bind(course.0)
    .bind(content)
    .bind(seen.unwrap_or_default())
    .bind(now)
    .bind(by.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Drops a draft.
///
/// # Errors
/// `Stale` when somebody else changed it meanwhile.
pub async fn delete_draft(tx: &mut Tx, course: CourseId, seen: i64) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query("delete from course_draft where course_id = $1 and revision = $2")
        .bind(course.0)
        .bind(seen)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}

/// Forgets a course that was never published and has no draft any more.
///
/// # Errors
/// When something refers to it, or the database refuses.
pub async fn delete(tx: &mut Tx, course: CourseId) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query("delete from course where id = $1")
        .bind(course.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}

/// Keeps an image under its content's SHA-256. Says whether it is new.
///
/// # Errors
/// When the database refuses.
pub async fn insert_image(tx: &mut Tx, now: Instant, sha256: &Digest, image: &ImageRow, by: AccountId) -> Result<bool> {
    let rows = on_db!(tx, |c| sqlx::query(
        "insert into course_image (sha256, media_type, content, uploaded_at, uploaded_by) values ($1, $2, $3, $4, $5) on conflict do nothing"
    )
    .bind(sha256.as_slice())
    .bind(image.media_type.as_str())
    .bind(image.content.as_slice())
    .bind(now)
    .bind(by.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?);
    Ok(rows == 1)
}

/// An image by its content's SHA-256.
///
/// # Errors
/// When the database refuses.
pub async fn find_image(db: &mut Db, sha256: &Digest) -> Result<Option<ImageRow>> {
    Ok(on_db!(db, |c| sqlx::query_as("select media_type, content from course_image where sha256 = $1")
        .bind(sha256.as_slice())
        .fetch_optional(c)
        .await?))
}

/// What every image is called.
///
/// # Errors
/// When the database refuses.
pub async fn list_images(db: &mut Db) -> Result<Vec<Digest>> {
    let rows: Vec<Vec<u8>> = on_db!(db, |c| sqlx::query_scalar("select sha256 from course_image").fetch_all(c).await?);
    rows.into_iter()
        .map(|sha256| Digest::try_from(sha256).map_err(|_| StoreError::Corrupt("image")))
        .collect()
}
