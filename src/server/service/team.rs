//! A manager's team: what each report passed and when, what is left and by when, and a polite nudge by mail.
//!
//! A manager sees no scores, no addresses and nothing about checks but whether and by when: a check that waits, one that was not cleared
//! and one that nobody asked for look alike here. Whoever reports to a report is that report's business.

use super::{
    Result, Subject, audit,
    desks::TeamDesk,
    found,
    people::{has_left, today},
    start_at,
};
use crate::{
    domain::{
        Instant,
        assignment::{Cause, State},
        audit::Action,
        ids::PersonId,
        mail::MailKind,
        person::Person,
        problem::Conflict,
        requirement::RequirementKind,
    },
    server::{
        store::{
            Page, assignments,
            outbox::{self, PersonMail},
            people::{self, PersonKey},
            reminders,
            team::{self, Member, TeamItem},
        },
        zones,
    },
};
use serde_json::json;
use time::{Date, Duration};

/// Reports on one page.
pub const PAGE: i64 = 25;
/// A nudge is worth one mail in so long, whoever wants to send another.
pub const PAUSE: Duration = Duration::days(3);
/// What is due within so many days is due soon.
const SOON: i64 = 7;

/// How an item that is left stands for the manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Left {
    Overdue(Date),
    Soon(Date),
    Later(Date),
    /// The person's part is done; somebody else has the next step.
    Waiting,
}

/// A report with what is passed and what is left.
#[derive(Clone, Debug)]
pub struct Report {
    pub person: Member,
    /// With the day on which it was passed, where the person works.
    pub passed: Vec<(TeamItem, Date)>,
    /// The most urgent first.
    pub left: Vec<(TeamItem, Left)>,
    pub nudge: Nudge,
}

/// Whether a nudge can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nudge {
    Possible,
    /// Nothing is left that the person could do.
    Pointless,
    /// HR pauses reminders; why and until when is between HR and the person.
    Paused,
    /// One was sent on that day.
    Sent(Date),
}

impl TeamItem {
    /// Whether the person has the next step. A check is HR's.
    fn is_theirs(&self) -> bool {
        is_theirs(self.kind, self.state)
    }

    /// How it stands while it is left; none once it is passed or has ended.
    fn left(&self, now: Instant, today: Date) -> Option<Left> {
        let due_on = self.deadline.due_on;
        match self.state {
            State::Done { .. } | State::Ended { .. } => None,
            State::Waiting { .. } if self.kind != RequirementKind::BackgroundCheck => Some(Left::Waiting),
            _ if now >= self.deadline.due_at => Some(Left::Overdue(due_on)),
            _ if (due_on - today).whole_days() <= SOON => Some(Left::Soon(due_on)),
            // Last year's still stands.
            _ if self.cause == Cause::Yearly => None,
            _ => Some(Left::Later(due_on)),
        }
    }
}

fn is_theirs(kind: RequirementKind, state: State) -> bool {
    kind != RequirementKind::BackgroundCheck && state == State::Open
}

impl TeamDesk<'_> {
    /// A page of reports.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn list(&self, now: Instant, after: Option<&PersonKey>) -> Result<Page<Report>> {
        let mut db = self.app.store().read().await?;
        let today = zones::local_date(&self.app.settings().time_zone, now);
        let Page { rows, more } = team::list(&mut db, self.manager, today, after, PAGE).await?;
        let items = match (rows.first(), rows.last()) {
            (Some(first), Some(last)) => team::list_items(&mut db, self.manager, now, first, last).await?,
            _ => Vec::new(),
        };
        let rows = rows.into_iter().map(|person| {
            let own = items.iter().filter(|item| item.person.0 == person.id).cloned().collect();
            report(now, person, own)
        });
        Ok(Page { rows: rows.collect(), more })
    }

    /// Reminds a report of their checklist, by one mail. Returns their name.
    ///
    /// # Errors
    /// `NotFound` for whoever reports to somebody else, `Conflict` for a leaver, for somebody with nothing to do, while HR pauses
    /// reminders, and within [`PAUSE`] of the last nudge.
    pub async fn nudge(&self, now: Instant, id: PersonId) -> Result<String> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let person = people::find_for_change(&mut tx, id).await?;
        let person = found(person.filter(|person| person.manager_id == Some(self.manager)))?;
        if has_left(&person, now) {
            return Err(Conflict::Ended.into());
        }
        let items = assignments::list_of_person(&mut tx, id).await?;
        if !items.iter().any(|item| is_theirs(item.kind, item.state)) {
            return Err(Conflict::NothingToDo.into());
        }
        let until = reminders::find_pause(&mut tx, id).await?;
        if until.is_some_and(|until| today(&person, now) <= until) {
            return Err(Conflict::RemindersPaused.into());
        }
        if team::last_nudge(&mut tx, id).await?.is_some_and(|last| now < last + PAUSE) {
            return Err(Conflict::NudgedLately.into());
        }
        let mail = PersonMail {
            kind: MailKind::Nudge,
            person: id,
            recipient: mailbox(&person, now),
            language: person.details.language,
        };
        outbox::insert_for_person(&mut tx, now, &mail).await?;
        audit(
            &mut tx,
            now,
            Some(self.actor.account()),
            Action::PersonNudged,
            Subject::of_person(id),
            json!({}),
        );
        tx.commit().await?;
        Ok(person.details.name.into_string())
    }
}

