//! The day-1 gate: upcoming starters, and those who started while something was missing.
//!
//! `light!` states `domain::compliance::gate` in SQL, so that the board can be filtered and counted by light without
//! loading everyone; a contract test holds both equal.

use super::{
    Db, Page, Result, StoreError,
    assignments::state_from_columns,
    consent, on_db,
    people::{like_pattern, searched_address},
};
use crate::domain::{
    Instant,
    assignment::State,
    check_profile::Consent,
    compliance::{BoardFilter, Light, RED_BEFORE_START},
    ids::{AssignmentId, PersonId},
};
use sqlx::FromRow;
use time::Date;
use uuid::Uuid;

/// A starter with the two items that decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Starter {
    pub id: PersonId,
    pub name: String,
    pub department: String,
    pub job_title: String,
    pub start_date: Date,
    pub start_at: Instant,
    /// IANA name of the place of work's zone.
    pub time_zone: String,
    pub nda: Option<(AssignmentId, State)>,
    pub nda_late: bool,
    /// HR lets them start without it.
    pub starts_without_nda: bool,
    pub check: Option<(AssignmentId, State)>,
    /// What the person answered when asked to agree to the check.
    pub consent: Consent,
    /// From when on the check counts as stuck.
    pub check_stuck_at: Option<Instant>,
    /// When the newest personal link was sent, and whether one was ever opened.
    pub invited_at: Option<Instant>,
    pub link_opened: bool,
}

#[derive(FromRow)]
struct StarterRow {
    id: Uuid,
    name: String,
    department: String,
    job_title: String,
    start_date: Date,
    start_at: Instant,
    time_zone: String,
    nda_id: Option<Uuid>,
    nda_state: Option<String>,
    nda_submitted_at: Option<Instant>,
    nda_done_at: Option<Instant>,
    nda_late: Option<bool>,
    starts_without_nda: bool,
    check_id: Option<Uuid>,
    check_state: Option<String>,
    check_submitted_at: Option<Instant>,
    check_done_at: Option<Instant>,
    check_consent: String,
    check_stuck_at: Option<Instant>,
    invited_at: Option<Instant>,
    link_opened: bool,
}

impl StarterRow {
    fn into_starter(self) -> Result<Starter> {
        let state = |word: Option<String>, submitted, done| {
            word.map(|word| state_from_columns(&word, submitted, done, None, None))
                .transpose()
                .map_err(|_| StoreError::Corrupt("starter"))
        };
        let nda = state(self.nda_state, self.nda_submitted_at, self.nda_done_at)?;
        let check = state(self.check_state, self.check_submitted_at, self.check_done_at)?;
        Ok(Starter {
            id: PersonId(self.id),
            name: self.name,
            department: self.department,
            job_title: self.job_title,
            start_date: self.start_date,
            start_at: self.start_at,
            time_zone: self.time_zone,
            nda: self.nda_id.map(AssignmentId).zip(nda),
            nda_late: self.nda_late.unwrap_or(false),
            starts_without_nda: self.starts_without_nda,
            check: self.check_id.map(AssignmentId).zip(check),
            consent: Consent::from_stored(&self.check_consent).ok_or(StoreError::Corrupt("starter"))?,
            check_stuck_at: self.check_stuck_at,
            invited_at: self.invited_at,
            link_opened: self.link_opened,
        })
    }
}

/// Whether HR lets somebody start without the NDA `n`.
macro_rules! allowed {
    () => {
        "exists (select 1 from exemption e where e.assignment_id = n.id and e.kind = 'start_without_nda' and e.approved and e.ended_at is null)"
    };
}

