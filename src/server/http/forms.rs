//! Plain forms over server functions: the answer becomes a redirect with a message, for browsers without our script.
//!
//! On success the message is what was done; on failure it carries the problems and what was typed, without passwords, and
//! the reader is back at the form. Nothing of an error lands in an address.

use crate::{
    api::{
        done::{Done, own_path, prove_path},
        error::ApiError,
        factors::{ProveByCode, ProveByPasskey},
        flash::Flash,
        sessions::Prove,
    },
    server::{
        context::Cx,
        http::context::{append_flash, append_long_flash, append_waiting_form, caller, forget_waiting_form, release_waiting_form, take_cookies, waiting_form},
        http::{errors::plainly, guard, passwords::JUDGE, shares::Shares},
        service::App,
    },
};
use axum::{
    body::{Body, HttpBody, to_bytes},
    extract::{Request, State},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode, Uri,
        header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, LOCATION, REFERER, RETRY_AFTER, SET_COOKIE},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use leptos::server_fn::{ServerFn, axum::server_fn_paths, error::SERVER_FN_ERROR_HEADER};
use sha2::{Digest, Sha256};
use std::{future::poll_fn, pin::Pin, time::Duration};
use tokio::{sync::Semaphore, time::timeout};
use uuid::Uuid;

/// The largest form: a text of the greatest length in two languages, of which each letter may take nine bytes when it is encoded,
/// and some more, so that one that is too long comes back with the reason. Uploads have a handler of their own.
const MAX_FORM: usize = 2 * 1024 * 1024;
/// The most fields of a form: twice those of the longest, a quiz of five hundred questions.
const MAX_FIELDS: usize = 1_000;
/// How long a form may be on its way.
const ON_ITS_WAY: Duration = Duration::from_secs(30);
/// What any form may take of memory while it is on its way, in bytes.
const SMALL: usize = 16 * 1024;
/// What all forms together may take beyond that: pieces of so many bytes, 64 MiB in all.
const PIECE: usize = 64 * 1024;
static ROOM: Semaphore = Semaphore::const_new(1_024);
/// What one network may take of that: 4 MiB.
static OWN: Shares = Shares::new(64);
/// How long a form waits for both.
const PATIENCE: Duration = Duration::from_secs(3);
/// Fields that are never kept.
const SECRETS: [&str; 6] = ["password", "repeated", "old_password", "token", "code", "credential"];

/// Waits for the whole form before anybody looks who sends it: whoever sends slowly has the rights that they have when it has arrived, and
/// that is when it happened.
pub async fn read_first(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_typed_password = path == JUDGE;
    if request.method() != Method::POST || !(is_typed_password || path.starts_with("/api/")) {
        return next.run(request).await;
    }
    // Nobody waits for what nobody would read.
    if !is_typed_password && !server_fn_paths().any(|(known, _)| known == path) {
        return guard::no_such_page();
    }
    let holder = holder(caller(&app, &request).network());
    let (parts, body) = request.into_parts();
    match timeout(ON_ITS_WAY, read(body, holder)).await.unwrap_or(Err(ApiError::Unreadable)) {
        Ok(form) => next.run(Request::from_parts(parts, Body::from(form))).await,
        Err(error) if wants_page(&parts.headers) => {
            let back = referring_path(&parts.headers);
            failed(None, error, parts.uri.path().to_owned(), Vec::new(), &back).await
        }
        Err(error) => plainly(&error),
    }
}

/// Under which name a network has its share.
fn holder(network: &str) -> Uuid {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&Sha256::digest(network)[..16]);
    Uuid::from_bytes(bytes)
}

async fn read(mut body: Body, holder: Uuid) -> Result<Vec<u8>, ApiError> {
    let mut form = Vec::new();
    let mut room = Vec::new();
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        form.extend_from_slice(&frame.map_err(|_| ApiError::Unreadable)?.into_data().unwrap_or_default());
        if form.len() > MAX_FORM {
            return Err(ApiError::Unreadable);
        }
        let taken = SMALL + room.len() * PIECE;
        if form.len() > taken {
            let more = (form.len() - taken).div_ceil(PIECE);
            for _ in 0..more {
                // The own one first: who waits for it takes no room from others.
                let both = async { (OWN.free(holder).await, ROOM.acquire().await) };
                let (own, piece) = timeout(PATIENCE, both).await.map_err(|_| ApiError::Busy)?;
                room.push((own, piece.map_err(|_| ApiError::Busy)?));
            }
        }
    }
    Ok(form)
}

