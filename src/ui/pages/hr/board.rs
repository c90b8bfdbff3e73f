//! The day-1 gate: who starts when, who may, and the one thing that would change it.

use crate::{
    api::{invitations::SendInvitation, nda::ConfirmNda},
    domain::{
        assignment::State,
        compliance::{BoardFilter, GateReason, Light},
        locale::Locale,
        person::iso_date,
    },
    islands::live::LiveFilter,
    server::{
        service::{
            board::{Board, Gated},
            people::nobody_yet,
            rows::{BoardCounts, Starter},
        },
        zones,
    },
    ui::{
        components::{
            empty::Empty,
            icon::Icon,
            notice::FlashNotice,
            pager::{Pager, address, read_key, write_key},
            search::SearchForm,
            status::{LightStatus, Status},
        },
        load::{PageTitle, load, query_param},
        texts::{checks, common, hr as t},
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use time::{Date, OffsetDateTime};

/// What the page was asked for.
#[derive(Clone)]
struct Asked {
    locale: Locale,
    search: String,
    filter: Option<BoardFilter>,
    is_first: bool,
    /// In the installation's zone: starters' own zones decide about lights, not about how the board counts days.
    today: Date,
}

impl Asked {
    fn filter_word(&self) -> &'static str {
        self.filter.map_or("", BoardFilter::as_str)
    }

    /// A day as it was where the starter works: what was entered as a date there must read as that date here.
    fn day(&self, starter: &Starter, at: OffsetDateTime) -> String {
        words::day_and_month(self.locale, zones::local_date(&starter.time_zone, at))
    }
}

/// `/hr`
#[component]
pub fn BoardPage() -> impl IntoView {
    let search = query_param("q");
    let filter = BoardFilter::from_word(&query_param("light"));
    let after = read_key(&query_param("after"));
    load(async move |cx| {
        let board = cx.actor()?.gate_desk(&cx.app)?.board(cx.now, &search, filter, after).await?;
        let total: i64 = board.counts.lights.iter().map(|(_, count)| count).sum();
        let is_new = total == 0 && search.is_empty() && nobody_yet(&cx.app).await?;
        let asked = Asked {
            locale: cx.locale,
            search,
            filter,
            is_first: after.is_none(),
            today: zones::local_date(&cx.app.settings().time_zone, cx.now),
        };
        let locale = cx.locale;
        Ok(view! {
            <PageTitle text=t::board_title(locale) />
            <main class="page" id="main" tabindex="-1">
                <div class="page-heading">
                    <div><h1>{t::board_title(locale)}</h1><p class="lead">{t::board_lead(locale)}</p></div>
                    <div class="actions">
                        <a class="button secondary" href="/people/import"><Icon name="upload" />{t::import(locale)}</a>
                        <a class="button" href="/people/new"><Icon name="user-plus" />{t::add_person(locale)}</a>
                    </div>
                </div>
                <FlashNotice cx=cx.clone() />
                {if is_new {
                    view! { <NobodyYet locale=locale /> }.into_any()
                } else {
                    view! { <Gate asked=asked board=board total=total /> }.into_any()
                }}
            </main>
        }
        .into_any())
    })
}

/// Nobody is on record: the two ways to change that.
#[component]
pub fn NobodyYet(locale: Locale) -> impl IntoView {
    view! {
        <Empty icon="users" title=t::nobody_title(locale) text=t::nobody_text(locale)>
            <a class="button" href="/people/import"><Icon name="upload" />{t::import(locale)}</a>
            <a class="button secondary" href="/people/new"><Icon name="user-plus" />{t::add_person(locale)}</a>
        </Empty>
    }
}

#[component]
fn Gate(asked: Asked, board: Board, total: i64) -> impl IntoView {
    let locale = asked.locale;
    let shown = board.page.rows.len();
    let found = if shown == 0 {
        t::found_none(locale).to_owned()
    } else {
        t::found_some(locale, &t::people(locale, shown))
    };
    let next = board
        .page
        .more
        .then(|| board.page.rows.last())
        .flatten()
        .map(|row| write_key(row.starter.start_at, row.starter.id));
    let next = next.map(|after| address("/hr", &[("light", asked.filter_word()), ("q", &asked.search), ("after", &after)]));
    let first = (!asked.is_first).then(|| address("/hr", &[("light", asked.filter_word()), ("q", &asked.search)]));
    let days = if shown == 0 {
        view! { <NoStarters asked=asked.clone() /> }.into_any()
    } else {
        view! { <Days asked=asked.clone() rows=board.page.rows more=board.page.more /> }.into_any()
    };
    let keep = asked.filter.map(|filter| ("light", filter.as_str()));
    let search = asked.search.clone();
    view! {
        <nav id="tiles" aria-label=t::tiles_label(locale)><Tiles asked=asked counts=board.counts total=total /></nav>
        <SearchForm locale=locale id="filter" action="/hr" value=search hint=t::search_hint(locale) keep=keep />
        <p class="visually-hidden" id="found" role="status">{found}</p>
        <div class="region" id="starters">{days}<Pager locale=locale first=first next=next /></div>
        <LiveFilter form="filter" regions="tiles found starters" />
    }
}

/// How many have each light; each figure filters by it, the first one takes the filter away.
#[component]
fn Tiles(asked: Asked, counts: BoardCounts, total: i64) -> impl IntoView {
    let locale = asked.locale;
    let tile = |filter: Option<BoardFilter>, count: i64| {
        let (word, icon, tone) = match filter {
            None => (t::tile_all(locale), "users", ""),
            Some(BoardFilter::StuckCheck) => (checks::stuck_tile(locale), "hourglass", "red"),
            Some(BoardFilter::Light(light)) => {
                let (word, icon) = words::light(locale, light);
                (word, icon, light.as_str())
            }
        };
        let href = address("/hr", &[("light", filter.map_or("", BoardFilter::as_str)), ("q", &asked.search)]);
        let current = (filter == asked.filter).then_some("true");
        view! {
            <li><a class=format!("tile {tone}") href=href aria-current=current>
                <span class="label"><Icon name=icon />{word}</span>
                <span class="figure">{count}</span>
            </a></li>
        }
    };
    // Nothing stuck is no figure to look at.
    let shows_stuck = counts.stuck > 0 || asked.filter == Some(BoardFilter::StuckCheck);
    view! {
        <ul class="tiles">
            {tile(None, total)}
            {counts.lights.into_iter().map(|(light, count)| tile(Some(BoardFilter::Light(light)), count)).collect_view()}
            {shows_stuck.then(|| tile(Some(BoardFilter::StuckCheck), counts.stuck))}
        </ul>
    }
}

#[component]
fn NoStarters(asked: Asked) -> impl IntoView {
    let locale = asked.locale;
    if asked.search.is_empty() && asked.filter.is_none() && asked.is_first {
        return view! {
            <Empty icon="calendar" title=t::no_starters_title(locale) text=t::no_starters_text(locale)>
                <a class="button secondary" href="/people">{common::nav_people(locale)}</a>
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty icon="search" title=t::no_match_title(locale) text=t::no_match_text(locale)>
            <a class="button secondary" href="/hr">{t::reset_filter(locale)}</a>
        </Empty>
    }
    .into_any()
}

/// Starters under the day they start on.
#[component]
fn Days(asked: Asked, rows: Vec<Gated>, more: bool) -> impl IntoView {
    let locale = asked.locale;
    let last = rows.last().map(|row| row.starter.start_date);
    let first = rows.first().map(|row| row.starter.start_date);
    let mut days: Vec<(Date, Vec<Gated>)> = Vec::new();
    for row in rows {
        match days.last_mut() {
            Some((day, group)) if *day == row.starter.start_date => group.push(row),
            _ => days.push((row.starter.start_date, vec![row])),
        }
    }
    let section = |(day, group): (Date, Vec<Gated>)| {
        let distance = words::distance(locale, day, asked.today);
        // A day that goes on over the edge of the page would be counted short.
        let is_cut = (more && Some(day) == last) || (!asked.is_first && Some(day) == first);
        let note = if is_cut {
            distance
        } else {
            t::day_count(locale, &distance, &t::people(locale, group.len()))
        };
        let rows = group.into_iter().map(|row| view! { <Row asked=asked.clone() row=row /> });
        view! {
            <section class="day">
                <h2><time datetime=iso_date(day)>{words::long_date(locale, day)}</time><small>{note}</small></h2>
                <ul class="gate">{rows.collect_view()}</ul>
            </section>
        }
    };
    days.into_iter().map(section).collect_view()
}

#[component]
fn Row(asked: Asked, row: Gated) -> impl IntoView {
    let locale = asked.locale;
    let Gated { starter, reason, is_stuck } = row;
    let light = reason.light();
    let days = (starter.start_date - asked.today).whole_days();
    let sentence = t::gate_reason(locale, reason, days, &last_step(&asked, &starter, reason));
    let link = waits_for_signature(reason).then(|| link_state(&asked, &starter));
    let paper = (reason == GateReason::StartedWithoutNda).then(|| starter.nda.map(|(id, _)| format!("/people/{}/nda/{id}", starter.id)));
    let stuck = is_stuck.then(|| view! { " "<Stuck asked=asked.clone() starter=starter.clone() /> });
    let late = starter
        .nda_late
        .then(|| view! { " "<Status tone="late" icon="clock" word=t::signed_late(locale) /> });
    view! {
        <li class=light.as_str()>
            <div class="person">
                <a href=format!("/people/{}", starter.id)>{starter.name.clone()}</a>
                <span class="meta">{format!("{} · {}", starter.department, starter.job_title)}</span>
            </div>
            <div class="reason">
                <LightStatus locale=locale light=light />
                <p>
                    <strong>{sentence}</strong>
                    {link.map(|link| format!(" {link}"))}
                    {paper.flatten().map(|href| view! { " "<a href=href>{t::gate_paper(locale)}</a> })}
                    {late}
                    {stuck}
                </p>
            </div>
            <Remedy locale=locale starter=starter reason=reason />
        </li>
    }
}

/// For how long a check has been waiting, with the way to it.
#[component]
fn Stuck(asked: Asked, starter: Starter) -> impl IntoView {
    let Some((check, State::Waiting { since })) = starter.check else {
        return ().into_any();
    };
    let waited = (asked.today - zones::local_date(&starter.time_zone, since)).whole_days();
    let word = checks::stuck_since(asked.locale, &checks::days_ago(asked.locale, waited));
    view! { <a href=format!("/people/{}/check/{check}", starter.id)><Status tone="overdue" icon="hourglass" word=word /></a> }.into_any()
}

/// The one action that would change the light.
#[component]
fn Remedy(locale: Locale, starter: Starter, reason: GateReason) -> impl IntoView {
    let whom = view! { <span class="visually-hidden">{t::for_whom(locale, &starter.name)}</span> };
    let check = starter.check.map(|(id, _)| format!("/people/{}/check/{id}", starter.id));
    let class = if reason.light() == Light::Red {
        "button small"
    } else {
        "button small secondary"
    };
    match (reason, starter.nda, check) {
        (GateReason::NdaUnconfirmed, Some((nda, _)), _) => view! {
            <form method="post" action=ConfirmNda::PATH>
                <input type="hidden" name="id" value=nda.to_string() />
                <button class="button small">{t::confirm_nda(locale)}{whom}</button>
            </form>
        }
        .into_any(),
        (reason, ..) if waits_for_signature(reason) => {
            let word = if starter.invited_at.is_some() {
                t::send_link_again(locale)
            } else {
                t::send_link(locale)
            };
            view! {
                <form method="post" action=SendInvitation::PATH>
                    <input type="hidden" name="person" value=starter.id.to_string() />
                    <input type="hidden" name="name" value=starter.name />
                    <button class=class>{word}{whom}</button>
                </form>
            }
            .into_any()
        }
        (GateReason::CheckNotRequested, _, Some(href)) => view! { <a class=class href=href>{t::request_check(locale)}{whom}</a> }.into_any(),
        (GateReason::CheckConsentMissing | GateReason::CheckConsentRefused, _, Some(href)) => {
            view! { <a class=class href=href>{t::look(locale)}{whom}</a> }.into_any()
        }
        (GateReason::CheckWaiting | GateReason::CheckNotCleared, _, Some(href)) => {
            view! { <a class=class href=href>{t::record_outcome(locale)}{whom}</a> }.into_any()
        }
        _ => view! { <a class="button small quiet" href=format!("/people/{}", starter.id)>{t::look(locale)}{whom}</a> }.into_any(),
    }
}

const fn waits_for_signature(reason: GateReason) -> bool {
    matches!(reason, GateReason::StartedWithoutNda | GateReason::NdaMissingSoon | GateReason::NdaMissing)
}

/// Whether the personal link is under way.
fn link_state(asked: &Asked, starter: &Starter) -> String {
    match starter.invited_at {
        _ if starter.link_opened => t::gate_link_opened(asked.locale).to_owned(),
        Some(at) => t::gate_link_sent(asked.locale, &asked.day(starter, at)),
        None => t::gate_link_none(asked.locale).to_owned(),
    }
}

/// The day of the step that the reason speaks of.
fn last_step(asked: &Asked, starter: &Starter, reason: GateReason) -> String {
    let item = if reason == GateReason::NdaUnconfirmed { starter.nda } else { starter.check };
    match item {
        Some((_, State::Waiting { since: at } | State::Failed { at } | State::Done { at, .. })) => asked.day(starter, at),
        _ => String::new(),
    }
}
