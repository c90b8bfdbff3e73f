//! The one module that knows time zones: it turns local dates into instants and back.
//!
//! The zone database is compiled in, so that two machines never disagree about a deadline.

use crate::domain::{Instant, deadlines::Deadline, reminders};
use jiff::{civil, tz::TimeZone};
use time::{Date, Month, OffsetDateTime};

/// Whether an IANA name exists.
pub fn is_known(zone: &str) -> bool {
    // Names such as "EST5EDT" or "posixrules" exist in the database, but nobody's place of work is one.
    (zone.contains('/') || zone == "UTC") && TimeZone::get(zone).is_ok()
}

/// All zones a person can be in, for a form's suggestions.
pub fn all() -> Vec<String> {
    jiff::tz::db()
        .available()
        .map(|name| name.to_string())
        .filter(|name| name.contains('/') && !name.starts_with("Etc/"))
        .collect()
}

/// The first instant of a local date. Where midnight does not exist (São Paulo on 2018-11-04) it is the first that does;
/// where the day does not exist (Apia on 2011-12-30) it is the first instant after the gap; where midnight comes twice it
/// is the earlier one.
pub fn start_of_day(zone: &str, date: Date) -> Instant {
    let zoned = timezone(zone).to_ambiguous_zoned(civil_date(date).at(0, 0, 0, 0)).compatible();
    zoned.map_or(OffsetDateTime::UNIX_EPOCH, |zoned| instant_of_gap(zone, date, &zoned))
}

/// `compatible` moves a time inside a gap forward by the gap's length; the day begins where the gap ends, which differs
/// when the gap began before midnight.
fn instant_of_gap(zone: &str, date: Date, zoned: &jiff::Zoned) -> Instant {
    let seconds = zoned.timestamp().as_second();
    let at = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let before = zoned
        .time_zone()
        .preceding(zoned.timestamp() + jiff::SignedDuration::from_secs(1))
        .next()
        .and_then(|transition| OffsetDateTime::from_unix_timestamp(transition.timestamp().as_second()).ok());
    match before {
        // The last change of offset is on this local day, and just before it the date was still an earlier one.
        Some(change) if change < at && local_date(zone, change) >= date && local_date(zone, change - time::Duration::seconds(1)) < date => change,
        _ => at,
    }
}

/// The date on the wall at an instant.
pub fn local_date(zone: &str, at: Instant) -> Date {
    let local = local(zone, at);
    let month = Month::try_from(u8::try_from(local.month()).unwrap_or(1)).unwrap_or(Month::January);
    Date::from_calendar_date(i32::from(local.year()), month, u8::try_from(local.day()).unwrap_or(1)).unwrap_or(Date::MIN)
}

/// Whether a last day is over where it is counted.
pub fn is_over(zone: &str, last_day: Date, at: Instant) -> bool {
    last_day < local_date(zone, at)
}

/// As [`is_over`], for an account that need not be a person's, nor have a last day.
pub fn has_ended(last_day: Option<Date>, zone: Option<&str>, at: Instant) -> bool {
    last_day.zip(zone).is_some_and(|(day, zone)| is_over(zone, day, at))
}

/// The time on the wall at an instant: hour and minute.
pub fn local_time(zone: &str, at: Instant) -> (i8, i8) {
    let local = local(zone, at);
    (local.hour(), local.minute())
}

/// Whether reminders may leave where that is the time on the wall.
pub fn may_remind(zone: &str, at: Instant) -> bool {
    reminders::may_leave(local_date(zone, at), local_time(zone, at).0)
}

/// When reminders may leave next, if they may not at present.
pub fn next_reminding(zone: &str, at: Instant) -> Instant {
    let mut day = local_date(zone, at);
    loop {
        let begin = at_hour(zone, day, reminders::FROM_HOUR);
        if begin > at && reminders::is_working_day(local_date(zone, begin)) {
            return begin;
        }
        let Some(next) = day.next_day() else { return begin };
        day = next;
    }
}

