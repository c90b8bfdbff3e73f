//! Leavers: HR records the last day; when it is over, access ends and what is unfinished ends with the reason. Nothing is
//! deleted, and what is done stays done.

use super::{App, Error, Result, Subject, audit, desks::PeopleEditingDesk, duties::is_overdue_at, found, owners, people::has_left, roles};
use crate::{
    domain::{
        Instant,
        assignment::EndReason,
        audit::Action,
        ids::PersonId,
        mail::MailKind,
        person::{Person, iso_date, parse_date},
        problem::Conflict,
        roles::Permission,
    },
    server::{
        store::{Tx, accounts, assignments, calendar_feeds, invitations, people, sessions},
        zones,
    },
};
use serde_json::json;

impl PeopleEditingDesk<'_> {
    /// Records somebody's last day. From the day after it on, they are a leaver. A day before the start is that of somebody
    /// who never came.
    ///
    /// # Errors
    /// `ProofTooOld`, `Invalid` for a date that does not exist, `Conflict` for somebody who left already, and for one's own where somebody
    /// else could.
    pub async fn record_last_day(&self, now: Instant, id: PersonId, last_day: &str) -> Result<()> {
        self.actor.freshly_proved(now)?;
        let last_day = parse_date(last_day).map_err(|problem| Error::field("end_date", problem))?;
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let before = found(people::find_for_change(&mut tx, id).await?)?;
        if has_left(&before, now) {
            return Err(Conflict::Ended.into());
        }
        let alone = roles::attest(&mut tx, now, self.actor, id, Permission::EditPeople).await?;
        let after = Person {
            end_date: Some(last_day),
            ..before
        };
        people::set_last_day(&mut tx, id, after.end_date).await?;
        let detail = json!({ "last_day": iso_date(last_day), "alone": alone });
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
    calendar_feeds::end_of_person(tx, now, person.id).await?;
    invitations::revoke_of_person(tx, now, person.id).await?;
    // Held against the end of the last day: what was due later was never owed.
    let over_at = person.end_date.map_or(now, |last| zones::deadline_on(&person.details.time_zone, last).due_at);
    for item in assignments::list_of_person(tx, person.id).await? {
        if let Ok(next) = item.state.end(now, EndReason::Left) {
            assignments::update_state(tx, item.id, item.state, next, is_overdue_at(person, &item, over_at)).await?;
        }
    }
    tell_of_accounts(tx, now, person.id).await?;
    Ok(true)
}

/// An account that its owner never connected with their record stays as it is: no address that HR writes closes one. So administrators
/// hear of it, once per leaver, and look. The entry names the account in its detail only, which goes when the leaver gets a pseudonym.
async fn tell_of_accounts(tx: &mut Tx, now: Instant, person: PersonId) -> Result<()> {
    let open = people::list_accounts_left_open(tx, person).await?;
    if open.is_empty() {
        return Ok(());
    }
    for account in &open {
        owners::tell_administrators(tx, now, MailKind::AccountLeftOpen, *account).await?;
    }
    audit(tx, now, None, Action::AccountLeftOpen, Subject::of_person(person), json!({ "accounts": open }));
    Ok(())
}
