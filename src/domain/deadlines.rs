//! When something is due and whether it came too late, as functions of instants.
//!
//! Absent on purpose: the zone database. Callers bring the instants at which local days begin (`server::zones`).

use super::{Instant, assignment::Cause, requirement::RequirementKind};
use serde::{Deserialize, Serialize};
use time::{Date, Month, util::days_in_month};

/// The deadline of an assignment: the last good day for people, and the instant at which that day ends for machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// The last day, in the person's time zone.
    pub due_on: Date,
    /// Exclusive: 00:00 of the day after `due_on` in the person's time zone.
    pub due_at: Instant,
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
        RequirementKind::Nda if cause.follows_start() => at >= start_at,
        _ => at >= deadline.due_at,
    }
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
    use time::macros::{date, datetime};

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
    fn closeness_speaks_as_people_do() {
        let today = date!(2026 - 11 - 23);
        assert_eq!(closeness(date!(2026 - 11 - 20), today), Closeness::Overdue(3));
        assert_eq!(closeness(date!(2026 - 11 - 27), today), Closeness::ThisWeek);
        assert_eq!(closeness(date!(2026 - 11 - 30), today), Closeness::Later);
    }
}
