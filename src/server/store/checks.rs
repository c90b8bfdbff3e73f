//! Background checks: dates and outcome, and until they are purged provider and reference. Nothing else has a column.

use super::{Db, Result, Tx, exactly_one, on_db};
use crate::domain::{
    evidence::CheckOutcome,
    ids::{AccountId, AssignmentId},
};
use sqlx::FromRow;
use time::Date;
use uuid::Uuid;

/// What is on record about one check.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct CheckRow {
    pub check_type: String,
    pub provider: String,
    pub reference: String,
    pub requested_on: Date,
    pub completed_on: Option<Date>,
    pub outcome: Option<String>,
    pub legal_basis: Option<String>,
    pub reviewed_by: Option<Uuid>,
    pub purge_on: Option<Date>,
}

/// A request as HR enters it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckRequest {
    pub check_type: String,
    pub provider: String,
    pub reference: String,
    pub requested_on: Date,
}

/// Notes that a check was requested; a second request after one that was not cleared replaces the first.
///
/// # Errors
/// When the database refuses.
pub async fn upsert_request(tx: &mut Tx, id: AssignmentId, request: &CheckRequest) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "insert into background_check (assignment_id, check_type, provider, reference, requested_on) values ($1, $2, $3, $4, $5)
         on conflict (assignment_id) do update set check_type = excluded.check_type, provider = excluded.provider, reference = excluded.reference,
             requested_on = excluded.requested_on, completed_on = null, outcome = null, legal_basis = null, reviewed_by = null, purge_on = null"
    )
    .bind(id.0)
    .bind(request.check_type.as_str())
    .bind(request.provider.as_str())
    .bind(request.reference.as_str())
    .bind(request.requested_on)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// Notes the outcome.
///
/// # Errors
/// `Stale` when no check was requested.
pub async fn complete(
    tx: &mut Tx,
    id: AssignmentId,
    outcome: CheckOutcome,
    completed_on: Date,
    legal_basis: &str,
    by: AccountId,
    purge_on: Date,
) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update background_check set completed_on = $2, outcome = $3, legal_basis = $4, reviewed_by = $5, purge_on = $6 where assignment_id = $1"
    )
    .bind(id.0)
    .bind(completed_on)
    .bind(outcome.as_str())
    .bind(legal_basis)
    .bind(by.0)
    .bind(purge_on)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Removes provider and reference of checks whose time has come; dates and outcome stay. Returns whose checks they were.
///
/// # Errors
/// When the database refuses.
pub async fn purge(tx: &mut Tx, today: Date) -> Result<Vec<AssignmentId>> {
    let ids: Vec<Uuid> = on_db!(tx, |c| sqlx::query_scalar(
        "update background_check set provider = '', reference = '' where purge_on <= $1 and (provider <> '' or reference <> '')
         returning assignment_id"
    )
    .bind(today)
    .fetch_all(c)
    .await?);
    Ok(ids.into_iter().map(AssignmentId).collect())
}

/// What is on record about one check.
///
/// # Errors
/// When the database refuses.
pub async fn find(db: &mut Db, id: AssignmentId) -> Result<Option<CheckRow>> {
    Ok(on_db!(db, |c| sqlx::query_as(
        "select check_type, provider, reference, requested_on, completed_on, outcome, legal_basis, reviewed_by, purge_on
         from background_check where assignment_id = $1"
    )
    .bind(id.0)
    .fetch_optional(c)
    .await?))
}
