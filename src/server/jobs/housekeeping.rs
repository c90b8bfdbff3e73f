//! Every five minutes: access of people whose last day is over ends, exemptions end, what is yearly opens again, and
//! what nobody needs any more goes.

use super::pause;
use crate::server::service::{App, exemptions, housekeeping, leavers, renewals};
use std::time::Duration;
use tokio::sync::watch;

const EVERY: Duration = Duration::from_mins(5);
const AFTER_A_FAILURE: Duration = Duration::from_mins(1);

pub async fn run(app: App, mut stopped: watch::Receiver<bool>) {
    loop {
        let wait = if keep_house(&app).await { EVERY } else { AFTER_A_FAILURE };
        if !pause(&mut stopped, wait).await {
            return;
        }
    }
}

/// Whether all of it was done.
async fn keep_house(app: &App) -> bool {
    let now = app.now();
    let leavers = leavers::end_due(app, now).await;
    match &leavers {
        Ok(0) => {}
        Ok(ended) => tracing::info!(people.ended = ended, "the last day of people is over"),
        Err(error) => tracing::error!(error = error as &dyn std::error::Error, "leavers could not be ended"),
    }
    let ended = exemptions::end_due(app, now).await;
    match &ended {
        Ok(0) => {}
        Ok(ended) => tracing::info!(exemptions.ended = ended, "exemptions reached their last day"),
        Err(error) => tracing::error!(error = error as &dyn std::error::Error, "exemptions could not be ended"),
    }
    let renewed = renewals::open_due(app, now).await;
    match &renewed {
        Ok(0) => {}
        Ok(renewed) => tracing::info!(items.renewed = renewed, "items are due again after a year"),
        Err(error) => tracing::error!(error = error as &dyn std::error::Error, "items could not be renewed"),
    }
    let swept = housekeeping::sweep(app, now).await;
    match &swept {
        Ok(swept) if *swept == housekeeping::Swept::default() => {}
        Ok(swept) => tracing::info!(
            sessions.removed = swept.sessions,
            uploads.removed = swept.uploads,
            forms.removed = swept.forms,
            "kept house"
        ),
        Err(error) => tracing::error!(error = error as &dyn std::error::Error, "sessions and uploads could not be swept"),
    }
    leavers.is_ok() && ended.is_ok() && renewed.is_ok() && swept.is_ok()
}
