//! One person's instance of a requirement, as a state machine. Transitions consume the state; what is not listed here
//! cannot happen.

use super::{Instant, problem::Conflict};
use serde::{Deserialize, Serialize};

/// Why an assignment ended without being fulfilled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The person left.
    Left,
    /// Somebody with authority said that it does not apply; see `domain::exemption`.
    Exempt,
    /// HR withdrew what was signed; the next cycle asks again, and the record stays.
    Withdrawn,
    /// The rule is not for this person any more.
    OutOfGroup,
    /// The rule itself has ended.
    RuleEnded,
}

impl EndReason {
    pub const ALL: [Self; 5] = [Self::Left, Self::Exempt, Self::Withdrawn, Self::OutOfGroup, Self::RuleEnded];

    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Exempt => "exempt",
            Self::Withdrawn => "withdrawn",
            Self::OutOfGroup => "out_of_group",
            Self::RuleEnded => "rule_ended",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn from_stored(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}

/// Why a cycle of an item exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Part of joining.
    First,
    /// A year has passed since it was done.
    Yearly,
    /// A material new version was published.
    NewVersion,
    /// What was signed was withdrawn.
    Withdrawn,
    /// The person is no longer on the vendor's member list.
    LeftList,
    ExemptionEnded,
    /// The rule was made or changed, or the person came into its group.
    Rule,
    /// The person came back.
    Rehired,
}

impl Cause {
    pub const ALL: [Self; 8] = [
        Self::First,
        Self::Yearly,
        Self::NewVersion,
        Self::Withdrawn,
        Self::LeftList,
        Self::ExemptionEnded,
        Self::Rule,
        Self::Rehired,
    ];

    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Yearly => "yearly",
            Self::NewVersion => "new_version",
            Self::Withdrawn => "withdrawn",
            Self::LeftList => "left_list",
            Self::ExemptionEnded => "exemption_ended",
            Self::Rule => "rule",
            Self::Rehired => "rehired",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn from_stored(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.as_str() == word)
    }

    /// Whether the deadline is the rule's and moves with what it is counted from. What else is asked again has a date of its own.
    #[must_use]
    pub const fn follows_rule(self) -> bool {
        matches!(self, Self::First | Self::Withdrawn | Self::Rule | Self::Rehired)
    }
}

/// Where an assignment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Nothing has happened that counts.
    Open,
    /// The first half happened (signed, declared, requested); somebody else has the next step.
    Waiting { since: Instant },
    /// Fulfilled. `submitted` is when the person's own half happened, where there is one.
    Done { submitted: Option<Instant>, at: Instant },
    /// A background check that was not cleared.
    Failed { at: Instant },
    /// Ended without being fulfilled; evidence collected so far stays.
    Ended { at: Instant, reason: EndReason },
}

