//! Which days of the week nobody works on, per country. Public holidays are left out on purpose: they differ by region and year.
//!
//! Source: Unicode CLDR, supplemental week data (`weekendStart`, `weekendEnd`).

use time::{Date, Weekday};

const SATURDAY_SUNDAY: &[Weekday] = &[Weekday::Saturday, Weekday::Sunday];
const FRIDAY_SATURDAY: &[Weekday] = &[Weekday::Friday, Weekday::Saturday];
const THURSDAY_FRIDAY: &[Weekday] = &[Weekday::Thursday, Weekday::Friday];
const FRIDAY: &[Weekday] = &[Weekday::Friday];
const SUNDAY: &[Weekday] = &[Weekday::Sunday];

/// The days of a week on which nobody works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weekend(&'static [Weekday]);

impl Weekend {
    /// The weekend of a country, by its ISO 3166-1 alpha-2 code: Saturday and Sunday unless it is known to be another.
    #[must_use]
    pub fn of_country(code: &str) -> Self {
        Self(match code {
            "BH" | "DZ" | "EG" | "IL" | "IQ" | "JO" | "KW" | "LY" | "OM" | "QA" | "SA" | "SD" | "SY" | "YE" => FRIDAY_SATURDAY,
            "AF" => THURSDAY_FRIDAY,
            "IR" => FRIDAY,
            "IN" | "UG" => SUNDAY,
            _ => SATURDAY_SUNDAY,
        })
    }

    /// The day that is so many working days after `date`, which itself never counts.
    #[must_use]
    pub fn working_days_after(self, date: Date, days: u16) -> Date {
        let (mut day, mut left) = (date, days);
        while left > 0 {
            let Some(next) = day.next_day() else { return day };
            day = next;
            left -= u16::from(!self.0.contains(&day.weekday()));
        }
        day
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::{Duration, macros::date};

    #[test]
    fn weekends_are_those_of_the_country() {
        // A Thursday.
        let thursday = date!(2026 - 11 - 26);
        for (country, next) in [
            ("DE", date!(2026 - 11 - 27)),
            ("EG", date!(2026 - 11 - 29)),
            ("IL", date!(2026 - 11 - 29)),
            ("IR", date!(2026 - 11 - 28)),
            ("AF", date!(2026 - 11 - 28)),
            ("IN", date!(2026 - 11 - 27)),
        ] {
            assert_eq!(Weekend::of_country(country).working_days_after(thursday, 1), next, "{country}");
        }
        assert_eq!(Weekend::of_country("DE").working_days_after(thursday, 2), date!(2026 - 11 - 30));
        assert_eq!(Weekend::of_country("IN").working_days_after(thursday, 2), date!(2026 - 11 - 28));
        assert_eq!(Weekend::of_country("DE").working_days_after(date!(2026 - 11 - 28), 0), date!(2026 - 11 - 28));
    }

    proptest! {
        #[test]
        fn so_many_days_that_are_no_weekend_lie_between(offset in 0i64..3_000, days in 0u16..200, country in "[A-Z]{2}") {
            let (from, weekend) = (date!(2020 - 01 - 01) + Duration::days(offset), Weekend::of_country(&country));
            let to = weekend.working_days_after(from, days);
            let mut counted = 0;
            let mut day = from;
            while day < to {
                day += Duration::DAY;
                counted += u16::from(!weekend.0.contains(&day.weekday()));
            }
            prop_assert_eq!(counted, days);
            prop_assert!(days == 0 || !weekend.0.contains(&to.weekday()));
        }
    }
}
