//! Taking back a signed NDA, so that it is asked for again.

use crate::{
    api::{done::person_path, error::ApiError, nda::WithdrawNda},
    domain::{
        assignment::State,
        ids::{AssignmentId, PersonId},
        locale::Locale,
        person::MAX_NOTE,
        requirement::RequirementKind,
    },
    server::{service::rows::Assignment, zones},
    ui::{
        components::{
            form::{ErrorSummary, FormState, TextField},
            icon::Icon,
            notice::{FlashNotice, Notice},
        },
        load::{PageTitle, load, path_param},
        texts::{common, nda as t},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/people/{person}/withdraw-nda/{id}`
#[component]
pub fn WithdrawNdaPage() -> impl IntoView {
    let ids = path_param::<PersonId>("person").and_then(|person| Ok((person, path_param::<AssignmentId>("id")?)));
    load(async move |cx| {
        let (person, id) = ids?;
        let actor = cx.actor()?;
        actor.nda_desk(&cx.app)?;
        let page = actor.person_desk(&cx.app, person)?.get(person, None).await?;
        let item = page.items.into_iter().find(|item| item.id == id && item.kind == RequirementKind::Nda);
        let item = item.ok_or(ApiError::NotFound)?;
        let details = page.person.details;
        let has_started = cx.now >= zones::start_of_day(&details.time_zone, details.start_date);
        let locale = cx.locale;
        let name = details.name.as_str().to_owned();
        let body = if matches!(item.state, State::Waiting { .. } | State::Done { .. }) {
            let form = FormState::of(&cx, WithdrawNda::PATH);
            view! { <Form locale=locale form=form item=item has_started=has_started /> }.into_any()
        } else {
            view! { <Notice tone="info"><p>{t::withdraw_not_signed(locale)}</p></Notice> }.into_any()
        };
        Ok(view! {
            <PageTitle text=t::withdraw_title(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href=person_path(person)><Icon name="chevron-left" />{name.clone()}</a>
                <div class="page-heading"><div><h1>{t::withdraw_title(locale)}</h1><p class="lead">{t::withdraw_lead(locale, &name)}</p></div></div>
                <FlashNotice cx=cx.clone() />
                {body}
            </main>
        }
        .into_any())
    })
}

#[component]
fn Form(locale: Locale, form: FormState, item: Assignment, has_started: bool) -> impl IntoView {
    let consequence = match (item.late, has_started) {
        (true, _) => t::withdraw_was_late(locale),
        (false, true) => t::withdraw_started(locale),
        (false, false) => t::withdraw_in_time(locale),
    };
    let labels = vec![("reason", t::withdraw_reason(locale).to_owned())];
    view! {
        <form class="form" method="post" action=WithdrawNda::PATH novalidate>
            <ErrorSummary form=form.clone() labels=labels />
            <input type="hidden" name="id" value=item.id.to_string() />
            <TextField form=form name="reason" label=t::withdraw_reason(locale) hint=t::withdraw_reason_hint(locale) maxlength=MAX_NOTE required=true />
            <Notice tone="info"><p>{t::withdraw_keeps(locale)}</p><p>{consequence}</p></Notice>
            <div class="actions">
                <button class="button">{t::withdraw_button(locale)}</button>
                <a class="button quiet" href=person_path(item.person)>{common::cancel(locale)}</a>
            </div>
        </form>
    }
}
