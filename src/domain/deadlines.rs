//! When something is due and whether it came too late, as functions of instants.
//!
//! Absent on purpose: the zone database. Callers bring the instants at which local days begin (`server::zones`).

use super::{
    Instant,
    assignment::{Cause, State},
    requirement::{Basis, DueRule, RequirementKind},
};
use serde::{Deserialize, Serialize};
use time::{Date, Duration, Month, util::days_in_month};

/// How long somebody has who is already here and gets an item that was to be done before or at the start.
const TIME_TO_CATCH_UP: Duration = Duration::days(14);

/// The deadline of an assignment: the last good day for people, and the instant at which that day ends for machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// The last day, in the person's time zone.
    pub due_on: Date,
    /// Exclusive: 00:00 of the day after `due_on` in the person's time zone.
    pub due_at: Instant,
}

/// The last good day of an item that a rule asks for; none where the item has a date of its own. Who gets it because of a rule while
/// they are here is given the rule's time from then on, and who has not started at least that day.
#[must_use]
pub fn due_on(rule: DueRule, cause: Cause, basis: Basis) -> Option<Date> {
    let Basis { start, assigned_on, .. } = basis;
    match cause {
        Cause::Rule if start > assigned_on => Some(rule.due_on(basis).max(assigned_on)),
        Cause::Rule => Some(match rule {
            DueRule::DaysBeforeStart(_) | DueRule::ByStart => assigned_on + TIME_TO_CATCH_UP,
            rule => rule.due_on(Basis { start: assigned_on, ..basis }),
        }),
        cause => cause.follows_rule().then(|| rule.due_on(basis)),
    }
}

/// The last good day after a rule was changed on `today`: a change leaves nobody less time than anybody is given to catch up, unless
/// they had less.
#[must_use]
pub fn due_on_after_change(rule: Date, before: Date, today: Date) -> Date {
    rule.max(before.min(today + TIME_TO_CATCH_UP))
}

/// The same day so many months later; the month's last where it is shorter.
#[must_use]
pub fn months_after(date: Date, months: u16) -> Date {
    let month = i32::from(u8::from(date.month())) - 1 + i32::from(months);
    let year = date.year() + month / 12;
    let month = u8::try_from(month % 12 + 1)
        .ok()
        .and_then(|month| Month::try_from(month).ok())
        .unwrap_or(date.month());
    let day = date.day().min(days_in_month(month, year));
    Date::from_calendar_date(year, month, day).unwrap_or(Date::MAX)
}

/// Whether something that happened at `at` came too late.
///
/// An NDA is measured against 00:00 of the start date, whatever deadline was set for it: that is the promise made to
/// customers, and it holds for one that is asked for again after a withdrawal too. Everything else is measured against its
/// deadline.
#[must_use]
pub fn is_late(kind: RequirementKind, cause: Cause, at: Instant, deadline: Deadline, start_at: Instant) -> bool {
    match kind {
        RequirementKind::Nda if cause.follows_rule() => at >= start_at,
        _ => at >= deadline.due_at,
    }
}

/// Whether an item that is not fulfilled is overdue at `at`: the act that decides about punctuality is still to come, and would come too
/// late. What ends like this stays late, whatever takes its place.
#[must_use]
pub fn is_overdue(kind: RequirementKind, cause: Cause, state: State, at: Instant, deadline: Deadline, start_at: Instant) -> bool {
    let is_to_come = match state {
        State::Open | State::Failed { .. } => true,
        State::Waiting { .. } => !kind.counts_from_submission(),
        State::Done { .. } | State::Ended { .. } => false,
    };
    is_to_come && is_late(kind, cause, at, deadline, start_at)
}

/// How far away a deadline is, in the words of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closeness {
    /// So many days ago (at least 1).
    Overdue(i64),
    Today,
    Tomorrow,
    /// Within the next six days: name the weekday.
    ThisWeek,
    Later,
}

