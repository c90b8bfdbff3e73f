//! Plain forms over server functions: the answer becomes a redirect with a message, for browsers without our script.
//!
//! On success the message is what was done; on failure it carries the problems and what was typed, without passwords, and
//! the reader is back at the form. Nothing of an error lands in an address.

use crate::{
    api::{
        done::{Done, prove_path},
        error::ApiError,
        factors::{ProveByCode, ProveByPasskey},
        flash::Flash,
        sessions::Prove,
    },
    server::{
        context::Cx,
        http::context::{append_flash, append_long_flash, append_waiting_form, release_waiting_form, waiting_form},
    },
};
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{
        HeaderMap, HeaderValue, Method, StatusCode, Uri,
        header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, LOCATION, REFERER, RETRY_AFTER, SET_COOKIE},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use leptos::server_fn::{ServerFn, error::SERVER_FN_ERROR_HEADER};

/// The largest form: a text of the greatest length in two languages, of which each letter may take nine bytes when it is encoded,
/// and some more, so that one that is too long comes back with the reason. Uploads have a handler of their own.
const MAX_FORM: usize = 2 * 1024 * 1024;
/// Fields that are never kept.
const SECRETS: [&str; 6] = ["password", "repeated", "old_password", "token", "code", "credential"];

/// Answers a plain form's post with a redirect; lets calls from our script pass.
pub async fn redirect_after_post(request: Request, next: Next) -> Response {
    let wants_page = request
        .headers()
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    if request.method() != Method::POST || !wants_page {
        return with_status(next.run(request).await).await;
    }
    let action = request.uri().path().to_owned();
    let back = referring_path(request.headers());
    let (mut parts, body) = request.into_parts();
    let cx = parts.extensions.get::<Cx>().cloned();
    let proves = [Prove::PATH, ProveByCode::PATH, ProveByPasskey::PATH].contains(&action.as_str());
    let waiting = if proves { waiting_form(&parts.headers) } else { None };
    let Ok(form) = to_bytes(body, MAX_FORM).await else {
        return failed(None, ApiError::Unreadable, action, Vec::new(), &back).await;
    };
    let typed = url::form_urlencoded::parse(&form)
        .filter(|(name, _)| !SECRETS.contains(&name.as_ref()))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    // From here on it is a call like that of our script, so that both get the same answer.
    parts.headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    parts.headers.remove(REFERER);
    let response = next.run(Request::from_parts(parts, Body::from(form))).await;
    let went_through = response.status().is_success();
    let mut answer = translate(cx, response, action, typed, back).await;
    if let Some(waiting) = waiting.filter(|_| went_through) {
        release_waiting_form(&mut answer, &waiting);
    }
    answer
}

/// A server function answers every error with 500; a program is told which kind it is.
async fn with_status(response: Response) -> Response {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR || !response.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    if let Ok(error) = serde_json::from_slice::<ApiError>(&body) {
        parts.status = StatusCode::from_u16(error.status()).unwrap_or(parts.status);
        if let ApiError::TooMany { seconds } = error {
            parts.headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
    }
    Response::from_parts(parts, Body::from(body))
}

async fn translate(cx: Option<Cx>, response: Response, action: String, typed: Vec<(String, String)>, back: String) -> Response {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let mut answer = if parts.status.is_success() {
        match serde_json::from_slice::<Done>(&body) {
            Ok(done) => {
                let mut answer = see_other(if done.go.is_empty() { &back } else { &done.go });
                if let Some(said) = done.said {
                    append_flash(&mut answer, &Flash::Said(said));
                }
                answer
            }
            Err(_) => see_other(&back),
        }
    } else if parts.headers.get(CONTENT_TYPE).is_some() {
        let error = serde_json::from_slice(&body).unwrap_or(ApiError::Unreadable);
        failed(cx.as_ref(), error, action, typed, &back).await
    } else {
        return Response::from_parts(parts, Body::from(body));
    };
    for cookie in parts.headers.get_all(SET_COOKIE) {
        answer.headers_mut().append(SET_COOKIE, cookie.clone());
    }
    answer
}

async fn failed(cx: Option<&Cx>, error: ApiError, action: String, typed: Vec<(String, String)>, back: &str) -> Response {
    if error == ApiError::ProveAgain {
        let mut answer = see_other(&prove_path(back));
        append_waiting_form(cx, &mut answer, &Flash::Failed { error, action, typed }).await;
        return answer;
    }
    let to = if error == ApiError::SignedOut { "/sign-in" } else { back };
    let mut answer = see_other(to);
    append_long_flash(cx, &mut answer, &Flash::Failed { error, action, typed }).await;
    answer
}

fn see_other(path: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(LOCATION, location);
    response.headers_mut().remove(CONTENT_LENGTH);
    response
}

/// Path and query of the page the form stood on. Only the path is taken, so that nobody can be sent to another site.
pub(super) fn referring_path(headers: &HeaderMap) -> String {
    headers
        .get(REFERER)
        .and_then(|referer| referer.to_str().ok())
        .and_then(|referer| referer.parse::<Uri>().ok())
        .and_then(|uri| uri.path_and_query().map(|path| path.as_str().to_owned()))
        .filter(|path| path.starts_with('/') && !path.starts_with("//"))
        .unwrap_or_else(|| "/".to_owned())
}
