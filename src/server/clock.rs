//! The clock, read once per operation at the edge; everything below is handed `now`.

use crate::domain::Instant;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use time::{Duration, OffsetDateTime};

/// A source of the present, in whole UTC seconds.
#[derive(Clone, Debug)]
pub enum Clock {
    System,
    /// A clock that only moves when it is told to: for tests and for telling the past of the demo.
    Stepped(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands still at `start`.
    pub fn stepped(start: Instant) -> Self {
        Self::Stepped(Arc::new(AtomicI64::new(start.unix_timestamp())))
    }

    /// The present, without fractions: both databases store whole seconds, and text timestamps of one length sort right.
    pub fn now(&self) -> Instant {
        match self {
            #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
            Self::System => whole_seconds(OffsetDateTime::now_utc()),
            Self::Stepped(seconds) => OffsetDateTime::from_unix_timestamp(seconds.load(Ordering::SeqCst)).unwrap_or(OffsetDateTime::UNIX_EPOCH),
        }
    }

    /// Moves a stepped clock; the system's goes on by itself.
    pub fn advance(&self, by: Duration) {
        if let Self::Stepped(seconds) = self {
            seconds.fetch_add(by.whole_seconds(), Ordering::SeqCst);
        }
    }

    /// Sets a stepped clock.
    pub fn set(&self, to: Instant) {
        if let Self::Stepped(seconds) = self {
            seconds.store(to.unix_timestamp(), Ordering::SeqCst);
        }
    }
}

fn whole_seconds(instant: Instant) -> Instant {
    instant - Duration::nanoseconds(i64::from(instant.nanosecond()))
}
