//! One change in words and as the audit trail keeps it.

use crate::{
    domain::audit::Action,
    server::{context::Cx, service::rows::OpenedEntry},
    ui::{
        components::icon::Icon,
        load::{PageTitle, load, path_param},
        texts::{events as t, hr},
        words,
    },
};
use leptos::prelude::*;
use time::format_description::well_known::Rfc3339;

/// `/admin/events/{seq}`
#[component]
pub fn EntryPage() -> impl IntoView {
    let seq = path_param::<i64>("seq");
    load(async move |cx| {
        let (action, entry) = cx.actor()?.events_desk(&cx.app)?.entry(cx.now, seq?).await?;
        let locale = cx.locale;
        let number = t::entry_number(locale, entry.seq);
        let detail = match &entry.detail {
            None => view! { <p class="muted">{t::detail_erased(locale)}</p> }.into_any(),
            Some(json) if json == "{}" => view! { <p class="muted">{t::detail_empty(locale)}</p> }.into_any(),
            Some(json) => view! { <pre class="mail-text" tabindex="0">{indented(json)}</pre> }.into_any(),
        };
        Ok(view! {
            <PageTitle text=number.clone() />
            <main class="page" id="main" tabindex="-1">
                <a class="back" href="/admin/events"><Icon name="chevron-left" />{t::title(locale)}</a>
                <div class="page-heading"><div><h1>{hr::action(locale, action)}</h1><p class="lead">{number}</p></div></div>
                <section class="card" aria-label=t::entry_facts(locale)><Facts cx=cx.clone() action=action entry=entry /></section>
                <section class="card"><h2>{t::detail(locale)}</h2>{detail}</section>
            </main>
        }
        .into_any())
    })
}

#[component]
fn Facts(cx: Cx, action: Action, entry: OpenedEntry) -> impl IntoView {
    let locale = cx.locale;
    let moment = words::moment(locale, &cx.app.settings().time_zone, entry.at);
    let exact = entry.at.format(&Rfc3339).unwrap_or_default();
    let who = entry.actor_name.unwrap_or_else(|| t::system(locale).to_owned());
    let about = entry
        .account_name
        .filter(|name| *name != who)
        .map(|name| view! { <div><dt>{t::whom(locale)}</dt><dd>{name}</dd></div> });
    view! {
        <dl class="facts lines">
            <div><dt>{t::when(locale)}</dt><dd><time datetime=exact.clone()>{moment}</time><br /><code>{exact.clone()}</code></dd></div>
            <div><dt>{t::who(locale)}</dt><dd>{who}</dd></div>
            {about}
            <div><dt>{t::what(locale)}</dt><dd><code>{action.as_str()}</code></dd></div>
            <div><dt>{t::hash(locale)}</dt><dd><code>{hex::encode(entry.hash)}</code></dd></div>
            <div><dt>{t::previous_hash(locale)}</dt><dd><code>{hex::encode(entry.previous_hash)}</code></dd></div>
        </dl>
    }
}

/// Recorded JSON, a value a line.
fn indented(json: &str) -> String {
    let value = serde_json::from_str::<serde_json::Value>(json);
    value.and_then(|value| serde_json::to_string_pretty(&value)).unwrap_or_else(|_| json.to_owned())
}
