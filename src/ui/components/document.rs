//! A text to be read: policy, NDA or lesson, rendered from Markdown in the language it is written in.

use crate::{domain::locale::Locale, server::service::markdown};
use leptos::prelude::*;

/// The text on its sheet. Children stand inside the sheet, after the text.
#[component]
pub fn DocumentSheet(#[prop(into)] title: String, markdown: String, language: Locale, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    view! {
        <article class="document">
            <div class="prose" lang=language.tag()>
                <h1>{title}</h1>
                <div class="prose" inner_html=markdown::render(&markdown)></div>
            </div>
            {children.map(|children| children())}
        </article>
    }
}
