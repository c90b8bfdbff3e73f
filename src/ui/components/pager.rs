//! Going on in a list that is paged by key: forward, and back to the start.

use crate::{
    domain::locale::Locale,
    ui::{components::icon::Icon, texts::common as t},
};
use leptos::prelude::*;

/// Links to the next page and to the first. Nothing when the list fits on one page.
#[component]
pub fn Pager(locale: Locale, first: Option<String>, next: Option<String>) -> impl IntoView {
    (first.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label=t::pages(locale)>
                {first.map(|href| view! { <a class="button secondary" href=href><Icon name="chevron-left" />{t::first_page(locale)}</a> })}
                {next.map(|href| view! { <a class="button secondary" rel="next" href=href>{t::next_page(locale)}<Icon name="chevron-right" /></a> })}
            </nav>
        }
    })
}

/// A path with a query, encoded; empty values are left out.
pub fn address(path: &str, query: &[(&str, &str)]) -> String {
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    pairs.extend_pairs(query.iter().filter(|(_, value)| !value.is_empty()));
    let query = pairs.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}
