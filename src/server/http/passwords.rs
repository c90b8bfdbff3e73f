//! What is said of a password while it is typed. No server function: what those are sent may be kept for the next page, and an answer here
//! is a piece of one. Nothing of what comes is logged or kept.

use crate::{
    api::error::ApiError,
    server::{
        context::Cx,
        service::{Error, passwords},
    },
    ui::components::new_password::{self, verdict},
};
use axum::{
    Extension, Form, Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

pub use new_password::JUDGE;

/// Far more than a password has, and little to read.
pub const MOST_BYTES: usize = 16 * 1024;

#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    password: String,
    /// Of a link for a new password; empty for whoever is signed in.
    #[serde(default)]
    token: String,
}

/// Answers with a piece of a page, as a JSON string.
pub async fn judge(Extension(cx): Extension<Cx>, Form(typed): Form<Typed>) -> Response {
    if typed.password.is_empty() {
        return Json(String::new()).into_response();
    }
    match passwords::judge(&cx.app, cx.now, cx.actor.as_ref(), &typed.token, &typed.password).await {
        Ok(said) => Json(verdict(cx.locale, &said)).into_response(),
        Err(error) => refused(error),
    }
}

fn refused(error: Error) -> Response {
    let error = match error {
        // Somebody who is not signed in, or with a link that works no longer.
        Error::NotFound | Error::Conflict(_) => ApiError::SignedOut,
        other => other.into(),
    };
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, Json(error)).into_response()
}
