//! The security lead's overview: how much is done, how much of it in time, and who breaches next.

use crate::{
    api::done::person_path,
    domain::locale::Locale,
    server::service::{
        rates::Rates,
        rows::{BreachRow, Counts, RequirementCounts},
    },
    ui::{
        components::{empty::Empty, icon::Icon, notice::FlashNotice, pager::address},
        load::{PageTitle, load},
        texts::{common, lead as t},
        words,
    },
};
use leptos::prelude::*;

/// `/security`
#[component]
pub fn RatesPage() -> impl IntoView {
    load(async move |cx| {
        let rates = cx.actor()?.rates_desk(&cx.app)?.overview(cx.now).await?;
        let locale = cx.locale;
        Ok(view! {
            <PageTitle text=t::title(locale) />
            <main class="page" id="main" tabindex="-1">
                <div class="page-heading"><div><h1>{t::title(locale)}</h1><p class="lead">{t::lead(locale)}</p></div></div>
                <FlashNotice cx=cx.clone() />
                {if rates.requirements.is_empty() {
                    view! { <Empty icon="chart" title=t::empty_title(locale) text=t::empty_text(locale) /> }.into_any()
                } else {
                    view! { <Overview locale=locale rates=rates /> }.into_any()
                }}
            </main>
        }
        .into_any())
    })
}

#[component]
fn Overview(locale: Locale, rates: Rates) -> impl IntoView {
    let total = rates.requirements.iter().fold(Counts::default(), |sum, row| sum.plus(row.counts));
    let requirements = rates
        .requirements
        .iter()
        .map(|row| {
            let id = row.id.to_string();
            view! { <RateRow locale=locale name=requirement_name(locale, row) query=vec![("requirement", id)] counts=row.counts /> }
        })
        .collect_view();
    let departments = rates
        .departments
        .iter()
        .map(|row| {
            view! { <RateRow locale=locale name=row.department.clone() query=vec![("department", row.department.clone())] counts=row.counts /> }
        })
        .collect_view();
    view! {
        <ul class="tiles">
            <RateTile locale=locale label=t::completion(locale) show="done" part=total.done whole=total.total tone=plain />
            <RateTile locale=locale label=t::on_time(locale) show="on-time" part=total.on_time whole=total.judged() tone=judged />
            <CountTile label=t::overdue(locale) meta=t::overdue_meta(locale) icon="alert" show="overdue" tone="red" count=total.overdue whole=total.total />
            <CountTile label=t::due_soon(locale) meta=t::due_soon_meta(locale) icon="clock" show="due-soon" tone="amber" count=total.due_soon whole=total.total />
        </ul>
        <p class="meta">{t::completion_meaning(locale)}" "{t::on_time_meaning(locale)}</p>
        <Breaching locale=locale rows=rates.breaching count=total.due_soon />
        <RateTable locale=locale caption=t::by_requirement(locale) column=t::requirement(locale)>{requirements}</RateTable>
        <RateTable locale=locale caption=t::by_department(locale) column=common::department(locale)>{departments}</RateTable>
    }
}

/// What a requirement is called: its document's title, else its kind.
pub fn requirement_name(locale: Locale, row: &RequirementCounts) -> String {
    row.title
        .as_ref()
        .map_or_else(|| words::requirement_kind(locale, row.kind).to_owned(), |title| title.get(locale).to_owned())
}

/// How a share is coloured.
type Tone = fn(Option<i64>) -> &'static str;

/// Completion is not judged: what is not due yet is rightly not done.
const fn plain(_: Option<i64>) -> &'static str {
    ""
}

/// Punctuality is: green from 95, amber from 80.
const fn judged(percent: Option<i64>) -> &'static str {
    match percent {
        Some(0..80) => "red",
        Some(80..95) => "amber",
        _ => "green",
    }
}

fn shown(percent: Option<i64>) -> String {
    percent.map_or_else(|| "–".to_owned(), |percent| format!("{percent}\u{A0}%"))
}

#[component]
fn RateTile(locale: Locale, label: &'static str, show: &'static str, part: i64, whole: i64, tone: Tone) -> impl IntoView {
    let percent = words::percent(part, whole);
    view! {
        <li>
            <a class="tile" href=address("/security/items", &[("show", show)])>
                <span class="label">{label}</span>
                <span class="figure">{shown(percent)}</span>
                <progress class=tone(percent) value=percent.unwrap_or(0).to_string() max="100" aria-hidden="true"></progress>
                <span class="meta">{t::of(locale, part, whole)}</span>
            </a>
        </li>
    }
}

