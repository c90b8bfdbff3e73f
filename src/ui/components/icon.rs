//! Icons from the sprite. They never carry meaning alone: a word stands beside each.

use leptos::prelude::*;

/// An icon by its name in `public/icons.svg`.
#[component]
pub fn Icon(name: &'static str) -> impl IntoView {
    view! { <svg class="icon" aria-hidden="true"><use href=format!("/icons.svg#{name}")></use></svg> }
}

/// The mark and the name.
#[component]
pub fn Wordmark() -> impl IntoView {
    view! { <a class="wordmark" href="/"><svg aria-hidden="true"><use href="/icons.svg#mark"></use></svg>"Antritt"</a> }
}
