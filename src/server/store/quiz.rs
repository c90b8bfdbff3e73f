//! Tries at a quiz. The first answer to a question counts; a second is ignored.

use super::{Db, Result, Tx, exactly_one, on_db};
use crate::domain::{
    Instant,
    course::{Answer, Grade},
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
    /// Right answers, and how many questions were asked. None while it is under way, and of tries from before it was kept.
    pub score: Option<(i64, i64)>,
    pub answers: Vec<Answer>,
}

/// Every try at an assignment's quiz.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tries {
    /// With its answers.
    pub newest: Option<Attempt>,
    /// When the others and this one were handed in, the newest first.
    pub handed_in: Vec<Instant>,
}

#[derive(FromRow)]
struct AttemptRow {
    id: Uuid,
    course_version_id: Uuid,
    finished_at: Option<Instant>,
    passed: Option<bool>,
    correct: Option<i64>,
    asked: Option<i64>,
    question_id: Option<String>,
    option_index: Option<i64>,
}

/// The tries at an assignment's quiz.
///
/// # Errors
/// When the database refuses.
pub async fn find_tries(db: &mut Db, assignment: AssignmentId) -> Result<Tries> {
    let rows: Vec<AttemptRow> = on_db!(db, |c| sqlx::query_as(
        "select t.id, t.course_version_id, t.finished_at, t.passed, t.correct, t.asked, q.question_id, q.option_index
         from quiz_attempt t left join quiz_answer q on q.attempt_id = t.id
             and t.id = (select x.id from quiz_attempt x where x.assignment_id = $1 order by x.started_at desc, x.id desc limit 1)
         where t.assignment_id = $1 order by t.started_at desc, t.id desc, q.answered_at, q.question_id"
    )
    .bind(assignment.0)
    .fetch_all(c)
    .await?);
    let Some(first) = rows.first() else { return Ok(Tries::default()) };
    let answer = |row: &AttemptRow| {
        let option = usize::try_from(row.option_index?).unwrap_or(usize::MAX);
        Some(Answer {
            question: row.question_id.clone()?,
            option,
        })
    };
    let newest = Attempt {
        id: AttemptId(first.id),
        version: CourseVersionId(first.course_version_id),
        finished: first.finished_at.is_some(),
        passed: first.passed.unwrap_or(false),
        score: first.correct.zip(first.asked),
        answers: rows.iter().filter(|row| row.id == first.id).filter_map(answer).collect(),
    };
    let mut handed_in: Vec<_> = rows.iter().filter_map(|row| Some((row.id, row.finished_at?))).collect();
    handed_in.dedup_by_key(|(id, _)| *id);
    Ok(Tries {
        newest: Some(newest),
        handed_in: handed_in.into_iter().map(|(_, at)| at).collect(),
    })
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
pub async fn finish(tx: &mut Tx, now: Instant, attempt: AttemptId, grade: &Grade) -> Result<()> {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update quiz_attempt set finished_at = $2, passed = $3, correct = $4, asked = $5 where id = $1 and finished_at is null"
    )
    .bind(attempt.0)
    .bind(now)
    .bind(grade.passed)
    .bind(count(grade.correct))
    .bind(count(grade.asked))
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}