/// How a due date reads on `today`, both in the person's time zone.
#[must_use]
pub fn closeness(due_on: Date, today: Date) -> Closeness {
    match (due_on - today).whole_days() {
        days if days < 0 => Closeness::Overdue(-days),
        0 => Closeness::Today,
        1 => Closeness::Tomorrow,
        2..=6 => Closeness::ThisWeek,
        _ => Closeness::Later,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::weekend::Weekend;
    use time::macros::{date, datetime};

    #[test]
    fn who_is_already_here_gets_the_rules_time_from_then_on() {
        let here = Basis {
            start: date!(2020 - 01 - 01),
            assigned_on: date!(2026 - 11 - 23),
            weekend: Weekend::of_country("DE"),
        };
        let coming = Basis {
            start: date!(2026 - 12 - 01),
            ..here
        };
        for (rule, of_here, of_coming) in [
            (DueRule::DaysBeforeStart(3), date!(2026 - 12 - 07), date!(2026 - 11 - 28)),
            (DueRule::DaysBeforeStart(30), date!(2026 - 12 - 07), date!(2026 - 11 - 23)),
            (DueRule::ByStart, date!(2026 - 12 - 07), date!(2026 - 12 - 01)),
            (DueRule::DaysAfterStart(7), date!(2026 - 11 - 30), date!(2026 - 12 - 08)),
            (DueRule::WorkingDaysAfterStart(5), date!(2026 - 11 - 30), date!(2026 - 12 - 08)),
            (DueRule::DaysAfterAssignment(7), date!(2026 - 11 - 30), date!(2026 - 11 - 30)),
        ] {
            assert_eq!(due_on(rule, Cause::Rule, here), Some(of_here), "{rule:?}");
            assert_eq!(due_on(rule, Cause::Rule, coming), Some(of_coming), "{rule:?}");
        }
        assert_eq!(
            due_on(DueRule::ByStart, Cause::First, here),
            Some(here.start),
            "who joined is held to the start"
        );
        assert_eq!(due_on(DueRule::ByStart, Cause::Yearly, here), None);
    }

    #[test]
    fn a_stricter_rule_takes_nobodys_last_two_weeks() {
        let today = date!(2026 - 11 - 23);
        let after = |rule, before| due_on_after_change(rule, before, today);
        assert_eq!(after(date!(2026 - 11 - 01), date!(2027 - 01 - 01)), date!(2026 - 12 - 07));
        assert_eq!(
            after(date!(2026 - 11 - 01), date!(2026 - 11 - 25)),
            date!(2026 - 11 - 25),
            "who had less keeps it"
        );
        assert_eq!(
            after(date!(2026 - 11 - 01), date!(2026 - 11 - 10)),
            date!(2026 - 11 - 10),
            "overdue stays overdue"
        );
        assert_eq!(
            after(date!(2026 - 12 - 20), date!(2026 - 11 - 10)),
            date!(2026 - 12 - 20),
            "more time is given at once"
        );
    }

    #[test]
    fn months_after_a_day_end_within_the_month() {
        for (date, months, until) in [
            (date!(2026 - 11 - 23), 0, date!(2026 - 11 - 23)),
            (date!(2026 - 11 - 30), 3, date!(2027 - 02 - 28)),
            (date!(2024 - 02 - 29), 48, date!(2028 - 02 - 29)),
            (date!(2024 - 02 - 29), 12, date!(2025 - 02 - 28)),
            (date!(2026 - 12 - 31), 1, date!(2027 - 01 - 31)),
            (date!(9999 - 12 - 31), 1, Date::MAX),
        ] {
            assert_eq!(months_after(date, months), until, "{date} {months}");
        }
    }

    #[test]
    fn an_nda_is_late_from_the_first_second_of_the_start_date() {
        let deadline = Deadline {
            due_on: date!(2026 - 11 - 27),
            due_at: datetime!(2026-11-27 23:00 UTC),
        };
        let start_at = datetime!(2026-11-30 23:00 UTC);
        assert!(!is_late(
            RequirementKind::Nda,
            Cause::First,
            datetime!(2026-11-30 22:59:59 UTC),
            deadline,
            start_at
        ));
        assert!(is_late(RequirementKind::Nda, Cause::First, start_at, deadline, start_at));
    }

    #[test]
    fn other_items_are_late_when_their_last_day_has_ended() {
        let deadline = Deadline {
            due_on: date!(2026 - 12 - 15),
            due_at: datetime!(2026-12-15 23:00 UTC),
        };
        let start_at = datetime!(2026-11-30 23:00 UTC);
        assert!(!is_late(
            RequirementKind::Policy,
            Cause::First,
            datetime!(2026-12-15 22:59:59 UTC),
            deadline,
            start_at
        ));
        assert!(is_late(RequirementKind::Policy, Cause::First, deadline.due_at, deadline, start_at));
    }

    #[test]
    fn overdue_is_what_still_has_to_be_done_when_the_deadline_is_over() {
        let deadline = Deadline {
            due_on: date!(2026 - 12 - 15),
            due_at: datetime!(2026-12-15 23:00 UTC),
        };
        let at = deadline.due_at;
        let overdue = |kind, state, at| is_overdue(kind, Cause::First, state, at, deadline, datetime!(2026-11-30 23:00 UTC));
        for state in [State::Open, State::Failed { at }] {
            assert!(overdue(RequirementKind::Training, state, at));
            assert!(!overdue(RequirementKind::Training, state, at - Duration::seconds(1)));
        }
        let waiting = State::Waiting { since: at };
        assert!(overdue(RequirementKind::BackgroundCheck, waiting, at), "it counts by its outcome");
        assert!(!overdue(RequirementKind::PasswordManager, waiting, at), "what waits for others has been done");
        assert!(!overdue(RequirementKind::Training, State::Done { submitted: None, at }, at));
    }

    #[test]
    fn closeness_speaks_as_people_do() {
        let today = date!(2026 - 11 - 23);
        assert_eq!(closeness(date!(2026 - 11 - 20), today), Closeness::Overdue(3));
        assert_eq!(closeness(date!(2026 - 11 - 27), today), Closeness::ThisWeek);
        assert_eq!(closeness(date!(2026 - 11 - 30), today), Closeness::Later);
    }
}
