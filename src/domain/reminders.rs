//! Reminders: what somebody is sent, and when others are told, as a function of what is open, what was sent before, and the day.
//!
//! The rules: seven and two days before an item is due, on the day, then weekly; after [`WEEKLY`] of those it is handed to HR and the
//! manager. A reminder that falls on a weekend comes on the working day before where it can still help, else on the one after. What was
//! missed is caught up by the newest of it only. A personal link that was sent is a reminder of everything it leads to.

use super::{ids::AssignmentId, requirement::RequirementKind};
use serde::{Deserialize, Serialize};
use time::{Date, Duration, Weekday};

/// So many weekly reminders, and then somebody has to talk to the person.
pub const WEEKLY: u8 = 4;
/// Days from one weekly reminder to the next.
pub const WEEK: Duration = Duration::days(7);
/// An NDA that is not signed so long before the first day goes to HR and the manager.
pub const NDA_AT_RISK: Duration = Duration::days(3);
/// No reminder comes earlier before the due date: a week, and the weekend before that.
pub const AHEAD: Duration = Duration::days(9);
/// Reminders leave from this hour of the reader's day on …
pub const FROM_HOUR: i8 = 8;
/// … and before this one, from Monday to Friday. Never at night.
pub const TO_HOUR: i8 = 18;

/// Whether reminders may leave at that hour where the reader is.
#[must_use]
pub fn may_leave(day: Date, hour: i8) -> bool {
    is_working_day(day) && (FROM_HOUR..TO_HOUR).contains(&hour)
}

/// Whether reminders are sent on that day at all.
#[must_use]
pub fn is_working_day(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Why something is sent about an item. The first four go to the person, the others to those who have to help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", content = "number", rename_all = "snake_case")]
pub enum Rule {
    WeekBefore,
    TwoDaysBefore,
    DueDay,
    /// The weekly one of that number, from 1 to [`WEEKLY`].
    Overdue(u8),
    /// Reminded often enough.
    HandedOver,
    /// The first day is near, and the NDA is not signed.
    NdaAtRisk,
}

impl Rule {
    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WeekBefore => "week_before",
            Self::TwoDaysBefore => "two_days_before",
            Self::DueDay => "due_day",
            Self::Overdue(_) => "overdue",
            Self::HandedOver => "handed_over",
            Self::NdaAtRisk => "nda_at_risk",
        }
    }

    /// Which one of those that repeat; 0 where there is but one.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Overdue(number) => number,
            _ => 0,
        }
    }

    /// Whether it goes to those who have to help, and not to the person.
    #[must_use]
    pub const fn is_escalation(self) -> bool {
        matches!(self, Self::HandedOver | Self::NdaAtRisk)
    }

    /// Reads what is stored.
    #[must_use]
    pub fn from_stored(word: &str, number: i64) -> Option<Self> {
        let number = u8::try_from(number).ok()?;
        [
            Self::WeekBefore,
            Self::TwoDaysBefore,
            Self::DueDay,
            Self::Overdue(number),
            Self::HandedOver,
            Self::NdaAtRisk,
        ]
        .into_iter()
        .find(|rule| rule.as_str() == word && rule.number() == number)
    }

    /// The day on which the rule asks for a reminder of something that is not overdue yet.
    fn day(self, due_on: Date) -> Date {
        let day = match self {
            Self::WeekBefore => due_on - WEEK,
            Self::TwoDaysBefore => due_on - Duration::days(2),
            _ => due_on,
        };
        match day.weekday() {
            Weekday::Saturday => day - Duration::days(1),
            Weekday::Sunday => day - Duration::days(2),
            _ => day,
        }
    }
}

/// An item whose next step is the person's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub id: AssignmentId,
    pub kind: RequirementKind,
    /// The last good day, where the person works.
    pub due_on: Date,
    /// What was last sent to the person about this due date, or that it was handed over, and on which day.
    pub last: Option<(Rule, Date)>,
    /// HR and the manager know that this NDA is not signed.
    pub is_known_at_risk: bool,
    /// HR lets the person start without it.
    pub is_allowed: bool,
}