/// Where somebody reads mail: at work once they are there.
fn mailbox(person: &Person, now: Instant) -> &str {
    let details = &person.details;
    let at_work = details.work_email.as_ref().filter(|_| start_at(person) <= now);
    at_work.unwrap_or(&details.private_email).as_str()
}

fn report(now: Instant, person: Member, items: Vec<TeamItem>) -> Report {
    let day = |at: Instant| zones::local_date(&person.time_zone, at);
    let today = day(now);
    let theirs = items.iter().any(TeamItem::is_theirs);
    let nudge = match person.nudged_at.filter(|last| now < *last + PAUSE) {
        _ if !theirs => Nudge::Pointless,
        _ if person.paused_until.is_some_and(|until| today <= until) => Nudge::Paused,
        Some(last) => Nudge::Sent(day(last)),
        None => Nudge::Possible,
    };
    let (mut passed, mut left) = (Vec::new(), Vec::new());
    for item in items {
        if let State::Done { submitted, at } = item.state {
            let at = submitted.filter(|_| item.kind.counts_from_submission()).unwrap_or(at);
            passed.push((item, day(at)));
        } else if let Some(standing) = item.left(now, today) {
            left.push((item, standing));
        }
    }
    left.sort_by_key(|(_, standing)| *standing);
    Report { person, passed, left, nudge }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::deadlines::Deadline;
    use time::macros::{date, datetime};

    const NOW: Instant = datetime!(2026-11-23 09:00 UTC);

    fn left(kind: RequirementKind, state: State, cause: Cause, due_on: Date) -> Option<Left> {
        let deadline = Deadline {
            due_on,
            due_at: zones::start_of_day("UTC", due_on.next_day().unwrap()),
        };
        let item = TeamItem {
            person: PersonId(uuid::Uuid::nil()),
            kind,
            title: None,
            cause,
            deadline,
            state,
            late: false,
        };
        item.left(NOW, NOW.date())
    }

    #[test]
    fn whatever_happens_around_a_check_looks_the_same_to_a_manager() {
        for due_on in [date!(2026 - 11 - 20), date!(2026 - 11 - 25), date!(2026 - 12 - 25)] {
            let of = |state| left(RequirementKind::BackgroundCheck, state, Cause::First, due_on);
            let open = of(State::Open);
            assert!(open.is_some());
            assert_eq!((of(State::Waiting { since: NOW }), of(State::Failed { at: NOW })), (open, open), "{due_on}");
        }
    }

    #[test]
    fn who_has_signed_is_not_overdue_while_somebody_else_takes_their_time() {
        let waiting = State::Waiting { since: NOW };
        assert_eq!(left(RequirementKind::Nda, waiting, Cause::First, date!(2026 - 11 - 20)), Some(Left::Waiting));
        assert!(!is_theirs(RequirementKind::Nda, waiting) && is_theirs(RequirementKind::Nda, State::Open));
    }

    #[test]
    fn a_renewal_shows_when_it_is_due_soon() {
        let policy = |due_on| left(RequirementKind::Policy, State::Open, Cause::Yearly, due_on);
        assert_eq!(policy(date!(2026 - 12 - 20)), None);
        assert_eq!(policy(date!(2026 - 11 - 30)), Some(Left::Soon(date!(2026 - 11 - 30))));
        assert_eq!(policy(date!(2026 - 11 - 22)), Some(Left::Overdue(date!(2026 - 11 - 22))));
    }

    #[test]
    fn the_most_urgent_comes_first() {
        let (day, later) = (date!(2026 - 11 - 20), date!(2026 - 12 - 20));
        assert!(Left::Overdue(day) < Left::Overdue(later) && Left::Overdue(later) < Left::Soon(day));
        assert!(Left::Soon(later) < Left::Later(day) && Left::Later(later) < Left::Waiting);
    }
}
