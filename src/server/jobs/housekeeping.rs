//! Every five minutes: access of people whose last day is over ends, exemptions end, roles end, what is yearly opens again, names that
//! were kept long enough give way to pseudonyms, and what nobody needs any more goes.

use super::pause;
use crate::server::service::{App, Error, exemptions, housekeeping, leavers, pseudonyms, renewals, roles};
use std::{fmt::Display, time::Duration};
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

/// Whether all of it was done. What fails keeps nothing else from being done.
async fn keep_house(app: &App) -> bool {
    let now = app.now();
    let all = [
        tell("the last day of people is over", leavers::end_due(app, now).await),
        tell("exemptions reached their last day", exemptions::end_due(app, now).await),
        tell("roles and requests for them came to their end", roles::end_due(app, now).await),
        tell("items are due again after a year", renewals::open_due(app, now).await),
        tell("names gave way to pseudonyms", pseudonyms::replace_due(app, now).await),
        tell(
            "sessions, uploads, forms, limits, events and details of checks went",
            housekeeping::sweep(app, now).await.map(|swept| swept.total()),
        ),
    ];
    all.iter().all(|done| *done)
}

fn tell<T: Default + Display + PartialEq>(what: &'static str, done: Result<T, Error>) -> bool {
    match &done {
        Ok(count) if *count == T::default() => {}
        Ok(count) => tracing::info!(%count, "kept house: {what}"),
        Err(error) => tracing::error!(error = error as &dyn std::error::Error, "could not keep house: {what}"),
    }
    done.is_ok()
}