/// What is known about one person. Days are those where the person works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    pub today: Date,
    pub start_date: Date,
    /// The day on which the newest personal link was sent by itself.
    pub told_on: Option<Date>,
    /// Somebody who has neither a link nor an account was never asked for anything.
    pub is_invited: bool,
    /// The last day of a pause.
    pub paused_until: Option<Date>,
    pub items: Vec<Item>,
}

/// What is to happen today about one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Goes into the person's one mail of the day.
    pub reminders: Vec<(AssignmentId, Rule)>,
    /// Goes to HR and the manager.
    pub escalations: Vec<(AssignmentId, Rule)>,
}

impl Facts {
    /// What is to happen today. Asked again after it happened, it is nothing.
    #[must_use]
    pub fn plan(&self) -> Plan {
        let mut plan = Plan::default();
        let is_paused = self.paused_until.is_some_and(|until| self.today <= until);
        for item in &self.items {
            if self.is_at_risk(item) {
                plan.escalations.push((item.id, Rule::NdaAtRisk));
            }
            if is_paused || !self.is_invited {
                continue;
            }
            match self.next(item) {
                Some(Rule::HandedOver) => plan.escalations.push((item.id, Rule::HandedOver)),
                Some(rule) if is_working_day(self.today) => plan.reminders.push((item.id, rule)),
                _ => {}
            }
        }
        plan
    }

    /// The gate does not wait for the end of a pause. Whoever got the link today has the day to sign.
    fn is_at_risk(&self, item: &Item) -> bool {
        item.kind == RequirementKind::Nda
            && !item.is_allowed
            && !item.is_known_at_risk
            && self.today >= self.start_date - NDA_AT_RISK
            && self.told_on.is_none_or(|day| day < self.today)
    }

