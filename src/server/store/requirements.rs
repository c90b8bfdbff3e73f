//! Requirements: the rules that produce assignments.

use super::{Db, Result, StoreError, Tx, exactly_one, on_db};
use crate::domain::{
    Instant,
    group::Group,
    ids::{CourseId, DocumentId, RequirementId},
    locale::Bilingual,
    requirement::{Confirmer, DueRule, Instruction, Material, Recurrence, Requirement, RequirementKind},
};
use sqlx::FromRow;
use uuid::Uuid;

#[derive(FromRow)]
struct RequirementRow {
    id: Uuid,
    kind: String,
    document_id: Option<Uuid>,
    course_id: Option<Uuid>,
    audience: String,
    due_offset_days: i64,
    counts_from: String,
    recurrence: String,
    position: i64,
    title_de: Option<String>,
    title_en: Option<String>,
    body_de: Option<String>,
    body_en: Option<String>,
    needs_file: bool,
    confirmed_by: Option<String>,
}

impl RequirementRow {
    fn into_requirement(self) -> Result<Requirement> {
        let corrupt = || StoreError::Corrupt("requirement");
        let kind = RequirementKind::from_stored(&self.kind).ok_or_else(corrupt)?;
        let text = |de: Option<String>, en: Option<String>| de.zip(en).map(|(de, en)| Bilingual { de, en }).ok_or_else(corrupt);
        Ok(Requirement {
            id: RequirementId(self.id),
            kind,
            material: match (self.document_id, self.course_id) {
                (Some(document), None) => Material::Document(DocumentId(document)),
                (None, Some(course)) => Material::Course(CourseId(course)),
                (None, None) => Material::None,
                (Some(_), Some(_)) => return Err(corrupt()),
            },
            audience: audience(&self.audience)?,
            due: DueRule::from_stored(self.due_offset_days, &self.counts_from).ok_or_else(corrupt)?,
            recurrence: Recurrence::from_stored(&self.recurrence).ok_or_else(corrupt)?,
            position: self.position,
            instruction: match kind {
                RequirementKind::Instruction => Some(Instruction {
                    title: text(self.title_de, self.title_en)?,
                    body: text(self.body_de, self.body_en)?,
                    needs_file: self.needs_file,
                    confirmed_by: confirmer(self.confirmed_by.as_deref())?,
                }),
                _ => None,
            },
        })
    }
}

fn audience(stored: &str) -> Result<Group> {
    serde_json::from_str(stored).map_err(|_| StoreError::Corrupt("requirement"))
}

pub(super) fn confirmer(stored: Option<&str>) -> Result<Option<Confirmer>> {
    stored
        .map(|word| Confirmer::from_stored(word).ok_or(StoreError::Corrupt("requirement")))
        .transpose()
}

macro_rules! requirement_columns {
    () => {
        "r.id, r.kind, r.document_id, r.course_id, r.audience, r.due_offset_days, r.counts_from, r.recurrence, r.position, r.title_de, r.title_en, r.body_de, r.body_en,
         r.needs_file, r.confirmed_by"
    };
}

/// Adds a requirement.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &mut Tx, now: Instant, requirement: &Requirement) -> Result<()> {
    let (document, course) = match requirement.material {
        Material::None => (None, None),
        Material::Document(id) => (Some(id.0), None),
        Material::Course(id) => (None, Some(id.0)),
    };
    let (days, counts_from) = requirement.due.stored();
    on_db!(tx, |c| sqlx::query(
        "insert into requirement (id, kind, document_id, course_id, due_offset_days, counts_from, recurrence, position, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    )
    .bind(requirement.id.0)
    .bind(requirement.kind.as_str())
    .bind(document)
    .bind(course)
    .bind(days)
    .bind(counts_from)
    .bind(requirement.recurrence.as_str())
    .bind(requirement.position)
    .bind(now)
    .execute(c)
    .await
    .map(|_| ())?);
    write(tx, requirement).await
}

/// Changes a requirement whose newest revision is `seen`, and takes it up again if it had ended.
///
/// # Errors
/// `Stale` when somebody else changed it meanwhile.
pub async fn update(tx: &mut Tx, requirement: &Requirement, seen: i64) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update requirement set revision = revision + 1, ended_at = null where id = $1 and revision = $2"
    )
    .bind(requirement.id.0)
    .bind(seen)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))?;
    write(tx, requirement).await
}

