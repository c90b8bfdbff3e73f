//! One's own sessions: proving anew who one is, and ending those elsewhere.

use super::{
    done::{Done, Said, own_path},
    error::ApiError,
};
use crate::domain::ids::SessionId;
use leptos::prelude::*;

/// Proves anew by the password who one is, and goes back to what wanted that.
#[server(endpoint = "sessions/prove")]
pub async fn prove(#[server(default)] password: String, #[server(default)] next: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.prove(&cx.app, cx.now, &cx.caller, password).await?;
    cx.renew(own_path(&next), None).await
}

/// Ends one of one's own sessions.
#[server(endpoint = "sessions/end")]
pub async fn end_session(id: SessionId) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.end_session(&cx.app, cx.now, id).await?;
    Ok(Done::here(Said::OwnSessionsEnded { count: 1 }))
}

/// Ends all of one's own sessions but this one.
#[server(endpoint = "sessions/end-others")]
pub async fn end_other_sessions() -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let count = cx.actor()?.end_other_sessions(&cx.app, cx.now).await?;
    Ok(Done::here(Said::OwnSessionsEnded { count }))
}
