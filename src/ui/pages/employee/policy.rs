//! Reading a policy to its end, and accepting it there.

use super::{
    items::copy_path,
    reading::{BackToChecklist, Checksum, ClosedPage, LanguageNote, Text, day},
};
use crate::{
    api::policies::AcceptPolicy,
    domain::{assignment::State, ids::AssignmentId, requirement::RequirementKind},
    server::{
        context::Cx,
        service::{
            documents::{Reading, consent},
            rows::Assignment,
        },
    },
    ui::{
        components::{
            form::{CheckField, ErrorSummary, FormState},
            icon::Icon,
            notice::FlashNotice,
        },
        load::{PageTitle, load, path_param},
        texts::checklist as t,
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/checklist/policy/{id}`
#[component]
pub fn PolicyPage() -> impl IntoView {
    let id: Result<AssignmentId, _> = path_param("id");
    load(async move |cx| {
        let reading = cx.own_desk()?.read(cx.now, id?, RequirementKind::Policy, cx.locale).await?;
        let locale = cx.locale;
        if reading.assignment.state != State::Open {
            return Ok(view! { <Closed cx=cx item=reading.assignment /> }.into_any());
        }
        Ok(view! {
            <PageTitle text=reading.version.title.get(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <div class="reading-progress" aria-hidden="true"></div>
                <BackToChecklist locale=locale />
                <FlashNotice cx=cx.clone() />
                <Text locale=locale reading=reading.clone() />
                <AcceptForm cx=cx reading=reading />
            </main>
        }
        .into_any())
    })
}

#[component]
fn AcceptForm(cx: Cx, reading: Reading) -> impl IntoView {
    let locale = cx.locale;
    let form = FormState::of(&cx, AcceptPolicy::PATH);
    let Reading { assignment, text, sealed, .. } = reading;
    view! {
        <form class="sign" method="post" action=AcceptPolicy::PATH>
            <h2><Icon name="document" />{t::accept(locale)}</h2>
            <ErrorSummary form=form.clone() />
            <input type="hidden" name="id" value=assignment.id.to_string() />
            <input type="hidden" name="opened" value=sealed />
            <CheckField form=form name="consents" label=consent(RequirementKind::Policy, locale) required=true />
            <button class="button large">{t::accept_button(locale)}</button>
            <LanguageNote text=t::policy_language(locale) />
            <p class="meta">{t::recorded_policy(locale)}</p>
            <Checksum locale=locale sha256=text.sha256 />
        </form>
    }
}

#[component]
fn Closed(cx: Cx, item: Assignment) -> impl IntoView {
    let locale = cx.locale;
    let accepted = if let State::Done { at, .. } = item.state { Some(at) } else { None };
    let text = accepted.map_or_else(|| t::closed_ended(locale).to_owned(), |at| t::closed_policy(locale, &day(locale, &item, at)));
    view! {
        <ClosedPage cx=cx title=words::item_title(locale, &item) text=text>
            {accepted.map(|_| view! { <a class="button" href=copy_path(item.id)>{t::to_copy(locale)}</a> })}
        </ClosedPage>
    }
}