    fn next(&self, item: &Item) -> Option<Rule> {
        // It waits for the first day, as its invitation does.
        if item.kind == RequirementKind::PasswordManager && self.today < self.start_date {
            return None;
        }
        let (last, last_on) = item.last.unzip();
        let heard_on = last_on.max(self.told_on);
        let for_a_week = |day: Option<Date>| day.is_none_or(|day| self.today - day >= WEEK);
        match last {
            Some(Rule::HandedOver) => return None,
            Some(Rule::Overdue(number)) if number >= WEEKLY => return for_a_week(last_on).then_some(Rule::HandedOver),
            _ => {}
        }
        if self.today - item.due_on >= WEEK {
            let number = last.map_or(0, Rule::number) + 1;
            return for_a_week(heard_on).then_some(Rule::Overdue(number));
        }
        let newest = [Rule::DueDay, Rule::TwoDaysBefore, Rule::WeekBefore]
            .into_iter()
            .find(|rule| rule.day(item.due_on) <= self.today)?;
        heard_on.is_none_or(|day| day < newest.day(item.due_on)).then_some(newest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::date;
    use uuid::Uuid;

    fn item(n: u128, due_on: Date) -> Item {
        Item {
            id: AssignmentId(Uuid::from_u128(n)),
            kind: RequirementKind::Policy,
            due_on,
            last: None,
            is_known_at_risk: false,
            is_allowed: false,
        }
    }

    fn facts(today: Date, items: Vec<Item>) -> Facts {
        Facts {
            today,
            start_date: date!(2026 - 12 - 01),
            told_on: None,
            is_invited: true,
            paused_until: None,
            items,
        }
    }

    /// Does on each day what is planned, and tells what was.
    fn live(mut facts: Facts, days: i64, mut change: impl FnMut(i64, &mut Facts)) -> Vec<(Date, Plan)> {
        let mut lived = Vec::new();
        let first = facts.today;
        for n in 0..days {
            facts.today = first + Duration::days(n);
            change(n, &mut facts);
            let plan = facts.plan();
            for (id, rule) in plan.reminders.iter().chain(&plan.escalations) {
                for item in facts.items.iter_mut().filter(|item| item.id == *id) {
                    match rule {
                        Rule::NdaAtRisk => item.is_known_at_risk = true,
                        rule => item.last = Some((*rule, facts.today)),
                    }
                }
            }
            assert_eq!(facts.plan(), Plan::default(), "once a day is enough");
            if plan != Plan::default() {
                lived.push((facts.today, plan));
            }
        }
        lived
    }

    fn rules(lived: Vec<(Date, Plan)>) -> Vec<(Date, Rule)> {
        let all = |plan: Plan| plan.reminders.into_iter().chain(plan.escalations).map(|(_, rule)| rule).collect::<Vec<_>>();
        lived
            .into_iter()
            .flat_map(|(day, plan)| all(plan).into_iter().map(move |rule| (day, rule)))
            .collect()
    }

    #[test]
    fn who_does_nothing_hears_at_seven_two_and_no_days_then_weekly_and_then_others_do() {
        // A Wednesday.
        let lived = live(facts(date!(2026 - 11 - 23), vec![item(1, date!(2026 - 12 - 16))]), 90, |_, _| {});
        assert_eq!(
            rules(lived),
            [
                (date!(2026 - 12 - 09), Rule::WeekBefore),
                (date!(2026 - 12 - 14), Rule::TwoDaysBefore),
                (date!(2026 - 12 - 16), Rule::DueDay),
                (date!(2026 - 12 - 23), Rule::Overdue(1)),
                (date!(2026 - 12 - 30), Rule::Overdue(2)),
                (date!(2027 - 01 - 06), Rule::Overdue(3)),
                (date!(2027 - 01 - 13), Rule::Overdue(4)),
                (date!(2027 - 01 - 20), Rule::HandedOver),
            ]
        );
    }

    #[test]
    fn weekends_are_left_alone_and_what_still_helps_comes_before_them() {
        // A Sunday.
        let lived = live(facts(date!(2026 - 11 - 23), vec![item(1, date!(2026 - 12 - 13))]), 20 + 9, |_, _| {});
        assert_eq!(
            rules(lived),
            [
                (date!(2026 - 12 - 04), Rule::WeekBefore),
                (date!(2026 - 12 - 11), Rule::DueDay),
                (date!(2026 - 12 - 21), Rule::Overdue(1)),
            ]
        );
    }

    #[test]
    fn a_link_that_was_sent_reminds_of_everything() {
        let mut told = facts(date!(2026 - 11 - 23), vec![item(1, date!(2026 - 11 - 30))]);
        told.told_on = Some(told.today);
        let lived = live(told, 10, |_, _| {});
        assert_eq!(
            rules(lived),
            [(date!(2026 - 11 - 27), Rule::TwoDaysBefore), (date!(2026 - 11 - 30), Rule::DueDay)]
        );
    }

    #[test]
    fn what_was_missed_is_caught_up_once() {
        let lived = live(facts(date!(2027 - 03 - 01), vec![item(1, date!(2026 - 12 - 16))]), 8, |_, _| {});
        assert_eq!(
            rules(lived),
            [(date!(2027 - 03 - 01), Rule::Overdue(1)), (date!(2027 - 03 - 08), Rule::Overdue(2))]
        );
    }

    #[test]
    fn an_unsigned_nda_goes_to_others_three_days_before_the_start_and_not_on_the_day_of_the_link() {
        let nda = Item {
            kind: RequirementKind::Nda,
            ..item(1, date!(2026 - 11 - 30))
        };
        let others = |change: &dyn Fn(&mut Facts)| {
            let mut facts = facts(date!(2026 - 11 - 23), vec![nda.clone()]);
            change(&mut facts);
            let lived = rules(live(facts, 12, |_, _| {}));
            lived
                .into_iter()
                .filter(|(_, rule)| *rule == Rule::NdaAtRisk)
                .map(|(day, _)| day)
                .collect::<Vec<_>>()
        };
        assert_eq!(others(&|_| {}), [date!(2026 - 11 - 28)]);
        assert_eq!(others(&|facts| facts.paused_until = Some(date!(2027 - 01 - 01))), [date!(2026 - 11 - 28)]);
        assert_eq!(others(&|facts| facts.is_invited = false), [date!(2026 - 11 - 28)]);
        assert_eq!(others(&|facts| facts.told_on = Some(date!(2026 - 11 - 28))), [date!(2026 - 11 - 29)]);
        assert_eq!(others(&|facts| facts.items[0].is_allowed = true), []);
    }

    #[test]
    fn stored_words_read_back() {
        for rule in [
            Rule::WeekBefore,
            Rule::TwoDaysBefore,
            Rule::DueDay,
            Rule::Overdue(3),
            Rule::HandedOver,
            Rule::NdaAtRisk,
        ] {
            assert_eq!(Rule::from_stored(rule.as_str(), rule.number().into()), Some(rule));
            assert_eq!(serde_json::from_value::<Rule>(serde_json::to_value(rule).unwrap()).unwrap(), rule);
        }
        assert_eq!(Rule::from_stored("due_day", 2), None);
    }

    #[test]
    fn mails_leave_by_day_only() {
        assert!(may_leave(date!(2026 - 11 - 23), 8) && may_leave(date!(2026 - 11 - 23), 17));
        assert!(!may_leave(date!(2026 - 11 - 23), 7) && !may_leave(date!(2026 - 11 - 23), 18));
        assert!(!may_leave(date!(2026 - 11 - 22), 10) && !may_leave(date!(2026 - 11 - 21), 10));
    }

    proptest! {
        /// Whatever is due when, done when, paused or written to in between.
        #[test]
        fn nobody_is_flooded_bothered_in_vain_or_forgotten(
            dues in prop::collection::vec(-120i64..60, 1..6),
            dones in prop::collection::vec(0i64..400, 6),
            pause in (0i64..60, 0i64..40),
            told in prop::option::of(0i64..100),
        ) {
            let first = date!(2026 - 11 - 23);
            let items: Vec<_> = dues.iter().zip(0..).map(|(days, n)| item(n, first + Duration::days(*days))).collect();
            let (begins, ends) = (pause.0, pause.0 + pause.1);
            let mut open = Vec::new();
            let lived = live(facts(first, items.clone()), 400, |n, facts| {
                let is_open = |item: &Item| dones[usize::try_from(item.id.0.as_u128()).unwrap()] > n;
                facts.items.retain(is_open);
                facts.told_on = told.filter(|day| *day <= n).map(|day| first + Duration::days(day));
                facts.paused_until = (begins..=ends).contains(&n).then(|| first + Duration::days(ends));
                open.push(facts.items.iter().map(|item| item.id).collect::<Vec<_>>());
            });
            for item in &items {
                let number = usize::try_from(item.id.0.as_u128()).unwrap();
                let mut sent: Vec<(Date, Rule)> = Vec::new();
                for (day, plan) in &lived {
                    let n = usize::try_from((*day - first).whole_days()).unwrap();
                    for (_, rule) in plan.reminders.iter().chain(&plan.escalations).filter(|(id, _)| *id == item.id) {
                        prop_assert!(open[n].contains(&item.id), "done, and still {rule:?}");
                        prop_assert!(!(begins..=ends).contains(&i64::try_from(n).unwrap()), "{rule:?} in the pause");
                        prop_assert!(*rule == Rule::HandedOver || is_working_day(*day));
                        prop_assert!(item.due_on - *day <= AHEAD, "{rule:?} too early");
                        sent.push((*day, *rule));
                    }
                }
                prop_assert!(sent.windows(2).all(|pair| pair[0].0 < pair[1].0), "one a day at most: {sent:?}");
                let weekly: Vec<_> = sent.iter().filter(|(_, rule)| matches!(rule, Rule::Overdue(_))).collect();
                prop_assert!(weekly.len() <= usize::from(WEEKLY));
                prop_assert!(weekly.windows(2).all(|pair| pair[1].0 - pair[0].0 >= WEEK));
                prop_assert!(sent.len() <= usize::from(WEEKLY) + 4);
                if dones[number] >= 300 {
                    prop_assert_eq!(sent.last().map(|(_, rule)| *rule), Some(Rule::HandedOver), "{:?}", sent);
                }
            }
        }
    }
}
