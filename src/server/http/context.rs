//! Makes the [`Cx`] of each request: one question to the database, for session and actor together. Afterwards it notes what was
//! refused to whom, as here both are known.

use super::errors::{noticing_denial, plainly};
use crate::{
    api::{error::ApiError, flash::Flash},
    domain::{evidence::Origin, locale::Locale, security_event::Kind},
    server::{
        auth::{
            actor::{Actor, Halfway},
            session,
        },
        context::Cx,
        service::{
            App, events,
            factors::PASSKEY_WAITS,
            kept_forms, known_browsers,
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
use tower_sessions::Session;
use uuid::Uuid;

/// The name of the session's cookie; on https, `cookies` binds it to its host like the others.
pub const SESSION: &str = "antritt";
const DEVICE: &str = "device";
const LANGUAGE: &str = "language";
const FLASH: &str = "flash";
const WAITING: &str = "waiting";
const ASKED: &str = "asked";
/// Browsers drop cookies beyond 4,096 bytes; what was typed is left out before the message is.
const MAX_FLASH: usize = 3_800;
/// The same before it is encoded: base64 makes four letters of three bytes.
const MAX_FLASH_JSON: usize = MAX_FLASH / 4 * 3;

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
    let is_page = request.method() == Method::GET;
    let looks_ahead = is_page && headers.contains_key("sec-purpose");
    let known = actor.as_ref().map(Actor::language).or_else(|| half.as_ref().map(Halfway::language));
    let locale = known.unwrap_or_else(|| guess_language(headers));
    let chose_language = known.is_some() || cookie(headers, LANGUAGE).is_some();
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
    // Looking ahead is use as well: whoever has a stolen session could say so of every request.
    if let Some(actor) = &actor
        && let Err(error) = session::note_use(&app, now, actor, &origin).await
    {
        tracing::warn!(error = %error, "that a session is used could not be noted");
    }
    let had_flash = flash.is_some();
    let cx = Cx {
        app,
        now,
        actor,
        half,
        session,
        locale,
        chose_language,
        origin,
        caller,
        flash,
        asked: cookie(request.headers(), ASKED).unwrap_or_default(),
        path: request.uri().path().to_owned(),
    };
    request.extensions_mut().insert(cx.clone());
    let (mut response, denied) = noticing_denial(next.run(request)).await;
    for (kind, happened) in [(Kind::AccessDenied, denied), (Kind::SessionRefused, refused)] {
        if happened {
            events::note(&cx.app, cx.now, cx.event(kind, None)).await;
        }
    }
    // A page that only leads on has shown nothing.
    let was_shown = had_flash && is_page && !response.status().is_redirection();
    if was_shown && !response.headers().contains_key(SET_COOKIE) {
        append_cookie(&mut response, &expired(FLASH));
    }
    response
}

/// Keeps whoever asks for changes to a pace that people have.
pub async fn not_too_many(Extension(cx): Extension<Cx>, request: Request, next: Next) -> Response {
    let paced = if request.method() == Method::POST {
        let account = cx.actor.as_ref().map(Actor::account);
        throttle::pace(&cx.app, &cx.caller, account).await
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
    set_cookie(&format!("{LANGUAGE}={}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax", language.tag()));
}

/// Lets a browser keep the mark of an account that knows it.
pub fn remember_device(mark: &str) {
    let age = known_browsers::KNOWN_FOR.whole_seconds();
    set_cookie(&format!("{DEVICE}={mark}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict"));
}

/// Lets a browser keep the mark of what it was asked, as long as an answer is waited for.
pub fn remember_asked(mark: &str) {
    let age = PASSKEY_WAITS.whole_seconds();
    set_cookie(&format!("{ASKED}={mark}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict"));
}

/// Lets a browser forget what was typed in it, and what was said about that: it was somebody's who is there no more.
pub fn forget_forms() {
    for name in [FLASH, WAITING] {
        set_cookie(&expired(name));
    }
}

fn expired(name: &str) -> String {
    format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
}

/// Sets a cookie with the answer of the server function that runs.
fn set_cookie(cookie: &str) {
    if let (Some(response), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(cookie)) {
        response.append_header(SET_COOKIE, value);
    }
}

/// Takes the cookies off an answer, for others to be put before them: of two with one name, the last one counts.
pub fn take_cookies(response: &mut Response) -> Vec<HeaderValue> {
    let cookies = response.headers().get_all(SET_COOKIE).iter().cloned().collect();
    response.headers_mut().remove(SET_COOKIE);
    cookies
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

/// Keeps a form that was refused until whoever filled it in has proved anew who they are: here, and for their account alone. The browser
/// gets no more than its id.
pub async fn append_waiting_form(cx: Option<&Cx>, response: &mut Response, flash: &Flash) {
    if let Some(id) = keep_form(cx, &serde_json::to_string(flash).unwrap_or_default()).await {
        append_cookie(response, &format!("{WAITING}={id}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax"));
    }
}

/// Lets the browser forget a form that waits for a proof that is now wanted for something else.
pub fn forget_waiting_form(response: &mut Response) {
    append_cookie(response, &expired(WAITING));
}

/// Under which id a form waits for a proof.
pub fn waiting_form(headers: &HeaderMap) -> Option<String> {
    cookie(headers, WAITING)
}

/// Lets the page that is shown next have the form that waited, in place of a message, if it is of whoever asks.
pub async fn release_waiting_form(cx: &Cx, response: &mut Response, id: &str) {
    if let Some(flash) = read_flash(&cx.app, cx.actor.as_ref(), &format!(".{id}")).await {
        let message = format!("{FLASH}=");
        for cookie in take_cookies(response)
            .into_iter()
            .filter(|cookie| !cookie.as_bytes().starts_with(message.as_bytes()))
        {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        append_flash_cookie(response, &format!("{}.{id}", write_flash(&flash)));
    }
    append_cookie(response, &expired(WAITING));
}

async fn write_long_flash(cx: Option<&Cx>, flash: &Flash) -> String {
    let json = serde_json::to_string(flash).unwrap_or_default();
    let value = write_flash(flash);
    if json.len() <= MAX_FLASH_JSON {
        return value;
    }
    match keep_form(cx, &json).await {
        Some(id) => format!("{value}.{id}"),
        None => value,
    }
}

/// Keeps what somebody typed who is signed in, and says under which id, if it can be kept.
async fn keep_form(cx: Option<&Cx>, json: &str) -> Option<Uuid> {
    let cx = cx?;
    let kept = kept_forms::keep(&cx.app, cx.now, cx.actor.as_ref()?.account(), json).await;
    kept.inspect_err(|error| tracing::warn!(error = %error, "what was typed could not be kept"))
        .ok()
        .flatten()
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
    let json = |flash: &Flash| serde_json::to_vec(flash).unwrap_or_default();
    let whole = json(flash);
    match flash {
        Flash::Failed { error, action, typed } if whole.len() > MAX_FLASH_JSON => {
            let with = |typed| Flash::Failed {
                error: error.clone(),
                action: action.clone(),
                typed,
            };
            let room = MAX_FLASH_JSON.saturating_sub(json(&with(Vec::new())).len());
            URL_SAFE_NO_PAD.encode(json(&with(shortest(typed, room))))
        }
        _ => URL_SAFE_NO_PAD.encode(whole),
    }
}

/// The shortest of the fields, in their order, as many as have room in so many bytes of JSON. Strangers send them, so each is looked at once.
fn shortest(typed: &[(String, String)], room: usize) -> Vec<(String, String)> {
    // Beside itself, each takes a comma.
    let size = |field: &(String, String)| serde_json::to_vec(field).map_or(room, |json| json.len()) + 1;
    let mut fields: Vec<(usize, usize)> = typed.iter().map(size).zip(0..).collect();
    fields.sort_unstable();
    let mut taken = 0_usize;
    let fits = |&(size, _): &(usize, usize)| {
        taken += size;
        taken <= room
    };
    let mut kept: Vec<usize> = fields.into_iter().take_while(fits).map(|(_, index)| index).collect();
    kept.sort_unstable();
    kept.into_iter().map(|index| typed[index].clone()).collect()
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

    fn failed(typed: Vec<(String, String)>) -> Flash {
        Flash::Failed {
            error: ApiError::Unreadable,
            action: "/api/some/function".to_owned(),
            typed,
        }
    }

    /// What of a form is in the cookie, and how long that is.
    fn kept(typed: &[(String, String)]) -> (Vec<(String, String)>, usize) {
        let value = write_flash(&failed(typed.to_vec()));
        let json = URL_SAFE_NO_PAD.decode(&value).unwrap();
        match serde_json::from_slice::<Flash>(&json).unwrap() {
            Flash::Failed { typed, .. } => (typed, value.len()),
            Flash::Said(said) => panic!("{said:?}"),
        }
    }

    fn field(name: &str, value: String) -> (String, String) {
        (name.to_owned(), value)
    }

    #[test]
    fn what_has_no_room_in_a_cookie_leaves_the_shortest_fields_in_their_order() {
        let short = [field("title", "Ü".repeat(40)), field("seen", "3".to_owned()), field("note", "\"\n".repeat(50))];
        assert_eq!(kept(&short).0, short, "what fits is kept whole");
        let [title, seen, note] = short;
        let form = [
            field("body_de", "x".repeat(50_000)),
            title.clone(),
            field("body_en", "y".repeat(3_000)),
            seen.clone(),
            note.clone(),
        ];
        let (typed, length) = kept(&form);
        assert_eq!(typed, [title, seen, note]);
        assert!(length <= MAX_FLASH, "{length}");
        assert!(kept(&[field("body", "x".repeat(5_000))]).0.is_empty());
        for length in 2_700..2_800 {
            let (typed, encoded) = kept(&[field("body", "x".repeat(length)), field("a", String::new())]);
            assert!(encoded <= MAX_FLASH && typed.contains(&field("a", String::new())), "{length}: {encoded}");
        }
    }

    #[test]
    fn a_form_of_a_thousand_long_fields_is_written_at_once() {
        let form: Vec<_> = (0..1_000).map(|index| field(&format!("field{index}"), "x".repeat(index))).collect();
        let began = std::time::Instant::now();
        let (typed, length) = kept(&form);
        assert!(began.elapsed() < std::time::Duration::from_secs(1), "{:?}", began.elapsed());
        assert_eq!(typed, form[..typed.len()], "the shortest");
        assert!(typed.len() > 40 && length <= MAX_FLASH, "{} {length}", typed.len());
    }
}
