//! How a page gets what it shows: it asks the service layer once and renders the answer, or the fitting error page.

use crate::{
    api::error::ApiError,
    server::context::Cx,
    ui::{components::icon::Icon, pages::errors, texts},
};
use leptos::prelude::*;
use leptos_meta::Title;
use std::future::Future;

/// The longest parameter of an address, in bytes.
const MAX_PARAM: usize = 4096;

/// Fetches and renders. `f` gets the request and returns the page's body.
pub fn load<F, Fut>(f: F) -> impl IntoView
where
    F: FnOnce(Cx) -> Fut + Send + 'static,
    Fut: Future<Output = Result<AnyView, ApiError>> + Send + 'static,
{
    let Some(cx) = use_context::<Cx>() else { return ().into_any() };
    let responses = use_context::<leptos_axum::ResponseOptions>();
    let to_sign_in = cx.clone();
    let loading = texts::common::loading(cx.locale);
    view! {
        <Suspense fallback=move || view! { <p class="empty" aria-busy="true"><Icon name="hourglass" />{loading}</p> }>
            {Suspend::new(async move {
                match f(cx).await {
                    Ok(page) => page,
                    Err(error) => {
                        if let Some(responses) = responses {
                            errors::set_status(&responses, &error, &to_sign_in);
                        }
                        errors::page(&to_sign_in, &error)
                    }
                }
            })}
        </Suspense>
    }
    .into_any()
}

/// The page's name in the browser's title bar; that a form was refused comes first, as it is what a screen reader begins with.
#[component]
pub fn PageTitle(#[prop(into)] text: String) -> impl IntoView {
    let text = match use_context::<Cx>() {
        Some(cx) if cx.is_refused() => texts::common::title_refused(cx.locale, &text),
        _ => text,
    };
    // leptos_meta writes the title as it is, and names stand in titles.
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    view! { <Title text=text /> }
}

/// A parameter of the page's path; an unreadable one is answered like one that does not exist.
///
/// # Errors
/// `NotFound` when it cannot be read.
pub fn path_param<T: std::str::FromStr>(name: &str) -> Result<T, ApiError> {
    leptos_router::hooks::use_params_map()
        .with_untracked(|params| params.get(name))
        .filter(|raw| is_sane(raw))
        .and_then(|raw| raw.parse().ok())
        .ok_or(ApiError::NotFound)
}

/// A parameter of the page's query; empty when it is missing, and when it is nothing that our pages lead to.
pub fn query_param(name: &str) -> String {
    leptos_router::hooks::use_query_map()
        .with_untracked(|query| query.get(name))
        .filter(|value| is_sane(value))
        .unwrap_or_default()
}

/// Databases refuse some of what may stand in an address: `PostgreSQL` a null character, `SQLite` to search for a very long text.
fn is_sane(value: &str) -> bool {
    value.len() <= MAX_PARAM && !value.contains('\0')
}
