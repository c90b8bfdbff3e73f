//! One search for whatever the reader may see: people, and by role accounts, policies and courses.

use crate::{
    domain::locale::Locale,
    islands::live::LiveFilter,
    server::{
        service::{
            rows::{FoundPerson, FoundThing},
            search::{Found, MOST},
        },
        zones,
    },
    ui::{
        components::{empty::Empty, search::SearchForm, task::TaskRow},
        load::{PageTitle, load, query_param},
        texts::search as t,
    },
};
use leptos::prelude::*;
use time::Date;

/// `/search`
#[component]
pub fn SearchPage() -> impl IntoView {
    let typed = query_param("q");
    load(async move |cx| {
        let desk = cx.actor()?.search_desk(&cx.app)?;
        let found = desk.find(&typed).await?;
        let locale = cx.locale;
        let lead = if desk.finds_people() {
            t::lead_people(locale)
        } else {
            t::lead_things(locale)
        };
        let today = zones::local_date(&cx.app.settings().time_zone, cx.now);
        let (asks, count) = (!typed.trim().is_empty(), found.people.len() + found.things.len());
        let said = match (asks, count) {
            (false, _) => String::new(),
            (true, 0) => t::found_none(locale).to_owned(),
            (true, n) => t::found_some(locale, n),
        };
        let results = match (asks, count) {
            (false, _) => view! { <Empty icon="search" title=t::begin_title(locale) text=t::begin_text(locale) /> }.into_any(),
            (true, 0) => view! { <Empty icon="search" title=t::nothing_title(locale) text=t::nothing_text(locale) /> }.into_any(),
            _ => view! { <Results locale=locale found=found today=today /> }.into_any(),
        };
        Ok(view! {
            <PageTitle text=t::title(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <div class="page-heading"><div><h1>{t::title(locale)}</h1><p class="lead">{lead}</p></div></div>
                <SearchForm locale=locale id="filter" action="/search" value=typed hint=t::hint(locale) keep=None autofocus=true />
                <p class="visually-hidden" id="found" role="status">{said}</p>
                <div class="region" id="results">{results}</div>
                <p class="meta">{t::keys(locale)}</p>
                <LiveFilter form="filter" regions="found results" />
            </main>
        }
        .into_any())
    })
}

#[component]
fn Results(locale: Locale, found: Found, today: Date) -> impl IntoView {
    let (accounts, titles): (Vec<_>, Vec<_>) = found.things.into_iter().partition(|thing| thing.what == "account");
    let more = found.more_people.then(|| view! { <p class="meta">{t::more(locale, MOST)}</p> });
    let people = found.people.into_iter().map(|person| person_row(locale, person, today)).collect();
    let rows = |things: Vec<FoundThing>| things.into_iter().map(|thing| thing_row(locale, thing)).collect();
    view! {
        <Group id="found-people" title=t::people(locale) rows=people />
        {more}
        <Group id="found-accounts" title=t::accounts(locale) rows=rows(accounts) />
        <Group id="found-titles" title=t::texts_and_courses(locale) rows=rows(titles) />
    }
}

/// What was found of one sort; nothing where that is nothing.
#[component]
fn Group(id: &'static str, title: &'static str, rows: Vec<AnyView>) -> impl IntoView {
    (!rows.is_empty()).then(|| {
        view! {
            <section class="stack" aria-labelledby=id>
                <h2 id=id>{title}</h2>
                <ul class="tasks" role="list">{rows}</ul>
            </section>
        }
    })
}

fn person_row(locale: Locale, person: FoundPerson, today: Date) -> AnyView {
    let mut meta = format!("{} · {}", person.department, person.job_title);
    if person.end_date.is_some_and(|day| day < today) {
        meta = format!("{meta} · {}", t::left(locale));
    }
    view! { <li><TaskRow href=Some(format!("/people/{}", person.id)) icon="user" title=person.name meta=meta /></li> }.into_any()
}

fn thing_row(locale: Locale, thing: FoundThing) -> AnyView {
    let (icon, word, folder) = match thing.what.as_str() {
        "account" => ("key", t::what_account(locale), "/admin/accounts"),
        "nda" => ("signature", t::what_nda(locale), "/content/documents"),
        "course" => ("book", t::what_course(locale), "/content/courses"),
        _ => ("document", t::what_policy(locale), "/content/documents"),
    };
    let name = match locale {
        Locale::De => thing.name_de,
        Locale::En => thing.name_en,
    };
    view! { <li><TaskRow href=Some(format!("{folder}/{}", thing.id)) icon=icon title=name meta=word /></li> }.into_any()
}
