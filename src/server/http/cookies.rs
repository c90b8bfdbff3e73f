//! Cookies as browsers get them on https: `Secure` and named `__Host-…`, the one that ends a session too, so that neither plain http nor a
//! neighbouring host can read or plant one.
//!
//! Everything within speaks of cookies by their plain names; this layer is absent where the base URL is http.

use axum::{
    extract::Request,
    http::{
        HeaderMap, HeaderValue,
        header::{COOKIE, SET_COOKIE},
    },
    middleware::Next,
    response::Response,
};

const PREFIX: &str = "__Host-";

/// Takes in only cookies that are bound to this host, and binds those that go out.
pub async fn bound_to_host(mut request: Request, next: Next) -> Response {
    take_bound(request.headers_mut());
    let mut response = next.run(request).await;
    bind(response.headers_mut());
    response
}

fn take_bound(headers: &mut HeaderMap) {
    let bound: Vec<&str> = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().strip_prefix(PREFIX))
        .collect();
    let bound = HeaderValue::from_str(&bound.join("; "));
    headers.remove(COOKIE);
    if let Some(bound) = bound.ok().filter(|bound| !bound.is_empty()) {
        headers.insert(COOKIE, bound);
    }
}

fn bind(headers: &mut HeaderMap) {
    let bound: Vec<HeaderValue> = headers
        .get_all(SET_COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .filter_map(|cookie| HeaderValue::try_from(format!("{PREFIX}{cookie}; Secure")).ok())
        .collect();
    headers.remove(SET_COOKIE);
    for cookie in bound {
        headers.append(SET_COOKIE, cookie);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bound_cookies_come_in() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("antritt=planted; __Host-antritt=own; other=1"));
        headers.append(COOKIE, HeaderValue::from_static("__Host-language=de"));
        take_bound(&mut headers);
        assert_eq!(headers[COOKIE], "antritt=own; language=de");
        headers.insert(COOKIE, HeaderValue::from_static("antritt=planted"));
        take_bound(&mut headers);
        assert!(!headers.contains_key(COOKIE));
    }
}
