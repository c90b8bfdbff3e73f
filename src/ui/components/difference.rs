//! What changed between two versions, readable without colours and by ear.

use crate::{
    domain::locale::Locale,
    server::service::difference::{Part, Run, Shape},
    ui::texts::documents as t,
};
use leptos::prelude::*;

/// The difference, below a heading of the second level. `language` is that of the text.
#[component]
pub fn Difference(locale: Locale, language: Locale, parts: Vec<Part>) -> impl IntoView {
    let parts = parts.into_iter().map(|part| match part {
        Part::Unchanged { blocks, heading } => view! {
            <p class="skipped" lang=locale.tag()>{t::unchanged_blocks(locale, blocks)}</p>
            {heading.map(|heading| view! { <h3>{heading}</h3> })}
        }
        .into_any(),
        Part::Changed { shape, runs } => {
            let runs = runs.into_iter().map(|run| view! { <Words locale=locale run=run /> }).collect_view();
            match shape {
                Shape::Heading => view! { <h3>{runs}</h3> }.into_any(),
                Shape::Item => view! { <p class="item">{runs}</p> }.into_any(),
                Shape::Text => view! { <p>{runs}</p> }.into_any(),
            }
        }
    });
    view! { <div class="diff" lang=language.tag()>{parts.collect_view()}</div> }
}

#[component]
fn Words(locale: Locale, run: Run) -> impl IntoView {
    let aloud = move |words: &'static str| view! { <span class="visually-hidden" lang=locale.tag()>{words}</span> };
    match run {
        Run::Same(text) => view! { {text}" " }.into_any(),
        Run::Deleted(text) => view! { <del>{aloud(t::deleted_aloud(locale))}{text}{aloud(t::end_aloud(locale))}</del>" " }.into_any(),
        Run::Inserted(text) => view! { <ins>{aloud(t::inserted_aloud(locale))}{text}{aloud(t::end_aloud(locale))}</ins>" " }.into_any(),
    }
}