/// Writes what can be changed of a requirement.
async fn write(tx: &mut Tx, requirement: &Requirement) -> Result<()> {
    let (days, counts_from) = requirement.due.stored();
    let audience = serde_json::to_string(&requirement.audience).map_err(|_| StoreError::Corrupt("requirement"))?;
    let instruction = requirement.instruction.as_ref();
    let said = |text: fn(&Instruction) -> &str| instruction.map(text);
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update requirement set audience = $2, due_offset_days = $3, counts_from = $4, recurrence = $5, position = $6, title_de = $7, title_en = $8,
             body_de = $9, body_en = $10, minutes = $11, needs_file = $12, confirmed_by = $13
         where id = $1"
    )
    .bind(requirement.id.0)
    .bind(&audience)
    .bind(days)
    .bind(counts_from)
    .bind(requirement.recurrence.as_str())
    .bind(requirement.position)
    .bind(said(|one| &one.title.de))
    .bind(said(|one| &one.title.en))
    .bind(said(|one| &one.body.de))
    .bind(said(|one| &one.body.en))
    .bind(instruction.map(Instruction::minutes))
    .bind(instruction.is_some_and(|one| one.needs_file))
    .bind(instruction.and_then(|one| one.confirmed_by).map(Confirmer::as_str))
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Ends a requirement whose newest revision is `seen`.
///
/// # Errors
/// `Stale` when it has ended or somebody else changed it meanwhile.
pub async fn end(tx: &mut Tx, now: Instant, id: RequirementId, seen: i64) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update requirement set revision = revision + 1, ended_at = $3 where id = $1 and revision = $2 and ended_at is null"
    )
    .bind(id.0)
    .bind(seen)
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// The requirements in force, in the order of the checklist.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &mut Db) -> Result<Vec<Requirement>> {
    let rows: Vec<RequirementRow> = on_db!(db, |c| sqlx::query_as(concat!(
        "select ",
        requirement_columns!(),
        " from requirement r where r.ended_at is null order by r.position, r.id"
    ))
    .fetch_all(c)
    .await?);
    rows.into_iter().map(RequirementRow::into_requirement).collect()
}

/// Whether there ever was a requirement, be it in force or not.
///
/// # Errors
/// When the database refuses.
pub async fn were_made(db: &mut Db) -> Result<bool> {
    let count: i64 = on_db!(db, |c| sqlx::query_scalar("select count(*) from requirement").fetch_one(c).await?);
    Ok(count > 0)
}

/// Whether anybody ever was asked for a requirement, whatever became of it.
///
/// # Errors
/// When the database refuses.
pub async fn was_asked(db: &mut Db, id: RequirementId) -> Result<bool> {
    let count: i64 = on_db!(db, |c| sqlx::query_scalar("select count(*) from assignment where requirement_id = $1")
        .bind(id.0)
        .fetch_one(c)
        .await?);
    Ok(count > 0)
}

/// What an instruction in force asks for.
///
/// # Errors
/// When the database refuses.
pub async fn find_instruction(db: &mut Db, id: RequirementId) -> Result<Option<Instruction>> {
    let row: Option<RequirementRow> = on_db!(db, |c| sqlx::query_as(concat!(
        "select ",
        requirement_columns!(),
        " from requirement r where r.id = $1 and r.ended_at is null"
    ))
    .bind(id.0)
    .fetch_optional(c)
    .await?);
    let requirement = row.map(RequirementRow::into_requirement).transpose()?;
    Ok(requirement.and_then(|requirement| requirement.instruction))
}

/// A requirement as those see it who make the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub requirement: Requirement,
    /// The title of its policy, NDA, course or instruction; none for what has no text.
    pub title: Option<Bilingual>,
    pub revision: i64,
    /// Since when it asks nothing of anybody.
    pub ended_at: Option<Instant>,
    /// Whoever is here on the day and is asked for it, done or not.
    pub people: i64,
}

#[derive(FromRow)]
struct RuleRow {
    #[sqlx(flatten)]
    requirement: RequirementRow,
    text_de: Option<String>,
    text_en: Option<String>,
    revision: i64,
    ended_at: Option<Instant>,
    people: i64,
}

