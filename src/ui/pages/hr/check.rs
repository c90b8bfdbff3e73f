//! A background check: what is lawful where the person works, what was asked when, and how it ended. No field here takes
//! anything from a report.

use super::check_forms::{OutcomeCard, OwnOutcomeCard, RequestCard, WithProviderCard};
use crate::{
    api::error::ApiError,
    domain::{
        assignment::State,
        check_profile::{Choice, Consent, Profile, Way},
        compliance::is_stuck,
        ids::{AssignmentId, PersonId},
        locale::Locale,
        person::iso_date,
    },
    server::{
        context::Cx,
        service::{checks::CheckPage as Shown, people::today, rows::CheckRow},
        zones,
    },
    ui::{
        components::{
            icon::Icon,
            notice::{FlashNotice, Notice},
            pager::address,
            status::{StandingStatus, standing_of},
            task::TaskRow,
        },
        load::{PageTitle, load, path_param, query_param},
        texts::{checks as t, common, hr},
        words,
    },
};
use leptos::prelude::*;
use time::Date;

/// `/people/{person}/check/{id}`; `choice` in the query is what HR chose to do.
#[component]
pub fn CheckPage() -> impl IntoView {
    let ids = path_param::<PersonId>("person").and_then(|person| Ok((person, path_param::<AssignmentId>("id")?)));
    let chosen = query_param("choice");
    load(async move |cx| {
        let (person_id, id) = ids?;
        let page = cx.actor()?.check_desk(&cx.app)?.get(id).await?;
        if page.person.id != person_id {
            return Err(ApiError::NotFound);
        }
        let locale = cx.locale;
        let name = page.person.details.name.as_str().to_owned();
        let profile = page.file.profile.profile.clone();
        let law = t::law_in(locale, &t::country(locale, profile.key()));
        let standing = standing_of(&page.assignment, cx.now);
        let takes_input = matches!(page.assignment.state, State::Open | State::Waiting { .. } | State::Failed { .. });
        let record = view! { <Record locale=locale page=page.clone() /> };
        let law = view! { <section class="card"><h2>{law}</h2><p>{profile.sentence.get(locale).to_owned()}</p></section> };
        let stages = view! { <Stages cx=cx.clone() page=page.clone() /> };
        let parts = if takes_input {
            let steps = view! { <Notice tone="warning"><p>{t::rule(locale)}</p></Notice><Steps cx=cx.clone() page=page chosen=chosen /> };
            view! { <div class="stack">{steps}</div><div class="stack">{stages}{law}{record}</div> }.into_any()
        } else {
            view! { <div class="stack">{record}{law}</div><div class="stack">{stages}</div> }.into_any()
        };
        Ok(view! {
            <PageTitle text=t::title(locale) />
            <main class="page" id="main" tabindex="-1">
                <a class="back" href=format!("/people/{person_id}")><Icon name="chevron-left" />{name.clone()}</a>
                <div class="page-heading"><div>
                    <div class="row"><h1>{t::title(locale)}</h1><StandingStatus locale=locale standing=standing /></div>
                    <p class="lead">{name}</p>
                </div></div>
                <FlashNotice cx=cx.clone() />
                <div class="split">{parts}</div>
            </main>
        }
        .into_any())
    })
}

