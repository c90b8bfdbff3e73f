//! What runs by the clock beside the requests: sending mails, planning reminders, and keeping house. A job that fails says so in the log and
//! tries again; none ends before it is told to.

pub mod housekeeping;
pub mod outbox;
pub mod reminders;

use crate::server::service::App;
use std::time::Duration;
use tokio::{sync::watch, task::JoinSet, time::sleep};

/// The jobs of one process.
pub struct Jobs(JoinSet<()>);

impl Jobs {
    /// Starts them. They end soon after `stopped` turns true.
    pub fn start(app: &App, sender: Option<outbox::Sender>, stopped: &watch::Receiver<bool>) -> Self {
        let mut jobs = JoinSet::new();
        jobs.spawn(housekeeping::run(app.clone(), stopped.clone()));
        // Where nothing sends mail, reminders would only heap up.
        if let Some(sender) = sender {
            jobs.spawn(reminders::run(app.clone(), stopped.clone()));
            jobs.spawn(outbox::run(app.clone(), sender, stopped.clone()));
        }
        Self(jobs)
    }

    /// Waits until all of them ended.
    pub async fn finish(mut self) {
        while let Some(ended) = self.0.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a job ended by itself");
            }
        }
    }
}

/// Waits; false when it is time to stop.
async fn pause(stopped: &mut watch::Receiver<bool>, duration: Duration) -> bool {
    tokio::select! {
        biased;
        _ = stopped.wait_for(|stopped| *stopped) => false,
        () = sleep(duration) => true,
    }
}
