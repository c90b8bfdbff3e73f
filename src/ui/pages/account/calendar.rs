//! Addresses for calendar programs: made, shown once, replaced, ended.

use crate::{
    api::{
        calendar::{EndCalendar, MakeCalendar},
        done::Said,
        flash::Flash,
    },
    domain::{calendar::FeedKind, locale::Locale},
    server::{context::Cx, service::rows::Feed, zones},
    ui::{
        components::{
            icon::Icon,
            notice::{FlashNotice, Notice},
        },
        load::{PageTitle, load},
        texts::{calendar as t, common},
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/account/calendar`
#[component]
pub fn CalendarPage() -> impl IntoView {
    load(async move |cx| {
        let desk = cx.actor()?.calendar_desk(&cx.app)?;
        let feeds = desk.feeds().await?;
        let locale = cx.locale;
        let parts = desk.offers().map(|kind| {
            let feed = feeds.iter().find(|feed| feed.kind == kind).cloned();
            view! { <Part cx=cx.clone() kind=kind feed=feed /> }
        });
        let parts = parts.collect_view();
        Ok(view! {
            <PageTitle text=t::title(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href="/account"><Icon name="chevron-left" />{common::account_security(locale)}</a>
                <div class="page-heading"><div><h1>{t::title(locale)}</h1><p class="lead">{t::lead(locale)}</p></div></div>
                <FlashNotice cx=cx.clone() />
                {parts}
                <p class="meta">{t::how_it_ends(locale)}</p>
            </main>
        }
        .into_any())
    })
}

/// One calendar: its address if it was made just now, how it stands, and what can be done about it.
#[component]
fn Part(cx: Cx, kind: FeedKind, feed: Option<Feed>) -> impl IntoView {
    let locale = cx.locale;
    let (id, title, text) = match kind {
        FeedKind::Own => ("own", t::own_title(locale), t::own_text(locale)),
        FeedKind::Hr => ("hr", t::hr_title(locale), t::hr_text(locale)),
    };
    let fresh = match &cx.flash {
        Some(Flash::Said(Said::CalendarMade { kind: made, address })) if *made == kind => Some(address.clone()),
        _ => None,
    };
    let fresh = fresh.map(|address| {
        let field = format!("{id}-address");
        view! {
            <div class="field">
                <label for=field.clone()>{t::address(locale)}</label>
                <input id=field type="url" value=address readonly=true />
            </div>
            <Notice tone="warning"><p>{t::address_once(locale)}</p></Notice>
        }
    });
    let (standing, make) = match &feed {
        None => (t::none_yet(locale).to_owned(), t::make(locale)),
        Some(feed) => (standing(locale, &cx.app.settings().time_zone, feed), t::replace(locale)),
    };
    let form = |action: &'static str, class: &'static str, word: &'static str| {
        view! {
            <form method="post" action=action>
                <input type="hidden" name="kind" value=kind.as_str() />
                <button class=class>{word}<span class="visually-hidden">{t::of_calendar(locale, title)}</span></button>
            </form>
        }
    };
    let class = if feed.is_some() { "button secondary" } else { "button" };
    view! {
        <section class="card" aria-labelledby=id>
            <div class="stack"><h2 id=id>{title}</h2><p>{text}</p></div>
            {fresh}
            <p class="meta">{standing}</p>
            <div class="actions">
                {form(MakeCalendar::PATH, class, make)}
                {feed.is_some().then(|| form(EndCalendar::PATH, "button quiet", t::end(locale)))}
            </div>
        </section>
    }
}

fn standing(locale: Locale, zone: &str, feed: &Feed) -> String {
    let made = t::made_on(locale, &words::date(locale, zones::local_date(zone, feed.created_at)));
    let read = feed
        .fetched_at
        .map_or_else(|| t::never_read(locale).to_owned(), |at| t::read_last(locale, &words::moment(locale, zone, at)));
    format!("{made}, {read}")
}
