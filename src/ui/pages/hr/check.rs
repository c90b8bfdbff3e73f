//! A background check: requested, completed, outcome only. No field here takes anything from a report.

use crate::{
    api::{
        checks::{CompleteCheck, RequestCheck},
        error::ApiError,
    },
    domain::{
        assignment::State,
        evidence::CheckOutcome,
        ids::{AssignmentId, PersonId},
        locale::Locale,
        person::{MAX_TEXT, iso_date},
    },
    server::service::{checks::CheckPage as Shown, people::today, rows::CheckRow},
    ui::{
        components::{
            form::{ErrorSummary, FieldNotes, FormState, TextField},
            icon::Icon,
            notice::{FlashNotice, Notice},
            status::{StandingStatus, standing_of},
        },
        load::{PageTitle, load, path_param},
        texts::{common, hr as t},
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use time::Date;

/// The longest reference.
const MAX_REFERENCE: usize = 100;

/// `/people/{person}/check/{id}`
#[component]
pub fn CheckPage() -> impl IntoView {
    let ids = path_param::<PersonId>("person").and_then(|person| Ok((person, path_param::<AssignmentId>("id")?)));
    load(async move |cx| {
        let (person_id, id) = ids?;
        let Shown { person, assignment, check } = cx.actor()?.check_desk(&cx.app)?.get(id).await?;
        if person.id != person_id {
            return Err(ApiError::NotFound);
        }
        let locale = cx.locale;
        let start = person.details.start_date;
        let now_there = iso_date(today(&person, cx.now));
        let state = assignment.state;
        let request = matches!(state, State::Open | State::Failed { .. })
            .then(|| view! { <RequestCard locale=locale form=FormState::of(&cx, RequestCheck::PATH) id=id today=now_there.clone() state=state /> });
        let outcome = matches!(state, State::Open | State::Waiting { .. } | State::Failed { .. })
            .then(|| view! { <OutcomeCard locale=locale form=FormState::of(&cx, CompleteCheck::PATH) id=id today=now_there state=state /> });
        let closed = match state {
            State::Done { .. } => Some(t::check_done(locale)),
            State::Ended { .. } => Some(t::check_ended(locale)),
            State::Open | State::Waiting { .. } | State::Failed { .. } => None,
        };
        let name = person.details.name.as_str().to_owned();
        Ok(view! {
            <PageTitle text=t::check_title(locale) />
            <main class="page" id="main" tabindex="-1">
                <a class="back" href=format!("/people/{person_id}")><Icon name="chevron-left" />{name.clone()}</a>
                <div class="page-heading"><div>
                    <div class="row"><h1>{t::check_title(locale)}</h1><StandingStatus locale=locale standing=standing_of(&assignment, cx.now) /></div>
                    <p class="lead">{name}</p>
                </div></div>
                <FlashNotice cx=cx.clone() />
                <div class="split">
                    <div class="stack">
                        <Notice tone="warning"><p>{t::check_rule(locale)}</p></Notice>
                        {closed.map(|text| view! { <p>{text}</p> })}
                        {request}
                        {outcome}
                    </div>
                    <div class="stack">
                        <Record locale=locale check=check start=start due=assignment.deadline.due_on />
                        <section class="card"><h2>{t::check_law_title(locale)}</h2><p>{t::check_law(locale)}</p></section>
                    </div>
                </div>
            </main>
        }
        .into_any())
    })
}

/// Noting that a check was requested.
#[component]
fn RequestCard(locale: Locale, form: FormState, id: AssignmentId, today: String, state: State) -> impl IntoView {
    let labels = vec![
        ("check_type", t::check_type(locale).to_owned()),
        ("provider", t::check_provider(locale).to_owned()),
        ("reference", t::check_reference(locale).to_owned()),
        ("requested_on", t::check_requested_on(locale).to_owned()),
    ];
    let (title, lead) = if matches!(state, State::Failed { .. }) {
        (t::check_request_again(locale), t::check_request_replaces(locale))
    } else {
        (t::check_request_title(locale), t::check_request_lead(locale))
    };
    let types = [
        t::check_type_references(locale),
        t::check_type_identity(locale),
        t::check_type_degrees(locale),
        t::check_type_register(locale),
    ];
    view! {
        <section class="card">
            <h2>{title}</h2>
            <p class="muted">{lead}</p>
            <form class="form" method="post" action=RequestCheck::PATH novalidate>
                <ErrorSummary form=form.clone() labels=labels />
                <input type="hidden" name="id" value=id.to_string() />
                <TextField form=form.clone() name="check_type" label=t::check_type(locale) hint=t::check_type_hint(locale) list="check-types" required=true maxlength=MAX_TEXT />
                <datalist id="check-types">{types.into_iter().map(|word| view! { <option value=word></option> }).collect_view()}</datalist>
                <TextField form=form.clone() name="provider" label=t::check_provider(locale) hint=t::check_provider_hint(locale) required=true maxlength=MAX_TEXT />
                <TextField form=form.clone() name="reference" label=t::check_reference(locale) hint=t::check_reference_hint(locale) maxlength=MAX_REFERENCE optional=common::optional(locale) />
                <TextField form=form name="requested_on" label=t::check_requested_on(locale) kind="date" class="short" value=today required=true />
                <div class="actions"><button class="button">{t::check_request_button(locale)}</button></div>
            </form>
        </section>
    }
}

/// Noting the outcome. While nothing was requested this is the second choice, and its button says so.
#[component]
fn OutcomeCard(locale: Locale, form: FormState, id: AssignmentId, today: String, state: State) -> impl IntoView {
    let labels = vec![
        ("outcome", t::check_outcome(locale).to_owned()),
        ("completed_on", t::check_completed_on(locale).to_owned()),
        ("legal_basis", t::check_basis(locale).to_owned()),
    ];
    let is_waiting = matches!(state, State::Waiting { .. });
    let class = if is_waiting { "button" } else { "button secondary" };
    let was_requested = matches!(state, State::Waiting { .. });
    view! {
        <section class="card">
            <h2>{t::check_outcome_title(locale)}</h2>
            {(!is_waiting).then(|| view! { <p class="muted">{t::check_outcome_without(locale)}</p> })}
            <form class="form" method="post" action=CompleteCheck::PATH novalidate>
                <ErrorSummary form=form.clone() labels=labels />
                <input type="hidden" name="id" value=id.to_string() />
                <Outcomes locale=locale form=form.clone() was_requested=was_requested />
                <TextField form=form.clone() name="completed_on" label=t::check_completed_on(locale) kind="date" class="short" value=today required=true />
                <TextField form=form name="legal_basis" label=t::check_basis(locale) hint=t::check_basis_hint(locale) required=true maxlength=MAX_TEXT />
                <div class="actions"><button class=class>{t::record_outcome(locale)}</button></div>
            </form>
        </section>
    }
}

#[component]
fn Outcomes(locale: Locale, form: FormState, was_requested: bool) -> impl IntoView {
    let problem = form.problem("outcome");
    let invalid = problem.is_some().then_some("true");
    let chosen = form.value("outcome", "");
    // Nothing is cleared or not that nobody requested.
    let speaks_of_a_check = |outcome: CheckOutcome| matches!(outcome, CheckOutcome::Cleared | CheckOutcome::NotCleared);
    let outcomes = CheckOutcome::ALL.into_iter().filter(|outcome| was_requested || !speaks_of_a_check(*outcome));
    let choices = outcomes.enumerate().map(|(index, outcome)| {
        let (word, meaning) = t::outcome(locale, outcome);
        // The error summary leads to the first choice.
        let id = (index == 0).then_some("outcome");
        let checked = chosen == outcome.as_str();
        view! {
            <label class="choice">
                <input id=id type="radio" name="outcome" value=outcome.as_str() checked=checked aria-invalid=invalid required=true />
                <span>{word}<small>{meaning}</small></span>
            </label>
        }
    });
    let choices = choices.collect_view();
    view! {
        <fieldset class="field">
            <legend>{t::check_outcome(locale)}</legend>
            <FieldNotes name="outcome" hint=String::new() problem=problem />
            <div class="choices">{choices}</div>
        </fieldset>
    }
}

/// What is on record.
#[component]
fn Record(locale: Locale, check: Option<CheckRow>, start: Date, due: Date) -> impl IntoView {
    let day = |date: Date| view! { <time datetime=iso_date(date)>{words::date(locale, date)}</time> }.into_any();
    let fact = |label: &'static str, value: AnyView| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
    let text = |label: &'static str, value: String| (!value.is_empty()).then(|| fact(label, value.into_any()));
    let is_empty = check.is_none();
    let rows = check.map(|check| {
        let outcome = check.outcome.as_deref().and_then(|word| CheckOutcome::parse(word).ok());
        // A check that was never requested has an outcome, but nobody who was asked for it.
        let requested = (!check.check_type.is_empty()).then(|| fact(t::check_requested_on(locale), day(check.requested_on)));
        view! {
            {text(t::check_type(locale), check.check_type)}
            {text(t::check_provider(locale), check.provider)}
            {text(t::check_reference(locale), check.reference)}
            {requested}
            {outcome.map(|outcome| fact(t::check_outcome(locale), t::outcome(locale, outcome).0.into_any()))}
            {check.completed_on.map(|date| fact(t::check_completed_on(locale), day(date)))}
            {check.legal_basis.and_then(|basis| text(t::check_basis(locale), basis))}
            {check.purge_on.map(|date| fact(t::check_purge(locale), day(date)))}
        }
    });
    view! {
        <section class="card">
            <h2>{t::check_record_title(locale)}</h2>
            {is_empty.then(|| view! { <p class="muted">{t::check_nothing(locale)}</p> })}
            <dl class="facts lines">
                {fact(common::start_date(locale), day(start))}
                {fact(common::due(locale), day(due))}
                {rows}
            </dl>
        </section>
    }
}
