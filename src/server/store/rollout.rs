//! Asking many people at once, in a few statements however many they are.

use super::{Db, Result, Tx, dialect, on_db};
use crate::domain::{deadlines::Deadline, ids::CourseId};
use sqlx::FromRow;
use time::Date;

/// How many people a new version of a course concerns; those who left are not among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Reach {
    /// Have passed, and are asked for nothing at present.
    pub passed: i64,
    /// Have still to pass.
    pub open: i64,
    /// Everybody, asked for this course or not.
    pub everybody: i64,
}

/// Whom a course concerns on `today`.
///
/// # Errors
/// When the database refuses.
pub async fn reach_of_course(db: &mut Db, course: CourseId, today: Date) -> Result<Reach> {
    Ok(on_db!(db, |c| sqlx::query_as(
        "select count(*) filter (where a.state = 'done') as passed, count(*) filter (where a.state = 'open') as open,
             (select count(*) from person e where e.end_date is null or e.end_date >= $2) as everybody
         from assignment a join requirement r on r.id = a.requirement_id join person p on p.id = a.person_id
         where r.course_id = $1 and r.ended_at is null and (p.end_date is null or p.end_date >= $2)
             and not exists (select 1 from assignment n where n.person_id = a.person_id and n.requirement_id = a.requirement_id and n.cycle > a.cycle)"
    )
    .bind(course.0)
    .bind(today)
    .fetch_one(c)
    .await?))
}

/// The zones in which somebody works who is here on `today`.
///
/// # Errors
/// When the database refuses.
pub async fn list_zones(db: &mut Db, today: Date) -> Result<Vec<String>> {
    Ok(on_db!(db, |c| sqlx::query_scalar(
        "select distinct time_zone from person where end_date is null or end_date >= $1 order by time_zone"
    )
    .bind(today)
    .fetch_all(c)
    .await?))
}

/// Asks everybody in a zone who has passed a course to pass it again. What they have passed stays on record. Says how many.
///
/// # Errors
/// When the database refuses.
pub async fn ask_again(tx: &mut Tx, course: CourseId, today: Date, zone: &str, deadline: Deadline) -> Result<u64> {
    let sql = dialect::ask_again_sql(tx);
    Ok(on_db!(tx, |c| sqlx::query(sql)
        .bind(course.0)
        .bind(today)
        .bind(zone)
        .bind(deadline.due_on)
        .bind(deadline.due_at)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}
