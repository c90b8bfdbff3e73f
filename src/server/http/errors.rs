//! Errors at the boundary: mapped once, logged once.

use crate::{
    api::error::ApiError,
    server::{ids::fresh, service},
};

impl From<service::Error> for ApiError {
    fn from(error: service::Error) -> Self {
        match error {
            service::Error::Invalid(problems) => Self::Invalid(problems),
            // What somebody may not do answers exactly like what does not exist.
            service::Error::NotFound | service::Error::Forbidden => Self::NotFound,
            service::Error::ProofTooOld => Self::ProveAgain,
            service::Error::Conflict(conflict) => Self::Conflict(conflict),
            service::Error::Unavailable(cause) => {
                tracing::warn!(error = %cause, "the database cannot be reached");
                Self::Unavailable
            }
            service::Error::Busy => {
                tracing::warn!("too many passwords wait to be hashed");
                Self::Busy
            }
            service::Error::Internal(cause) => internal(cause.as_ref()),
        }
    }
}

impl From<tower_sessions::session::Error> for ApiError {
    fn from(error: tower_sessions::session::Error) -> Self {
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

/// At sign-in, what is not found is a wrong address or password.
pub fn as_wrong_credentials(error: service::Error) -> ApiError {
    match error {
        service::Error::NotFound => ApiError::WrongCredentials,
        other => other.into(),
    }
}
