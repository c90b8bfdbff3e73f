//! Tries at a quiz. The first answer to a question counts; a second is ignored.

use super::{Db, Result, Tx, exactly_one, on_db};
use crate::domain::{
    Instant,
    course::Answer,
    ids::{AssignmentId, AttemptId, CourseVersionId},
};
use sqlx::FromRow;
use uuid::Uuid;

/// One try with the answers it has so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub id: AttemptId,
    pub version: CourseVersionId,
    pub finished: bool,
    pub passed: bool,
    pub answers: Vec<Answer>,
}

#[derive(FromRow)]
struct AttemptRow {
    id: Uuid,
    course_version_id: Uuid,
    finished_at: Option<Instant>,
    passed: Option<bool>,
    question_id: Option<String>,
    option_index: Option<i64>,
}

/// The newest try at an assignment's quiz.
///
/// # Errors
/// When the database refuses.
pub async fn newest_attempt(db: &mut Db, assignment: AssignmentId) -> Result<Option<Attempt>> {
    let rows: Vec<AttemptRow> = on_db!(db, |c| sqlx::query_as(
        "select t.id, t.course_version_id, t.finished_at, t.passed, q.question_id, q.option_index
         from quiz_attempt t left join quiz_answer q on q.attempt_id = t.id
         where t.id = (select x.id from quiz_attempt x where x.assignment_id = $1 order by x.started_at desc, x.id desc limit 1)"
    )
    .bind(assignment.0)
    .fetch_all(c)
    .await?);
    let Some(first) = rows.first() else { return Ok(None) };
    let answer = |row: &AttemptRow| {
        let option = usize::try_from(row.option_index?).unwrap_or(usize::MAX);
        Some(Answer {
            question: row.question_id.clone()?,
            option,
        })
    };
    Ok(Some(Attempt {
        id: AttemptId(first.id),
        version: CourseVersionId(first.course_version_id),
        finished: first.finished_at.is_some(),
        passed: first.passed.unwrap_or(false),
        answers: rows.iter().filter_map(answer).collect(),
    }))
}

/// Starts a try, unless another tab just did.
///
/// # Errors
/// When the database refuses.
pub async fn insert_attempt(tx: &mut Tx, now: Instant, id: AttemptId, assignment: AssignmentId, version: CourseVersionId) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "insert into quiz_attempt (id, assignment_id, course_version_id, started_at) values ($1, $2, $3, $4) on conflict do nothing"
    )
    .bind(id.0)
    .bind(assignment.0)
    .bind(version.0)
    .bind(now)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// Keeps an answer unless the question has one. Says whether it was kept.
///
/// # Errors
/// When the database refuses.
pub async fn insert_answer(tx: &mut Tx, now: Instant, attempt: AttemptId, answer: &Answer) -> Result<bool> {
    let option = i64::try_from(answer.option).unwrap_or(i64::MAX);
    let rows = on_db!(tx, |c| sqlx::query(
        "insert into quiz_answer (attempt_id, question_id, option_index, answered_at) values ($1, $2, $3, $4) on conflict do nothing"
    )
    .bind(attempt.0)
    .bind(answer.question.as_str())
    .bind(option)
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?);
    Ok(rows == 1)
}

/// Ends a try.
///
/// # Errors
/// `Stale` when it ended before.
pub async fn finish(tx: &mut Tx, now: Instant, attempt: AttemptId, passed: bool) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update quiz_attempt set finished_at = $2, passed = $3 where id = $1 and finished_at is null"
    )
    .bind(attempt.0)
    .bind(now)
    .bind(passed)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}