impl State {
    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Waiting { .. } => "waiting",
            Self::Done { .. } => "done",
            Self::Failed { .. } => "failed",
            Self::Ended { .. } => "ended",
        }
    }

    /// The person signed, declared, or a check was requested. A failed check may be requested again.
    ///
    /// # Errors
    /// `AlreadyDone` when this happened before, `Ended` when the item is no longer pursued.
    pub const fn submit(self, at: Instant) -> Result<Self, Conflict> {
        match self {
            Self::Open | Self::Failed { .. } => Ok(Self::Waiting { since: at }),
            Self::Waiting { .. } | Self::Done { .. } => Err(Conflict::AlreadyDone),
            Self::Ended { .. } => Err(Conflict::Ended),
        }
    }

    /// Somebody confirmed what was submitted.
    ///
    /// # Errors
    /// `NotYet` when nothing was submitted, else as [`State::submit`].
    pub const fn confirm(self, at: Instant) -> Result<Self, Conflict> {
        match self {
            Self::Waiting { since } => Ok(Self::Done { submitted: Some(since), at }),
            Self::Open | Self::Failed { .. } => Err(Conflict::NotYet),
            Self::Done { .. } => Err(Conflict::AlreadyDone),
            Self::Ended { .. } => Err(Conflict::Ended),
        }
    }

    /// Fulfilled in one step, or the outcome of a check that was waited for.
    ///
    /// # Errors
    /// As [`State::submit`].
    pub const fn complete(self, at: Instant) -> Result<Self, Conflict> {
        match self {
            Self::Open | Self::Failed { .. } => Ok(Self::Done { submitted: None, at }),
            Self::Waiting { since } => Ok(Self::Done { submitted: Some(since), at }),
            Self::Done { .. } => Err(Conflict::AlreadyDone),
            Self::Ended { .. } => Err(Conflict::Ended),
        }
    }

    /// A check came back not cleared.
    ///
    /// # Errors
    /// As [`State::submit`].
    pub const fn fail(self, at: Instant) -> Result<Self, Conflict> {
        match self {
            Self::Open | Self::Waiting { .. } => Ok(Self::Failed { at }),
            Self::Done { .. } | Self::Failed { .. } => Err(Conflict::AlreadyDone),
            Self::Ended { .. } => Err(Conflict::Ended),
        }
    }

    /// Takes back what was signed or confirmed, so that the next cycle can ask again. The record of it stays.
    ///
    /// # Errors
    /// `NotYet` when nothing was signed, `Ended` when the item is no longer pursued.
    pub const fn withdraw(self, at: Instant) -> Result<Self, Conflict> {
        match self {
            Self::Waiting { .. } | Self::Done { .. } => Ok(Self::Ended {
                at,
                reason: EndReason::Withdrawn,
            }),
            Self::Open | Self::Failed { .. } => Err(Conflict::NotYet),
            Self::Ended { .. } => Err(Conflict::Ended),
        }
    }

    /// Ends what is not fulfilled. What is done stays done: evidence outlives employment.
    ///
    /// # Errors
    /// `AlreadyDone` for what is done or has ended before.
    pub const fn end(self, at: Instant, reason: EndReason) -> Result<Self, Conflict> {
        match self {
            Self::Open | Self::Waiting { .. } | Self::Failed { .. } => Ok(Self::Ended { at, reason }),
            Self::Done { .. } | Self::Ended { .. } => Err(Conflict::AlreadyDone),
        }
    }

    /// Whether it was taken from the person because a rule says so; it is no longer their concern.
    #[must_use]
    pub const fn was_taken_away(self) -> bool {
        matches!(
            self,
            Self::Ended {
                reason: EndReason::OutOfGroup | EndReason::RuleEnded,
                ..
            }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::datetime;

    fn any_state() -> impl Strategy<Value = State> {
        let t = datetime!(2026-12-01 00:00 UTC);
        prop_oneof![
            Just(State::Open),
            Just(State::Waiting { since: t }),
            Just(State::Done { submitted: None, at: t }),
            Just(State::Failed { at: t }),
            Just(State::Ended {
                at: t,
                reason: EndReason::Left
            }),
        ]
    }

    proptest! {
        #[test]
        fn what_is_done_or_ended_never_changes(state in any_state()) {
            let t = datetime!(2026-12-02 00:00 UTC);
            if matches!(state, State::Done { .. } | State::Ended { .. }) {
                prop_assert!(state.submit(t).is_err());
                prop_assert!(state.confirm(t).is_err());
                prop_assert!(state.complete(t).is_err());
                prop_assert!(state.fail(t).is_err());
                prop_assert!(state.end(t, EndReason::Left).is_err());
            }
        }
    }

    #[test]
    fn only_what_was_signed_can_be_withdrawn() {
        let t = datetime!(2026-12-01 00:00 UTC);
        let withdrawn = State::Ended {
            at: t,
            reason: EndReason::Withdrawn,
        };
        assert_eq!(State::Waiting { since: t }.withdraw(t), Ok(withdrawn));
        assert_eq!(State::Done { submitted: Some(t), at: t }.withdraw(t), Ok(withdrawn));
        assert_eq!(State::Open.withdraw(t), Err(Conflict::NotYet));
        assert_eq!(withdrawn.withdraw(t), Err(Conflict::Ended));
    }

    #[test]
    fn stored_words_read_back() {
        for cause in Cause::ALL {
            assert_eq!(Cause::from_stored(cause.as_str()), Some(cause));
        }
        for reason in EndReason::ALL {
            assert_eq!(EndReason::from_stored(reason.as_str()), Some(reason));
        }
    }

    #[test]
    fn signing_twice_is_said_to_be_done_already() {
        let t = datetime!(2026-12-01 00:00 UTC);
        let signed = State::Open.submit(t).unwrap();
        assert_eq!(signed.submit(t), Err(Conflict::AlreadyDone));
        assert_eq!(signed.confirm(t), Ok(State::Done { submitted: Some(t), at: t }));
        assert_eq!(State::Open.confirm(t), Err(Conflict::NotYet));
    }
}
