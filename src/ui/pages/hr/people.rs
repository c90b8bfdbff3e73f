//! Everyone on record, or a manager's team.

use crate::{
    domain::{
        ids::PersonId,
        locale::Locale,
        person::{PersonKind, iso_date},
        roles::Permission,
    },
    islands::live::LiveFilter,
    server::{
        service::{
            people::nobody_yet,
            rows::{Page, PersonKey, PersonSummary},
        },
        zones,
    },
    ui::{
        components::{
            empty::Empty,
            icon::Icon,
            notice::FlashNotice,
            pager::{Pager, address},
            search::SearchForm,
            status::Status,
        },
        load::{PageTitle, load, query_param},
        pages::hr::board::NobodyYet,
        texts::{common, hr as t},
        words,
    },
};
use leptos::prelude::*;
use time::Date;

/// `/people`
#[component]
pub fn PeoplePage() -> impl IntoView {
    let search = query_param("q");
    let after: Option<PersonKey> = query_param("id").parse::<PersonId>().ok().map(|id| (query_param("after"), id));
    load(async move |cx| {
        let actor = cx.actor()?;
        let page = actor.people_desk(&cx.app)?.list(cx.now, &search, after.as_ref()).await?;
        let sees_all = actor.may(Permission::ReadPeople);
        let edits = actor.may(Permission::EditPeople);
        let is_new = edits && page.rows.is_empty() && search.is_empty() && nobody_yet(&cx.app).await?;
        let today = zones::local_date(&cx.app.settings().time_zone, cx.now);
        let locale = cx.locale;
        let (title, lead) = if sees_all {
            (t::people_title(locale), t::people_lead(locale))
        } else {
            (t::team_title(locale), t::team_lead(locale))
        };
        let actions = edits.then(|| {
            view! {
                <div class="actions">
                    <a class="button secondary" href="/people/import"><Icon name="upload" />{t::import(locale)}</a>
                    <a class="button" href="/people/new"><Icon name="user-plus" />{t::add_person(locale)}</a>
                </div>
            }
        });
        let body = if is_new {
            view! { <NobodyYet locale=locale /> }.into_any()
        } else {
            view! { <PeopleList locale=locale sees_all=sees_all page=page search=search is_first=after.is_none() today=today /> }.into_any()
        };
        Ok(view! {
            <PageTitle text=title />
            <main class="page" id="main" tabindex="-1">
                <div class="page-heading"><div><h1>{title}</h1><p class="lead">{lead}</p></div>{actions}</div>
                <FlashNotice cx=cx.clone() />
                {body}
            </main>
        }
        .into_any())
    })
}

#[component]
fn PeopleList(locale: Locale, sees_all: bool, page: Page<PersonSummary>, search: String, is_first: bool, today: Date) -> impl IntoView {
    let found = if page.rows.is_empty() {
        t::found_none(locale).to_owned()
    } else {
        t::found_some(locale, &t::people(locale, page.rows.len()))
    };
    let last = page.more.then(|| page.rows.last()).flatten();
    let next = last.map(|row| address("/people", &[("q", &search), ("after", &row.sort_name), ("id", &row.id.to_string())]));
    let first = (!is_first).then(|| address("/people", &[("q", &search)]));
    let list = if page.rows.is_empty() {
        view! { <NoPeople locale=locale sees_all=sees_all is_search=!search.is_empty() || !is_first /> }.into_any()
    } else {
        view! { <PeopleTable locale=locale rows=page.rows today=today /> }.into_any()
    };
    view! {
        <SearchForm locale=locale id="filter" action="/people" value=search hint=t::search_hint(locale) keep=None />
        <p class="visually-hidden" id="found" role="status">{found}</p>
        <div class="region" id="people">{list}<Pager locale=locale first=first next=next /></div>
        <LiveFilter form="filter" regions="found people" />
    }
}

#[component]
fn NoPeople(locale: Locale, sees_all: bool, is_search: bool) -> impl IntoView {
    if is_search || sees_all {
        return view! {
            <Empty icon="search" title=t::no_match_title(locale) text=t::no_match_text(locale)>
                <a class="button secondary" href="/people">{t::reset_filter(locale)}</a>
            </Empty>
        }
        .into_any();
    }
    view! { <Empty icon="users" title=t::team_empty_title(locale) text=t::team_empty_text(locale) /> }.into_any()
}

#[component]
fn PeopleTable(locale: Locale, rows: Vec<PersonSummary>, today: Date) -> impl IntoView {
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label=t::people_title(locale)>
            <table class="table cards">
                <caption class="visually-hidden">{t::people_title(locale)}</caption>
                <thead><tr>
                    <th>{common::name(locale)}</th>
                    <th>{t::column_kind(locale)}</th>
                    <th>{t::column_team(locale)}</th>
                    <th>{t::column_start(locale)}</th>
                    <th>{t::column_done(locale)}</th>
                    <th>{common::status(locale)}</th>
                </tr></thead>
                <tbody>{rows.into_iter().map(|row| view! { <PersonRow locale=locale row=row today=today /> }).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn PersonRow(locale: Locale, row: PersonSummary, today: Date) -> impl IntoView {
    let kind = PersonKind::parse(&row.kind).map_or("", |kind| words::person_kind(locale, kind));
    let last_day = row
        .end_date
        .filter(|day| *day >= today)
        .map(|day| view! { <span class="tag">{t::last_day_on(locale, &words::short_date(locale, day))}</span> });
    let tone = if row.done == row.total { "green thin" } else { "thin" };
    let progress = (row.total > 0).then(|| {
        view! {
            <span class="rate">
                <span class="num nowrap">{t::done_of(locale, row.done, row.total)}</span>
                <progress class=tone value=row.done.to_string() max=row.total.to_string() aria-hidden="true"></progress>
            </span>
        }
    });
    view! {
        <tr>
            <th scope="row"><a href=format!("/people/{}", row.id)>{row.name.clone()}</a></th>
            <td data-label=t::column_kind(locale)>{kind}</td>
            <td data-label=t::column_team(locale)>{format!("{} · {}", row.department, row.job_title)}</td>
            <td data-label=t::column_start(locale)>
                <div class="row"><time datetime=iso_date(row.start_date)>{words::short_date(locale, row.start_date)}</time>{last_day}</div>
            </td>
            <td data-label=t::column_done(locale)>{progress}</td>
            <td data-label=common::status(locale)><div class="row"><Badges locale=locale row=row today=today /></div></td>
        </tr>
    }
}

/// What stands out about somebody; where nothing does, whether they are through.
#[component]
fn Badges(locale: Locale, row: PersonSummary, today: Date) -> impl IntoView {
    let has_left = row.end_date.is_some_and(|day| day < today);
    let left = has_left.then(|| view! { <Status tone="ended" icon="minus-circle" word=t::left(locale) /> });
    let overdue = (row.overdue > 0 && !has_left).then(|| view! { <Status tone="overdue" icon="alert" word=t::overdue_count(locale, row.overdue) /> });
    let late = (row.late > 0).then(|| view! { <Status tone="late" icon="clock" word=t::late_count(locale, row.late) /> });
    let standing = (left.is_none() && overdue.is_none()).then(|| {
        if row.done < row.total {
            view! { <Status tone="open" icon="circle" word=t::under_way(locale) /> }
        } else {
            view! { <Status tone="done" icon="check-circle" word=t::all_done(locale) /> }
        }
    });
    view! { {left}{overdue}{standing}{late} }
}
