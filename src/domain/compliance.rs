//! What facts mean at a moment: the light of the day-1 gate and the standing of an item. Pure functions of facts and now.
//!
//! `store::board` states the gate's rule once more in SQL, to filter and count by light; a contract test holds both equal.

use super::{
    Instant,
    assignment::{EndReason, State},
    check_profile::Consent,
    deadlines::Deadline,
};
use serde::{Deserialize, Serialize};
use time::Duration;

/// An unsigned NDA turns from amber to red this long before the start.
pub const RED_BEFORE_START: Duration = Duration::days(3);

/// The light at the day-1 gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Light {
    Red,
    Amber,
    Green,
}

impl Light {
    pub const ALL: [Self; 3] = [Self::Red, Self::Amber, Self::Green];

    /// As used in addresses and in SQL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Amber => "amber",
            Self::Green => "green",
        }
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|light| light.as_str() == word)
    }
}

/// What the board can be narrowed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BoardFilter {
    Light(Light),
    /// A check waits longer than there is patience, whatever else is missing.
    StuckCheck,
}

impl BoardFilter {
    /// As used in addresses and in SQL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light(light) => light.as_str(),
            Self::StuckCheck => "stuck",
        }
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "stuck" => Some(Self::StuckCheck),
            _ => Light::from_word(word).map(Self::Light),
        }
    }
}

/// The one reason for a light, the most pressing first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GateReason {
    /// The first day has begun and the NDA is not signed.
    StartedWithoutNda,
    /// The first day is near and the NDA is not signed.
    NdaMissingSoon,
    CheckNotCleared,
    /// The NDA is not signed, and there is time.
    NdaMissing,
    /// HR lets them start although the NDA is not signed; it is on the register of exceptions.
    StartsWithoutNda,
    /// Signed by the person, not yet confirmed by HR.
    NdaUnconfirmed,
    CheckNotRequested,
    /// The check cannot be requested before the person consents.
    CheckConsentMissing,
    /// The person did not consent, or withdrew.
    CheckConsentRefused,
    CheckWaiting,
    Ready,
}

impl GateReason {
    #[must_use]
    pub const fn light(self) -> Light {
        match self {
            Self::StartedWithoutNda | Self::NdaMissingSoon | Self::CheckNotCleared => Light::Red,
            Self::NdaMissing
            | Self::StartsWithoutNda
            | Self::NdaUnconfirmed
            | Self::CheckNotRequested
            | Self::CheckConsentMissing
            | Self::CheckConsentRefused
            | Self::CheckWaiting => Light::Amber,
            Self::Ready => Light::Green,
        }
    }

    /// The same reason, said more exactly from what the person answered; the light stays.
    #[must_use]
    pub const fn knowing(self, consent: Consent) -> Self {
        match (self, consent) {
            (Self::CheckNotRequested, Consent::Missing) => Self::CheckConsentMissing,
            (Self::CheckNotRequested | Self::CheckWaiting, Consent::Refused) => Self::CheckConsentRefused,
            (reason, _) => reason,
        }
    }
}

/// Whether a person may start: the light and its reason. `None` stands for a requirement that does not apply. `allowed`: HR lets
/// them start without an NDA.
#[must_use]
pub fn gate(nda: Option<State>, allowed: bool, check: Option<State>, start_at: Instant, now: Instant) -> GateReason {
    let nda_open = matches!(nda, Some(State::Open));
    if nda_open && !allowed && now >= start_at {
        GateReason::StartedWithoutNda
    } else if nda_open && !allowed && now >= start_at - RED_BEFORE_START {
        GateReason::NdaMissingSoon
    } else if matches!(check, Some(State::Failed { .. })) {
        GateReason::CheckNotCleared
    } else if nda_open && allowed {
        GateReason::StartsWithoutNda
    } else if nda_open {
        GateReason::NdaMissing
    } else if matches!(nda, Some(State::Waiting { .. })) {
        GateReason::NdaUnconfirmed
    } else if matches!(check, Some(State::Open)) {
        GateReason::CheckNotRequested
    } else if matches!(check, Some(State::Waiting { .. })) {
        GateReason::CheckWaiting
    } else {
        GateReason::Ready
    }
}