#[component]
fn CountTile(label: &'static str, meta: &'static str, icon: &'static str, show: &'static str, tone: &'static str, count: i64, whole: i64) -> impl IntoView {
    let class = if count > 0 { format!("tile {tone}") } else { "tile".to_owned() };
    view! {
        <li>
            <a class=class href=address("/security/items", &[("show", show)])>
                <span class="label"><Icon name=icon />{label}</span>
                <span class="figure">{count}</span>
                <progress class=tone value=count.to_string() max=whole.max(1).to_string() aria-hidden="true"></progress>
                <span class="meta">{meta}</span>
            </a>
        </li>
    }
}

#[component]
fn Breaching(locale: Locale, rows: Vec<BreachRow>, count: i64) -> impl IntoView {
    let none = rows.is_empty();
    let people = rows.into_iter().map(|row| {
        let due = format!("{}, {}", words::weekday(locale, row.due_on), words::day_and_month(locale, row.due_on));
        let href = person_path(row.person());
        view! {
            <tr>
                <th scope="row"><a href=href>{row.name}</a><small>{row.department}</small></th>
                <td data-label=common::due(locale)>{due}</td>
                <td class="num" data-label=t::due_soon(locale)>{words::count(row.items, t::item_one(locale), t::item_many(locale))}</td>
            </tr>
        }
    });
    view! {
        <section class="stack">
            <div class="row apart">
                <h2>{t::breaching_title(locale)}</h2>
                {(count > 0).then(|| view! { <a href=address("/security/items", &[("show", "due-soon")])>{t::breaching_all(locale)}" ("{count}")"</a> })}
            </div>
            {if none {
                view! { <p class="muted">{t::breaching_none(locale)}</p> }.into_any()
            } else {
                view! {
                    <div class="table-frame" tabindex="0" role="region" aria-label=t::breaching_title(locale)>
                        <table class="table cards">
                            <thead><tr>
                                <th scope="col">{t::person(locale)}</th>
                                <th scope="col">{common::due(locale)}</th>
                                <th scope="col" class="num">{t::due_soon(locale)}</th>
                            </tr></thead>
                            <tbody>{people.collect_view()}</tbody>
                        </table>
                    </div>
                }
                .into_any()
            }}
        </section>
    }
}

#[component]
fn RateTable(locale: Locale, caption: &'static str, column: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="stack">
            <h2>{caption}</h2>
            <div class="table-frame" tabindex="0" role="region" aria-label=caption>
                <table class="table cards">
                    <thead><tr>
                        <th scope="col">{column}</th>
                        <th scope="col">{t::completion(locale)}</th>
                        <th scope="col">{t::on_time(locale)}</th>
                        <th scope="col" class="num">{t::overdue(locale)}</th>
                        <th scope="col" class="num">{t::due_soon(locale)}</th>
                    </tr></thead>
                    <tbody>{children()}</tbody>
                </table>
            </div>
        </section>
    }
}

/// A row of figures; `query` names whose they are, and each figure opens the people behind it.
#[component]
fn RateRow(locale: Locale, name: String, query: Vec<(&'static str, String)>, counts: Counts) -> impl IntoView {
    let open = |show: &str| {
        let pairs: Vec<(&str, &str)> = query.iter().map(|(key, value)| (*key, value.as_str())).chain([("show", show)]).collect();
        address("/security/items", &pairs)
    };
    let rate = |label: &'static str, show: &str, part: i64, whole: i64, tone: Tone| {
        let percent = words::percent(part, whole);
        view! {
            <td data-label=label>
                <a class="rate" href=open(show) aria-label=format!("{}, {}", t::figure_of(locale, label, &name), shown(percent))>
                    <span class="num">{shown(percent)}</span>
                    <progress class=format!("{} thin", tone(percent)) value=percent.unwrap_or(0).to_string() max="100" aria-hidden="true"></progress>
                </a>
            </td>
        }
    };
    let count = |label: &'static str, show: &str, count: i64| {
        view! {
            <td class="num" data-label=label>
                <a href=open(show) aria-label=format!("{}, {count}", t::figure_of(locale, label, &name))>{count}</a>
            </td>
        }
    };
    view! {
        <tr>
            <th scope="row"><a href=open("all")>{name.clone()}</a></th>
            {rate(t::completion(locale), "done", counts.done, counts.total, plain)}
            {rate(t::on_time(locale), "on-time", counts.on_time, counts.judged(), judged)}
            {count(t::overdue(locale), "overdue", counts.overdue)}
            {count(t::due_soon(locale), "due-soon", counts.due_soon)}
        </tr>
    }
}
