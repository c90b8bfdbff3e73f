//! What a rule asks of somebody, against what they have of it: the one step that brings both together.
//!
//! What was done is never undone: whom a rule concerns no more keeps it on record, and finds it there when the rule is theirs again.

use super::assignment::{EndReason, State};
use serde::Serialize;
use time::Date;

/// What has to happen to somebody's newest item of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is as it has to be.
    Nothing,
    /// They get the item for the first time.
    Give,
    /// They had it, it ended unfinished, and they get it again.
    GiveAgain,
    /// It is not finished and no longer asked for.
    End,
    /// It is decided and no longer asked for: it stays on record, and comes back no more.
    SetAside,
    /// It was set aside and is asked for again; what was done counts.
    TakeUp,
}

/// What a change of somebody does to one of their items, as it is shown before it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "fate", rename_all = "snake_case")]
pub enum Fate {
    Get {
        due_on: Date,
    },
    /// It was set aside, and what was done counts again.
    CountAgain,
    /// It is not finished and ends.
    End,
    /// It is decided and stays on record.
    SetAside,
    /// From one day to another, or to another hour of the same day. `late`: it came too late by the new deadline.
    Move {
        from: Date,
        to: Date,
        late: bool,
    },
    Keep,
}

/// The step for somebody of whom the rule asks the item or not. `held`: how their newest item stands, and whether it was set aside.
#[must_use]
pub const fn step(asked: bool, held: Option<(State, bool)>) -> Step {
    match (asked, held) {
        (true, None) => Step::Give,
        (true, Some((State::Ended { reason, .. }, _))) if !matches!(reason, EndReason::Exempt) => Step::GiveAgain,
        (true, Some((_, true))) => Step::TakeUp,
        (false, Some((State::Open | State::Waiting { .. } | State::Failed { .. }, _))) => Step::End,
        (false, Some((State::Done { .. } | State::Ended { reason: EndReason::Exempt, .. }, false))) => Step::SetAside,
        (true, Some((_, false))) | (false, _) => Step::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn every_step_leads_to_where_nothing_is_left_to_do() {
        let at = datetime!(2026-12-01 00:00 UTC);
        let ended = |reason| State::Ended { at, reason };
        let states = [
            State::Open,
            State::Waiting { since: at },
            State::Failed { at },
            State::Done { submitted: None, at },
            ended(EndReason::Left),
            ended(EndReason::Exempt),
            ended(EndReason::OutOfGroup),
            ended(EndReason::RuleEnded),
        ];
        for asked in [true, false] {
            let all = states
                .into_iter()
                .flat_map(|state| [false, true].map(|aside| Some((state, aside))))
                .chain([None]);
            for held in all {
                let after = match (step(asked, held), held) {
                    (Step::Nothing, held) => held,
                    (Step::Give | Step::GiveAgain, _) => Some((State::Open, false)),
                    (Step::End, Some((_, aside))) => Some((ended(EndReason::OutOfGroup), aside)),
                    (Step::SetAside, Some((state, _))) => Some((state, true)),
                    (Step::TakeUp, Some((state, _))) => Some((state, false)),
                    (other, None) => panic!("{other:?} of nothing"),
                };
                assert_eq!(step(asked, after), Step::Nothing, "{asked} {held:?}");
                let is_open = matches!(after, Some((State::Open | State::Waiting { .. } | State::Failed { .. }, false)));
                assert!(!is_open || asked, "nothing is open that is not asked: {held:?}");
                if let Some((done @ State::Done { .. }, _)) = held {
                    assert_eq!(after.map(|(state, _)| state), Some(done), "what is done stays");
                }
            }
        }
    }

    #[test]
    fn an_exemption_lifts_what_is_asked() {
        let at = datetime!(2026-12-01 00:00 UTC);
        let exempt = State::Ended { at, reason: EndReason::Exempt };
        assert_eq!(step(true, Some((exempt, false))), Step::Nothing);
        assert_eq!(step(false, Some((exempt, false))), Step::SetAside);
    }
}
