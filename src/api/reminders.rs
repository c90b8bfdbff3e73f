//! Pausing somebody's reminders.

use super::{
    done::{Done, Said, person_path},
    error::ApiError,
};
use crate::domain::ids::PersonId;
use leptos::prelude::*;

/// Pauses reminders up to a day.
#[server(endpoint = "reminders/pause")]
pub async fn pause_reminders(id: PersonId, #[server(default)] until: String, #[server(default)] reason: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.people_editing_desk(&cx.app)?.pause_reminders(cx.now, id, &until, &reason).await?;
    Ok(Done::go(person_path(id), Said::RemindersPaused))
}

/// Ends a pause.
#[server(endpoint = "reminders/resume")]
pub async fn resume_reminders(id: PersonId) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.people_editing_desk(&cx.app)?.resume_reminders(cx.now, id).await?;
    Ok(Done::here(Said::RemindersResumed))
}