/// All requirements, those that ended last, each with how many people have it on `today`.
///
/// # Errors
/// When the database refuses.
pub async fn list_rules(db: &mut Db, today: time::Date) -> Result<Vec<Rule>> {
    let rows: Vec<RuleRow> = on_db!(db, |c| sqlx::query_as(concat!(
        "select ",
        requirement_columns!(),
        ", coalesce(v.title_de, w.title_de, r.title_de) as text_de, coalesce(v.title_en, w.title_en, r.title_en) as text_en, r.revision, r.ended_at,
             (select count(*) from assignment a join person p on p.id = a.person_id
                 where a.requirement_id = r.id and a.outside_since is null and (p.end_date is null or p.end_date >= $1)
                     and (a.state <> 'ended' or a.end_reason = 'exempt')
                     and not exists (select 1 from assignment n where n.person_id = a.person_id and n.requirement_id = r.id and n.cycle > a.cycle)) as people
         from requirement r
         left join document_version v on v.document_id = r.document_id
             and v.number = (select max(x.number) from document_version x where x.document_id = r.document_id)
         left join course_version w on w.course_id = r.course_id
             and w.number = (select max(x.number) from course_version x where x.course_id = r.course_id)
         order by r.ended_at is not null, r.position, r.id"
    ))
    .bind(today)
    .fetch_all(c)
    .await?);
    let rule = |row: RuleRow| {
        Ok(Rule {
            requirement: row.requirement.into_requirement()?,
            title: row.text_de.zip(row.text_en).map(|(de, en)| Bilingual { de, en }),
            revision: row.revision,
            ended_at: row.ended_at,
            people: row.people,
        })
    };
    rows.into_iter().map(rule).collect()
}

/// What has a text and could be asked for: published policies and courses, and the NDA that belongs to no group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub kind: RequirementKind,
    pub material: Material,
    pub title: Bilingual,
}

/// Texts that no requirement in force asks for.
///
/// # Errors
/// When the database refuses.
pub async fn list_offers(db: &mut Db) -> Result<Vec<Offer>> {
    let rows: Vec<(String, Uuid, String, String)> = on_db!(db, |c| sqlx::query_as(
        "select d.kind, d.id, v.title_de, v.title_en from document d join document_version v on v.document_id = d.id
             and v.number = (select max(x.number) from document_version x where x.document_id = d.id)
         where not exists (select 1 from requirement r where r.document_id = d.id and r.ended_at is null)
             and (d.kind = 'policy' or exists (select 1 from requirement r where r.document_id = d.id))
         union all
         select 'training', c.id, w.title_de, w.title_en from course c join course_version w on w.course_id = c.id
             and w.number = (select max(x.number) from course_version x where x.course_id = c.id)
         where not exists (select 1 from requirement r where r.course_id = c.id and r.ended_at is null) and w.title_de is not null and w.title_en is not null
         order by 3, 2"
    )
    .fetch_all(c)
    .await?);
    let offer = |(kind, id, de, en): (String, Uuid, String, String)| {
        let kind = RequirementKind::from_stored(&kind).ok_or(StoreError::Corrupt("requirement"))?;
        Ok(Offer {
            kind,
            material: match kind {
                RequirementKind::Training => CourseId(id).into(),
                _ => DocumentId(id).into(),
            },
            title: Bilingual { de, en },
        })
    };
    rows.into_iter().map(offer).collect()
}

/// Puts the requirements in force in this order.
///
/// # Errors
/// When the database refuses.
pub async fn reorder(tx: &mut Tx, order: &[RequirementId]) -> Result<()> {
    for (position, id) in (0_i64..).zip(order) {
        on_db!(tx, |c| sqlx::query("update requirement set position = $2 where id = $1")
            .bind(id.0)
            .bind(position)
            .execute(c)
            .await
            .map(|_| ())?);
    }
    Ok(())
}

/// Makes room on the checklist for one more requirement behind a position.
///
/// # Errors
/// When the database refuses.
pub async fn make_room(tx: &mut Tx, behind: i64) -> Result<()> {
    on_db!(tx, |c| sqlx::query("update requirement set position = position + 1 where position > $1")
        .bind(behind)
        .execute(c)
        .await
        .map(|_| ())?);
    Ok(())
}
