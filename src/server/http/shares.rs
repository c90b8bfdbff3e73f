//! What one account, or one network, may have of something at a time, so that nobody takes all of it.

use std::sync::{Mutex, PoisonError};
use tokio::sync::Notify;
use uuid::Uuid;

/// So many for each.
pub struct Shares {
    most: usize,
    /// Whose they are, once for each that is taken.
    taken: Mutex<Vec<Uuid>>,
    given_back: Notify,
}

/// One of them, given back when it is dropped.
pub struct Share {
    of: &'static Shares,
    holder: Uuid,
}

impl Shares {
    pub const fn new(most: usize) -> Self {
        Self {
            most,
            taken: Mutex::new(Vec::new()),
            given_back: Notify::const_new(),
        }
    }

    /// None when this one has as many as one may have.
    pub fn take(&'static self, holder: Uuid) -> Option<Share> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let is_free = taken.iter().filter(|other| **other == holder).count() < self.most;
        is_free.then(|| {
            taken.push(holder);
            Share { of: self, holder }
        })
    }

    /// Waits until there is one.
    pub async fn free(&'static self, holder: Uuid) -> Share {
        loop {
            // Before looking, so that what comes back meanwhile is heard of.
            let given_back = self.given_back.notified();
            if let Some(share) = self.take(holder) {
                return share;
            }
            given_back.await;
        }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut taken = self.of.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = taken.iter().position(|holder| *holder == self.holder) {
            taken.swap_remove(index);
        }
        drop(taken);
        self.of.given_back.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::time::timeout;

    #[tokio::test]
    async fn each_has_its_share_and_waits_for_no_more_than_its_own() {
        static SHARES: Shares = Shares::new(2);
        let [one, other] = [1, 2].map(Uuid::from_u128);
        let (first, _second) = (SHARES.take(one).unwrap(), SHARES.take(one).unwrap());
        assert!(SHARES.take(one).is_none() && SHARES.take(other).is_some());
        assert!(timeout(Duration::from_millis(20), SHARES.free(one)).await.is_err());
        let waiting = tokio::spawn(SHARES.free(one));
        tokio::task::yield_now().await;
        drop(first);
        drop(timeout(Duration::from_secs(5), waiting).await.expect("it is heard of").unwrap());
        assert_eq!(*SHARES.taken.lock().unwrap(), [one], "nobody is remembered");
    }
}
