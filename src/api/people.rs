//! Adding and changing people.

use super::{
    done::{Done, Said, person_path},
    error::ApiError,
};
use crate::domain::{ids::PersonId, person::PersonForm};
use leptos::prelude::*;

/// Adds a person, and with `invite=on` sends the personal link.
#[server(endpoint = "people/add")]
pub async fn add_person(#[server(flatten)] form: PersonForm, #[server(default)] invite: Option<String>) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let id = cx.actor()?.people_editing_desk(&cx.app)?.add(cx.now, &form, invite.is_some()).await?;
    Ok(Done::go(
        person_path(id),
        Said::PersonAdded {
            name: form.name,
            invited: invite.is_some(),
        },
    ))
}

/// Changes a person's details, the start date aside. What that does to their items was `seen`; else it is shown.
#[server(endpoint = "people/change")]
pub async fn change_person(id: PersonId, #[server(flatten)] form: PersonForm, #[server(default)] seen: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let changed = cx.actor()?.people_editing_desk(&cx.app)?.change(cx.now, id, &form, &seen).await?;
    Ok(Done::go(person_path(id), if changed { Said::PersonChanged } else { Said::NothingToDo }))
}

/// Moves the start date. What that does to the person's items was `seen`; else it is shown.
#[server(endpoint = "people/move-start")]
pub async fn move_start(
    id: PersonId,
    #[server(default)] start_date: String,
    #[server(default)] reason: String,
    #[server(default)] seen: String,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let moved = cx
        .actor()?
        .people_editing_desk(&cx.app)?
        .move_start(cx.now, id, &start_date, &reason, &seen)
        .await?;
    Ok(Done::go(person_path(id), if moved { Said::StartMoved } else { Said::NothingToDo }))
}

/// Records somebody's last day.
#[server(endpoint = "people/record-last-day")]
pub async fn record_last_day(id: PersonId, #[server(default)] end_date: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.people_editing_desk(&cx.app)?.record_last_day(cx.now, id, &end_date).await?;
    Ok(Done::go(person_path(id), Said::LastDayRecorded))
}

/// Takes somebody back who left, and with `invite=on` sends the personal link.
#[server(endpoint = "people/rehire")]
pub async fn rehire(
    id: PersonId,
    #[server(default)] start_date: String,
    #[server(default)] reason: String,
    #[server(default)] invite: Option<String>,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let (start_date, reason, invite) = (&*start_date, &*reason, invite.is_some());
    let form = crate::server::service::rehires::RehireForm { start_date, reason, invite };
    cx.actor()?.people_editing_desk(&cx.app)?.rehire(cx.now, id, form).await?;
    Ok(Done::go(person_path(id), Said::PersonRehired))
}
