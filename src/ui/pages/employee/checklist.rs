//! A person's own list: how far, what is next, what is left, and what waits for others.

use super::{
    items::{Item, Place, first_name, is_own_step, items, link, next},
    ready::Ready,
};
use crate::{
    domain::{
        Instant,
        assignment::{Cause, EndReason, State},
        check_profile::Consent,
        compliance::Standing,
        deadlines::{Closeness, closeness},
        locale::Locale,
        requirement::RequirementKind,
    },
    server::{
        service::{checklist::Checklist, rows::Assignment},
        zones,
    },
    ui::{
        components::{
            empty::Empty,
            icon::Icon,
            notice::{FlashNotice, Notice},
            status::{StandingStatus, Status, standing_of},
            task::TaskRow,
        },
        load::{PageTitle, load},
        texts::{checklist as t, checks, members, rules},
        words,
    },
};
use leptos::prelude::*;

/// `/checklist`
#[component]
pub fn ChecklistPage() -> impl IntoView {
    load(async move |cx| {
        let list = cx.own_desk()?.checklist(cx.now).await?;
        let (locale, now) = (cx.locale, cx.now);
        let items = items(&list.items);
        let next = next(&list).cloned();
        let has_ended = list.items.iter().any(|item| matches!(item.state, State::Ended { reason: EndReason::Left, .. }));
        let is_ready = next.is_none() && !has_ended && !items.is_empty();
        let no_password = !cx.actor()?.has_password();
        let sections = [Place::BeforeStart, Place::AfterStart, Place::Others, Place::Done, Place::Ended].map(|place| {
            let items: Vec<_> = items.iter().filter(|item| item.place() == place).cloned().collect();
            view! { <Section locale=locale now=now list=list.clone() place=place items=items /> }
        });
        let head = if is_ready {
            view! { <Ready locale=locale list=list.clone() /> }.into_any()
        } else {
            let title = t::welcome(locale, first_name(list.person.details.name.as_str()));
            let lead = if has_ended { t::lead_ended(locale).to_owned() } else { lead(locale, &list) };
            view! { <div class="page-heading"><div><h1>{title}</h1><p class="lead">{lead}</p></div></div> }.into_any()
        };
        Ok(view! {
            <PageTitle text=t::title(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <FlashNotice cx=cx.clone() />
                {head}
                {no_password.then(|| view! {
                    <Notice tone="warning">
                        <strong>{t::no_password(locale)}</strong>
                        <p>{t::no_password_text(locale)}</p>
                        <a href="/welcome">{t::no_password_link(locale)}</a>
                    </Notice>
                })}
                {if items.is_empty() {
                    view! { <Empty icon="list" title=t::empty_title(locale) text=t::empty_text(locale) /> }.into_any()
                } else {
                    view! { <Progress locale=locale list=list.clone() items=items.clone() is_ready=is_ready /> }.into_any()
                }}
                {next.map(|next| view! { <Next locale=locale now=now list=list.clone() next=next /> })}
                {sections.into_iter().collect_view()}
            </main>
        }
        .into_any())
    })
}

fn lead(locale: Locale, list: &Checklist) -> String {
    let start = list.person.details.start_date;
    match start.cmp(&list.today) {
        std::cmp::Ordering::Greater => t::lead_before(locale, &words::long_date(locale, start)),
        std::cmp::Ordering::Equal => t::lead_today(locale).to_owned(),
        std::cmp::Ordering::Less => t::lead_after(locale).to_owned(),
    }
}

/// How many of the five are done, and how many minutes are left.
#[component]
fn Progress(locale: Locale, list: Checklist, items: Vec<Item>, is_ready: bool) -> impl IntoView {
    let done = items.iter().filter(|item| item.place() == Place::Done).count();
    let minutes: i64 = list.items.iter().filter(|part| is_own_step(part)).map(|part| part.minutes).sum();
    let rest = if is_ready && minutes > 0 {
        Some(t::rest_on_day_one(locale).to_owned())
    } else if minutes > 0 {
        Some(t::minutes_left(locale, &words::minutes(locale, minutes)))
    } else {
        items.iter().any(|item| item.place() == Place::Others).then(|| t::rest_waits(locale).to_owned())
    };
    view! {
        <div class="progress">
            <p id="progress"><strong>{t::progress(locale, done, items.len())}</strong>" "{t::progress_done(locale)}</p>
            {rest.map(|rest| view! { <p>{rest}</p> })}
            <progress class=is_ready.then_some("green") value=done.to_string() max=items.len().to_string() aria-labelledby="progress"></progress>
        </div>
    }
}

/// The next item, one tap away.
#[component]
fn Next(locale: Locale, now: Instant, list: Checklist, next: Assignment) -> impl IntoView {
    let started = list.today >= list.person.details.start_date;
    let (title, text, button) = match next.kind {
        RequirementKind::Nda if started => (t::next_nda(locale).to_owned(), t::next_nda_late(locale), t::next_nda_button(locale)),
        RequirementKind::Nda => (t::next_nda(locale).to_owned(), t::next_nda_text(locale), t::next_nda_button(locale)),
        RequirementKind::Training => (
            t::next_training(locale).to_owned(),
            t::next_training_text(locale),
            t::next_training_button(locale),
        ),
        RequirementKind::PasswordManager => (
            t::next_password_manager(locale).to_owned(),
            t::next_password_manager_text(locale),
            t::next_password_manager_button(locale),
        ),
        RequirementKind::BackgroundCheck => (checks::next(locale).to_owned(), checks::next_text(locale), checks::next_button(locale)),
        RequirementKind::Policy => (words::item_title(locale, &next), t::next_policy_text(locale), t::next_policy_button(locale)),
        RequirementKind::Instruction => (
            words::item_title(locale, &next),
            rules::next_instruction_text(locale),
            rules::next_instruction_button(locale),
        ),
    };
    let overdue = standing_of(&next, now) == Standing::Overdue;
    view! {
        <section class="next">
            <p class="eyebrow">{t::next(locale)}</p>
            <h2>{title}</h2>
            <p>{text}</p>
            <p class="meta">
                {overdue.then(|| view! { <StandingStatus locale=locale standing=Standing::Overdue /> })}
                <span><Icon name="clock" />{words::minutes(locale, next.minutes)}</span>
                <span><Icon name="calendar" />{due(locale, &list, &next)}</span>
            </p>
            <a class="button large" href=link(&next)>{button}<Icon name="arrow-right" /></a>
        </section>
    }
}

/// One of the page's lists; nothing when it is empty.
#[component]
fn Section(locale: Locale, now: Instant, list: Checklist, place: Place, items: Vec<Item>) -> impl IntoView {
    let started = list.today >= list.person.details.start_date;
    let (title, text) = match place {
        Place::BeforeStart => (t::before_start(locale), None),
        Place::AfterStart => (t::after_start(locale), (!started).then(|| t::after_start_text(locale))),
        Place::Others => (t::others(locale), Some(t::others_text(locale))),
        Place::Done => (t::done(locale), None),
        Place::Ended => (t::ended(locale), Some(t::ended_text(locale))),
    };
    (!items.is_empty()).then(|| {
        let rows = items.into_iter().map(|item| match <[Assignment; 1]>::try_from(item.parts.clone()) {
            Ok([only]) => view! { <li><Part locale=locale now=now list=list.clone() part=only /></li> }.into_any(),
            Err(_) => view! { <li><Group locale=locale now=now list=list.clone() item=item /></li> }.into_any(),
        });
        view! {
            <section class="checklist">
                <h2>{title}</h2>
                {text.map(|text| view! { <p>{text}</p> })}
                <ol class="tasks">{rows.collect_view()}</ol>
            </section>
        }
    })
}

/// An item of several parts, with a row for each beneath it.
#[component]
fn Group(locale: Locale, now: Instant, list: Checklist, item: Item) -> impl IntoView {
    let (done, all) = (item.done(), item.parts.len());
    let (title, count) = if item.kind == RequirementKind::Policy {
        (t::policies(locale), t::accepted_of(locale, done, all))
    } else {
        (words::requirement_kind(locale, item.kind), t::done_of(locale, done, all))
    };
    let first_open = item.parts.iter().filter(|part| is_own_step(part)).min_by_key(|part| part.deadline.due_at);
    let minutes: i64 = item.parts.iter().filter(|part| is_own_step(part)).map(|part| part.minutes).sum();
    let meta = match first_open {
        Some(part) => format!("{count} · {} · {}", due(locale, &list, part), words::minutes(locale, minutes)),
        None => count,
    };
    let standing = item.standing(now);
    let (icon, tone) = icon_and_tone(item.kind, item.place() == Place::Done, false);
    let parts = item
        .parts
        .into_iter()
        .map(|part| view! { <li><Part locale=locale now=now list=list.clone() part=part within=true /></li> });
    view! {
        <TaskRow icon=icon tone=tone title=title meta=meta status=move || view! { <StandingStatus locale=locale standing=standing /> } />
        <ol class="tasks">{parts.collect_view()}</ol>
    }
}

/// One assignment as a row; `within` a group it is shorter.
#[component]
fn Part(locale: Locale, now: Instant, list: Checklist, part: Assignment, #[prop(optional)] within: bool) -> impl IntoView {
    let standing = standing_of(&part, now);
    let waiting_word = match (part.kind, part.state) {
        _ if is_own_step(&part) => None,
        (RequirementKind::BackgroundCheck, State::Open) | (RequirementKind::Nda | RequirementKind::BackgroundCheck, State::Waiting { .. }) => {
            Some(t::waits_for_hr(locale))
        }
        (_, State::Waiting { .. }) => Some(t::waits_for_confirmation(locale)),
        _ => None,
    };
    let status = move || match waiting_word {
        Some(word) => view! { <Status tone="waiting" icon="hourglass" word=word /> }.into_any(),
        None => view! { <StandingStatus locale=locale standing=standing /> }.into_any(),
    };
    let is_done = matches!(part.state, State::Done { .. });
    let (icon, tone) = icon_and_tone(part.kind, is_done, waiting_word.is_some());
    let icon = if within && !is_done { "circle" } else { icon };
    view! { <TaskRow href=link(&part) icon=icon tone=tone title=words::item_title(locale, &part) meta=meta(locale, &list, &part) status=status /> }
}

const fn icon_and_tone(kind: RequirementKind, is_done: bool, is_waiting: bool) -> (&'static str, &'static str) {
    if is_done {
        ("check", "done")
    } else if is_waiting {
        (words::kind_icon(kind), "waiting")
    } else {
        (words::kind_icon(kind), "")
    }
}

/// Until when, or what happened when.
fn meta(locale: Locale, list: &Checklist, part: &Assignment) -> String {
    use RequirementKind as K;
    let day = |at| day(locale, list, at);
    match (part.kind, part.state) {
        (K::BackgroundCheck, State::Open | State::Waiting { .. }) if part.consent == Consent::Refused => checks::refused_meta(locale).to_owned(),
        (K::BackgroundCheck, State::Open) if part.consent != Consent::Missing => t::check_open(locale).to_owned(),
        (_, State::Open) => {
            let due = due(locale, list, part);
            if part.cause == Cause::Withdrawn {
                return format!("{} · {due}", t::nda_withdrawn(locale));
            }
            if let Some(reason) = members::open_reason(locale, part.cause, part.listing) {
                return format!("{reason} · {due}");
            }
            let early = part.kind == K::PasswordManager && list.today < list.person.details.start_date;
            let amount = if early {
                t::from_day_one(locale).to_owned()
            } else {
                words::minutes(locale, part.minutes)
            };
            format!("{due} · {amount}")
        }
        (K::Nda, State::Waiting { since }) if part.late => format!("{}: {}", t::late_signature(locale), t::nda_waiting(locale, &day(since))),
        (K::Nda, State::Waiting { since }) => t::nda_waiting(locale, &day(since)),
        (K::BackgroundCheck, State::Waiting { since }) => t::check_waiting(locale, &day(since)),
        (K::Instruction, State::Waiting { since }) => rules::reported_on(locale, &day(since)),
        (_, State::Waiting { since }) if part.late => format!("{}: {}", t::late_signature(locale), t::declared_on(locale, &day(since))),
        (_, State::Waiting { since }) => {
            let declared = t::declared_on(locale, &day(since));
            members::open_reason(locale, part.cause, part.listing).map_or(declared.clone(), |reason| format!("{declared}; {reason}"))
        }
        (K::Nda, State::Done { submitted, at }) => t::signed_on(locale, &day(submitted.unwrap_or(at))),
        (K::Policy, State::Done { at, .. }) => t::accepted_on(locale, &day(at)),
        (K::Training, State::Done { at, .. }) => t::passed_on(locale, &day(at)),
        (K::PasswordManager, State::Done { at, .. }) => {
            let strength = members::strength(locale, part.state, part.on_vendor_list).unwrap_or_default();
            format!("{}; {strength}", t::confirmed_on(locale, &day(at)))
        }
        (K::BackgroundCheck | K::Instruction, State::Done { at, .. }) => t::finished_on(locale, &day(at)),
        (_, State::Failed { .. }) => t::check_failed(locale).to_owned(),
        (_, State::Ended { at, .. }) => t::ended_on(locale, &day(at)),
    }
}

/// The due date in words; beyond this week with its weekday, so that it can be found in a calendar.
fn due(locale: Locale, list: &Checklist, part: &Assignment) -> String {
    let day = part.deadline.due_on;
    match closeness(day, list.today) {
        Closeness::Later => t::by(locale, words::weekday(locale, day), &words::day_and_month(locale, day)),
        _ => words::due(locale, day, list.today),
    }
}

/// The day of something that happened; with the year when it was another one.
fn day(locale: Locale, list: &Checklist, at: Instant) -> String {
    let day = zones::local_date(&list.person.details.time_zone, at);
    if day.year() == list.today.year() {
        words::day_and_month(locale, day)
    } else {
        words::date(locale, day)
    }
}
