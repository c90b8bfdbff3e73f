//! The parts of one's own account, each a page of its own.

use crate::{
    api::{account::TakeRecord, calendar::CALENDAR, factors::FACTORS},
    ui::{
        components::{notice::FlashNotice, task::TaskRow},
        load::{PageTitle, load},
        texts::{account as t, calendar, common, factors},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/account`
#[component]
pub fn AccountPage() -> impl IntoView {
    load(async move |cx| {
        let actor = cx.actor()?;
        let finds_own_record = actor.finds_own_record(&cx.app).await?;
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
        let has_calendar = actor.calendar_desk(&cx.app).is_ok();
        let calendar = has_calendar.then(|| (CALENDAR, "calendar", calendar::title(locale), calendar::overview_text(locale)));
        let rows = parts
            .into_iter()
            .chain(calendar)
            .map(|(href, icon, title, text)| view! { <li><TaskRow href=Some(href.to_owned()) icon=icon title=title meta=text /></li> });
        Ok(view! {
            <PageTitle text=common::account_security(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <div class="page-heading"><div><h1>{common::account_security(locale)}</h1><p class="lead">{t::lead(locale)}</p></div></div>
                <FlashNotice cx=cx.clone() />
                {finds_own_record.then(|| view! {
                    <section class="card">
                        <h2>{t::record_title(locale)}</h2>
                        <p>{t::record_text(locale)}</p>
                        <form method="post" action=TakeRecord::PATH><button class="button">{t::record_take(locale)}</button></form>
                    </section>
                })}
                <ul class="tasks" role="list">{rows.collect_view()}</ul>
            </main>
        }
        .into_any())
    })
}
