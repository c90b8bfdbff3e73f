//! The start page leads on to what matters most to whoever arrives.

use crate::{server::context::Cx, ui::app::navigation};
use leptos::prelude::*;

/// Sends everyone to their first page.
#[component]
pub fn Home() -> impl IntoView {
    if let Some(cx) = use_context::<Cx>() {
        let to = navigation(&cx).first().map_or("/sign-in", |(path, _)| path);
        leptos_axum::redirect(to);
    }
}
