//! Evidence: appended, never changed; the database refuses anything else.

use super::{Db, Result, StoreError, Tx, on_db};
use crate::domain::{
    Instant,
    evidence::{Evidence, Proof},
    ids::{AccountId, AssignmentId, PersonId},
    locale::Locale,
};
use sqlx::FromRow;
use uuid::Uuid;

#[derive(FromRow)]
struct EvidenceRow {
    at: Instant,
    recorded_at: Instant,
    recorded_by: Option<Uuid>,
    body: String,
}

impl EvidenceRow {
    fn into_evidence(self, db: &Db) -> Result<Evidence> {
        let mut proof: Proof = serde_json::from_str(&self.body).map_err(|_| StoreError::Corrupt("evidence"))?;
        if let Some(email) = proof.address_mut() {
            *email = db.open_address(email)?;
        }
        Ok(Evidence {
            at: self.at,
            recorded_at: self.recorded_at,
            recorded_by: self.recorded_by.map(AccountId),
            proof,
        })
    }
}

/// Appends evidence.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &mut Tx, assignment: AssignmentId, evidence: &Evidence) -> Result<()> {
    let mut stored = evidence.proof.clone();
    if let Some(email) = stored.address_mut() {
        *email = tx.vault().seal_address(email);
    }
    let body = serde_json::to_string(&stored).map_err(|_| StoreError::Corrupt("evidence"))?;
    let shown = evidence.proof.shown();
    let course = match &evidence.proof {
        Proof::QuizPass { course, .. } => Some(course.0),
        _ => None,
    };
    on_db!(tx, |c| sqlx::query(
        "insert into evidence (id, assignment_id, kind, at, recorded_at, recorded_by, document_version_id, course_version_id, language, sha256, body)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    )
    .bind(crate::server::ids::fresh())
    .bind(assignment.0)
    .bind(evidence.proof.kind())
    .bind(evidence.at)
    .bind(evidence.recorded_at)
    .bind(evidence.recorded_by.map(|id| id.0))
    .bind(shown.map(|shown| shown.version.0))
    .bind(course)
    .bind(shown.map(|shown| Locale::tag(shown.language)))
    .bind(shown.map(|shown| shown.sha256.as_slice()))
    .bind(body)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// The evidence for one assignment, oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &mut Db, assignment: AssignmentId) -> Result<Vec<Evidence>> {
    let rows: Vec<EvidenceRow> = on_db!(db, |c| sqlx::query_as(
        "select at, recorded_at, recorded_by, body from evidence where assignment_id = $1 order by recorded_at, id"
    )
    .bind(assignment.0)
    .fetch_all(c)
    .await?);
    rows.into_iter().map(|row| row.into_evidence(db)).collect()
}

#[derive(FromRow)]
struct OwnedRow {
    assignment_id: Uuid,
    #[sqlx(flatten)]
    evidence: EvidenceRow,
}

/// The evidence for everything of one person, oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn list_of_person(db: &mut Db, person: PersonId) -> Result<Vec<(AssignmentId, Evidence)>> {
    let rows: Vec<OwnedRow> = on_db!(db, |c| sqlx::query_as(
        "select e.assignment_id, e.at, e.recorded_at, e.recorded_by, e.body from evidence e join assignment a on a.id = e.assignment_id
         where a.person_id = $1 order by e.recorded_at, e.id"
    )
    .bind(person.0)
    .fetch_all(c)
    .await?);
    let own = |row: OwnedRow| Ok((AssignmentId(row.assignment_id), row.evidence.into_evidence(db)?));
    rows.into_iter().map(own).collect()
}