/// What HR can do while it is not over.
#[component]
fn Steps(cx: Cx, page: Shown, chosen: String) -> impl IntoView {
    let locale = cx.locale;
    let Shown { person, assignment, file } = page;
    let profile = file.profile.profile;
    let id = assignment.id;
    let there = today(&person, cx.now);
    let path = format!("/people/{}/check/{id}", person.id);
    let may_ask = file.consent.allows_a_provider();
    let is_waiting = matches!(assignment.state, State::Waiting { .. });
    let consent = (!may_ask).then(|| {
        let text = match file.consent {
            Consent::Missing => t::consent_missing(locale),
            _ if is_waiting => t::consent_withdrawn(locale),
            _ => t::consent_refused(locale),
        };
        view! { <Notice tone="info"><p>{text}</p></Notice> }
    });
    let choice = profile
        .choice(&chosen)
        .filter(|choice| choice.way != Way::Provider || (may_ask && !is_waiting))
        .cloned();
    if let Some(choice) = choice {
        let form = if choice.way == Way::Provider {
            view! { <RequestCard cx=cx.clone() id=id choice=choice today=there /> }.into_any()
        } else {
            let note = file.check.map(|check| check.note).unwrap_or_default();
            view! { <OwnOutcomeCard cx=cx.clone() id=id choice=choice profile=profile today=there note=note /> }.into_any()
        };
        return view! {
            {form}
            <a class="back" href=path><Icon name="chevron-left" />{t::other_choice(locale)}</a>
        }
        .into_any();
    }
    let answer = file.check.filter(|_| is_waiting).map(|check| {
        let needs_provider = may_ask && check.with_provider_on.is_none();
        let with_provider = needs_provider.then(|| view! { <WithProviderCard cx=cx.clone() id=id today=there /> });
        let outcome = may_ask.then(|| view! { <OutcomeCard cx=cx.clone() id=id check=check profile=profile.clone() today=there /> });
        view! { {outcome}{with_provider} }
    });
    view! {
        {consent}
        {answer}
        <Choices locale=locale path=path profile=profile may_ask=may_ask state=assignment.state />
    }
    .into_any()
}

/// The lawful choices; each opens its form.
#[component]
fn Choices(locale: Locale, path: String, profile: Profile, may_ask: bool, state: State) -> impl IntoView {
    let is_waiting = matches!(state, State::Waiting { .. });
    let (title, lead) = match state {
        State::Waiting { .. } => (t::choices_instead(locale), t::choices_instead_lead(locale)),
        State::Failed { .. } => (t::choices_title(locale), t::choices_again(locale)),
        _ => (t::choices_title(locale), t::choices_lead(locale)),
    };
    let row = |choice: Choice| {
        let asks = choice.way == Way::Provider;
        let href = (may_ask || !asks).then(|| address(&path, &[("choice", &choice.key)]));
        let (icon, tone) = match choice.way {
            Way::Provider if !may_ask => ("lock", "waiting"),
            Way::Provider => ("shield-check", ""),
            Way::Alternative => ("check", ""),
            Way::NotRequired => ("minus-circle", ""),
        };
        let meta = if asks && !may_ask {
            t::after_consent(locale)
        } else {
            t::way_word(locale, choice.way)
        };
        view! { <li><TaskRow href=href icon=icon tone=tone title=choice.label.get(locale) meta=meta /></li> }
    };
    let rows = profile
        .choices
        .into_iter()
        .filter(|choice| !(is_waiting && choice.way == Way::Provider))
        .map(row);
    view! {
        <section class="checklist">
            <h2>{title}</h2>
            <p>{lead}</p>
            <ol class="tasks">{rows.collect_view()}</ol>
        </section>
    }
}

/// How far it is, from consent to outcome.
#[component]
fn Stages(cx: Cx, page: Shown) -> impl IntoView {
    let locale = cx.locale;
    let stages = stages(&cx, &page).into_iter().map(|stage| {
        view! { <li class=stage.tone><Icon name=stage.icon /><div><p><strong>{stage.word}</strong></p><p class="meta">{stage.note}</p></div></li> }
    });
    view! {
        <section class="card">
            <h2>{t::stages_title(locale)}</h2>
            <ol class="timeline">{stages.collect_view()}</ol>
        </section>
    }
}

struct Stage {
    tone: &'static str,
    icon: &'static str,
    word: &'static str,
    note: String,
}

