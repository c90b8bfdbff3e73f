//! Policies and NDAs, and their immutable versions.

use super::{Db, Result, StoreError, Tx, exactly_one, newest, on_db};
use crate::domain::{
    Instant,
    audit::Digest,
    document::DocumentKind,
    ids::{AccountId, AssignmentId, DocumentId, DocumentVersionId, PersonId, RequirementId},
    locale::{Bilingual, Locale},
};
use sqlx::FromRow;
use time::Date;
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
    pub release: Release,
}

/// How a version was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// None: it came with the installation.
    pub by: Option<AccountId>,
    /// From when it counts; by then those who are asked again have to have accepted.
    pub effective_on: Option<Date>,
    /// What changed, in the editor's words; empty when nothing was said.
    pub change: Bilingual,
}

impl Release {
    /// Came with the installation.
    #[must_use]
    pub const fn shipped() -> Self {
        Self {
            by: None,
            effective_on: None,
            change: Bilingual {
                de: String::new(),
                en: String::new(),
            },
        }
    }
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
    published_by: Option<Uuid>,
    effective_on: Option<Date>,
    change_de: String,
    change_en: String,
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
            release: Release {
                by: self.published_by.map(AccountId),
                effective_on: self.effective_on,
                change: Bilingual {
                    de: self.change_de,
                    en: self.change_en,
                },
            },
        })
    }
}

/// What was kept of a text when it was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frozen {
    /// Nothing: the version's own text is what was shown.
    Nothing,
    Text(FrozenText),
    /// It went when the person got a pseudonym; the checksums stay.
    Removed,
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
    fn into_shown(self) -> Result<(DocumentVersion, Frozen)> {
        let corrupt = || StoreError::Corrupt("signed copy");
        let frozen = match (self.frozen_language.zip(self.frozen_sha256), self.frozen_title.zip(self.frozen_body)) {
            (None, _) => Frozen::Nothing,
            (Some(_), None) => Frozen::Removed,
            (Some((language, sha256)), Some((title, body))) => Frozen::Text(FrozenText {
                language: Locale::from_tag(&language).ok_or_else(corrupt)?,
                title,
                body,
                sha256: sha256.try_into().map_err(|_| corrupt())?,
            }),
        };
        Ok((self.version.into_version()?, frozen))
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
             sha256_de, sha256_en, published_by, effective_on, change_de, change_en)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
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
    .bind(version.release.by.map(|by| by.0))
    .bind(version.release.effective_on)
    .bind(version.release.change.de.as_str())
    .bind(version.release.change.en.as_str())
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

