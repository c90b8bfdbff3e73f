//! Requirements: the rules that produce assignments.

use super::{Db, Result, StoreError, Tx, on_db};
use crate::domain::{
    Instant,
    ids::{CourseId, DocumentId, RequirementId},
    requirement::{DueRule, Material, Recurrence, Requirement, RequirementKind},
};
use sqlx::FromRow;
use uuid::Uuid;

#[derive(FromRow)]
struct RequirementRow {
    id: Uuid,
    kind: String,
    document_id: Option<Uuid>,
    course_id: Option<Uuid>,
    due_offset_days: i64,
    recurrence: String,
    position: i64,
}

impl RequirementRow {
    fn into_requirement(self) -> Result<Requirement> {
        let corrupt = || StoreError::Corrupt("requirement");
        Ok(Requirement {
            id: RequirementId(self.id),
            kind: RequirementKind::from_stored(&self.kind).ok_or_else(corrupt)?,
            material: match (self.document_id, self.course_id) {
                (Some(document), None) => Material::Document(DocumentId(document)),
                (None, Some(course)) => Material::Course(CourseId(course)),
                (None, None) => Material::None,
                (Some(_), Some(_)) => return Err(corrupt()),
            },
            due: DueRule::from_offset_days(self.due_offset_days),
            recurrence: Recurrence::from_stored(&self.recurrence).ok_or_else(corrupt)?,
            position: self.position,
        })
    }
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
    on_db!(tx, |c| sqlx::query(
        "insert into requirement (id, kind, document_id, course_id, due_offset_days, recurrence, position, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)"
    )
    .bind(requirement.id.0)
    .bind(requirement.kind.as_str())
    .bind(document)
    .bind(course)
    .bind(requirement.due.offset_days())
    .bind(requirement.recurrence.as_str())
    .bind(requirement.position)
    .bind(now)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// The requirements in force, in the order of the checklist.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &mut Db) -> Result<Vec<Requirement>> {
    let rows: Vec<RequirementRow> = on_db!(db, |c| sqlx::query_as(
        "select id, kind, document_id, course_id, due_offset_days, recurrence, position from requirement
         where ended_at is null order by position, id"
    )
    .fetch_all(c)
    .await?);
    rows.into_iter().map(RequirementRow::into_requirement).collect()
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
