//! Error pages in the look of everything else. What a reader may not see is answered like what does not exist.

use crate::{
    api::{
        done::{before, prove_path},
        error::ApiError,
        factors::FACTORS,
    },
    server::context::Cx,
    ui::{
        load::PageTitle,
        texts::{common as t, factors, problems},
        words,
    },
};
use axum::http::{HeaderValue, StatusCode, header};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

/// The status of an error; somebody who is not signed in is led to sign in, and who has to prove anew who they are, to that.
pub fn set_status(responses: &ResponseOptions, error: &ApiError, cx: &Cx) {
    let status = match error {
        ApiError::SignedOut => {
            let next: String = url::form_urlencoded::byte_serialize(cx.path.as_bytes()).collect();
            let page = if cx.half.is_some() { "/sign-in/second-step" } else { "/sign-in" };
            if let Ok(location) = HeaderValue::from_str(&format!("{page}?next={next}")) {
                responses.insert_header(header::LOCATION, location);
            }
            StatusCode::SEE_OTHER
        }
        ApiError::ProveAgain => {
            if let Ok(location) = HeaderValue::from_str(&prove_path(&cx.path)) {
                responses.insert_header(header::LOCATION, location);
            }
            StatusCode::SEE_OTHER
        }
        ApiError::Unavailable | ApiError::Busy => {
            responses.insert_header(header::RETRY_AFTER, HeaderValue::from_static("2"));
            StatusCode::SERVICE_UNAVAILABLE
        }
        ApiError::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        ApiError::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        ApiError::Conflict(_) => StatusCode::CONFLICT,
        ApiError::Invalid(_) | ApiError::Unreadable => StatusCode::BAD_REQUEST,
        ApiError::NotFound | ApiError::WrongCredentials => StatusCode::NOT_FOUND,
    };
    responses.set_status(status);
}

/// The page of an error, at an address of ours.
pub fn page(cx: &Cx, error: &ApiError) -> AnyView {
    render(cx, error, sleeping_rights(cx).as_deref())
}

/// `sleeping`: the roles that may be why nothing is seen here.
fn render(cx: &Cx, error: &ApiError, sleeping: Option<&str>) -> AnyView {
    let locale = cx.locale;
    let (code, title, text, incident) = match error {
        ApiError::Internal { incident } => (
            t::error_internal_code(locale),
            t::error_internal_title(locale),
            t::error_internal_text(locale),
            Some(incident.clone()),
        ),
        ApiError::Unavailable | ApiError::Busy => (
            t::error_unavailable_code(locale),
            t::error_unavailable_title(locale),
            t::error_unavailable_text(locale),
            None,
        ),
        ApiError::Conflict(reason) => ("", problems::conflict(locale, *reason), "", None),
        ApiError::NotFound if sleeping.is_some() => ("", factors::enrol_first(locale), "", None),
        _ => (
            t::error_not_found_code(locale),
            t::error_not_found_title(locale),
            t::error_not_found_text(locale),
            None,
        ),
    };
    let look = if sleeping.is_some() { "button quiet" } else { "button" };
    view! {
        <PageTitle text=title />
        <main class="page narrow" id="main" tabindex="-1">
            <div class="error-page">
                <p class="code">{code}</p>
                <h1>{title}</h1>
                <p>{text}</p>
                {incident.map(|incident| view! { <p class="incident">{t::incident(locale)}" "<code>{incident}</code></p> })}
                {sleeping.map(|roles| view! { <p>{factors::enrol_again(locale, roles)}</p> })}
                <div class="actions">
                    {sleeping.is_some().then(|| view! { <a class="button" href=before(FACTORS, &cx.path)>{factors::enrol_button(locale)}</a> })}
                    <a class=look href="/">{t::to_start_page(locale)}</a>
                </div>
            </div>
        </main>
    }
    .into_any()
}

/// The roles of somebody whose rights wait for a second factor, which may be why they see nothing of a page of ours.
fn sleeping_rights(cx: &Cx) -> Option<String> {
    let roles: Vec<_> = cx.actor.as_ref()?.dormant_roles().iter().map(|role| words::role(cx.locale, *role)).collect();
    (!roles.is_empty()).then(|| roles.join(", "))
}

/// The page of an address that nothing answers.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    let Some(cx) = use_context::<Cx>() else { return ().into_any() };
    if let Some(responses) = use_context::<ResponseOptions>() {
        responses.set_status(StatusCode::NOT_FOUND);
    }
    // No factor brings this one.
    render(&cx, &ApiError::NotFound, None)
}
