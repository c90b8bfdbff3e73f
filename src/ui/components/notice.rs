//! Messages: what a form had to say, and callouts.

use crate::{
    api::flash::Flash,
    server::context::Cx,
    ui::{components::icon::Icon, texts::problems},
};
use leptos::prelude::*;

/// A message. `tone` is `info`, `success`, `warning` or `error`.
#[component]
pub fn Notice(tone: &'static str, children: Children) -> impl IntoView {
    let icon = match tone {
        "success" => "check-circle",
        "warning" => "alert",
        "error" => "x-circle",
        _ => "info",
    };
    let role = if tone == "error" { "alert" } else { "status" };
    view! { <div class=format!("notice {tone}") role=role><Icon name=icon /><div>{children()}</div></div> }
}

/// What the last form had to say. A form whose fields were refused says so itself (`form::ErrorSummary`).
#[component]
pub fn FlashNotice(cx: Cx) -> impl IntoView {
    let message = match cx.flash.as_ref() {
        Some(Flash::Said(said)) => Some(("success", problems::said(cx.locale, cx.app.settings().sends_mail, said))),
        Some(Flash::Failed { error, .. }) => problems::failure(cx.locale, error),
        None => None,
    };
    message.map(|(tone, text)| view! { <Notice tone=tone><p>{text}</p></Notice> })
}
