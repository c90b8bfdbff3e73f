//! What a form had to say, carried to the next page in a cookie that lives for one request.

use super::{done::Said, error::ApiError};
use serde::{Deserialize, Serialize};

/// A message for the next page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Flash {
    Said(Said),
    Failed {
        error: ApiError,
        /// The path of the server function that refused.
        action: String,
        /// What was typed, without passwords.
        typed: Vec<(String, String)>,
    },
}