fn stages(cx: &Cx, page: &Shown) -> Vec<Stage> {
    let locale = cx.locale;
    let Shown { person, assignment, file } = page;
    let pending = |word| Stage {
        tone: "",
        icon: "circle",
        word,
        note: t::stage_pending(locale).to_owned(),
    };
    let done = |word, note| Stage {
        tone: "done",
        icon: "check",
        word,
        note,
    };
    let day = |date: Date| words::date(locale, date);
    let decided = file
        .decided_at
        .map_or(String::new(), |at| day(zones::local_date(&person.details.time_zone, at)));
    let consent = match file.consent {
        Consent::NotNeeded => None,
        Consent::Missing => Some(pending(t::stage_consent(locale))),
        Consent::Given => Some(done(t::stage_consent(locale), decided)),
        Consent::Refused => Some(Stage {
            tone: "late",
            icon: "x",
            word: t::stage_consent(locale),
            note: t::stage_refused(locale, &decided),
        }),
    };
    let check = file.check.as_ref();
    let was_requested = match assignment.state {
        State::Waiting { .. } | State::Failed { .. } | State::Done { submitted: Some(_), .. } => check,
        State::Open | State::Done { submitted: None, .. } | State::Ended { .. } => None,
    };
    let is_over = matches!(assignment.state, State::Done { .. } | State::Failed { .. } | State::Ended { .. });
    let requested = match was_requested {
        Some(check) => Some(done(t::stage_requested(locale), day(check.requested_on))),
        None => (!is_over).then(|| pending(t::stage_requested(locale))),
    };
    let with_provider = match was_requested.and_then(|check| check.with_provider_on) {
        Some(on) => Some(done(t::stage_with_provider(locale), day(on))),
        None => (!is_over).then(|| pending(t::stage_with_provider(locale))),
    };
    let outcome = match (assignment.state, check) {
        (State::Waiting { .. }, Some(check)) if is_stuck(Some(assignment.state), check.stuck_at, cx.now) => {
            let waited = (today(person, cx.now) - check.requested_on).whole_days();
            Stage {
                tone: "overdue",
                icon: "hourglass",
                word: t::stage_outcome(locale),
                note: t::stage_stuck(locale, &t::days_ago(locale, waited)),
            }
        }
        (
            _,
            Some(CheckRow {
                outcome: Some(outcome),
                completed_on: Some(on),
                reviewer,
                ..
            }),
        ) => Stage {
            tone: if matches!(assignment.state, State::Failed { .. }) {
                "overdue"
            } else {
                "done"
            },
            icon: if matches!(assignment.state, State::Failed { .. }) { "x" } else { "check" },
            word: hr::outcome(locale, *outcome).0,
            note: match reviewer {
                Some(name) => t::stage_by(locale, &day(*on), name),
                None => day(*on),
            },
        },
        _ => pending(t::stage_outcome(locale)),
    };
    consent.into_iter().chain(requested).chain(with_provider).chain([outcome]).collect()
}

/// What is on record.
#[component]
fn Record(locale: Locale, page: Shown) -> impl IntoView {
    let day = |date: Date| view! { <time datetime=iso_date(date)>{words::date(locale, date)}</time> }.into_any();
    let fact = |label: &'static str, value: AnyView| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
    let text = |label: &'static str, value: String| (!value.is_empty()).then(|| fact(label, value.into_any()));
    let (start, due) = (page.person.details.start_date, page.assignment.deadline.due_on);
    let rows = page.file.check.map(|check| {
        let holds_details = [&check.provider, &check.reference, &check.note].iter().any(|detail| !detail.is_empty());
        let purge = match (check.purged_on, check.purge_on) {
            (Some(on), _) => Some(fact(t::purged(locale), day(on))),
            (None, Some(on)) if holds_details => Some(fact(t::purge_due(locale), day(on))),
            _ => None,
        };
        view! {
            {text(t::what(locale), check.what.get(locale).to_owned())}
            {text(t::provider(locale), check.provider)}
            {text(t::reference(locale), check.reference)}
            {text(t::note(locale), check.note)}
            {text(t::basis(locale), check.legal_basis)}
            {check.reviewer.and_then(|name| text(t::reviewer(locale), name))}
            {purge}
        }
    });
    view! {
        <section class="card">
            <h2>{t::record_title(locale)}</h2>
            <dl class="facts lines">
                {fact(common::start_date(locale), day(start))}
                {fact(common::due(locale), day(due))}
                {rows}
            </dl>
        </section>
    }
}
