//! Makes the [`Cx`] of each request: one question to the database, for session and actor together. Afterwards it notes what was
//! refused to whom, as here both are known.

use super::errors::{noticing_denial, plainly};
use crate::{
    api::{error::ApiError, flash::Flash},
    domain::{evidence::Origin, ids::AccountId, locale::Locale, security_event::Kind},
    server::{
        auth::{
            actor::{Actor, Halfway},
            seal::seal_device,
            session,
        },
        context::Cx,
        ids::fresh,
        service::{
            App, events, kept_forms,
            throttle::{self, Caller},
        },
    },
};
use axum::{
    Extension,
    extract::{ConnectInfo, Request, State},
    http::{
        HeaderMap, HeaderValue, Method,
        header::{ACCEPT_LANGUAGE, COOKIE, SET_COOKIE, USER_AGENT},
    },
    middleware::Next,
    response::Response,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use std::net::{IpAddr, SocketAddr};
use time::Duration;
use tower_sessions::Session;

/// The name of the session's cookie; on https, `cookies` binds it to its host like the others.
pub const SESSION: &str = "antritt";
const DEVICE: &str = "device";
const LANGUAGE: &str = "language";
const FLASH: &str = "flash";
const WAITING: &str = "waiting";
/// Browsers drop cookies beyond 4,096 bytes; what was typed is left out before the message is.
const MAX_FLASH: usize = 3_800;
/// So long a browser is known to the account it signed in to.
const DEVICE_KNOWN: Duration = Duration::days(365);

/// Puts a [`Cx`] into the request and takes the flash cookie back once it was shown.
pub async fn provide(State(app): State<App>, session: Session, mut request: Request, next: Next) -> Response {
    let now = app.now();
    let actor = match session::actor(&session).await {
        Ok(actor) => actor,
        Err(error) => {
            tracing::warn!(error = %error, "a session could not be read");
            return plainly(&ApiError::Unavailable);
        }
    };
    let half = session::halfway(&session).await.ok().flatten();
    let headers = request.headers();
    let looks_ahead = headers.contains_key("sec-purpose");
    let known = actor.as_ref().map(Actor::language).or_else(|| half.as_ref().map(Halfway::language));
    let locale = known.unwrap_or_else(|| guess_language(headers));
    // A page fetched ahead must not use up the message meant for the one that is looked at.
    let flash = match cookie(headers, FLASH).filter(|_| !looks_ahead) {
        Some(value) => read_flash(&app, actor.as_ref(), &value).await,
        None => None,
    };
    let caller = caller(&app, &request);
    let ip = address(&app, &request).map(|address| address.to_string());
    let user_agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let origin = Origin {
        ip: ip.unwrap_or_default(),
        user_agent: user_agent.chars().take(300).collect(),
    };
    let refused = actor.is_none() && half.is_none() && cookie(headers, SESSION).is_some();
    if let Some(actor) = actor.as_ref().filter(|_| !looks_ahead)
        && let Err(error) = session::note_use(&app, now, actor, &origin).await
    {
        tracing::warn!(error = %error, "that a session is used could not be noted");
    }
    let had_flash = flash.is_some();
    let is_page = request.method() == Method::GET;
    let cx = Cx {
        app,
        now,
        actor,
        half,
        session,
        locale,
        origin,
        caller,
        flash,
        path: request.uri().path().to_owned(),
    };
    request.extensions_mut().insert(cx.clone());
    let (mut response, denied) = noticing_denial(next.run(request)).await;
    for (kind, happened) in [(Kind::AccessDenied, denied), (Kind::SessionRefused, refused)] {
        if happened {
            events::note(&cx.app, cx.now, cx.event(kind, None)).await;
        }
    }
    if had_flash && is_page && !response.headers().contains_key(SET_COOKIE) {
        append_cookie(&mut response, &format!("{FLASH}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"));
    }
    response
}

/// Keeps whoever asks for changes to a pace that people have.
pub async fn not_too_many(Extension(cx): Extension<Cx>, request: Request, next: Next) -> Response {
    let paced = if request.method() == Method::POST {
        let account = cx.actor.as_ref().map(Actor::account);
        throttle::pace(&cx.app, cx.now, &cx.caller, account).await
    } else {
        Ok(())
    };
    match paced {
        Ok(()) => next.run(request).await,
        Err(error) => plainly(&error.into()),
    }
}

/// Who asks, as far as limits care.
pub fn caller(app: &App, request: &Request) -> Caller {
    Caller::new(address(app, request), cookie(request.headers(), DEVICE).unwrap_or_default())
}

fn address(app: &App, request: &Request) -> Option<IpAddr> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>()?.0.ip();
    Some(client_address(request.headers(), peer, &app.settings().trusted_proxies))
}

/// Where a request comes from: the peer, or where the peer is one of our proxies, the nearest address it names that is not. What
/// stands further left anybody could have written.
fn client_address(headers: &HeaderMap, peer: IpAddr, trusted: &[IpAddr]) -> IpAddr {
    // A socket for both kinds of address calls IPv4 peers by their IPv6 name.
    let peer = peer.to_canonical();
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

/// Lets a browser remember that it signed in to an account, so that strangers' guesses cannot keep its owner out. It opens nothing.
pub fn remember_device(cx: &Cx, account: AccountId) {
    if let Some(response) = use_context::<ResponseOptions>() {
        let sealed = seal_device(&cx.app.settings().key, account, fresh(), cx.now + DEVICE_KNOWN);
        let age = DEVICE_KNOWN.whole_seconds();
        let value = format!("{DEVICE}={sealed}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict");
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
    let value = write_long_flash(cx, flash).await;
    append_flash_cookie(response, &value);
}

/// Keeps a form that was refused until whoever filled it in has proved anew who they are.
pub async fn append_waiting_form(cx: Option<&Cx>, response: &mut Response, flash: &Flash) {
    let value = write_long_flash(cx, flash).await;
    append_cookie(response, &format!("{WAITING}={value}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax"));
}

/// The form that waits for a proof.
pub fn waiting_form(headers: &HeaderMap) -> Option<String> {
    cookie(headers, WAITING)
}

/// Lets the page that is shown next have the form that waited, in place of a message.
pub fn release_waiting_form(response: &mut Response, waiting: &str) {
    let flash = format!("{FLASH}=");
    let others = response
        .headers()
        .get_all(SET_COOKIE)
        .iter()
        .filter(|value| !value.as_bytes().starts_with(flash.as_bytes()));
    let others: Vec<_> = others.cloned().collect();
    response.headers_mut().remove(SET_COOKIE);
    for cookie in others {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    append_flash_cookie(response, waiting);
    append_cookie(response, &format!("{WAITING}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"));
}

async fn write_long_flash(cx: Option<&Cx>, flash: &Flash) -> String {
    let json = serde_json::to_string(flash).unwrap_or_default();
    let fits = json.len().div_ceil(3) * 4 <= MAX_FLASH;
    let mut value = write_flash(flash);
    if let Some((cx, actor)) = cx.filter(|_| !fits).and_then(|cx| Some((cx, cx.actor.as_ref()?))) {
        match kept_forms::keep(&cx.app, cx.now, actor.account(), &json).await {
            Ok(id) => value = format!("{value}.{id}"),
            Err(error) => tracing::warn!(error = %error, "what was typed could not be kept"),
        }
    }
    value
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
        assert_eq!(client_address(&headers, "::ffff:10.0.0.1".parse().unwrap(), &[proxy]), guest);
        assert_eq!(client_address(&forwarded("203.0.113.7, nonsense"), proxy, &[proxy]), proxy);
    }
}
