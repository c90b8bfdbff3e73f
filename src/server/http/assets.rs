//! The files the binary carries: stylesheet, browser client, icons.
//!
//! `build.rs` names what stands under `/assets` after its content, so a browser may keep it for ever; everything else in `public/` has a stable address and is
//! asked for again after an hour. Nothing is compressed here while somebody waits: the `.br` copies were made by the build. Files of people (evidence,
//! documents) are deliberately absent.

use std::borrow::Cow;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::Path,
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY, X_CONTENT_TYPE_OPTIONS},
    },
    response::{IntoResponse, Response},
    routing::get,
};
use rust_embed::{EmbeddedFile, RustEmbed};

/// The stylesheet's address.
pub const STYLE: &str = env!("ANTRITT_STYLE");
/// The browser client's name for `LeptosOptions::output_name`, its `site_pkg_dir` being `assets`; empty where the build made none.
pub const CLIENT: &str = env!("ANTRITT_CLIENT");

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");
const AT_ONCE: HeaderValue = HeaderValue::from_static("no-cache");
/// Nothing here is a page.
const INERT: HeaderValue = HeaderValue::from_static("default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

#[derive(RustEmbed)]
#[folder = "$ANTRITT_SITE"]
struct Site;

/// Serves `/assets/{name}` and each file of `public/` at its own address. Methods are GET and HEAD.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let mut router = Router::new().route("/assets/{name}", get(asset));
    for name in Site::iter().filter(|name| !name.starts_with("assets/") && !compressed(name)) {
        let path = format!("/{name}");
        router = router.route(&path, get(move |headers: HeaderMap| async move { respond(&name, &headers, AN_HOUR) }));
    }
    router
}

async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    if compressed(&name) {
        return StatusCode::NOT_FOUND.into_response();
    }
    match from_cargo_leptos(&name) {
        Some(data) => (described(&name, AT_ONCE), data).into_response(),
        None => respond(&format!("assets/{name}"), &headers, FOR_EVER),
    }
}

fn respond(name: &str, asked: &HeaderMap, caching: HeaderValue) -> Response {
    let brotli = Site::get(&format!("{name}.br"));
    let mut headers = described(name, caching);
    if brotli.is_some() {
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    }
    let file = match brotli.filter(|_| takes_brotli(asked)) {
        Some(file) => {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("br"));
            file
        }
        None => match Site::get(name) {
            Some(file) => file,
            None => return StatusCode::NOT_FOUND.into_response(),
        },
    };
    let tag = tag(&file);
    let known = asked.get(IF_NONE_MATCH).is_some_and(|tags| knows(tags, &tag));
    if let Ok(value) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, value);
    }
    if known {
        (StatusCode::NOT_MODIFIED, headers).into_response()
    } else {
        (headers, body(file.data)).into_response()
    }
}

fn described(name: &str, caching: HeaderValue) -> HeaderMap {
    let values: [(HeaderName, HeaderValue); 4] = [
        (CONTENT_TYPE, HeaderValue::from_static(content_type(name))),
        (CACHE_CONTROL, caching),
        (CONTENT_SECURITY_POLICY, INERT),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    values.into_iter().collect()
}

/// The embedded bytes as they lie in the binary, without a copy.
fn body(data: Cow<'static, [u8]>) -> Body {
    Body::from(match data {
        Cow::Borrowed(data) => Bytes::from_static(data),
        Cow::Owned(data) => Bytes::from(data),
    })
}

/// A strong tag of the bytes as they are sent, so that a file and its compressed copy have different ones.
fn tag(file: &EmbeddedFile) -> String {
    format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..12]))
}

fn knows(tags: &HeaderValue, tag: &str) -> bool {
    // `If-None-Match` compares weakly (RFC 9110, 13.1.2): a proxy may have put `W/` before the tag
    tags.to_str()
        .is_ok_and(|tags| tags.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == tag))
}

fn takes_brotli(headers: &HeaderMap) -> bool {
    headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("br"));
            let refused = parts
                .filter_map(|part| part.strip_prefix("q="))
                .any(|quality| quality.parse::<f32>().is_ok_and(|quality| quality <= 0.0));
            named && !refused
        })
}

fn compressed(name: &str) -> bool {
    ending(name) == "br"
}

fn ending(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

fn content_type(name: &str) -> &'static str {
    match ending(name) {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" | "webmanifest" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// While `cargo leptos watch` drives, it makes the client itself, after this binary, and lays it where `LEPTOS_SITE_ROOT` says.
fn from_cargo_leptos(name: &str) -> Option<Vec<u8>> {
    let output = option_env!("LEPTOS_OUTPUT_NAME").filter(|output| !output.is_empty())?;
    if !cfg!(debug_assertions) || !name.starts_with(output) || name.contains(['/', '\\']) {
        return None;
    }
    let root = std::env::var_os("LEPTOS_SITE_ROOT")?;
    std::fs::read(std::path::Path::new(&root).join("assets").join(name)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    async fn ask(path: &str, headers: &[(HeaderName, &str)]) -> Response {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        router::<()>().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    fn header(response: &Response, name: HeaderName) -> &str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[tokio::test]
    async fn the_stylesheet_is_kept_for_ever() {
        let response = ask(STYLE, &[]).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(header(&response, CONTENT_TYPE), "text/css; charset=utf-8");
        assert_eq!(header(&response, CACHE_CONTROL), "public, max-age=31536000, immutable");
        assert_eq!(header(&response, X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(header(&response, CONTENT_ENCODING), "");
        let text = response.into_body().collect().await.unwrap().to_bytes();
        assert!(text.windows(6).any(|part| part == b"@layer"));
    }

    #[tokio::test]
    async fn public_files_are_asked_for_again() {
        let response = ask("/favicon.svg", &[]).await;
        assert_eq!(header(&response, CONTENT_TYPE), "image/svg+xml");
        assert_eq!(header(&response, CACHE_CONTROL), "public, max-age=3600");
        let tag = header(&response, ETAG).to_owned();
        let again = ask("/favicon.svg", &[(IF_NONE_MATCH, &format!("\"other\", W/{tag}"))]).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn what_is_not_there_or_not_meant_is_not_found() {
        for path in [
            "/assets/antritt-000000000000.css",
            "/assets/..%2Ffavicon.svg%2F..%2Ffavicon.svg.br",
            "/assets/..%2F..%2Foutput",
            "/favicon.svg.br",
        ] {
            assert_eq!(ask(path, &[]).await.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[test]
    fn brotli_is_sent_only_to_those_who_take_it() {
        for (value, taken) in [
            ("gzip, br", true),
            ("br;q=0.5", true),
            ("BR", true),
            ("br;q=0", false),
            ("gzip", false),
            ("brotli", false),
            ("", false),
        ] {
            let headers: HeaderMap = [(ACCEPT_ENCODING, HeaderValue::from_static(value))].into_iter().collect();
            assert_eq!(takes_brotli(&headers), taken, "{value:?}");
        }
    }
}
