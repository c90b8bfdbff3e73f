//! The search above a list: a GET form, so that every result has an address.

use crate::{
    domain::locale::Locale,
    ui::{components::icon::Icon, texts::common as t},
};
use leptos::prelude::*;

/// A search field with its button. `keep` is a filter that a new search does not reset.
#[component]
pub fn SearchForm(
    locale: Locale,
    id: &'static str,
    action: &'static str,
    value: String,
    #[prop(into)] hint: String,
    keep: Option<(&'static str, &'static str)>,
    /// Where looking for something is all there is to do.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    view! {
        <form class="filters" id=id method="get" action=action role="search">
            {keep.map(|(name, value)| view! { <input type="hidden" name=name value=value /> })}
            <div class="field grow">
                <label for="q">{t::search(locale)}</label>
                <div class="search">
                    <Icon name="search" />
                    <input id="q" name="q" type="search" value=value placeholder=hint maxlength="200" autocomplete="off" autofocus=autofocus />
                </div>
            </div>
            <button class="button secondary"><Icon name="search" />{t::search_now(locale)}</button>
        </form>
    }
}
