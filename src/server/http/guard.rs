//! The outer guard: whatever changes something must come from one of our own pages, and every answer says what a browser may do with it.
//!
//! Server functions have no cross-site check of their own, and `SameSite=Lax` alone is one browser bug away from none. What a browser
//! says of a request, it says twice, by `Sec-Fetch-Site` and by `Origin`: where both are there both must agree, at least one has to be,
//! and neither may be there twice.
//!
//! `Origin` is compared with the base URL that the operator set, never with `Host`, which a stranger's name server can choose. The
//! one exception is an installation to try out, whose base URL is http on this machine: it is reached as `localhost`, by another
//! number or through a container's port as well, so there an origin of `localhost` or a bare address counts where it equals `Host`.
//!
//! Personal links keep `Referrer-Policy: same-origin` like every page: nothing is told to others, and with `no-referrer` browsers
//! send `Origin: null` along with our own forms, which is what a stranger's sandboxed frame sends too.

use super::{context, passwords::JUDGE};
use crate::{
    domain::security_event::Kind,
    server::service::{App, events},
};
use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderName, ORIGIN, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
            X_FRAME_OPTIONS,
        },
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use percent_encoding::percent_decode_str;
use std::net::IpAddr;
use url::{Host, Url};

/// Server functions lie beneath this path; every other change is an upload.
pub const FUNCTIONS: &str = "/api/";

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses paths that mean another path. What looks at a path before the page does, a rule of the proxy in front or of a route here, sees the letters as they were
/// sent; the router of the pages would follow the steps.
pub async fn plain_paths_only(request: Request, next: Next) -> Response {
    if is_plain(request.uri().path()) {
        next.run(request).await
    } else {
        no_such_page()
    }
}

/// For what leads nowhere and is no page. Browsers show an error of their own for an empty answer.
pub fn no_such_page() -> Response {
    (StatusCode::NOT_FOUND, "Diese Seite gibt es nicht.\nThere is no such page.\n").into_response()
}

/// Whether a path leads where it says: no step that stays or goes up, and no separator but `/`, however they are written.
fn is_plain(path: &str) -> bool {
    let decoded: Vec<u8> = percent_decode_str(path).collect();
    let segments = || decoded.split(|byte| *byte == b'/');
    !decoded.contains(&b'\\') && segments().count() == path.split('/').count() && segments().all(|segment| segment != b"." && segment != b"..")
}

/// Refuses changes that other sites ask for, and bodies that none of our forms sends.
pub async fn same_site_only(State(app): State<App>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads {
        return next.run(request).await;
    }
    let base = &app.settings().base_url;
    if !is_own(base, request.headers()) {
        let event = events::Event {
            kind: Kind::CrossSiteRefused,
            account: None,
            subject: None,
            fingerprint: Some(context::caller(&app, &request).fingerprint(&app)),
        };
        events::note(&app, app.now(), event).await;
        let text = format!("Diese Anfrage kam nicht von einer Seite unter {base}.\nThis request did not come from a page at {base}.\n");
        return (StatusCode::FORBIDDEN, text).into_response();
    }
    if *request.method() == Method::POST && !is_form(request.uri().path(), request.headers()) {
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, "Only our own forms are read here.\n").into_response();
    }
    next.run(request).await
}

/// How often a header is there.
enum Sent<'a> {
    Never,
    Once(&'a str),
    /// Twice, or no text: whoever reads it next may read something else.
    Unclear,
}

fn sent(headers: &HeaderMap, name: HeaderName) -> Sent<'_> {
    let mut values = headers.get_all(name).iter();
    match (values.next().map(HeaderValue::to_str), values.next()) {
        (None, _) => Sent::Never,
        (Some(Ok(value)), None) => Sent::Once(value),
        _ => Sent::Unclear,
    }
}

/// Whether a change comes from a page of ours.
fn is_own(base: &str, headers: &HeaderMap) -> bool {
    let host = match sent(headers, HOST) {
        Sent::Never => None,
        Sent::Once(host) => Some(host),
        Sent::Unclear => return false,
    };
    let origin = match sent(headers, ORIGIN) {
        Sent::Never => None,
        Sent::Once(origin) => Some(is_our_origin(base, origin, host)),
        Sent::Unclear => return false,
    };
    match (sent(headers, SEC_FETCH_SITE), origin) {
        (Sent::Once(site), None | Some(true)) => site == "same-origin",
        (Sent::Never, Some(own)) => own,
        _ => false,
    }
}

fn is_our_origin(base: &str, origin: &str, host: Option<&str>) -> bool {
    let (Ok(base), Ok(parsed)) = (Url::parse(base), Url::parse(origin)) else {
        return false;
    };
    if base.origin() == parsed.origin() && base.origin().ascii_serialization() == origin {
        return true;
    }
    let to_try_out = base.scheme() == "http" && is_this_machine(&base);
    // A name could lead anywhere; a number and `localhost` cannot be taken over by a name server.
    let no_name = matches!(parsed.host(), Some(Host::Ipv4(_) | Host::Ipv6(_) | Host::Domain("localhost")));
    to_try_out && no_name && origin.strip_prefix("http://").is_some_and(|origin| Some(origin) == host)
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        None => false,
    }
}

