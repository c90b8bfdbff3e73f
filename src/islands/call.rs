//! Calls a server function by the browser's own `fetch`.
//!
//! The stub that Leptos generates works as well, but brings a parser for addresses with its tables of characters: 60 kB of 120 kB.

use leptos::{
    __reexports::wasm_bindgen_futures::JsFuture,
    prelude::window,
    wasm_bindgen::JsCast,
    web_sys::{Headers, RequestInit, Response, UrlSearchParams},
};
use serde::de::DeserializeOwned;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallError {
    /// No connection, or a server that is away: trying again may help.
    Unreachable,
    /// The server said no; the page is older than what it shows.
    Refused,
}

/// Posts fields to the server function at `path` and reads its answer.
///
/// # Errors
/// `Unreachable` or `Refused`.
pub async fn call<T: DeserializeOwned>(path: &str, fields: &[(&str, &str)]) -> Result<T, CallError> {
    let response = post(path, fields).await.ok_or(CallError::Unreachable)?;
    // The refusals that pass by themselves: too much at once, or the database is away.
    if matches!(response.status(), 429 | 503) {
        return Err(CallError::Unreachable);
    }
    let body = response.text().map_err(|_| CallError::Unreachable)?;
    let body = JsFuture::from(body)
        .await
        .ok()
        .and_then(|body| body.as_string())
        .ok_or(CallError::Unreachable)?;
    if !response.ok() {
        return Err(CallError::Refused);
    }
    serde_json::from_str(&body).map_err(|_| CallError::Refused)
}

async fn post(path: &str, fields: &[(&str, &str)]) -> Option<Response> {
    let body = UrlSearchParams::new().ok()?;
    for (name, value) in fields {
        body.append(name, value);
    }
    let headers = Headers::new().ok()?;
    headers.set("accept", "application/json").ok()?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&body);
    JsFuture::from(window().fetch_with_str_and_init(path, &request)).await.ok()?.dyn_into().ok()
}
