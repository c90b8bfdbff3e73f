//! Addresses for calendar programs.

use super::{
    done::{Done, Said},
    error::ApiError,
};
use crate::domain::calendar::FeedKind;
use leptos::prelude::*;

/// Where they are made and ended.
pub const CALENDAR: &str = "/account/calendar";

/// Makes an address, in the place of the one there was.
#[server(endpoint = "calendar/make")]
pub async fn make_calendar(kind: FeedKind) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let address = cx.actor()?.calendar_desk(&cx.app)?.make(cx.now, kind).await?;
    Ok(Done::go(CALENDAR, Said::CalendarMade { kind, address }))
}

/// Ends an address.
#[server(endpoint = "calendar/end")]
pub async fn end_calendar(kind: FeedKind) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.calendar_desk(&cx.app)?.end(cx.now, kind).await?;
    Ok(Done::go(CALENDAR, Said::CalendarEnded))
}
