//! Every five minutes: whose morning it is, and what they have to be reminded of, goes into the outbox.

use super::pause;
use crate::server::service::{App, reminders};
use std::time::Duration;
use tokio::sync::watch;

const EVERY: Duration = Duration::from_mins(5);
const AFTER_A_FAILURE: Duration = Duration::from_mins(1);

pub async fn run(app: App, mut stopped: watch::Receiver<bool>) {
    loop {
        let wait = match reminders::plan_due(&app, app.now()).await {
            // There may be more, and a breath in between to be told to stop.
            Ok(planned) if planned >= reminders::AT_ONCE => Duration::ZERO,
            Ok(_) => EVERY,
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "reminders could not be planned");
                AFTER_A_FAILURE
            }
        };
        if !pause(&mut stopped, wait).await {
            return;
        }
    }
}
