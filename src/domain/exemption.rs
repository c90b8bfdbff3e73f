//! Exemptions: somebody with authority says that an item does not apply or is replaced, why, by what instead, and until when.
//! The register forgets nothing.

use super::Instant;
use serde::{Deserialize, Serialize};
use time::{Date, Duration};

/// No exemption outlasts this without being looked at again.
const LONGEST: Duration = Duration::days(731);

/// What is lifted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExemptionKind {
    /// The item does not apply, or something else takes its place. Needs a second person.
    Exemption,
    /// HR lets somebody start although the NDA is not signed. It stays due, and late.
    StartWithoutNda,
}

impl ExemptionKind {
    pub const ALL: [Self; 2] = [Self::Exemption, Self::StartWithoutNda];

    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exemption => "exemption",
            Self::StartWithoutNda => "start_without_nda",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn from_stored(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Where an exemption stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nobody decided yet; nothing is lifted.
    Requested,
    Refused,
    InForce,
    /// It was in force once.
    Over,
}

impl Status {
    pub const ALL: [Self; 4] = [Self::Requested, Self::InForce, Self::Over, Self::Refused];

    /// As used in addresses, files and SQL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Refused => "refused",
            Self::InForce => "in_force",
            Self::Over => "over",
        }
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// From what is on record: the decision, and the end.
    #[must_use]
    pub const fn of(approved: Option<bool>, ended_at: Option<Instant>) -> Self {
        match (approved, ended_at) {
            (None, _) => Self::Requested,
            (Some(false), _) => Self::Refused,
            (Some(true), None) => Self::InForce,
            (Some(true), Some(_)) => Self::Over,
        }
    }
}

/// Whether an exemption may end on that day: from today on, and within [`LONGEST`].
#[must_use]
pub fn may_end_on(ends_on: Date, today: Date) -> bool {
    ends_on >= today && ends_on - today <= LONGEST
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn words_read_back() {
        for kind in ExemptionKind::ALL {
            assert_eq!(ExemptionKind::from_stored(kind.as_str()), Some(kind));
        }
        for status in Status::ALL {
            assert_eq!(Status::from_word(status.as_str()), Some(status));
        }
    }

    #[test]
    fn an_exemption_ends_within_two_years() {
        let today = date!(2026 - 11 - 23);
        assert!(may_end_on(today, today));
        assert!(may_end_on(date!(2028 - 11 - 23), today));
        assert!(!may_end_on(date!(2028 - 11 - 25), today));
        assert!(!may_end_on(date!(2026 - 11 - 22), today));
    }
}
