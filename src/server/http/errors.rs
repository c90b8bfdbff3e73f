//! Errors at the boundary: mapped once, logged once.

use crate::{
    api::error::ApiError,
    server::{auth::session, ids::fresh, service},
};
use axum::{
    http::{StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use std::cell::Cell;

tokio::task_local! {
    /// Whether the answer that is being made refuses what somebody's roles do not let them do. On the outside that looks like what
    /// does not exist, so it is noted where the two become one.
    static DENIED: Cell<bool>;
}

/// Makes an answer; whether it was denied to whoever asked.
pub async fn noticing_denial<T>(answer: impl Future<Output = T>) -> (T, bool) {
    let answer = async { (answer.await, DENIED.with(Cell::get)) };
    DENIED.scope(Cell::new(false), answer).await
}

impl From<service::Error> for ApiError {
    fn from(error: service::Error) -> Self {
        match error {
            service::Error::Invalid(problems) => Self::Invalid(problems),
            // What somebody may not do answers exactly like what does not exist.
            service::Error::Forbidden => {
                // Jobs and commands answer nobody, and have nothing to notice it.
                let _ = DENIED.try_with(|denied| denied.set(true));
                Self::NotFound
            }
            service::Error::NotFound => Self::NotFound,
            service::Error::TooMany { seconds } => Self::TooMany { seconds },
            service::Error::ProofTooOld => Self::ProveAgain,
            service::Error::Conflict(conflict) => Self::Conflict(conflict),
            service::Error::Unavailable(cause) => {
                tracing::warn!(error = %cause, "the database cannot be reached");
                Self::Unavailable
            }
            service::Error::Busy => {
                tracing::warn!("too many passwords wait to be hashed, or files to be read");
                Self::Busy
            }
            service::Error::Internal(cause) => internal(cause.as_ref()),
        }
    }
}

impl From<tower_sessions::session::Error> for ApiError {
    fn from(error: tower_sessions::session::Error) -> Self {
        if session::is_over(&error) {
            return Self::SignedOut;
        }
        tracing::warn!(error = %error, "a session could not be read or written");
        Self::Unavailable
    }
}

/// Logs a cause under a fresh id and hands out the id alone.
pub fn internal(cause: &(dyn std::error::Error + 'static)) -> ApiError {
    let incident = fresh().simple().to_string()[20..].to_owned();
    let mut chain = cause.to_string();
    let mut source = cause.source();
    while let Some(deeper) = source {
        chain = format!("{chain}: {deeper}");
        source = deeper.source();
    }
    tracing::error!(incident.id = incident, error = chain, "internal error");
    ApiError::Internal { incident }
}

/// Says to a program, and to whoever got here without a page, that it was too much or is just now, or that the database is away.
pub fn plainly(error: &ApiError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match error {
        ApiError::TooMany { seconds } => {
            let text =
                format!("Zu viele Anfragen. Bitte versuchen Sie es in {seconds} Sekunden wieder.\nToo many requests. Please try again in {seconds} seconds.\n");
            (status, [(RETRY_AFTER, seconds.to_string())], text).into_response()
        }
        ApiError::Busy => {
            let text = "Gerade ist zu viel auf einmal unterwegs. Bitte versuchen Sie es in einigen Sekunden noch einmal.\n\
                        Too much is under way at once right now. Please try again in a few seconds.\n";
            (status, [(RETRY_AFTER, "2")], text).into_response()
        }
        ApiError::Unreadable => {
            let text = "Diese Anfrage kam nicht ganz oder zu spät an.\nThis request came too late or not as a whole.\n";
            (status, text).into_response()
        }
        _ => (
            StatusCode::SERVICE_UNAVAILABLE,
            [(RETRY_AFTER, "2")],
            "Antritt ist gleich wieder da. / Antritt will be back in a moment.\n",
        )
            .into_response(),
    }
}

/// At sign-in, what is not found is a wrong address or password.
pub fn as_wrong_credentials(error: service::Error) -> ApiError {
    match error {
        service::Error::NotFound => ApiError::WrongCredentials,
        other => other.into(),
    }
}
