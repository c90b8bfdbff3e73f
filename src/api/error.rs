//! The one error that crosses to the browser. It says what a reader can act on and nothing of the inside.

use crate::domain::problem::{Conflict, FieldProblem};
use leptos::{
    prelude::FromServerFnError,
    server_fn::{codec::JsonEncoding, error::ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// Why something did not happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ApiError {
    #[error("some fields cannot be accepted")]
    Invalid(Vec<FieldProblem>),
    /// Also for what the reader may not see.
    #[error("there is no such thing")]
    NotFound,
    #[error("it could not be done now")]
    Conflict(Conflict),
    #[error("nobody is signed in")]
    SignedOut,
    /// Whoever asks has to prove anew who they are.
    #[error("prove anew who you are")]
    ProveAgain,
    /// Address and password do not fit.
    #[error("address and password do not fit")]
    WrongCredentials,
    /// Tried or asked for too often; there is room again in so many seconds.
    #[error("too many tries, room again in {seconds} s")]
    TooMany { seconds: u32 },
    /// The request itself could not be read.
    #[error("the request could not be read")]
    Unreadable,
    #[error("try again in a moment")]
    Unavailable,
    /// Too many ask at once.
    #[error("too many ask at once")]
    Busy,
    /// The cause stands in the server's log under this id.
    #[error("something went wrong: {incident}")]
    Internal { incident: String },
}

impl ApiError {
    /// The HTTP status that says the same to a program.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Unreadable => 400,
            Self::SignedOut | Self::ProveAgain | Self::WrongCredentials => 401,
            Self::NotFound => 404,
            Self::Conflict(_) => 409,
            Self::Invalid(_) => 422,
            Self::TooMany { .. } => 429,
            Self::Internal { .. } => 500,
            Self::Unavailable | Self::Busy => 503,
        }
    }
}

impl From<Conflict> for ApiError {
    fn from(conflict: Conflict) -> Self {
        Self::Conflict(conflict)
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => Self::Unreadable,
            _ => Self::Unavailable,
        }
    }
}
