//! A manager's own people: passed and when, what is left and by when, and a nudge.

use crate::{
    api::team::Nudge as SendNudge,
    domain::{ids::PersonId, locale::Locale, person::iso_date, requirement::RequirementKind},
    server::{
        service::{
            rows::{PersonKey, TeamItem},
            team::{Left, Nudge, Report},
        },
        zones,
    },
    ui::{
        components::{
            empty::Empty,
            icon::Icon,
            notice::FlashNotice,
            pager::{Pager, address},
            status::Status,
        },
        load::{PageTitle, load, query_param},
        texts::team as t,
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use time::Date;

/// `/team`
#[component]
pub fn TeamPage() -> impl IntoView {
    let after: Option<PersonKey> = query_param("id").parse::<PersonId>().ok().map(|id| (query_param("after"), id));
    load(async move |cx| {
        let page = cx.actor()?.team_desk(&cx.app)?.list(cx.now, after.as_ref()).await?;
        let (locale, now) = (cx.locale, cx.now);
        let cursor = page.more.then(|| page.rows.last()).flatten().map(|report| &report.person);
        let next = cursor.map(|last| address("/team", &[("after", &last.sort_name), ("id", &last.id.to_string())]));
        let first = after.is_some().then(|| "/team".to_owned());
        let list = if page.rows.is_empty() {
            view! { <Empty icon="users" title=t::empty_title(locale) text=t::empty_text(locale) /> }.into_any()
        } else {
            let rows = page.rows.into_iter().map(|report| {
                let today = zones::local_date(&report.person.time_zone, now);
                view! { <li class="card"><ReportCard locale=locale today=today report=report /></li> }
            });
            view! {
                <p class="meta">{t::nudge_lead(locale)}</p>
                <ul class="team" role="list">{rows.collect_view()}</ul>
            }
            .into_any()
        };
        Ok(view! {
            <PageTitle text=t::title(locale) />
            <main class="page" id="main" tabindex="-1">
                <div class="page-heading"><div><h1>{t::title(locale)}</h1><p class="lead">{t::lead(locale)}</p></div></div>
                <FlashNotice cx=cx.clone() />
                {list}
                <Pager locale=locale first=first next=next />
            </main>
        }
        .into_any())
    })
}

#[component]
fn ReportCard(locale: Locale, today: Date, report: Report) -> impl IntoView {
    let Report { person, passed, left, nudge } = report;
    let (done, all) = (passed.len(), passed.len() + left.len());
    let starts = (person.start_date >= today).then(|| t::starts(locale, &words::short_date(locale, person.start_date)));
    let meta = std::iter::once(person.job_title.clone()).chain(starts).collect::<Vec<_>>().join(" · ");
    let progress = if left.is_empty() {
        view! { <Status tone="done" icon="check-circle" word=t::all_done(locale) /> }.into_any()
    } else {
        view! { <span class="meta">{t::progress(locale, done, all)}</span> }.into_any()
    };
    view! {
        <div class="row apart">
            <div class="person">
                <h2><a href=format!("/people/{}", person.id)>{person.name.clone()}</a></h2>
                <span class="meta">{meta}</span>
            </div>
            {progress}
            <NudgeButton locale=locale person=PersonId(person.id) name=person.name nudge=nudge />
        </div>
        {(!left.is_empty()).then(|| view! { <WhatIsLeft locale=locale today=today left=left /> })}
        {(done > 0).then(|| view! { <WhatIsPassed locale=locale passed=passed /> })}
    }
}

/// A button while a nudge makes sense, else the day of the last.
#[component]
fn NudgeButton(locale: Locale, person: PersonId, name: String, nudge: Nudge) -> impl IntoView {
    match nudge {
        Nudge::Pointless | Nudge::Paused => ().into_any(),
        Nudge::Sent(day) => view! { <span class="meta">{t::nudged_on(locale, &words::short_date(locale, day))}</span> }.into_any(),
        Nudge::Possible => view! {
            <form method="post" action=SendNudge::PATH>
                <input type="hidden" name="person" value=person.to_string() />
                <button class="button secondary small">
                    <Icon name="mail" />{t::nudge(locale)}<span class="visually-hidden">{t::nudge_whom(locale, &name)}</span>
                </button>
            </form>
        }
        .into_any(),
    }
}

#[component]
fn WhatIsLeft(locale: Locale, today: Date, left: Vec<(TeamItem, Left)>) -> impl IntoView {
    let rows = left.into_iter().map(|(item, standing)| {
        let (tone, icon, word) = match standing {
            Left::Overdue(day) => ("overdue", "alert", words::due(locale, day, today)),
            Left::Soon(day) => ("late", "clock", words::due(locale, day, today)),
            Left::Later(day) => ("open", "circle", words::due(locale, day, today)),
            Left::Waiting => ("waiting", "hourglass", t::waits(locale).to_owned()),
        };
        view! { <li><span>{title(locale, &item)}</span><Status tone=tone icon=icon word=word /></li> }
    });
    view! {
        <div>
            <h3>{t::still_open(locale)}</h3>
            <ul class="team-items">{rows.collect_view()}</ul>
        </div>
    }
}

#[component]
fn WhatIsPassed(locale: Locale, passed: Vec<(TeamItem, Date)>) -> impl IntoView {
    let count = passed.len();
    let rows = passed.into_iter().map(|(item, day)| {
        let late = item.late.then(|| view! { <Status tone="late" icon="clock" word=t::was_late(locale) /> });
        view! { <li><span>{title(locale, &item)}</span><span class="row"><time datetime=iso_date(day)>{words::short_date(locale, day)}</time>{late}</span></li> }
    });
    view! {
        <details class="disclosure">
            <summary>{t::passed(locale, count)}</summary>
            <ul class="team-items">{rows.collect_view()}</ul>
        </details>
    }
}

/// What an item is called: the title of its policy or course, else its kind.
fn title(locale: Locale, item: &TeamItem) -> String {
    match (item.kind, &item.title) {
        (RequirementKind::Policy | RequirementKind::Training, Some(title)) => title.get(locale).to_owned(),
        (kind, _) => words::requirement_kind(locale, kind).to_owned(),
    }
}
