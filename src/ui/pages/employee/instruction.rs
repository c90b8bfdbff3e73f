//! An instruction: what there is to do, and saying that it is done, with a file where one is asked for.

use super::reading::{BackToChecklist, ClosedPage, day};
use crate::{
    api::error::ApiError,
    domain::{assignment::State, ids::AssignmentId},
    server::{
        context::Cx,
        service::{instructions::ToDo, people::today, rows::Assignment},
    },
    ui::{
        components::{
            document::DocumentSheet,
            form::{CheckField, ErrorSummary, FileField, FormState},
            icon::Icon,
            notice::FlashNotice,
        },
        load::{PageTitle, load, path_param},
        texts::{checklist, rules as t},
        words,
    },
};
use leptos::prelude::*;

/// What evidence may be.
const FILES: &str = ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg";

/// `/checklist/instruction/{id}`
#[component]
pub fn InstructionPage() -> impl IntoView {
    let id: Result<AssignmentId, ApiError> = path_param("id");
    load(async move |cx| {
        let to_do = cx.own_desk()?.instruction(id?).await?;
        if to_do.item.state != State::Open {
            return Ok(view! { <Closed cx=cx item=to_do.item /> }.into_any());
        }
        let locale = cx.locale;
        let ToDo { person, item, instruction } = to_do.clone();
        let here = format!("/checklist/instruction/{}", item.id);
        let form = FormState::of(&cx, &here);
        let title = instruction.title.get(locale).to_owned();
        let labels = vec![("confirms", t::done_title(locale).to_owned()), ("file", t::done_file(locale).to_owned())];
        let file = instruction.needs_file.then(
            || view! { <FileField form=form.clone() name="file" label=t::done_file(locale) hint=t::done_file_hint(locale) accept=FILES required=true /> },
        );
        let waits = instruction
            .confirmed_by
            .map(|who| view! { <p class="meta">{t::done_waits(locale, t::confirmer(locale, who))}</p> });
        Ok(view! {
            <PageTitle text=title.clone() />
            <main class="page narrow" id="main" tabindex="-1">
                <BackToChecklist locale=locale />
                <FlashNotice cx=cx.clone() />
                <p class="meta">{words::due(locale, item.deadline.due_on, today(&person, cx.now))}</p>
                <DocumentSheet title=title markdown=instruction.body.get(locale).to_owned() language=locale />
                <form class="sign" method="post" action=here enctype="multipart/form-data" novalidate>
                    <h2><Icon name="check-circle" />{t::done_title(locale)}</h2>
                    <ErrorSummary form=form.clone() labels=labels />
                    <input type="hidden" name="shown" value=hex::encode(to_do.sha256(locale)) />
                    <input type="hidden" name="language" value=locale.tag() />
                    {file}
                    <CheckField form=form name="confirms" label=t::done_confirms(locale) required=true />
                    {waits}
                    <button class="button large">{t::done_button(locale)}</button>
                </form>
            </main>
        }
        .into_any())
    })
}

#[component]
fn Closed(cx: Cx, item: Assignment) -> impl IntoView {
    let locale = cx.locale;
    let text = match item.state {
        State::Waiting { since } => t::closed_waiting(locale, &day(locale, &item, since)),
        State::Done { submitted, at } => t::closed_done(locale, &day(locale, &item, submitted.unwrap_or(at))),
        State::Open | State::Failed { .. } | State::Ended { .. } => checklist::closed_ended(locale).to_owned(),
    };
    view! { <ClosedPage cx=cx title=words::item_title(locale, &item) text=text /> }
}
