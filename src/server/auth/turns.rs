//! Work that takes much memory or time, a few pieces at once: the rest waits in a queue of bounded length, and whoever finds it full is
//! told to come back.
//!
//! The work has threads of its own, which may keep what they work in. Tokio lends out one thread after the other.

use std::{
    any::Any,
    error::Error,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, OnceLock, PoisonError, mpsc},
    thread,
};
use tokio::sync::{Semaphore, oneshot};

type Job = Box<dyn FnOnce() + Send>;

/// A number of turns, and of places for whoever waits for one.
pub struct Turns {
    at_once: usize,
    /// Those at work and those who wait.
    places: Semaphore,
    /// To the threads, once there are any.
    jobs: OnceLock<mpsc::Sender<Job>>,
}

/// Why a piece of work has no result.
#[derive(Debug, thiserror::Error)]
pub enum Unfinished {
    /// Too many wait already.
    #[error("too many wait for their turn")]
    Busy,
    #[error("the work ended without a result")]
    Failed(#[source] Box<dyn Error + Send + Sync>),
}

impl Turns {
    /// `at_once` pieces run, `waiting` more wait.
    pub const fn new(at_once: usize, waiting: usize) -> Self {
        Self {
            at_once,
            places: Semaphore::const_new(at_once + waiting),
            jobs: OnceLock::new(),
        }
    }

    /// Runs a piece of work when its turn comes, unless nobody waits for it any more by then. Once begun, it keeps its turn to its end.
    ///
    /// # Errors
    /// `Busy` when the queue is full, `Failed` when the work panicked.
    pub async fn take<T: Send + 'static>(&'static self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Unfinished> {
        let place = self.places.try_acquire().map_err(|_| Unfinished::Busy)?;
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move || {
            if !answer.is_closed() {
                let done = catch_unwind(AssertUnwindSafe(work));
                drop(place);
                // Whoever asked may have left.
                let _ = answer.send(done);
            }
        });
        let jobs = self.jobs.get_or_init(|| start_threads(self.at_once));
        jobs.send(job).map_err(|error| Unfinished::Failed(error.to_string().into()))?;
        match answered.await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(panic)) => Err(Unfinished::Failed(words_of(&*panic).into())),
            Err(error) => Err(Unfinished::Failed(Box::new(error))),
        }
    }
}

/// Threads that live as long as the process.
fn start_threads(count: usize) -> mpsc::Sender<Job> {
    let (sender, receiver) = mpsc::channel::<Job>();
    let receiver = Arc::new(Mutex::new(receiver));
    for _ in 0..count {
        let receiver = Arc::clone(&receiver);
        thread::spawn(move || {
            loop {
                let next = receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
                let Ok(job) = next else { return };
                job();
            }
        });
    }
    sender
}

fn words_of(panic: &(dyn Any + Send)) -> String {
    let words = panic.downcast_ref::<&str>().map(ToString::to_string);
    words
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        sync::atomic::{AtomicUsize, Ordering::SeqCst},
        thread,
        time::Duration,
    };

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn of_two_hundred_two_work_at_once_and_the_queue_has_an_end() {
        static TURNS: Turns = Turns::new(2, 100);
        static WORKING: AtomicUsize = AtomicUsize::new(0);
        static MOST: AtomicUsize = AtomicUsize::new(0);
        let work = || {
            MOST.fetch_max(WORKING.fetch_add(1, SeqCst) + 1, SeqCst);
            thread::sleep(Duration::from_millis(3));
            WORKING.fetch_sub(1, SeqCst);
        };
        let all = futures::future::join_all((0..200).map(|_| TURNS.take(work))).await;
        assert_eq!(all.iter().filter(|done| matches!(done, Err(Unfinished::Busy))).count(), 98);
        assert_eq!(all.iter().filter(|done| done.is_ok()).count(), 102);
        assert_eq!(MOST.load(SeqCst), 2);
        assert!(TURNS.take(|| ()).await.is_ok(), "afterwards there is room again");
    }

    #[tokio::test]
    async fn a_turn_lasts_as_long_as_its_work_also_when_nobody_waits_for_it() {
        static TURNS: Turns = Turns::new(1, 0);
        let impatient = tokio::time::timeout(Duration::from_millis(20), TURNS.take(|| thread::sleep(Duration::from_millis(200)))).await;
        assert!(impatient.is_err());
        assert!(matches!(TURNS.take(|| ()).await, Err(Unfinished::Busy)));
        tokio::time::sleep(Duration::from_millis(400)).await;
        assert!(TURNS.take(|| ()).await.is_ok());
    }

    #[tokio::test]
    async fn work_that_panics_gives_its_turn_back() {
        static TURNS: Turns = Turns::new(1, 0);
        assert!(matches!(TURNS.take(|| panic!("on purpose")).await, Err(Unfinished::Failed(_))));
        assert!(TURNS.take(|| ()).await.is_ok());
    }
}