macro_rules! version_columns {
    () => {
        "v.id, v.document_id, v.number, v.published_at, v.material, v.minutes, v.title_de, v.title_en, v.body_de, v.body_en, v.sha256_de, v.sha256_en,
         v.published_by, v.effective_on, v.change_de, v.change_en from document_version v"
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
        " where v.document_id = $1 order by v.number desc limit 1"
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
    let row: Option<VersionRow> = on_db!(db, |c| sqlx::query_as(concat!("select ", version_columns!(), " where v.id = $1"))
        .bind(id.0)
        .fetch_optional(c)
        .await?);
    row.map(VersionRow::into_version).transpose()
}

/// The version that was shown under an assignment, with the text as it was frozen then, if it was.
///
/// # Errors
/// When the database refuses.
pub async fn find_shown(db: &mut Db, id: DocumentVersionId, assignment: AssignmentId) -> Result<Option<(DocumentVersion, Frozen)>> {
    let row: Option<ShownRow> = on_db!(db, |c| {
        sqlx::query_as(
        "select v.id, v.document_id, v.number, v.published_at, v.material, v.minutes, v.title_de, v.title_en, v.body_de, v.body_en, v.sha256_de, v.sha256_en,
         v.published_by, v.effective_on, v.change_de, v.change_en,
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

/// Every version of a document, the newest first.
///
/// # Errors
/// When the database refuses.
pub async fn list_versions(db: &mut Db, document: DocumentId) -> Result<Vec<DocumentVersion>> {
    let rows: Vec<VersionRow> = on_db!(db, |c| sqlx::query_as(concat!(
        "select ",
        version_columns!(),
        " where v.document_id = $1 order by v.number desc"
    ))
    .bind(document.0)
    .fetch_all(c)
    .await?);
    rows.into_iter().map(VersionRow::into_version).collect()
}

#[derive(FromRow)]
struct AcceptedRow {
    accepted_at: Instant,
    #[sqlx(flatten)]
    version: VersionRow,
}

/// The version that somebody accepted last, and when.
///
/// # Errors
/// When the database refuses.
pub async fn find_last_accepted(db: &mut Db, person: PersonId, requirement: RequirementId) -> Result<Option<(DocumentVersion, Instant)>> {
    let row: Option<AcceptedRow> = on_db!(db, |c| sqlx::query_as(concat!(
        "select e.at as accepted_at, ",
        version_columns!(),
        " join evidence e on e.document_version_id = v.id join assignment a on a.id = e.assignment_id
         where a.person_id = $1 and a.requirement_id = $2 and e.kind = 'policy_acceptance' order by e.at desc, e.id desc limit 1"
    ))
    .bind(person.0)
    .bind(requirement.0)
    .fetch_optional(c)
    .await?);
    row.map(|row| Ok((row.version.into_version()?, row.accepted_at))).transpose()
}

/// A document on the list of those who write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentSummary {
    pub id: DocumentId,
    pub kind: DocumentKind,
    /// Number and instant of the newest version; none before the first.
    pub published: Option<(i64, Instant)>,
    /// Of the newest version, else of the draft.
    pub title: Bilingual,
    pub has_draft: bool,
    /// People here who have accepted what is asked of them.
    pub accepted: i64,
    /// People here of whom it is asked.
    pub asked: i64,
    /// Signatures under exactly the newest version of an NDA.
    pub signatures: i64,
}

#[derive(FromRow)]
struct SummaryRow {
    id: Uuid,
    kind: String,
    number: Option<i64>,
    published_at: Option<Instant>,
    title_de: Option<String>,
    title_en: Option<String>,
    has_draft: bool,
    accepted: i64,
    asked: i64,
    signatures: i64,
}

impl SummaryRow {
    fn into_summary(self) -> Result<DocumentSummary> {
        Ok(DocumentSummary {
            id: DocumentId(self.id),
            kind: DocumentKind::from_stored(&self.kind).ok_or(StoreError::Corrupt("document"))?,
            published: self.number.zip(self.published_at),
            title: Bilingual {
                de: self.title_de.unwrap_or_default(),
                en: self.title_en.unwrap_or_default(),
            },
            has_draft: self.has_draft,
            accepted: self.accepted,
            asked: self.asked,
            signatures: self.signatures,
        })
    }
}

/// All documents, NDAs first, then by the order of the checklist.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &mut Db, now: Instant, today: Date) -> Result<Vec<DocumentSummary>> {
    let rows: Vec<SummaryRow> = on_db!(db, |c| sqlx::query_as(concat!(
        "select d.id, d.kind, v.number, v.published_at, coalesce(v.title_de, f.title_de) as title_de, coalesce(v.title_en, f.title_en) as title_en,
             f.document_id is not null as has_draft, coalesce(i.accepted, 0) as accepted, coalesce(i.asked, 0) as asked,
             (select count(*) from evidence e where e.document_version_id = v.id and e.kind = 'nda_signature') as signatures
         from document d left join document_draft f on f.document_id = d.id
         left join document_version v on v.document_id = d.id
             and v.number = (select max(x.number) from document_version x where x.document_id = d.id)
         left join (
             select r.document_id, min(r.position) as position, count(case when a.state = 'done' then 1 end) as accepted, count(*) as asked
             from requirement r join assignment a on a.requirement_id = r.id join person p on p.id = a.person_id
             where r.ended_at is null and r.kind = 'policy' and a.state <> 'ended' and (p.end_date is null or p.end_date >= $2) and ",
        newest!("$1"),
        " group by r.document_id
         ) i on i.document_id = d.id
         order by d.kind, coalesce(i.position, 1000000), d.slug"
    ))
    .bind(now)
    .bind(today)
    .fetch_all(c)
    .await?);
    rows.into_iter().map(SummaryRow::into_summary).collect()
}

/// Removes a document that was never published.
///
/// # Errors
/// `Stale` when there is none; when a version or a requirement hangs on it, or the database refuses.
pub async fn delete(tx: &mut Tx, id: DocumentId) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query("delete from document where id = $1")
        .bind(id.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}
