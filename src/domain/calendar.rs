//! The calendars that somebody can let a calendar program read.

use serde::{Deserialize, Serialize};

/// What a calendar shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FeedKind {
    /// One's own start, and by when one's own items are due.
    Own,
    /// Who starts when and who has something due when: names and days.
    Hr,
}

impl FeedKind {
    pub const ALL: [Self; 2] = [Self::Own, Self::Hr];

    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Hr => "hr",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn from_stored(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}
