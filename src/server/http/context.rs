//! Makes the [`Cx`] of each request: one question to the database, for session and actor together.

use crate::{
    api::flash::Flash,
    domain::{evidence::Origin, locale::Locale},
    server::{
        auth::{actor::Actor, session},
        context::Cx,
        service::{App, kept_forms},
    },
};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{ACCEPT_LANGUAGE, COOKIE, SET_COOKIE, USER_AGENT},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use std::net::{IpAddr, SocketAddr};
use tower_sessions::Session;

const LANGUAGE: &str = "language";
const FLASH: &str = "flash";
/// Browsers drop cookies beyond 4,096 bytes; what was typed is left out before the message is.
const MAX_FLASH: usize = 3_800;

/// Puts a [`Cx`] into the request and takes the flash cookie back once it was shown.
pub async fn provide(State(app): State<App>, session: Session, mut request: Request, next: Next) -> Response {
    let now = app.now();
    let actor = match session::actor(&session).await {
        Ok(actor) => actor,
        Err(error) => {
            tracing::warn!(error = %error, "a session could not be read");
            return unavailable();
        }
    };
    let headers = request.headers();
    let locale = actor
        .as_ref()
        .map_or_else(|| guess_language(headers), super::super::auth::actor::Actor::language);
    // A page fetched ahead must not use up the message meant for the one that is looked at.
    let looks_ahead = headers.contains_key("sec-purpose");
    let flash = match cookie(headers, FLASH).filter(|_| !looks_ahead) {
        Some(value) => read_flash(&app, actor.as_ref(), &value).await,
        None => None,
    };
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let ip = peer.map(|peer| client_address(headers, peer, &app.settings().trusted_proxies).to_string());
    let user_agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let origin = Origin {
        ip: ip.unwrap_or_default(),
        user_agent: user_agent.chars().take(300).collect(),
    };
    let had_flash = flash.is_some();
    let is_page = request.method() == axum::http::Method::GET;
    let cx = Cx {
        app,
        now,
        actor,
        session,
        locale,
        origin,
        flash,
        path: request.uri().path().to_owned(),
    };
    request.extensions_mut().insert(cx);
    let mut response = next.run(request).await;
    if had_flash && is_page && !response.headers().contains_key(SET_COOKIE) {
        append_cookie(&mut response, &format!("{FLASH}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"));
    }
    response
}

/// Where a request comes from: the peer, or where the peer is one of our proxies, the nearest address it names that is not. What
/// stands further left anybody could have written.
fn client_address(headers: &HeaderMap, peer: IpAddr, trusted: &[IpAddr]) -> IpAddr {
    if !trusted.contains(&peer) {
        return peer;
    }
    let hops: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    let named = hops
        .iter()
        .rev()
        .map_while(|hop| hop.trim().parse::<IpAddr>().ok())
        .find(|hop| !trusted.contains(hop));
    named.unwrap_or(peer)
}

/// Says that the database is away, in the plainest way: no page can be made without it.
fn unavailable() -> Response {
    (
        StatusCode::SERVICE_UNAVAILABLE,
        [("retry-after", "2")],
        "Antritt ist gleich wieder da. / Antritt will be back in a moment.\n",
    )
        .into_response()
}

/// The language of somebody who is not signed in: chosen before, else the browser's.
fn guess_language(headers: &HeaderMap) -> Locale {
    let chosen = cookie(headers, LANGUAGE).and_then(|tag| Locale::from_tag(&tag));
    let browser = || {
        headers
            .get(ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .and_then(Locale::from_accept_language)
    };
    chosen.or_else(browser).unwrap_or_default()
}

/// Keeps a language for the next visit. Holds nothing personal, so it may live for a year.
pub fn remember_language(language: Locale) {
    if let Some(response) = use_context::<ResponseOptions>() {
        let value = format!("{LANGUAGE}={}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax", language.tag());
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.append_header(SET_COOKIE, value);
        }
    }
}

/// Whether people reach this installation over https, which decides about `Secure` and the cookies' prefix.
pub fn is_https(app: &App) -> bool {
    app.settings().base_url.starts_with("https://")
}

/// Writes a message for the next page, with all that was typed: what is too long for a cookie waits in the database for whoever is
/// signed in, and the cookie says where.
pub async fn append_long_flash(cx: Option<&Cx>, response: &mut Response, flash: &Flash) {
    let json = serde_json::to_string(flash).unwrap_or_default();
    let fits = json.len().div_ceil(3) * 4 <= MAX_FLASH;
    let mut value = write_flash(flash);
    if let Some((cx, actor)) = cx.filter(|_| !fits).and_then(|cx| Some((cx, cx.actor.as_ref()?))) {
        match kept_forms::keep(&cx.app, cx.now, actor.account(), &json).await {
            Ok(id) => value = format!("{value}.{id}"),
            Err(error) => tracing::warn!(error = %error, "what was typed could not be kept"),
        }
    }
    append_flash_cookie(response, &value);
}

/// Writes a message for the next page.
pub fn append_flash(response: &mut Response, flash: &Flash) {
    append_flash_cookie(response, &write_flash(flash));
}

fn append_flash_cookie(response: &mut Response, value: &str) {
    append_cookie(response, &format!("{FLASH}={value}; Path=/; Max-Age=120; HttpOnly; SameSite=Lax"));
}

/// A message as a cookie holds it, without the longest of what was typed where it does not.
fn write_flash(flash: &Flash) -> String {
    let encoded = |flash: &Flash| serde_json::to_vec(flash).map(|json| URL_SAFE_NO_PAD.encode(json)).unwrap_or_default();
    let mut value = encoded(flash);
    if value.len() > MAX_FLASH
        && let Flash::Failed { error, action, typed } = flash
    {
        let mut kept = typed.clone();
        while value.len() > MAX_FLASH && !kept.is_empty() {
            let longest = (0..kept.len()).max_by_key(|index| kept[*index].1.len()).unwrap_or_default();
            kept.swap_remove(longest);
            value = encoded(&Flash::Failed {
                error: error.clone(),
                action: action.clone(),
                typed: kept.clone(),
            });
        }
    }
    value
}

/// The message, whole where the rest of it waits in the database. Base64 has no full stop.
async fn read_flash(app: &App, actor: Option<&Actor>, value: &str) -> Option<Flash> {
    let (shortened, id) = value.split_once('.').unwrap_or((value, ""));
    if let (Some(actor), Ok(id)) = (actor, id.parse())
        && let Ok(Some(whole)) = kept_forms::find(app, actor.account(), id).await
    {
        return serde_json::from_str(&whole).ok();
    }
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(shortened).ok()?).ok()
}

fn append_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_proxies_may_say_where_somebody_comes_from() {
        let forwarded = |value: &'static str| HeaderMap::from_iter([(axum::http::HeaderName::from_static("x-forwarded-for"), HeaderValue::from_static(value))]);
        let [proxy, guest, forged]: [IpAddr; 3] = ["10.0.0.1", "203.0.113.7", "198.51.100.9"].map(|address| address.parse().unwrap());
        let headers = forwarded("198.51.100.9, 203.0.113.7, 10.0.0.1");
        assert_eq!(client_address(&headers, proxy, &[proxy]), guest);
        assert_eq!(client_address(&headers, forged, &[proxy]), forged, "a stranger's header counts for nothing");
        assert_eq!(client_address(&headers, proxy, &[]), proxy);
        assert_eq!(client_address(&forwarded("203.0.113.7, nonsense"), proxy, &[proxy]), proxy);
    }
}
