//! The password manager's list of members. The upload itself is a plain handler (`server::http::uploads`).

use super::{
    done::{Done, Said},
    error::ApiError,
};
use crate::domain::{
    ids::{MemberListId, PersonId},
    member::Remembered,
};
use leptos::prelude::*;
use std::collections::HashMap;

/// Says which column of an uploaded list holds what. `statuses[0]` is what the first different value of its column means.
#[server(endpoint = "members/map")]
pub async fn map_members(
    id: MemberListId,
    #[server(default)] vendor: String,
    #[server(default)] email: String,
    #[server(default)] status: String,
    #[server(default)] two_step: String,
    #[server(default)] statuses: HashMap<String, String>,
    #[server(default)] two_steps: HashMap<String, String>,
) -> Result<Done, ApiError> {
    use crate::server::service::member_mapping::MappingForm;
    let form = MappingForm {
        vendor,
        email,
        status,
        two_step,
        statuses,
        two_steps,
    };
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.enrolment_desk(&cx.app)?.map_members(cx.now, id, &form).await?;
    Ok(Done::silently(member_list_path(id)))
}

/// Takes an uploaded list over; with `enforced=on`, two-step login counts as on where the list does not say.
#[server(endpoint = "members/apply")]
pub async fn apply_members(id: MemberListId, #[server(default)] enforced: Option<String>) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let tally = cx.actor()?.enrolment_desk(&cx.app)?.apply_members(cx.now, id, enforced.is_some()).await?;
    let said = tally.map_or(Said::NothingToDo, |tally| Said::MembersApplied {
        enrolled: tally.enrolled,
        proven: tally.proven,
        reopened: tally.reopened,
        own_stays: tally.own_stays,
    });
    Ok(Done::go(RECONCILIATION, said))
}

/// Says whose account it is, for this list and all that follow.
#[server(endpoint = "members/assign")]
pub async fn assign_member(email: String, person: PersonId) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let desk = cx.actor()?.enrolment_desk(&cx.app)?;
    desk.remember_member(cx.now, &email, Remembered::Person(person)).await?;
    Ok(Done::go(RECONCILIATION, Said::MemberAssigned))
}

/// Says that an account belongs to none of us.
#[server(endpoint = "members/set-aside")]
pub async fn set_aside_member(email: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let desk = cx.actor()?.enrolment_desk(&cx.app)?;
    desk.remember_member(cx.now, &email, Remembered::NotOurs).await?;
    Ok(Done::go(RECONCILIATION, Said::MemberSetAside))
}

/// Takes back what was said about an account.
#[server(endpoint = "members/forget")]
pub async fn forget_member(email: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.enrolment_desk(&cx.app)?.forget_member(cx.now, &email).await?;
    Ok(Done::go(RECONCILIATION, Said::MemberForgotten))
}

/// The address of the reconciliation.
pub const RECONCILIATION: &str = "/security/password-manager";

/// The address of a list's preview.
#[must_use]
pub fn member_list_path(id: MemberListId) -> String {
    format!("{RECONCILIATION}/lists/{id}")
}
