//! The start page leads on to what matters most to whoever arrives.

use crate::{api::factors::FACTORS, server::context::Cx, ui::app::navigation};
use leptos::prelude::*;

/// Sends everyone to their first page.
#[component]
pub fn Home() -> impl IntoView {
    if let Some(cx) = use_context::<Cx>() {
        let sleeps = cx.actor.as_ref().is_some_and(|actor| !actor.dormant_roles().is_empty());
        let first = match (&cx.half, sleeps) {
            (Some(_), _) => "/sign-in/second-step",
            (None, true) => FACTORS,
            (None, false) => navigation(&cx).first().map_or("/sign-in", |(path, _)| path),
        };
        leptos_axum::redirect(first);
    }
}
