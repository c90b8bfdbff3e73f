//! A requirement: what has to be fulfilled, by when, and how often again.

use super::{
    course::reading_minutes,
    group::Group,
    ids::{CourseId, DocumentId, RequirementId},
    locale::Bilingual,
    weekend::Weekend,
};
use serde::{Deserialize, Serialize};
use time::{Date, Duration};

/// The kinds of requirement, in the order in which a newcomer meets them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequirementKind {
    Nda,
    BackgroundCheck,
    Policy,
    Training,
    PasswordManager,
    /// Something to do that is written in the rule itself.
    Instruction,
}

impl RequirementKind {
    pub const ALL: [Self; 6] = [
        Self::Nda,
        Self::BackgroundCheck,
        Self::Policy,
        Self::Training,
        Self::PasswordManager,
        Self::Instruction,
    ];

    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nda => "nda",
            Self::BackgroundCheck => "background_check",
            Self::Policy => "policy",
            Self::Training => "training",
            Self::PasswordManager => "password_manager",
            Self::Instruction => "instruction",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn from_stored(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether the person's own act decides about punctuality. Where it does, a slow confirmation by somebody else never
    /// makes the person late.
    #[must_use]
    pub const fn counts_from_submission(self) -> bool {
        matches!(self, Self::Nda | Self::PasswordManager | Self::Instruction)
    }

    /// Whether what was done in an earlier employment counts for the next one. An enrolment is no act but a state, which ends with the
    /// access.
    #[must_use]
    pub const fn outlasts_employment(self) -> bool {
        !matches!(self, Self::PasswordManager)
    }
}

/// What deadlines are counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Basis {
    /// The first working day.
    pub start: Date,
    /// The day on which the item was asked, where the person works.
    pub assigned_on: Date,
    /// That of the country they work in.
    pub weekend: Weekend,
}

/// By when. The day it names is the last good one, in the person's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DueRule {
    /// So many days before the start date.
    DaysBeforeStart(u16),
    /// On the start date at the latest.
    ByStart,
    /// So many days after the start date.
    DaysAfterStart(u16),
    /// So many days after the start date, weekends not counted.
    WorkingDaysAfterStart(u16),
    /// So many days after it was asked.
    DaysAfterAssignment(u16),
    /// So many days after it was asked, weekends not counted.
    WorkingDaysAfterAssignment(u16),
}

impl DueRule {
    /// The last day on which the requirement is fulfilled in time.
    #[must_use]
    pub fn due_on(self, basis: Basis) -> Date {
        let Basis { start, assigned_on, weekend } = basis;
        let after = |date: Date, days: u16| date + Duration::days(i64::from(days));
        match self {
            Self::DaysBeforeStart(days) => start - Duration::days(i64::from(days)),
            Self::ByStart => start,
            Self::DaysAfterStart(days) => after(start, days),
            Self::WorkingDaysAfterStart(days) => weekend.working_days_after(start, days),
            Self::DaysAfterAssignment(days) => after(assigned_on, days),
            Self::WorkingDaysAfterAssignment(days) => weekend.working_days_after(assigned_on, days),
        }
    }

    /// Whether it is counted from the day on which the item was asked.
    #[must_use]
    pub const fn counts_from_assignment(self) -> bool {
        matches!(self, Self::DaysAfterAssignment(_) | Self::WorkingDaysAfterAssignment(_))
    }

    /// The most days after the start that it gives to anybody whom it counts from the start; negative before it. Not even a weekend of
    /// two days makes more than twice as many days of working days.
    #[must_use]
    pub fn most_days_after_start(self) -> Option<i64> {
        match self {
            Self::WorkingDaysAfterStart(days) => Some(2 * i64::from(days) + 2),
            rule if rule.counts_from_assignment() => None,
            rule => Some(rule.stored().0),
        }
    }

    /// As stored: days, negative before, and what they are counted from.
    #[must_use]
    pub fn stored(self) -> (i64, &'static str) {
        match self {
            Self::DaysBeforeStart(days) => (-i64::from(days), "start"),
            Self::ByStart => (0, "start"),
            Self::DaysAfterStart(days) => (i64::from(days), "start"),
            Self::WorkingDaysAfterStart(days) => (i64::from(days), "start_working"),
            Self::DaysAfterAssignment(days) => (i64::from(days), "assignment"),
            Self::WorkingDaysAfterAssignment(days) => (i64::from(days), "assignment_working"),
        }
    }

    /// Reads what is stored.
    #[must_use]
    pub fn from_stored(days: i64, counts_from: &str) -> Option<Self> {
        let magnitude = u16::try_from(days.unsigned_abs()).unwrap_or(u16::MAX);
        match (counts_from, days) {
            ("start", 0) => Some(Self::ByStart),
            ("start", ..0) => Some(Self::DaysBeforeStart(magnitude)),
            ("start", _) => Some(Self::DaysAfterStart(magnitude)),
            ("start_working", 0..) => Some(Self::WorkingDaysAfterStart(magnitude)),
            ("assignment", 0..) => Some(Self::DaysAfterAssignment(magnitude)),
            ("assignment_working", 0..) => Some(Self::WorkingDaysAfterAssignment(magnitude)),
            _ => None,
        }
    }
}

