//! Leavers: HR records the last day; when it is over, access ends and what is unfinished ends with the reason. Nothing is
//! deleted, and what is done stays done.

use super::{App, Error, Result, Subject, audit, desks::PeopleEditingDesk, found, people::has_left, roles, start_at};
use crate::{
    domain::{
        Instant,
        assignment::EndReason,
        audit::Action,
        ids::PersonId,
        person::{Person, iso_date, parse_date},
        problem::Conflict,
    },
    server::store::{Tx, accounts, assignments, invitations, people, sessions},
};
use serde_json::json;

impl PeopleEditingDesk<'_> {
    /// Records somebody's last day. From the day after it on, they are a leaver. A day before the start is that of somebody
    /// who never came.
    ///
    /// # Errors
    /// `Invalid` for a date that does not exist, `Conflict` for somebody who left already.
    pub async fn record_last_day(&self, now: Instant, id: PersonId, last_day: &str) -> Result<()> {
        let last_day = parse_date(last_day).map_err(|problem| Error::field("end_date", problem))?;
        let mut tx = self.app.store().begin().await?;
        let before = found(people::find_for_change(&mut tx, id).await?)?;
        if has_left(&before, now) {
            return Err(Conflict::Ended.into());
        }
        let after = Person {
            end_date: Some(last_day),
            ..before
        };
        people::update(&mut tx, &after, start_at(&after)).await?;
        let detail = json!({ "last_day": iso_date(last_day) });
        audit(&mut tx, now, Some(self.actor.account()), Action::PersonLeft, Subject::of_person(id), detail);
        end_if_over(&mut tx, now, &after).await?;
        Ok(tx.commit().await?)
    }
}

/// Ends what belongs to people whose last day is over. Returns how many; run by the clock.
///
/// # Errors
/// When the database refuses.
pub async fn end_due(app: &App, now: Instant) -> Result<usize> {
    let due = people::list_leavers_to_close(&mut app.store().read().await?, now.date()).await?;
    let mut ended = 0;
    let mut failure = None;
    for person in due {
        // One that fails must not keep the others' access open.
        match end_one(app, now, person.id).await {
            Ok(closed) => ended += usize::from(closed),
            Err(error) => failure = Some(error),
        }
    }
    failure.map_or(Ok(ended), Err)
}

async fn end_one(app: &App, now: Instant, id: PersonId) -> Result<bool> {
    let mut tx = app.store().begin().await?;
    let person = found(people::find_for_change(&mut tx, id).await?)?;
    if !end_if_over(&mut tx, now, &person).await? {
        return Ok(false);
    }
    audit(&mut tx, now, None, Action::PersonLeft, Subject::of_person(id), json!({ "ended": true }));
    tx.commit().await?;
    Ok(true)
}

/// Ends everything that belongs to a person whose last day is over. Says whether it is.
pub(super) async fn end_if_over(tx: &mut Tx, now: Instant, person: &Person) -> Result<bool> {
    if !has_left(person, now) {
        return Ok(false);
    }
    roles::end_of_leaver(tx, now, person.id).await?;
    accounts::disable_of_person(tx, now, person.id).await?;
    sessions::delete_of_person(tx, person.id).await?;
    invitations::revoke_of_person(tx, now, person.id).await?;
    for item in assignments::list_of_person(tx, person.id).await? {
        if let Ok(next) = item.state.end(now, EndReason::Left) {
            assignments::update_state(tx, item.id, item.state, next, false).await?;
        }
    }
    Ok(true)
}
