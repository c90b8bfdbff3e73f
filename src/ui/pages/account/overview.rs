//! The parts of one's own account, each a page of its own.

use crate::{
    api::factors::FACTORS,
    ui::{
        components::{notice::FlashNotice, task::TaskRow},
        load::{PageTitle, load},
        texts::{account as t, common, factors},
    },
};
use leptos::prelude::*;

/// `/account`
#[component]
pub fn AccountPage() -> impl IntoView {
    load(async move |cx| {
        let actor = cx.actor()?;
        let locale = cx.locale;
        let password = if actor.has_password() {
            t::password_text(locale)
        } else {
            t::no_password_text(locale)
        };
        let parts = [
            ("/account/password", "lock", t::password(locale), password),
            (FACTORS, "shield", factors::title(locale), factors::overview_text(locale)),
            ("/account/sessions", "globe", t::sessions_title(locale), t::sessions_text(locale)),
        ];
        let rows = parts.map(|(href, icon, title, text)| view! { <li><TaskRow href=Some(href.to_owned()) icon=icon title=title meta=text /></li> });
        Ok(view! {
            <PageTitle text=common::account_security(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <div class="page-heading"><div><h1>{common::account_security(locale)}</h1><p class="lead">{t::lead(locale)}</p></div></div>
                <FlashNotice cx=cx.clone() />
                <ul class="tasks" role="list">{rows.collect_view()}</ul>
            </main>
        }
        .into_any())
    })
}
