//! Two questions a supervisor asks: is the process alive, and can it serve.

use crate::server::service::App;
use axum::{extract::State, http::StatusCode};

/// Alive: the process answers.
pub async fn alive() -> &'static str {
    "alive\n"
}

/// Ready: the database answers, has every migration and is sealed with our key.
pub async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    match app.is_ready().await {
        Ok(true) => (StatusCode::OK, "ready\n"),
        Ok(false) => (StatusCode::SERVICE_UNAVAILABLE, "migrations are missing, or the key was changed\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database cannot be reached\n"),
    }
}
