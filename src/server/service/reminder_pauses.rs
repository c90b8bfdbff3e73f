//! HR's view of somebody's reminders, and pauses: with a last day and a reason. There is no other way to stop them.

use super::{
    Error, Result, Subject, audit,
    desks::PeopleEditingDesk,
    found,
    people::{has_left, today},
};
use crate::{
    domain::{
        Instant,
        audit::Action,
        deadlines::months_after,
        ids::PersonId,
        person::{Line, MAX_NOTE, Person, iso_date, parse_date},
        problem::{Conflict, Problem, Problems},
    },
    server::store::{
        people::{self, Correspondence, Scope},
        reminders::{self, Sent},
    },
};
use serde_json::json;
use time::Date;

/// What the page about reminders shows.
const HISTORY: i64 = 60;
/// How many months ahead a pause may reach.
const LONGEST_PAUSE: u16 = 12;

/// The page about somebody's reminders.
#[derive(Clone, Debug)]
pub struct RemindersPage {
    pub person: Person,
    pub correspondence: Correspondence,
    /// The newest first.
    pub sent: Vec<Sent>,
}

impl PeopleEditingDesk<'_> {
    /// What somebody was reminded of, and whether reminders are paused.
    ///
    /// # Errors
    /// `NotFound` when there is no such person.
    pub async fn reminders(&self, id: PersonId) -> Result<RemindersPage> {
        let mut db = self.app.store().read().await?;
        let found_person = people::find_with_correspondence(&mut db, Scope::All, id).await?;
        let (person, correspondence) = found(found_person.filter(|(person, _)| person.pseudonymised_at.is_none()))?;
        let sent = reminders::list_of_person(&mut db, id, HISTORY).await?;
        Ok(RemindersPage { person, correspondence, sent })
    }

    /// Nobody reminds this person up to and including that day; it ends by itself. The reason stands in the history.
    ///
    /// # Errors
    /// `Invalid` with every problem found; `Conflict` for somebody who left.
    pub async fn pause_reminders(&self, now: Instant, id: PersonId, until: &str, reason: &str) -> Result<()> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let person = found(people::find_for_change(&mut tx, id).await?)?;
        let mut problems = Problems::default();
        let until = problems.take("until", parse_date(until).and_then(|day| pause_until(day, today(&person, now))));
        let reason = problems.take("reason", Line::parse_up_to(reason, MAX_NOTE));
        let (Some(until), Some(reason)) = (until, reason) else {
            return Err(problems.into());
        };
        if has_left(&person, now) {
            return Err(Conflict::Ended.into());
        }
        reminders::set_pause(&mut tx, id, Some(until)).await?;
        let detail = json!({ "until": iso_date(until), "reason": reason.as_str() });
        audit(
            &mut tx,
            now,
            Some(self.actor.account()),
            Action::RemindersPaused,
            Subject::of_person(id),
            detail,
        );
        Ok(tx.commit().await?)
    }

    /// Ends a pause before its day.
    ///
    /// # Errors
    /// `Conflict` when there is none.
    pub async fn resume_reminders(&self, now: Instant, id: PersonId) -> Result<()> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let person = found(people::find_for_change(&mut tx, id).await?)?;
        let until = reminders::find_pause(&mut tx, id).await?;
        if until.is_none_or(|until| until < today(&person, now)) {
            return Err(Error::Conflict(Conflict::AlreadyDone));
        }
        reminders::set_pause(&mut tx, id, None).await?;
        audit(
            &mut tx,
            now,
            Some(self.actor.account()),
            Action::RemindersResumed,
            Subject::of_person(id),
            json!({}),
        );
        Ok(tx.commit().await?)
    }
}

fn pause_until(day: Date, today: Date) -> std::result::Result<Date, Problem> {
    if day < today {
        Err(Problem::TooEarly)
    } else if day > months_after(today, LONGEST_PAUSE) {
        Err(Problem::NotWithinMonths(LONGEST_PAUSE))
    } else {
        Ok(day)
    }
}