/// Whether a check waits longer than its country's profile has patience. `stuck_at`: from when on it does.
#[must_use]
pub fn is_stuck(check: Option<State>, stuck_at: Option<Instant>, now: Instant) -> bool {
    matches!(check, Some(State::Waiting { .. })) && stuck_at.is_some_and(|at| now >= at)
}

/// How an item stands, in the words of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Open,
    Overdue,
    Waiting,
    Done,
    /// Done, but too late; it stays so for ever.
    DoneLate,
    Failed,
    /// Lifted by somebody with authority.
    Exempt,
    Ended,
}

/// How an item stands now.
#[must_use]
pub fn standing(state: State, late: bool, deadline: Deadline, now: Instant) -> Standing {
    match state {
        State::Open if now >= deadline.due_at => Standing::Overdue,
        State::Open => Standing::Open,
        State::Waiting { .. } => Standing::Waiting,
        State::Done { .. } if late => Standing::DoneLate,
        State::Done { .. } => Standing::Done,
        State::Failed { .. } => Standing::Failed,
        State::Ended { reason: EndReason::Exempt, .. } => Standing::Exempt,
        State::Ended { .. } => Standing::Ended,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn an_unsigned_nda_is_amber_then_red_then_a_breach() {
        let start = datetime!(2026-12-01 00:00 UTC);
        let at = |now| gate(Some(State::Open), false, None, start, now);
        assert_eq!(at(datetime!(2026-11-20 00:00 UTC)), GateReason::NdaMissing);
        assert_eq!(at(datetime!(2026-11-28 00:00 UTC)), GateReason::NdaMissingSoon);
        assert_eq!(at(start), GateReason::StartedWithoutNda);
    }

    #[test]
    fn a_start_that_hr_allowed_is_amber_until_the_nda_is_signed() {
        let start = datetime!(2026-12-01 00:00 UTC);
        let reason = gate(Some(State::Open), true, None, start, start);
        assert_eq!((reason, reason.light()), (GateReason::StartsWithoutNda, Light::Amber));
        assert_eq!(
            gate(Some(State::Waiting { since: start }), true, None, start, start),
            GateReason::NdaUnconfirmed
        );
    }

    #[test]
    fn a_check_waits_for_the_person_first_and_the_light_stays() {
        let t = datetime!(2026-11-20 00:00 UTC);
        let done = Some(State::Done { submitted: None, at: t });
        let open = gate(done, false, Some(State::Open), t, t);
        assert_eq!(open.knowing(Consent::NotNeeded), GateReason::CheckNotRequested);
        assert_eq!(open.knowing(Consent::Given), GateReason::CheckNotRequested);
        for (consent, expected) in [
            (Consent::Missing, GateReason::CheckConsentMissing),
            (Consent::Refused, GateReason::CheckConsentRefused),
        ] {
            assert_eq!((open.knowing(consent), open.knowing(consent).light()), (expected, open.light()));
        }
        assert_eq!(GateReason::Ready.knowing(Consent::Missing), GateReason::Ready);
    }

    #[test]
    fn a_check_is_stuck_from_the_last_moment_of_patience_on_while_it_waits() {
        let (since, end) = (datetime!(2026-11-20 00:00 UTC), datetime!(2026-12-04 00:00 UTC));
        let waiting = Some(State::Waiting { since });
        assert!(!is_stuck(waiting, Some(end), end - Duration::SECOND) && is_stuck(waiting, Some(end), end));
        assert!(!is_stuck(Some(State::Done { submitted: None, at: end }), Some(end), end) && !is_stuck(waiting, None, end));
    }

    #[test]
    fn a_confirmed_nda_and_a_cleared_check_open_the_gate() {
        let t = datetime!(2026-11-20 00:00 UTC);
        let done = Some(State::Done { submitted: None, at: t });
        assert_eq!(gate(done, false, done, t, t).light(), Light::Green);
        assert_eq!(gate(done, false, Some(State::Failed { at: t }), t, t).light(), Light::Red);
        assert_eq!(gate(Some(State::Waiting { since: t }), false, done, t, t), GateReason::NdaUnconfirmed);
    }
}
