//! One person: who they are, how their items stand, and what happened when.

use crate::{
    api::invitations::SendInvitation,
    domain::{
        assignment::State,
        compliance::{GateReason, gate},
        ids::PersonId,
        locale::Locale,
        person::{Email, Person, iso_date},
        requirement::RequirementKind,
        roles::Permission,
    },
    server::{
        context::Cx,
        service::{
            people::{PersonPage as Shown, has_left, today},
            pseudonyms::last_day_of_names,
            rows::{Assignment, Page, TimelineRow},
        },
        zones,
    },
    ui::{
        components::{
            icon::Icon,
            items::{ItemTable, Powers},
            notice::{FlashNotice, Notice},
            status::{LightStatus, Status},
            timeline::{Timeline, TimelinePager},
        },
        load::{PageTitle, load, path_param, query_param},
        texts::{checks, common, hr as t, reminders, rules},
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use time::Date;

/// `/people/{id}`
#[component]
pub fn PersonPage() -> impl IntoView {
    let id = path_param::<PersonId>("id");
    let before: Option<i64> = query_param("before").parse().ok();
    load(async move |cx| {
        let id = id?;
        let actor = cx.actor()?;
        let Shown {
            person,
            shows_contact,
            items,
            timeline,
            correspondence,
        } = actor.person_desk(&cx.app, id)?.get(id, before).await?;
        let locale = cx.locale;
        let is_own = actor.person() == Some(id);
        let sees_all = actor.may(Permission::ReadPeople);
        let sees_details = sees_all || is_own;
        let pseudonymised = person.pseudonymised_at;
        let powers = match pseudonymised {
            None => Powers {
                is_manager: person.manager_id.is_some() && person.manager_id == actor.person(),
                ..Powers::of(&cx, sees_details)
            },
            Some(_) => Powers::to_look_only(sees_details),
        };
        let zone = person.details.time_zone.clone();
        let name = person.details.name.as_str().to_owned();
        let has_left = has_left(&person, cx.now);
        let list = (sees_all || actor.has_reports()).then(|| {
            let (href, word) = if sees_all {
                ("/people", t::people_title(locale))
            } else {
                ("/team", t::team_title(locale))
            };
            view! { <a class="back" href=href><Icon name="chevron-left" />{word}</a> }
        });
        let light = actor
            .may(Permission::ReadGate)
            .then(|| gate_of(&cx, &person, &items))
            .flatten()
            .filter(|_| !has_left);
        let edits = actor.may(Permission::EditPeople) && pseudonymised.is_none();
        let gone = pseudonymised.map(|at| {
            let text = t::pseudonymised(locale, &words::date(locale, zones::local_date(&zone, at)));
            view! { <Notice tone="info"><p>{text}</p></Notice> }
        });
        let undelivered = correspondence.mail_error.filter(|_| edits && !has_left).map(|error| {
            view! { <Notice tone="warning"><p>{reminders::failure(locale, &error)}" "<a href=format!("/people/{id}/edit")>{t::edit(locale)}</a></p></Notice> }
        });
        let paused = correspondence.paused_until.filter(|until| edits && *until >= today(&person, cx.now));
        let history = sees_details.then(|| view! { <History locale=locale person=person.clone() timeline=timeline is_first=before.is_none() /> });
        Ok(view! {
            <PageTitle text=name.clone() />
            <main class="page" id="main" tabindex="-1">
                {list}
                <div class="page-heading">
                    <div>
                        <div class="row">
                            <span class="avatar large" aria-hidden="true">{words::initials(&name)}</span>
                            <div>
                                <h1>{name}</h1>
                                <p class="muted">{what_they_do(&person)}</p>
                            </div>
                            {light.map(|reason| view! { <LightStatus locale=locale light=reason.light() /> })}
                            {has_left.then(|| view! { <Status tone="ended" icon="minus-circle" word=t::left(locale) /> })}
                        </div>
                    </div>
                    {edits.then(|| view! { <HeadActions locale=locale person=person.clone() has_left=has_left /> })}
                </div>
                <FlashNotice cx=cx.clone() />
                {gone}
                {undelivered}
                <div class="split">
                    <div class="stack">
                        <ItemTable locale=locale zone=zone now=cx.now items=items powers=powers />
                        {history}
                    </div>
                    <Facts cx=cx.clone() person=person shows_contact=shows_contact edits=edits has_left=has_left paused=paused />
                </div>
            </main>
        }
        .into_any())
    })
}

/// Title and department; of a pseudonym there is no title.
fn what_they_do(person: &Person) -> String {
    let (title, department) = (person.details.job_title.as_str(), person.details.department.as_str());
    match person.pseudonymised_at {
        None => format!("{title}, {department}"),
        Some(_) => department.to_owned(),
    }
}

/// Why somebody may or may not start; none once they are here with everything in place.
fn gate_of(cx: &Cx, person: &Person, items: &[Assignment]) -> Option<GateReason> {
    let item_of = |kind: RequirementKind| items.iter().find(|item| item.kind == kind && !matches!(item.state, State::Ended { .. }));
    let (nda, check) = (item_of(RequirementKind::Nda), item_of(RequirementKind::BackgroundCheck));
    let start_at = zones::start_of_day(&person.details.time_zone, person.details.start_date);
    let allowed = nda.is_some_and(|nda| nda.starts_without);
    let reason = gate(nda.map(|nda| nda.state), allowed, check.map(|check| check.state), start_at, cx.now);
    (reason != GateReason::Ready || start_at > cx.now).then_some(reason)
}

/// What HR can do about a person as such.
#[component]
fn HeadActions(locale: Locale, person: Person, has_left: bool) -> impl IntoView {
    let send = (!has_left).then(|| {
        view! {
            <form method="post" action=SendInvitation::PATH>
                <input type="hidden" name="person" value=person.id.to_string() />
                <input type="hidden" name="name" value=person.details.name.as_str().to_owned() />
                <button class="button secondary"><Icon name="mail" />{t::send_link(locale)}</button>
            </form>
        }
    });
    view! {
        <div class="actions">
            {send}
            <a class="button secondary" href=format!("/people/{}/edit", person.id)><Icon name="edit" />{t::edit(locale)}</a>
        </div>
    }
}

/// Who the person is.
#[component]
fn Facts(cx: Cx, person: Person, shows_contact: bool, edits: bool, has_left: bool, paused: Option<Date>) -> impl IntoView {
    let locale = cx.locale;
    let id = person.id;
    let details = &person.details;
    let fact = |label: &'static str, value: AnyView| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
    let text = |value: &str| value.to_owned().into_any();
    let missing = |word: &'static str| view! { <span class="muted">{word}</span> }.into_any();
    let start = words::long_date(locale, details.start_date);
    let start = view! { <time datetime=iso_date(details.start_date)>{start}</time> }.into_any();
    let last_day = person.end_date.map(|day| {
        let day = view! { <time datetime=iso_date(day)>{words::long_date(locale, day)}</time> };
        fact(t::fact_last_day(locale), day.into_any())
    });
    let names_kept = person.end_date.filter(|_| edits).map(|last_day| {
        let until = words::long_date(locale, last_day_of_names(&cx.app, last_day));
        fact(t::fact_names_kept(locale), text(&until))
    });
    let paused = paused.map(|until| fact(reminders::fact_paused(locale), text(&words::long_date(locale, until))));
    let has_name = person.pseudonymised_at.is_none();
    let title = has_name.then(|| fact(t::fact_title(locale), text(details.job_title.as_str())));
    let language = match details.language {
        Locale::De => t::german(locale),
        Locale::En => t::english(locale),
    };
    let work = details
        .work_email
        .as_ref()
        .map_or_else(|| missing(t::none_yet(locale)), |email| text(email.as_str()));
    let work = has_name.then(|| fact(t::fact_work(locale), work));
    let manager = manager(&cx, &person).filter(|_| has_name).map(|manager| fact(t::fact_manager(locale), manager));
    let private = (shows_contact && has_name).then(|| fact(t::fact_private(locale), text(details.private_email.as_str())));
    let tags = (!details.tags.as_slice().is_empty()).then(|| fact(rules::person_tags(locale), text(&details.tags.joined())));
    let back = (edits && has_left).then(|| {
        view! {
            <div class="actions">
                <a class="button secondary small" href=format!("/people/{id}/rehire")><Icon name="user-plus" />{rules::rehire(locale)}</a>
            </div>
        }
    });
    let moves = (edits && !has_left).then(|| {
        view! {
            <div class="actions">
                <a class="button secondary small" href=format!("/people/{id}/start-date")><Icon name="calendar" />{t::move_start(locale)}</a>
                <a class="button quiet small" href=format!("/people/{id}/reminders")><Icon name="mail" />{reminders::title(locale)}</a>
                <a class="button quiet small" href=format!("/people/{id}/last-day")><Icon name="logout" />{t::record_last_day(locale)}</a>
            </div>
        }
    });
    view! {
        <aside class="card" aria-label=t::details_title(locale)>
            <h2>{t::details_title(locale)}</h2>
            <dl class="facts lines">
                {fact(common::start_date(locale), start)}
                {last_day}
                {names_kept}
                {paused}
                {fact(t::fact_zone(locale), text(&details.time_zone))}
                {fact(common::department(locale), text(details.department.as_str()))}
                {title}
                {fact(t::column_kind(locale), text(words::person_kind(locale, details.kind)))}
                {fact(t::fact_country(locale), text(&checks::country(locale, details.country.as_str())))}
                {tags}
                {fact(t::fact_language(locale), text(language))}
                {manager}
                {work}
                {private}
            </dl>
            {moves}
            {back}
        </aside>
    }
}

/// The manager. Their address may be a private one, so it is shown to those only who may see private addresses.
fn manager(cx: &Cx, person: &Person) -> Option<AnyView> {
    let actor = cx.actor.as_ref()?;
    let href = person.manager_id.map(|id| format!("/people/{id}"));
    let address = person.details.manager_email.as_ref().map(Email::as_str);
    match (href, address) {
        (Some(href), Some(address)) if actor.may(Permission::ReadContact) => Some(view! { <a href=href>{address.to_owned()}</a> }.into_any()),
        (Some(href), _) if actor.may(Permission::ReadPeople) => Some(view! { <a href=href>{t::open_manager(cx.locale)}</a> }.into_any()),
        (None, _) => Some(view! { <span class="muted">{t::none(cx.locale)}</span> }.into_any()),
        _ => None,
    }
}

#[component]
fn History(locale: Locale, person: Person, timeline: Page<TimelineRow>, is_first: bool) -> impl IntoView {
    let older = timeline.more.then(|| timeline.rows.last().map(|row| row.seq)).flatten();
    let rows = timeline.rows;
    let zone = person.details.time_zone;
    let body = if rows.is_empty() {
        view! { <p class="muted">{t::history_empty(locale)}</p> }.into_any()
    } else {
        view! { <Timeline locale=locale zone=zone.clone() rows=rows /> }.into_any()
    };
    view! {
        <section class="card">
            <h2>{t::history_title(locale)}</h2>
            <p class="meta">{t::history_zone(locale, &zone)}</p>
            {body}
            <TimelinePager locale=locale path=format!("/people/{}", person.id) older=older is_first=is_first />
        </section>
    }
}