/// The instant at which a local hour begins; where a clock leaves it out, it is as late after the gap.
fn at_hour(zone: &str, date: Date, hour: i8) -> Instant {
    let zoned = timezone(zone).to_ambiguous_zoned(civil_date(date).at(hour, 0, 0, 0)).compatible();
    zoned
        .ok()
        .and_then(|zoned| OffsetDateTime::from_unix_timestamp(zoned.timestamp().as_second()).ok())
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// The deadline whose last good day is `due_on` in `zone`.
pub fn deadline_on(zone: &str, due_on: Date) -> Deadline {
    Deadline {
        due_on,
        due_at: start_of_day(zone, due_on.next_day().unwrap_or(due_on)),
    }
}

fn civil_date(date: Date) -> civil::Date {
    civil::date(
        i16::try_from(date.year()).unwrap_or(i16::MAX),
        i8::try_from(u8::from(date.month())).unwrap_or(1),
        i8::try_from(date.day()).unwrap_or(1),
    )
}

fn local(zone: &str, at: Instant) -> civil::DateTime {
    jiff::Timestamp::from_second(at.unix_timestamp())
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
        .to_zoned(timezone(zone))
        .datetime()
}

/// Zones are checked when they are entered; one that a later database dropped falls back to UTC.
fn timezone(zone: &str) -> TimeZone {
    TimeZone::get(zone).unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime};

    #[test]
    fn days_begin_at_local_midnight() {
        assert_eq!(start_of_day("Europe/Berlin", date!(2026 - 12 - 01)), datetime!(2026-11-30 23:00 UTC));
        assert_eq!(start_of_day("America/Los_Angeles", date!(2026 - 12 - 01)), datetime!(2026-12-01 08:00 UTC));
        assert_eq!(start_of_day("Pacific/Kiritimati", date!(2026 - 12 - 01)), datetime!(2026-11-30 10:00 UTC));
    }

    #[test]
    fn the_nights_of_daylight_saving_are_23_and_25_hours_long() {
        let length = |day: Date| start_of_day("Europe/Berlin", day.next_day().unwrap()) - start_of_day("Europe/Berlin", day);
        assert_eq!(length(date!(2026 - 03 - 29)).whole_hours(), 23);
        assert_eq!(length(date!(2026 - 10 - 25)).whole_hours(), 25);
    }

    #[test]
    fn missing_midnights_and_missing_days_begin_when_the_gap_ends() {
        assert_eq!(start_of_day("America/Sao_Paulo", date!(2018 - 11 - 04)), datetime!(2018-11-04 03:00 UTC));
        assert_eq!(start_of_day("Pacific/Apia", date!(2011 - 12 - 30)), datetime!(2011-12-30 10:00 UTC));
        assert_eq!(start_of_day("Pacific/Apia", date!(2011 - 12 - 31)), datetime!(2011-12-30 10:00 UTC));
        assert_eq!(start_of_day("America/Toronto", date!(1919 - 03 - 31)), datetime!(1919-03-31 04:30 UTC));
    }

    #[test]
    fn a_deadline_ends_with_its_day() {
        let deadline = deadline_on("Europe/Berlin", date!(2026 - 11 - 30));
        assert_eq!(deadline.due_on, date!(2026 - 11 - 30));
        assert_eq!(deadline.due_at, start_of_day("Europe/Berlin", date!(2026 - 12 - 01)));
    }

    #[test]
    fn reminders_leave_in_the_morning_of_working_days_in_summer_and_winter() {
        for (zone, at, next) in [
            // A Friday evening, and the clocks go back on Sunday.
            ("Europe/Berlin", datetime!(2026-10-23 17:00 UTC), datetime!(2026-10-26 07:00 UTC)),
            ("Europe/Berlin", datetime!(2026-03-27 18:00 UTC), datetime!(2026-03-30 06:00 UTC)),
            ("Pacific/Auckland", datetime!(2026-11-23 18:59 UTC), datetime!(2026-11-23 19:00 UTC)),
            ("Pacific/Apia", datetime!(2011-12-29 20:00 UTC), datetime!(2012-01-01 18:00 UTC)),
        ] {
            assert!(!may_remind(zone, at) || zone == "Pacific/Apia", "{zone} {at}");
            assert_eq!(next_reminding(zone, at), next, "{zone} {at}");
            assert!(may_remind(zone, next) && !may_remind(zone, next - time::Duration::SECOND));
        }
    }

    #[test]
    fn odd_names_are_no_place_of_work() {
        assert!(is_known("Europe/Berlin") && is_known("UTC"));
        for odd in ["", "Berlin", "EST5EDT", "Europe/Nowhere", "../etc/passwd"] {
            assert!(!is_known(odd), "{odd}");
        }
    }
}