/// Whether a body is of the one type that is read at its path. Others can be sent across sites without asking.
fn is_form(path: &str, headers: &HeaderMap) -> bool {
    let Sent::Once(sent) = sent(headers, CONTENT_TYPE) else { return false };
    let essence = sent.split(';').next().unwrap_or_default().trim();
    let expected = if path.starts_with(FUNCTIONS) || path == JUDGE {
        "application/x-www-form-urlencoded"
    } else {
        "multipart/form-data"
    };
    essence.eq_ignore_ascii_case(expected)
}

/// Headers on every answer. An answer that knows better keeps its own.
pub async fn harden(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), serial=(), usb=(), \
             publickey-credentials-create=(self), publickey-credentials-get=(self)",
        ),
        (CACHE_CONTROL, "no-store"),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if context::is_https(&app) {
        // Two years, as browsers' lists ask for.
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000; includeSubDomains"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    const HTTPS: &str = "https://antritt.example.com";
    const DEMO: &str = "http://127.0.0.1:3000";

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn only_our_own_pages_may_change_something() {
        for own in [
            &[("sec-fetch-site", "same-origin")][..],
            &[("origin", HTTPS), ("host", "antritt.example.com")],
            &[("origin", HTTPS), ("host", "10.0.0.7:3000")],
            &[("origin", HTTPS), ("sec-fetch-site", "same-origin")],
        ] {
            assert!(is_own(HTTPS, &headers(own)), "{own:?}");
        }
        for foreign in [
            &[("sec-fetch-site", "cross-site"), ("origin", HTTPS)][..],
            &[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")],
            &[("sec-fetch-site", "same-origin"), ("origin", "null")],
            &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "same-origin")],
            &[("sec-fetch-site", "same-origin"), ("origin", HTTPS), ("origin", HTTPS)],
            &[("sec-fetch-site", "same-origin"), ("host", "antritt.example.com"), ("host", "evil.example")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[("origin", "https://evil.example"), ("host", "evil.example")],
            &[("origin", "http://antritt.example.com")],
            &[("origin", "https://antritt.example.com:8443")],
            &[("origin", "https://antritt.example.com.evil.example")],
            &[("origin", "https://antritt.example.com/")],
            &[("origin", "http://127.0.0.1:3000"), ("host", "127.0.0.1:3000")],
            &[("origin", "null")],
            &[("host", "antritt.example.com")],
            &[],
        ] {
            assert!(!is_own(HTTPS, &headers(foreign)), "{foreign:?}");
        }
    }

    #[test]
    fn an_installation_to_try_out_is_reached_by_its_other_names_but_by_no_stranger_s() {
        for (origin, host) in [
            ("http://localhost:3000", "localhost:3000"),
            ("http://192.168.1.5:8080", "192.168.1.5:8080"),
            ("http://[::1]:3000", "[::1]:3000"),
        ] {
            assert!(is_own(DEMO, &headers(&[("origin", origin), ("host", host)])), "{origin}");
        }
        for (origin, host) in [
            ("http://evil.example:3000", "evil.example:3000"),
            ("http://localhost:9999", "localhost:3000"),
            ("http://localhost.evil.example", "localhost.evil.example"),
            ("https://localhost:3000", "localhost:3000"),
        ] {
            assert!(!is_own(DEMO, &headers(&[("origin", origin), ("host", host)])), "{origin}");
        }
    }

    #[test]
    fn a_path_says_where_it_leads() {
        for plain in ["/", "//", "/people/a.b", "/x/...", "/assets/a%2eb", "/people/%ff%20x", "/a;b/c", "*"] {
            assert!(is_plain(plain), "{plain}");
        }
        for crooked in [
            "/x/../admin",
            "/x/%2e%2e/admin",
            "/x/.%2E/admin",
            "/./x",
            "/x/%2e",
            "/x/..",
            "/admin\\accounts",
            "/admin%5caccounts",
            "/x/..%2fadmin",
            "/admin%2Faccounts",
        ] {
            assert!(!is_plain(crooked), "{crooked}");
        }
    }

    #[test]
    fn each_path_reads_one_type_of_body() {
        let form = |path: &str, content_type: &'static str| is_form(path, &headers(&[("content-type", content_type)]));
        assert!(form("/api/nda/sign", "application/x-www-form-urlencoded;charset=UTF-8"));
        assert!(form("/people/import", "multipart/form-data; boundary=x"));
        for (path, content_type) in [
            ("/api/nda/sign", "multipart/form-data; boundary=x"),
            ("/api/nda/sign", "text/plain"),
            ("/api/nda/sign", "application/json"),
            ("/people/import", "application/x-www-form-urlencoded"),
            ("/people/import", "text/plain"),
        ] {
            assert!(!form(path, content_type), "{path} {content_type}");
        }
        assert!(!is_form("/api/nda/sign", &headers(&[])));
    }
}
