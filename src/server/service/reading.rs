//! Whose turn it is to have an uploaded file read: one at a time, on a thread where it holds nobody up, as reading takes a while and several times a
//! file's size. A few more wait, before anything is loaded; whoever finds the queue full is told to come back. What leaves the turn for a page is what the page
//! shows: pages wait for whoever reads them, as many as are asked for.

use super::{Error, Result};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    task::spawn_blocking,
};

/// Files read at one time.
const AT_ONCE: usize = 1;
/// Those who wait for it.
const WAITING: usize = 8;

static PLACES: Semaphore = Semaphore::const_new(AT_ONCE + WAITING);
static READING: Semaphore = Semaphore::const_new(AT_ONCE);

/// The right to load and read a file, until it is dropped.
pub(super) struct Turn {
    _reading: SemaphorePermit<'static>,
    _place: SemaphorePermit<'static>,
}

/// Waits for a turn.
///
/// # Errors
/// `Busy` when too many wait already.
pub(super) async fn turn() -> Result<Turn> {
    let place = PLACES.try_acquire().map_err(|_| Error::Busy)?;
    let reading = READING.acquire().await.map_err(|closed| Error::Internal(Box::new(closed)))?;
    Ok(Turn {
        _reading: reading,
        _place: place,
    })
}

impl Turn {
    /// Does a piece of the reading, and keeps the turn until it is done, also when nobody waits for it any more.
    ///
    /// # Errors
    /// `Internal` when the work panicked.
    pub async fn take<T: Send + 'static>(self, work: impl FnOnce() -> T + Send + 'static) -> Result<(Self, T)> {
        let done = spawn_blocking(move || {
            let read = work();
            (self, read)
        });
        done.await.map_err(|panic| Error::Internal(Box::new(panic)))
    }
}

/// The most characters that are shown of what stands in one place of a file.
const MOST_OF_A_TEXT: usize = 200;

/// Cuts a text to what is shown of it.
pub(super) fn cut(text: &mut String) {
    if let Some((end, _)) = text.char_indices().nth(MOST_OF_A_TEXT) {
        text.truncate(end);
        text.push('…');
        text.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        sync::atomic::{AtomicUsize, Ordering::SeqCst},
        thread,
        time::Duration,
    };

    #[test]
    fn a_text_is_cut_between_characters_and_a_short_one_is_not() {
        let cut = |text: &str| {
            let mut text = text.to_owned();
            super::cut(&mut text);
            text
        };
        assert_eq!(cut(&"ä".repeat(200)), "ä".repeat(200));
        assert_eq!(cut(&"ä".repeat(201)), "ä".repeat(200) + "…");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn of_a_hundred_one_reads_eight_wait_and_the_others_come_back() {
        static WORKING: AtomicUsize = AtomicUsize::new(0);
        let read = async || {
            turn()
                .await?
                .take(|| {
                    assert_eq!(WORKING.fetch_add(1, SeqCst), 0, "nobody else reads");
                    thread::sleep(Duration::from_millis(5));
                    WORKING.fetch_sub(1, SeqCst);
                })
                .await
                .map(|(_, done)| done)
        };
        let all = futures::future::join_all((0..100).map(|_| read())).await;
        assert_eq!(all.iter().filter(|done| done.is_ok()).count(), AT_ONCE + WAITING);
        assert_eq!(all.iter().filter(|done| matches!(done, Err(Error::Busy))).count(), 100 - AT_ONCE - WAITING);
        let impatient = tokio::time::timeout(Duration::from_millis(20), async {
            turn().await?.take(|| thread::sleep(Duration::from_millis(200))).await
        })
        .await;
        assert!(impatient.is_err());
        assert!(
            tokio::time::timeout(Duration::from_millis(50), turn()).await.is_err(),
            "what was begun keeps its turn"
        );
        let panicked = turn().await.unwrap().take(|| panic!("on purpose")).await;
        assert!(matches!(panicked, Err(Error::Internal(_))));
        assert!(read().await.is_ok(), "and gives it back");
    }
}
