//! What has to be done every year is asked for again in time: the new cycle opens a month before the year is over and is due
//! when it is. What was done before stays done, and stands until then.

use super::{App, Result, Subject, audit, people::any_assignment_for_change};
use crate::{
    domain::{
        Instant,
        assignment::{Cause, State},
        audit::Action,
        deadlines::months_after,
        person::iso_date,
    },
    server::{
        store::{assignments, people::Scope},
        zones,
    },
};
use serde_json::json;
use time::{Date, Duration};

/// How long before the year is over somebody is asked again.
const AHEAD: Duration = Duration::days(30);
/// A year, for finding candidates; the exact day is a calendar year later.
const YEAR: Duration = Duration::days(365);
/// Items that are asked for again in one go.
const BATCH: i64 = 500;

/// Until when what was done on that day stands.
pub fn year_after(date: Date) -> Date {
    months_after(date, 12)
}

/// Opens the next cycle of what was done nearly a year ago. Returns how many; run by the clock until there is nothing left.
///
/// # Errors
/// When the database refuses.
pub async fn open_due(app: &App, now: Instant) -> Result<usize> {
    let mut opened = 0;
    loop {
        let due = assignments::list_to_renew(&mut app.store().read().await?, now - (YEAR - AHEAD), now.date(), BATCH).await?;
        let before = opened;
        for item in &due {
            opened += usize::from(open(app, now, item.id).await?);
        }
        if opened == before || due.len() < usize::try_from(BATCH).unwrap_or(usize::MAX) {
            return Ok(opened);
        }
    }
}

async fn open(app: &App, now: Instant, id: crate::domain::ids::AssignmentId) -> Result<bool> {
    let mut tx = app.store().begin().await?;
    let (person, item) = any_assignment_for_change(&mut tx, Scope::All, id).await?;
    let State::Done { at, .. } = item.state else { return Ok(false) };
    if item.outside_since.is_some() {
        return Ok(false);
    }
    if assignments::list_of_person(&mut tx, person.id)
        .await?
        .iter()
        .any(|newest| newest.requirement == item.requirement && newest.id != id)
    {
        return Ok(false);
    }
    let zone = &person.details.time_zone;
    let today = zones::local_date(zone, now);
    let due_on = year_after(zones::local_date(zone, at)).max(today);
    assignments::insert_cycle(&mut tx, &item, today, zones::deadline_on(zone, due_on), Cause::Yearly, false).await?;
    let detail = json!({ "title": item.title, "due_on": iso_date(due_on) });
    audit(&mut tx, now, None, Action::ItemRenewed, Subject::about(id.0, person.id), detail);
    tx.commit().await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn a_year_after_a_leap_day_is_the_last_of_february() {
        assert_eq!(year_after(date!(2026 - 11 - 23)), date!(2027 - 11 - 23));
        assert_eq!(year_after(date!(2028 - 02 - 29)), date!(2029 - 02 - 28));
    }
}
