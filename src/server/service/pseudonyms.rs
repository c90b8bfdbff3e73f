//! Pseudonyms: what is stored for evidence outlives employment by the period that the operator set; then the person gets a
//! pseudonym, and the proofs still verify.

use super::{App, Error, Result, Subject, audit, leavers};
use crate::{
    domain::{Instant, audit::Action, deadlines::months_after, ids::PersonId},
    server::{
        store::{accounts, factors, people, pseudonyms},
        zones,
    },
};
use serde_json::json;
use time::Date;

/// People at a time; the next round takes the next.
const BATCH: i64 = 200;

/// The last day on which names of somebody who left are kept.
pub fn last_day_of_names(app: &App, last_day: Date) -> Date {
    months_after(last_day, app.settings().retention_months)
}

/// Gives a pseudonym to everyone whose time has come. Returns how many; run by the clock.
///
/// # Errors
/// When the database refuses; the others are done nevertheless.
pub async fn replace_due(app: &App, now: Instant) -> Result<usize> {
    let leavers = pseudonyms::list_leavers(&mut app.store().read().await?, now.date(), BATCH).await?;
    let mut replaced = 0;
    let mut failure = None;
    for leaver in leavers {
        if last_day_of_names(app, leaver.last_day) >= zones::local_date(&leaver.time_zone, now) {
            continue;
        }
        match replace(app, now, leaver.person).await {
            Ok(()) => replaced += 1,
            // Another process was faster.
            Err(Error::NotFound) => {}
            Err(error) => failure = Some(error),
        }
    }
    failure.map_or(Ok(replaced), Err)
}

async fn replace(app: &App, now: Instant, id: PersonId) -> Result<()> {
    let mut tx = app.store().begin().await?;
    let person = super::found(people::find_for_change(&mut tx, id).await?)?;
    leavers::end_if_over(&mut tx, now, &person).await?;
    if let Some(account) = accounts::find_of_person(&mut tx, id).await? {
        // Their names tell what somebody carries about.
        factors::delete_all(&mut tx, account).await?;
    }
    pseudonyms::pseudonymise(&mut tx, now, &person).await?;
    audit(&mut tx, now, None, Action::PersonPseudonymised, Subject::of_person(id), json!({}));
    Ok(tx.commit().await?)
}
