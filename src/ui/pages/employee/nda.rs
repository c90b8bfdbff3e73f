//! Reading and signing the NDA.

use super::{
    items::copy_path,
    reading::{BackToChecklist, Checksum, ClosedPage, LanguageNote, Text, day},
};
use crate::{
    api::nda::SignNda,
    domain::{assignment::State, ids::AssignmentId, person::MAX_TEXT, requirement::RequirementKind},
    islands::signature::SignaturePad,
    server::{
        context::Cx,
        service::{
            documents::{Reading, consent},
            rows::Assignment,
        },
    },
    ui::{
        components::{
            form::{CheckField, ErrorSummary, FormState, TextField},
            icon::Icon,
            notice::FlashNotice,
        },
        load::{PageTitle, load, path_param},
        texts::{checklist as t, nda},
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/checklist/nda/{id}`
#[component]
pub fn NdaPage() -> impl IntoView {
    let id: Result<AssignmentId, _> = path_param("id");
    load(async move |cx| {
        let reading = cx.own_desk()?.read(cx.now, id?, RequirementKind::Nda, cx.locale).await?;
        let locale = cx.locale;
        if reading.assignment.state != State::Open {
            return Ok(view! { <Closed cx=cx item=reading.assignment /> }.into_any());
        }
        Ok(view! {
            <PageTitle text=words::requirement_kind(locale, RequirementKind::Nda) />
            <main class="page narrow" id="main" tabindex="-1">
                <div class="reading-progress" aria-hidden="true"></div>
                <BackToChecklist locale=locale />
                <FlashNotice cx=cx.clone() />
                <LanguageNote text=t::nda_language(locale) />
                <Text locale=locale reading=reading.clone() />
                <SignForm cx=cx reading=reading />
            </main>
        }
        .into_any())
    })
}

#[component]
fn SignForm(cx: Cx, reading: Reading) -> impl IntoView {
    let locale = cx.locale;
    let form = FormState::of(&cx, SignNda::PATH);
    let labels = vec![
        ("typed_name", t::typed_name(locale).to_owned()),
        ("consents", t::sign(locale).to_owned()),
        ("drawing", nda::draw(locale).to_owned()),
    ];
    let Reading { assignment, text, sealed, .. } = reading;
    let kept = form.value("drawing", "");
    view! {
        <form class="sign" method="post" action=SignNda::PATH>
            <h2><Icon name="signature" />{t::sign(locale)}</h2>
            <ErrorSummary form=form.clone() labels=labels />
            <input type="hidden" name="id" value=assignment.id.to_string() />
            <input type="hidden" name="opened" value=sealed />
            <CheckField form=form.clone() name="consents" label=consent(RequirementKind::Nda, locale) required=true />
            <TextField
                form=form
                name="typed_name"
                label=t::typed_name(locale)
                hint=t::typed_name_hint(locale, &assignment.person_name)
                class="signature"
                autocomplete="name"
                required=true
                maxlength=MAX_TEXT
            />
            <SignaturePad label=nda::draw(locale).to_owned() hint=nda::draw_hint(locale).to_owned() clear=nda::draw_clear(locale).to_owned() kept=kept />
            <button class="button large">{t::sign_button(locale)}</button>
            <p class="meta">{t::recorded_nda(locale)}</p>
            <Checksum locale=locale sha256=text.sha256 />
        </form>
    }
}

#[component]
fn Closed(cx: Cx, item: Assignment) -> impl IntoView {
    let locale = cx.locale;
    let text = match item.state {
        State::Waiting { since } => t::closed_nda_waiting(locale, &day(locale, &item, since)),
        State::Done { submitted, at } => t::closed_nda(locale, &day(locale, &item, submitted.unwrap_or(at))),
        State::Open | State::Failed { .. } | State::Ended { .. } => t::closed_ended(locale).to_owned(),
    };
    let is_signed = matches!(item.state, State::Waiting { .. } | State::Done { .. });
    view! {
        <ClosedPage cx=cx title=words::requirement_kind(locale, item.kind) text=text>
            {is_signed.then(|| view! { <a class="button" href=copy_path(item.id)>{t::to_copy(locale)}</a> })}
        </ClosedPage>
    }
}