/// Answers a plain form's post with a redirect; lets calls from our script pass.
pub async fn redirect_after_post(request: Request, next: Next) -> Response {
    if request.method() != Method::POST || !wants_page(request.headers()) {
        return with_status(next.run(request).await).await;
    }
    let action = request.uri().path().to_owned();
    let back = referring_path(request.headers());
    let (mut parts, body) = request.into_parts();
    let cx = parts.extensions.get::<Cx>().cloned();
    let proves = [Prove::PATH, ProveByCode::PATH, ProveByPasskey::PATH].contains(&action.as_str());
    let waiting = if proves { waiting_form(&parts.headers) } else { None };
    let form = to_bytes(body, MAX_FORM).await.ok().filter(|form| !has_too_many_fields(form));
    let Some(form) = form else {
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
    let mut answer = translate(cx.as_ref(), response, action, typed, back).await;
    if let Some((cx, waiting)) = cx.zip(waiting).filter(|_| went_through) {
        release_waiting_form(&cx, &mut answer, &waiting).await;
    }
    answer
}

fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

fn has_too_many_fields(form: &[u8]) -> bool {
    url::form_urlencoded::parse(form).nth(MAX_FIELDS).is_some()
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

async fn translate(cx: Option<&Cx>, response: Response, action: String, typed: Vec<(String, String)>, back: String) -> Response {
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
        failed(cx, error, action, typed, &back).await
    } else {
        return Response::from_parts(parts, Body::from(body));
    };
    // What the function says of cookies comes first: where it lets the browser forget a message, this one is meant to stay.
    let said = take_cookies(&mut answer);
    for cookie in parts.headers.get_all(SET_COOKIE).iter().cloned().chain(said) {
        answer.headers_mut().append(SET_COOKIE, cookie);
    }
    answer
}

async fn failed(cx: Option<&Cx>, error: ApiError, action: String, typed: Vec<(String, String)>, back: &str) -> Response {
    if error == ApiError::ProveAgain {
        let mut answer = see_other(&prove_path(back));
        if typed.is_empty() {
            // A password has to be typed again, and no page may say that it is still there.
            forget_waiting_form(&mut answer);
        } else {
            append_waiting_form(cx, &mut answer, &Flash::Failed { error, action, typed }).await;
        }
        return answer;
    }
    if error == ApiError::SignedOut {
        // Whose session it was is not known any more, so nothing of what was typed stays in the browser.
        let mut answer = see_other(&sign_in_path(cx, back));
        append_flash(
            &mut answer,
            &Flash::Failed {
                error,
                action,
                typed: Vec::new(),
            },
        );
        return answer;
    }
    let mut answer = see_other(back);
    append_long_flash(cx, &mut answer, &Flash::Failed { error, action, typed }).await;
    answer
}

/// Where one signs in to come back to a page; not to one that signing in consists of.
fn sign_in_path(cx: Option<&Cx>, back: &str) -> String {
    if back == "/" || back.starts_with("/sign-in") {
        return "/sign-in".to_owned();
    }
    let is_half = cx.is_some_and(|cx| cx.half.is_some());
    let page = if is_half { "/sign-in/second-step" } else { "/sign-in" };
    let next: String = url::form_urlencoded::byte_serialize(back.as_bytes()).collect();
    format!("{page}?next={next}")
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
        .and_then(|uri| uri.path_and_query().map(|path| own_path(path.as_str()).to_owned()))
        .unwrap_or_else(|| own_path("").to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_network_that_sends_slowly_leaves_room_to_others() {
        let [one, other] = ["198.51.100.1", "198.51.100.2"].map(holder);
        let _taken: Vec<_> = (0..64).map(|_| OWN.take(one).expect("its share")).collect();
        let large = || Body::from(vec![b'x'; SMALL + 1]);
        assert_eq!(read(large(), one).await, Err(ApiError::Busy));
        assert!(read(large(), other).await.is_ok() && read(Body::from("x"), one).await.is_ok());
    }

    #[test]
    fn a_thousand_fields_are_a_form_and_one_more_is_not() {
        let fields = |count| vec!["a=b"; count].join("&").into_bytes();
        assert!(!has_too_many_fields(&fields(1_000)) && has_too_many_fields(&fields(1_001)));
        assert!(!has_too_many_fields(b"") && !has_too_many_fields(&[b'&'; 5_000]));
    }

    #[test]
    fn a_form_leads_back_to_a_page_of_ours_only() {
        for (referer, back) in [
            ("https://antritt.example.com/people?q=a", "/people?q=a"),
            ("https://evil.example//evil.example/x", "/"),
            ("https://evil.example/\\evil.example/x", "/"),
            ("no address", "/"),
            ("", "/"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(REFERER, HeaderValue::from_static(referer));
            assert_eq!(referring_path(&headers), back, "{referer}");
        }
        assert_eq!(referring_path(&HeaderMap::new()), "/");
    }
}
