//! A requirement: what has to be fulfilled, by when, and how often again.

use super::ids::{CourseId, DocumentId, RequirementId};
use serde::{Deserialize, Serialize};
use time::{Date, Duration};

/// The five kinds of requirement, in the order in which a newcomer meets them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequirementKind {
    Nda,
    BackgroundCheck,
    Policy,
    Training,
    PasswordManager,
}

impl RequirementKind {
    pub const ALL: [Self; 5] = [Self::Nda, Self::BackgroundCheck, Self::Policy, Self::Training, Self::PasswordManager];

    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nda => "nda",
            Self::BackgroundCheck => "background_check",
            Self::Policy => "policy",
            Self::Training => "training",
            Self::PasswordManager => "password_manager",
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
        matches!(self, Self::Nda | Self::PasswordManager)
    }
}

/// By when, relative to the start date. The day it names is the last good one, in the person's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DueRule {
    /// So many days before the start date.
    DaysBeforeStart(u16),
    /// On the start date at the latest.
    ByStart,
    /// So many days after the start date.
    DaysAfterStart(u16),
}

impl DueRule {
    /// The last day on which the requirement is fulfilled in time.
    #[must_use]
    pub fn due_on(self, start: Date) -> Date {
        match self {
            Self::DaysBeforeStart(days) => start - Duration::days(i64::from(days)),
            Self::ByStart => start,
            Self::DaysAfterStart(days) => start + Duration::days(i64::from(days)),
        }
    }

    /// As stored: days relative to the start date.
    #[must_use]
    pub fn offset_days(self) -> i64 {
        match self {
            Self::DaysBeforeStart(days) => -i64::from(days),
            Self::ByStart => 0,
            Self::DaysAfterStart(days) => i64::from(days),
        }
    }

    /// Reads the stored offset.
    #[must_use]
    pub fn from_offset_days(days: i64) -> Self {
        let magnitude = u16::try_from(days.unsigned_abs()).unwrap_or(u16::MAX);
        match days {
            0 => Self::ByStart,
            days if days < 0 => Self::DaysBeforeStart(magnitude),
            _ => Self::DaysAfterStart(magnitude),
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
        match word {
            "never" => Some(Self::Never),
            "yearly" => Some(Self::Yearly),
            _ => None,
        }
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

/// A rule that produces one assignment per person and cycle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    pub id: RequirementId,
    pub kind: RequirementKind,
    pub material: Material,
    pub due: DueRule,
    pub recurrence: Recurrence,
    /// The order on the checklist, from 0.
    pub position: i64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn default_deadlines_name_the_last_good_day() {
        let start = date!(2027 - 03 - 01);
        assert_eq!(DueRule::DaysBeforeStart(1).due_on(start), date!(2027 - 02 - 28));
        assert_eq!(DueRule::ByStart.due_on(start), start);
        assert_eq!(DueRule::DaysAfterStart(14).due_on(start), date!(2027 - 03 - 15));
    }

    #[test]
    fn rules_survive_storage() {
        for rule in [DueRule::DaysBeforeStart(1), DueRule::ByStart, DueRule::DaysAfterStart(30)] {
            assert_eq!(DueRule::from_offset_days(rule.offset_days()), rule);
        }
    }
}
