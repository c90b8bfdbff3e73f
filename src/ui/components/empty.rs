//! A list with nothing in it: says why, and what to do about it.

use crate::ui::components::icon::Icon;
use leptos::prelude::*;

/// An empty list. Its children are links or buttons, if there is something to do.
#[component]
pub fn Empty(icon: &'static str, #[prop(into)] title: String, #[prop(into)] text: String, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    view! {
        <div class="card">
            <div class="empty">
                <Icon name=icon />
                <h2>{title}</h2>
                <p>{text}</p>
                {children.map(|children| view! { <div class="actions">{children()}</div> })}
            </div>
        </div>
    }
}
