//! A row of a checklist: icon, what, until when, how it stands.

use crate::ui::components::icon::Icon;
use leptos::prelude::*;

/// A row; a link where there is something to open. `tone` is `done`, `waiting` or empty.
#[component]
pub fn TaskRow(
    #[prop(optional_no_strip)] href: Option<String>,
    icon: &'static str,
    #[prop(optional)] tone: &'static str,
    #[prop(into)] title: String,
    #[prop(optional, into)] meta: String,
    /// The status, if the row has one.
    #[prop(optional, into)]
    status: ViewFn,
) -> impl IntoView {
    let body = view! {
        <Icon name=icon />
        <span class="body"><strong>{title}</strong>{(!meta.is_empty()).then(|| view! { <span class="meta">{meta}</span> })}</span>
        {status.run()}
    };
    let class = format!("task {tone}");
    match href {
        Some(href) => view! { <a class=class href=href>{body}<Icon name="chevron-right" /></a> }.into_any(),
        None => view! { <div class=class>{body}</div> }.into_any(),
    }
}
