//! Asking for an exemption, and letting somebody start without an NDA: the two ways onto the register of exceptions.

use crate::{
    api::{
        done::person_path,
        error::ApiError,
        exemptions::{AllowStart, RequestExemption},
    },
    domain::{
        assignment::State,
        ids::{AssignmentId, PersonId},
        locale::Locale,
        person::MAX_NOTE,
        requirement::RequirementKind,
    },
    server::service::rows::Assignment,
    ui::{
        components::{
            form::{ErrorSummary, FormState, TextField},
            icon::Icon,
            notice::{FlashNotice, Notice},
        },
        load::{PageTitle, load, path_param},
        texts::{common, exemptions as t},
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/people/{person}/exemption/{id}`
#[component]
pub fn RequestExemptionPage() -> impl IntoView {
    let ids = ids();
    load(async move |cx| {
        let (person, id) = ids?;
        let actor = cx.actor()?;
        actor.exemption_request_desk(&cx.app)?;
        let page = actor.person_desk(&cx.app, person)?.get(person, None).await?;
        let item = page.items.into_iter().find(|item| item.id == id).ok_or(ApiError::NotFound)?;
        let locale = cx.locale;
        let name = page.person.details.name.as_str().to_owned();
        let is_over = matches!(item.state, State::Done { .. } | State::Ended { .. });
        let body = if is_over {
            view! { <Notice tone="info"><p>{t::request_over(locale)}</p></Notice> }.into_any()
        } else if item.exemption_requested {
            view! { <Notice tone="info"><p>{t::request_pending(locale)}" "<a href="/exceptions?status=requested">{t::to_register(locale)}</a></p></Notice> }
                .into_any()
        } else {
            let texts = FormTexts {
                note: t::request_note(locale),
                reason_hint: t::reason_hint(locale),
                step_hint: t::step_hint(locale),
                until: t::until_field(locale),
                until_hint: t::until_hint(locale),
                button: t::request_button(locale),
            };
            let form = FormState::of(&cx, RequestExemption::PATH);
            view! { <ExemptionForm locale=locale action=RequestExemption::PATH form=form item=item.clone() texts=texts /> }.into_any()
        };
        Ok(view! {
            <PageTitle text=t::request_title(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href=person_path(person)><Icon name="chevron-left" />{name.clone()}</a>
                <div class="page-heading"><div>
                    <h1>{t::request_title(locale)}</h1>
                    <p class="lead">{t::request_lead(locale, &words::item_title(locale, &item), &name)}</p>
                </div></div>
                <FlashNotice cx=cx.clone() />
                {body}
            </main>
        }
        .into_any())
    })
}

/// `/people/{person}/start-without-nda/{id}`
#[component]
pub fn AllowStartPage() -> impl IntoView {
    let ids = ids();
    load(async move |cx| {
        let (person, id) = ids?;
        let actor = cx.actor()?;
        actor.nda_desk(&cx.app)?;
        let page = actor.person_desk(&cx.app, person)?.get(person, None).await?;
        let item = page.items.into_iter().find(|item| item.id == id && item.kind == RequirementKind::Nda);
        let item = item.ok_or(ApiError::NotFound)?;
        let locale = cx.locale;
        let name = page.person.details.name.as_str().to_owned();
        let body = if item.state == State::Open && !item.starts_without {
            let texts = FormTexts {
                note: t::allow_note(locale),
                reason_hint: t::allow_reason_hint(locale),
                step_hint: t::allow_step_hint(locale),
                until: t::allow_until_field(locale),
                until_hint: t::allow_until_hint(locale),
                button: t::allow_button(locale),
            };
            let form = FormState::of(&cx, AllowStart::PATH);
            view! { <ExemptionForm locale=locale action=AllowStart::PATH form=form item=item texts=texts /> }.into_any()
        } else {
            view! { <Notice tone="info"><p>{t::allow_over(locale)}</p></Notice> }.into_any()
        };
        Ok(view! {
            <PageTitle text=t::allow_title(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href=person_path(person)><Icon name="chevron-left" />{name.clone()}</a>
                <div class="page-heading"><div><h1>{t::allow_title(locale)}</h1><p class="lead">{name}</p></div></div>
                <FlashNotice cx=cx.clone() />
                {body}
            </main>
        }
        .into_any())
    })
}

fn ids() -> Result<(PersonId, AssignmentId), ApiError> {
    Ok((path_param::<PersonId>("person")?, path_param::<AssignmentId>("id")?))
}

/// Where the two forms differ.
#[derive(Clone, Copy)]
struct FormTexts {
    note: &'static str,
    reason_hint: &'static str,
    step_hint: &'static str,
    until: &'static str,
    until_hint: &'static str,
    button: &'static str,
}

#[component]
fn ExemptionForm(locale: Locale, action: &'static str, form: FormState, item: Assignment, texts: FormTexts) -> impl IntoView {
    let labels = vec![
        ("reason", t::reason(locale).to_owned()),
        ("compensating_step", t::step_field(locale).to_owned()),
        ("ends_on", texts.until.to_owned()),
    ];
    view! {
        <form class="form" method="post" action=action novalidate>
            <ErrorSummary form=form.clone() labels=labels />
            <input type="hidden" name="id" value=item.id.to_string() />
            <TextField form=form.clone() name="reason" label=t::reason(locale) hint=texts.reason_hint maxlength=MAX_NOTE required=true />
            <TextField form=form.clone() name="compensating_step" label=t::step_field(locale) hint=texts.step_hint maxlength=MAX_NOTE required=true />
            <TextField form=form name="ends_on" label=texts.until hint=texts.until_hint kind="date" class="short" required=true />
            <Notice tone="info"><p>{texts.note}</p></Notice>
            <div class="actions">
                <button class="button">{texts.button}</button>
                <a class="button quiet" href=person_path(item.person)>{common::cancel(locale)}</a>
            </div>
        </form>
    }
}