/// How often a requirement comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Recurrence {
    Never,
    Yearly,
}

impl Recurrence {
    pub const ALL: [Self; 2] = [Self::Never, Self::Yearly];

    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Yearly => "yearly",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn from_stored(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|recurrence| recurrence.as_str() == word)
    }
}

/// Who says that an instruction was followed, besides the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirmer {
    Hr,
    Security,
    /// Whoever the person reports to.
    Manager,
}

impl Confirmer {
    pub const ALL: [Self; 3] = [Self::Hr, Self::Security, Self::Manager];

    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hr => "hr",
            Self::Security => "security",
            Self::Manager => "manager",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn from_stored(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|confirmer| confirmer.as_str() == word)
    }
}

/// What an instruction asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instruction {
    pub title: Bilingual,
    /// Markdown.
    pub body: Bilingual,
    /// Whether a file has to be uploaded.
    pub needs_file: bool,
    /// None: the person's word is enough.
    pub confirmed_by: Option<Confirmer>,
}

impl Instruction {
    /// Honest minutes to read it.
    #[must_use]
    pub fn minutes(&self) -> i64 {
        reading_minutes(&self.body.de)
    }
}

/// What a requirement asks to be read or learnt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Material {
    None,
    Document(DocumentId),
    Course(CourseId),
}

impl From<DocumentId> for Material {
    fn from(document: DocumentId) -> Self {
        Self::Document(document)
    }
}

impl From<CourseId> for Material {
    fn from(course: CourseId) -> Self {
        Self::Course(course)
    }
}

/// A rule that produces one assignment per person of its group and cycle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    pub id: RequirementId,
    pub kind: RequirementKind,
    pub material: Material,
    /// For whom.
    pub audience: Group,
    pub due: DueRule,
    pub recurrence: Recurrence,
    /// The order on the checklist, from 0.
    pub position: i64,
    /// What there is to do; of instructions only.
    pub instruction: Option<Instruction>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn deadlines_name_the_last_good_day() {
        // A Monday, and a Thursday before it.
        let basis = |country| Basis {
            start: date!(2027 - 03 - 01),
            assigned_on: date!(2027 - 02 - 18),
            weekend: Weekend::of_country(country),
        };
        for (rule, german, egyptian) in [
            (DueRule::DaysBeforeStart(1), date!(2027 - 02 - 28), date!(2027 - 02 - 28)),
            (DueRule::ByStart, date!(2027 - 03 - 01), date!(2027 - 03 - 01)),
            (DueRule::DaysAfterStart(14), date!(2027 - 03 - 15), date!(2027 - 03 - 15)),
            (DueRule::WorkingDaysAfterStart(5), date!(2027 - 03 - 08), date!(2027 - 03 - 08)),
            (DueRule::WorkingDaysAfterStart(4), date!(2027 - 03 - 05), date!(2027 - 03 - 07)),
            (DueRule::DaysAfterAssignment(2), date!(2027 - 02 - 20), date!(2027 - 02 - 20)),
            (DueRule::WorkingDaysAfterAssignment(2), date!(2027 - 02 - 22), date!(2027 - 02 - 22)),
        ] {
            assert_eq!((rule.due_on(basis("DE")), rule.due_on(basis("EG"))), (german, egyptian), "{rule:?}");
        }
    }

    #[test]
    fn rules_survive_storage() {
        for rule in [
            DueRule::DaysBeforeStart(1),
            DueRule::ByStart,
            DueRule::DaysAfterStart(30),
            DueRule::WorkingDaysAfterStart(5),
            DueRule::DaysAfterAssignment(0),
            DueRule::WorkingDaysAfterAssignment(3),
        ] {
            let (days, counts_from) = rule.stored();
            assert_eq!(DueRule::from_stored(days, counts_from), Some(rule));
        }
        assert_eq!(DueRule::from_stored(-1, "assignment"), None);
    }

    #[test]
    fn no_working_day_rule_gives_more_than_its_most() {
        for days in [0, 1, 4, 5, 10, 100] {
            for country in ["DE", "EG", "AF", "IR"] {
                for offset in 0..7 {
                    let start = date!(2027 - 03 - 01) + Duration::days(offset);
                    let weekend = Weekend::of_country(country);
                    let rule = DueRule::WorkingDaysAfterStart(days);
                    let due = rule.due_on(Basis {
                        start,
                        assigned_on: start,
                        weekend,
                    });
                    assert!((due - start).whole_days() <= rule.most_days_after_start().unwrap());
                }
            }
        }
    }
}