/// `$1` now, `$2` the moment after which an unsigned NDA is red, `$3` today: who ended before it left,
/// `$4` the search pattern, `$5` what was searched for as a stored private address.
macro_rules! starters {
    () => {
        concat!(
            "select p.id, p.name, p.department, p.job_title, p.start_date, p.start_at, p.time_zone,
             n.id as nda_id, n.state as nda_state, n.submitted_at as nda_submitted_at, n.done_at as nda_done_at, n.late as nda_late,
             k.id as check_id, k.state as check_state, k.submitted_at as check_submitted_at, k.done_at as check_done_at,
             ",
            consent!("k"),
            " as check_consent, b.stuck_at as check_stuck_at, coalesce(k.state = 'waiting' and b.stuck_at <= $1, false) as stuck,
             (select max(i.created_at) from invitation i where i.person_id = p.id) as invited_at,
             exists (select 1 from invitation i where i.person_id = p.id and i.used_at is not null) as link_opened,
             ",
            allowed!(),
            " as starts_without_nda,
             case
                 when n.state = 'open' and p.start_at <= $2 and not ",
            allowed!(),
            " then 'red'
                 when k.state = 'failed' then 'red'
                 when n.state in ('open', 'waiting') or k.state in ('open', 'waiting') then 'amber'
                 else 'green'
             end as light
         from person p
         left join (select a.* from assignment a join requirement r on r.id = a.requirement_id and r.kind = 'nda' where a.state <> 'ended') n
             on n.person_id = p.id
         left join (select a.* from assignment a join requirement r on r.id = a.requirement_id and r.kind = 'background_check' where a.state <> 'ended') k
             on k.person_id = p.id
         left join background_check b on b.assignment_id = k.id
         where (p.end_date is null or p.end_date >= $3) and (p.search_text like $4 escape '!' or p.private_email = $5)
             and (p.start_at > $1 or n.state in ('open', 'waiting') or k.state in ('open', 'waiting', 'failed'))"
        )
    };
}

/// Where the board goes on: after this start and id.
pub type StarterKey = (Instant, PersonId);

/// A page of starters by start, each with the light the database gave them.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &mut Db, now: Instant, search: &str, filter: Option<BoardFilter>, after: Option<StarterKey>, limit: i64) -> Result<Page<Starter>> {
    let (at, id) = after.map_or((None, Uuid::nil()), |(at, id)| (Some(at), id.0));
    let address = searched_address(db, search);
    let rows: Vec<StarterRow> = on_db!(db, |c| {
        sqlx::query_as(concat!(
        "select id, name, department, job_title, start_date, start_at, time_zone, nda_id, nda_state, nda_submitted_at, nda_done_at, nda_late, starts_without_nda,
             check_id, check_state, check_submitted_at, check_done_at, check_consent, check_stuck_at, invited_at, link_opened from (",
        starters!(),
        ") s where ($6 is null or light = $6 or (stuck and $6 = 'stuck')) and ($7 is null or start_at > $7 or (start_at = $7 and id > $8)) order by start_at, id limit $9"
    ))
    .bind(now)
    .bind(now + RED_BEFORE_START)
    .bind(now.date())
    .bind(like_pattern(search))
    .bind(address)
    .bind(filter.map(BoardFilter::as_str))
    .bind(at)
    .bind(id)
    .bind(limit + 1)
    .fetch_all(c)
    .await?
    });
    let starters = rows.into_iter().map(StarterRow::into_starter).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(starters, limit))
}

/// How many starters there are of each sort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardCounts {
    pub lights: Vec<(Light, i64)>,
    /// Those whose check is stuck, whatever their light.
    pub stuck: i64,
}

/// How many starters have each light, and of how many the check is stuck.
///
/// # Errors
/// When the database refuses.
pub async fn count_by_light(db: &mut Db, now: Instant, search: &str) -> Result<BoardCounts> {
    let address = searched_address(db, search);
    let rows: Vec<(String, i64, i64)> = on_db!(db, |c| sqlx::query_as(concat!(
        "select light, count(*), sum(case when stuck then 1 else 0 end) from (",
        starters!(),
        ") s group by light"
    ))
    .bind(now)
    .bind(now + RED_BEFORE_START)
    .bind(now.date())
    .bind(like_pattern(search))
    .bind(address)
    .fetch_all(c)
    .await?);
    let count = |light: Light| rows.iter().find(|(word, ..)| word == light.as_str()).map_or(0, |(_, count, _)| *count);
    Ok(BoardCounts {
        lights: Light::ALL.into_iter().map(|light| (light, count(light))).collect(),
        stuck: rows.iter().map(|(.., stuck)| stuck).sum(),
    })
}
