//! The forms of a background check: asking a provider, noting how far they are, and the outcome.

use crate::{
    api::checks::{CompleteCheck, MarkWithProvider, RequestCheck},
    domain::{
        check_profile::{Choice, MAX_CHECK_NOTE, MAX_REFERENCE, Profile},
        evidence::CheckOutcome,
        ids::AssignmentId,
        locale::Locale,
        person::{MAX_TEXT, iso_date},
    },
    server::{context::Cx, service::rows::CheckRow},
    ui::{
        components::form::{ErrorSummary, FieldNotes, FormState, TextField},
        texts::{checks as t, common, hr},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use time::Date;

/// Noting that a provider was asked.
#[component]
pub fn RequestCard(cx: Cx, id: AssignmentId, choice: Choice, today: Date) -> impl IntoView {
    let locale = cx.locale;
    let form = FormState::of(&cx, RequestCheck::PATH);
    let labels = vec![
        ("choice", t::what(locale).to_owned()),
        ("provider", t::provider(locale).to_owned()),
        ("reference", t::reference(locale).to_owned()),
        ("requested_on", t::requested_on(locale).to_owned()),
        ("note", t::note(locale).to_owned()),
    ];
    view! {
        <section class="card">
            <h2>{choice.label.get(locale).to_owned()}</h2>
            <p class="muted">{t::request_lead(locale)}</p>
            <form class="form" method="post" action=RequestCheck::PATH novalidate>
                <ErrorSummary form=form.clone() labels=labels />
                <input type="hidden" name="id" value=id.to_string() />
                <input type="hidden" name="choice" value=choice.key />
                <TextField form=form.clone() name="provider" label=t::provider(locale) required=true maxlength=MAX_TEXT />
                <TextField form=form.clone() name="reference" label=t::reference(locale) hint=t::reference_hint(locale) maxlength=MAX_REFERENCE optional=common::optional(locale) />
                <TextField form=form.clone() name="requested_on" label=t::requested_on(locale) hint=t::requested_hint(locale) kind="date" class="short" value=iso_date(today) required=true />
                <NoteField locale=locale form=form note=String::new() />
                <div class="actions"><button class="button">{t::request_button(locale)}</button></div>
            </form>
        </section>
    }
}

/// Noting that the provider has what they need.
#[component]
pub fn WithProviderCard(cx: Cx, id: AssignmentId, today: Date) -> impl IntoView {
    let locale = cx.locale;
    let form = FormState::of(&cx, MarkWithProvider::PATH);
    let labels = vec![("with_provider_on", t::with_provider_on(locale).to_owned())];
    view! {
        <section class="card">
            <h2>{t::with_provider_title(locale)}</h2>
            <p class="muted">{t::with_provider_lead(locale)}</p>
            <form class="form" method="post" action=MarkWithProvider::PATH novalidate>
                <ErrorSummary form=form.clone() labels=labels />
                <input type="hidden" name="id" value=id.to_string() />
                <TextField form=form name="with_provider_on" label=t::with_provider_on(locale) kind="date" class="short" value=iso_date(today) required=true />
                <div class="actions"><button class="button secondary">{t::with_provider_button(locale)}</button></div>
            </form>
        </section>
    }
}

/// Noting what the provider said.
#[component]
pub fn OutcomeCard(cx: Cx, id: AssignmentId, check: CheckRow, profile: Profile, today: Date) -> impl IntoView {
    let locale = cx.locale;
    let form = FormState::of(&cx, CompleteCheck::PATH);
    view! {
        <section class="card">
            <h2>{t::outcome_title(locale)}</h2>
            <form class="form" method="post" action=CompleteCheck::PATH novalidate>
                <ErrorSummary form=form.clone() labels=outcome_labels(locale) />
                <input type="hidden" name="id" value=id.to_string() />
                <Outcomes locale=locale form=form.clone() />
                <OutcomeFields locale=locale form=form when=t::completed_hint_provider(locale) basis=check.legal_basis note=check.note profile=profile today=today />
                <div class="actions"><button class="button">{t::record_button(locale)}</button></div>
            </form>
        </section>
    }
}

/// Noting that something lawful was done instead, or that nothing is needed.
#[component]
pub fn OwnOutcomeCard(cx: Cx, id: AssignmentId, choice: Choice, profile: Profile, today: Date, note: String) -> impl IntoView {
    let locale = cx.locale;
    let form = FormState::of(&cx, CompleteCheck::PATH);
    view! {
        <section class="card">
            <h2>{choice.label.get(locale).to_owned()}</h2>
            <p class="muted">{t::way_word(locale, choice.way)}</p>
            <form class="form" method="post" action=CompleteCheck::PATH novalidate>
                <ErrorSummary form=form.clone() labels=outcome_labels(locale) />
                <input type="hidden" name="id" value=id.to_string() />
                <input type="hidden" name="outcome" value=choice.key />
                <OutcomeFields locale=locale form=form when=t::completed_hint_own(locale) basis=choice.legal_basis note=note profile=profile today=today />
                <div class="actions"><button class="button">{t::record_button(locale)}</button></div>
            </form>
        </section>
    }
}

fn outcome_labels(locale: Locale) -> Vec<(&'static str, String)> {
    vec![
        ("outcome", t::outcome(locale).to_owned()),
        ("completed_on", t::completed_on(locale).to_owned()),
        ("legal_basis", t::basis(locale).to_owned()),
        ("note", t::note(locale).to_owned()),
        ("purge_on", t::purge_on(locale).to_owned()),
    ]
}

/// What every outcome needs, prefilled from the profile. `when`: what its day decides.
#[component]
fn OutcomeFields(locale: Locale, form: FormState, when: &'static str, basis: String, note: String, profile: Profile, today: Date) -> impl IntoView {
    let purge_on = iso_date(profile.purge_on(today));
    view! {
        <TextField form=form.clone() name="completed_on" label=t::completed_on(locale) hint=when kind="date" class="short" value=iso_date(today) required=true />
        <TextField form=form.clone() name="legal_basis" label=t::basis(locale) hint=t::basis_hint(locale) value=basis required=true maxlength=MAX_TEXT />
        <NoteField locale=locale form=form.clone() note=note />
        <TextField form=form name="purge_on" label=t::purge_on(locale) hint=t::purge_hint(locale) kind="date" class="short" value=purge_on required=true />
    }
}

#[component]
fn NoteField(locale: Locale, form: FormState, note: String) -> impl IntoView {
    let hint = t::note_hint(locale, MAX_CHECK_NOTE);
    view! { <TextField form=form name="note" label=t::note(locale) hint=hint value=note maxlength=MAX_CHECK_NOTE optional=common::optional(locale) /> }
}

#[component]
fn Outcomes(locale: Locale, form: FormState) -> impl IntoView {
    let problem = form.problem("outcome");
    let invalid = problem.is_some().then_some("true");
    let chosen = form.value("outcome", "");
    let choices = [CheckOutcome::Cleared, CheckOutcome::NotCleared]
        .into_iter()
        .enumerate()
        .map(|(index, outcome)| {
            let (word, meaning) = hr::outcome(locale, outcome);
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
            <legend>{t::outcome(locale)}</legend>
            <FieldNotes name="outcome" hint=String::new() problem=problem />
            <div class="choices">{choices}</div>
        </fieldset>
    }
}
