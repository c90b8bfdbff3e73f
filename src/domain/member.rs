//! Members of a password manager as its vendor lists them, and what such a line proves. The vendor's list is the strong
//! evidence of an enrolment; an account that is only invited, or whose two-step login is off, is none.

use super::ids::PersonId;
use serde::{Deserialize, Serialize};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$note:meta])* $variant:ident = $word:literal,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$note])* $variant,)+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// As stored, and as used in forms and addresses.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// Reads the stored word.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == word)
            }
        }
    )+};
}

words! {
    /// Whose list it is.
    Vendor {
        Bitwarden = "bitwarden",
        OnePassword = "one_password",
        Other = "other",
    }

    /// How an account stands with the vendor. The order is how much it proves, the most first; `store::reconciliation` ranks by it.
    MemberStatus {
        Active = "active",
        /// The person accepted the invitation; the vendor's administrator has yet to let them in.
        Accepted = "accepted",
        Invited = "invited",
        /// Suspended or revoked: it opens nothing.
        Revoked = "revoked",
    }

    /// Whether two-step login is on. The order is as above.
    TwoStep {
        On = "on",
        /// The list does not say, but whoever took it over vouched that the vendor demands it of everyone.
        Enforced = "enforced",
        /// The list does not say.
        Unknown = "unknown",
        Off = "off",
    }

    /// Where a line of the list, or somebody who is in no line, stands in the reconciliation.
    Bucket {
        Enrolled = "enrolled",
        /// Invited or accepted, not active yet.
        Invited = "invited",
        /// Active, but two-step login is off or the list does not say.
        TwoStep = "two-step",
        /// In the list, but nobody of ours, or fitting two of ours.
        Unknown = "unknown",
        /// Ours and started, but not in the list or suspended there.
        Missing = "missing",
        /// Left, but still in the list.
        Left = "left",
        /// Said by hand to be none of ours, such as an account for a service.
        SetAside = "set-aside",
    }
}

/// What a vendor's list says about one account. What proves more sorts first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Listing {
    pub status: MemberStatus,
    pub two_step: TwoStep,
}

impl Listing {
    /// Whether it proves the enrolment: active, with two-step login.
    #[must_use]
    pub const fn is_enrolled(self) -> bool {
        matches!(self.status, MemberStatus::Active) && matches!(self.two_step, TwoStep::On | TwoStep::Enforced)
    }

    /// Whether it proves that an earlier enrolment is over. A list that does not mention two-step login proves nothing.
    #[must_use]
    pub const fn is_lost(self) -> bool {
        !self.is_enrolled() && !self.is_silent()
    }

    /// Active, and nothing is said about two-step login.
    #[must_use]
    pub const fn is_silent(self) -> bool {
        matches!((self.status, self.two_step), (MemberStatus::Active, TwoStep::Unknown))
    }

    /// Where one of our people with this line stands.
    #[must_use]
    pub const fn bucket(self) -> Bucket {
        match self.status {
            MemberStatus::Active if self.is_enrolled() => Bucket::Enrolled,
            MemberStatus::Active => Bucket::TwoStep,
            MemberStatus::Accepted | MemberStatus::Invited => Bucket::Invited,
            MemberStatus::Revoked => Bucket::Missing,
        }
    }
}

/// Who an address in the list was said to be, by hand. It outlives the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remembered {
    Person(PersonId),
    /// Such as an account for a service.
    NotOurs,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_active_account_with_two_step_login_is_enrolled() {
        let enrolled = |status: &MemberStatus| {
            let with = |two_step: &&TwoStep| {
                Listing {
                    status: *status,
                    two_step: **two_step,
                }
                .is_enrolled()
            };
            TwoStep::ALL.iter().filter(with).copied().collect::<Vec<_>>()
        };
        assert_eq!(enrolled(&MemberStatus::Active), [TwoStep::On, TwoStep::Enforced]);
        for status in [MemberStatus::Accepted, MemberStatus::Invited, MemberStatus::Revoked] {
            assert_eq!(enrolled(&status), []);
        }
    }

    #[test]
    fn what_a_list_does_not_say_takes_nothing_away() {
        let unknown = Listing {
            status: MemberStatus::Active,
            two_step: TwoStep::Unknown,
        };
        assert!(!unknown.is_enrolled() && !unknown.is_lost());
        let off = Listing {
            two_step: TwoStep::Off,
            ..unknown
        };
        assert!(off.is_lost() && off.bucket() == Bucket::TwoStep);
    }

    #[test]
    fn stored_words_read_back() {
        for bucket in Bucket::ALL {
            assert_eq!(Bucket::from_word(bucket.as_str()), Some(*bucket));
        }
        assert_eq!(MemberStatus::from_word("gone"), None);
    }

    #[test]
    fn the_order_of_listings_is_how_much_they_prove() {
        let mut listings: Vec<Listing> = MemberStatus::ALL
            .iter()
            .rev()
            .flat_map(|status| {
                TwoStep::ALL.iter().rev().map(|two_step| Listing {
                    status: *status,
                    two_step: *two_step,
                })
            })
            .collect();
        listings.sort_unstable();
        assert!(listings[..2].iter().all(|listing| listing.is_enrolled()));
        assert!(!listings[2..].iter().any(|listing| listing.is_enrolled()));
        assert!(listings[2].is_silent() && listings[15].is_lost());
    }
}
