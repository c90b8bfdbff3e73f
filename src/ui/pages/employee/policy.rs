//! Reading a policy to its end, and accepting it there.

use super::{
    items::copy_path,
    reading::{BackToChecklist, Checksum, ClosedPage, LanguageNote, Text, day},
};
use crate::{
    api::policies::AcceptPolicy,
    domain::{Instant, assignment::State, ids::AssignmentId, locale::Locale, requirement::RequirementKind},
    server::{
        context::Cx,
        service::{
            difference::difference,
            documents::{Reading, consent},
            drafts::texts_of,
            releases::whole,
            rows::{Assignment, DocumentVersion},
        },
    },
    ui::{
        components::{
            difference::Difference,
            document::DocumentSheet,
            form::{CheckField, ErrorSummary, FormState},
            icon::Icon,
            notice::{FlashNotice, Notice},
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
        let text = match reading.before.clone() {
            Some((before, at)) => view! { <TextAgain locale=locale reading=reading.clone() before=before at=at /> }.into_any(),
            None => view! { <Text locale=locale reading=reading.clone() /> }.into_any(),
        };
        Ok(view! {
            <PageTitle text=reading.version.title.get(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <div class="reading-progress" aria-hidden="true"></div>
                <BackToChecklist locale=locale />
                <FlashNotice cx=cx.clone() />
                {text}
                <AcceptForm cx=cx reading=reading />
            </main>
        }
        .into_any())
    })
}

/// A text that the reader accepted before: what changed since, and the whole.
#[component]
fn TextAgain(locale: Locale, reading: Reading, before: DocumentVersion, at: Instant) -> impl IntoView {
    let accepted_on = day(locale, &reading.assignment, at);
    let parts = difference(&whole(&texts_of(&before), locale), &whole(&texts_of(&reading.version), locale));
    if parts.is_empty() {
        return view! {
            <Notice tone="info"><p>{t::unchanged_since(locale, &accepted_on)}</p></Notice>
            <Text locale=locale reading=reading />
        }
        .into_any();
    }
    let version = reading.version;
    let published = day(locale, &reading.assignment, version.published_at);
    let effective = version.release.effective_on.map(|day| t::effective_from(locale, &words::date(locale, day)));
    let change = version.release.change.get(locale).to_owned();
    view! {
        <div class="page-heading"><div>
            <h1>{version.title.get(locale).to_owned()}</h1>
            <p class="meta">{t::version_of(locale, version.number, &published)}{effective.map(|text| format!(" · {text}"))}</p>
        </div></div>
        <section class="card">
            <h2>{t::what_changed(locale)}</h2>
            <p class="meta">{t::compared_with(locale, before.number, &accepted_on)}</p>
            {(!change.is_empty()).then(|| view! { <p>{change}</p> })}
            <Difference locale=locale language=locale parts=parts />
        </section>
        <details class="disclosure">
            <summary>{t::whole_text(locale, &words::minutes(locale, version.minutes))}</summary>
            <DocumentSheet title=version.title.get(locale) markdown=version.body.get(locale).to_owned() language=locale />
        </details>
    }
    .into_any()
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
