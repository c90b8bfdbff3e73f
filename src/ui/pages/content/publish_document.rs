//! Publishing a draft: what changes, what that will do to how many people, and then the button.

use super::{document::Differences, documents::name, weights::WeightField};
use crate::{
    api::{documents::PublishDocument, done::edited_document_path},
    domain::{document::DocumentKind, ids::DocumentId, locale::Locale, person::MAX_NOTE},
    server::{
        context::Cx,
        service::{drafts::texts_of, releases::Publishing},
    },
    ui::{
        components::{
            form::{ErrorSummary, FormState, TextField},
            icon::Icon,
            notice::{FlashNotice, Notice},
        },
        load::{PageTitle, load, path_param},
        texts::{common, content, documents as t, problems},
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/content/documents/{id}/publish`
#[component]
pub fn PublishPage() -> impl IntoView {
    let id: Result<DocumentId, _> = path_param("id");
    load(async move |cx| {
        let id = id?;
        let publishing = cx.actor()?.document_desk(&cx.app)?.publishing(cx.now, id).await?;
        let locale = cx.locale;
        let title = name(locale, &publishing.draft.texts.title);
        let says_the_same = publishing.newest.as_ref().is_some_and(|newest| texts_of(newest) == publishing.draft.texts);
        let body = if !publishing.gaps.is_empty() {
            view! { <Gaps locale=locale id=id publishing=publishing.clone() /> }.into_any()
        } else if says_the_same {
            view! { <Notice tone="info"><p>{t::no_changes(locale)}</p></Notice> }.into_any()
        } else {
            view! {
                <Changes locale=locale publishing=publishing.clone() />
                <Effect locale=locale publishing=publishing.clone() />
                <Form cx=cx.clone() id=id publishing=publishing />
            }
            .into_any()
        };
        Ok(view! {
            <PageTitle text=t::publish_title(locale, &title) />
            <main class="page" id="main" tabindex="-1">
                <a class="back" href=edited_document_path(id)><Icon name="chevron-left" />{title.clone()}</a>
                <div class="page-heading"><div>
                    <h1>{t::publish_title(locale, &title)}</h1>
                    <p class="lead">{t::publish_lead(locale)}</p>
                </div></div>
                <FlashNotice cx=cx.clone() />
                {body}
            </main>
        }
        .into_any())
    })
}

/// What is missing, each with the field it belongs to.
#[component]
fn Gaps(locale: Locale, id: DocumentId, publishing: Publishing) -> impl IntoView {
    let items = publishing.gaps.into_iter().map(|gap| {
        let label = match &*gap.field {
            "title_de" => content::title_de(locale),
            "title_en" => content::title_en(locale),
            "body_de" => content::body_de(locale),
            _ => content::body_en(locale),
        };
        view! { <li>{label}": "{problems::problem(locale, &gap.problem)}</li> }
    });
    view! {
        <section class="card">
            <h2>{t::gaps_title(locale)}</h2>
            <p>{t::gaps_text(locale)}</p>
            <ul>{items.collect_view()}</ul>
            <a class="button" href=edited_document_path(id)>{t::to_draft(locale)}</a>
        </section>
    }
}

#[component]
fn Changes(locale: Locale, publishing: Publishing) -> impl IntoView {
    match &publishing.newest {
        Some(newest) => {
            let title = t::since_before(locale, newest.number);
            view! { <Differences locale=locale title=title old=texts_of(newest) new=publishing.draft.texts.clone() /> }.into_any()
        }
        None => view! { <p>{t::first_version(locale)}</p> }.into_any(),
    }
}

/// Counted, before anything is done.
#[component]
fn Effect(locale: Locale, publishing: Publishing) -> impl IntoView {
    let reach = publishing.reach;
    let people = |n: i64| t::people(locale, n);
    let some = |n: i64, sentence: fn(Locale, &str) -> String| (n > 0).then(|| sentence(locale, &people(n)));
    let sentences = match (publishing.kind, publishing.newest.is_some()) {
        (DocumentKind::Nda, _) => vec![Some(t::effect_nda(locale).to_owned())],
        (DocumentKind::Policy, false) => vec![Some(t::effect_first(locale, &people(reach.everybody)))],
        (DocumentKind::Policy, true) => vec![
            Some(t::effect_again(locale, &people(reach.accepted))),
            Some(t::effect_minor(locale).to_owned()),
            some(reach.open, t::effect_open),
            some(reach.lifted, t::effect_lifted),
            some(reach.left_company, t::effect_left),
        ],
    };
    let items = sentences.into_iter().flatten().map(|sentence| view! { <li>{sentence}</li> });
    view! {
        <section class="card">
            <h2>{t::effect(locale)}</h2>
            <ul>{items.collect_view()}</ul>
            <p class="meta">{t::effect_kept(locale)}</p>
        </section>
    }
}

#[component]
fn Form(cx: Cx, id: DocumentId, publishing: Publishing) -> impl IntoView {
    let locale = cx.locale;
    let form = FormState::of(&cx, PublishDocument::PATH);
    let labels = vec![
        ("weight", t::weight(locale).to_owned()),
        ("effective_on", t::effective_on(locale).to_owned()),
        ("change_de", t::change_de(locale).to_owned()),
        ("change_en", t::change_en(locale).to_owned()),
    ];
    let is_again = publishing.newest.is_some();
    let asks_weight = is_again && publishing.kind == DocumentKind::Policy;
    let hint = match publishing.kind {
        DocumentKind::Policy => t::effective_hint(locale, &words::date(locale, publishing.suggested)),
        DocumentKind::Nda => t::effective_hint_nda(locale).to_owned(),
    };
    let notes = is_again.then(|| {
        view! {
            <div class="pair">
                <TextField form=form.clone() name="change_de" label=t::change_de(locale) hint=t::change_hint(locale) maxlength=MAX_NOTE optional=common::optional(locale) />
                <TextField form=form.clone() name="change_en" label=t::change_en(locale) hint=t::change_hint(locale) maxlength=MAX_NOTE optional=common::optional(locale) />
            </div>
        }
    });
    view! {
        <form class="form" method="post" action=PublishDocument::PATH novalidate>
            <ErrorSummary form=form.clone() labels=labels />
            <input type="hidden" name="id" value=id.to_string() />
            <input type="hidden" name="seen" value=publishing.draft.revision.to_string() />
            {asks_weight.then(|| view! { <Weights locale=locale form=form.clone() /> })}
            <TextField form=form.clone() name="effective_on" label=t::effective_on(locale) hint=hint kind="date" class="short" optional=common::optional(locale) />
            {notes}
            <div class="actions">
                <button class="button">{t::publish_button(locale)}</button>
                <a class="button quiet" href=edited_document_path(id)>{common::cancel(locale)}</a>
            </div>
        </form>
    }
}

#[component]
fn Weights(locale: Locale, form: FormState) -> impl IntoView {
    let choices = [
        (t::material(locale), t::material_text(locale).to_owned()),
        (t::minor(locale), t::minor_text(locale).to_owned()),
    ];
    view! { <WeightField form=form legend=t::weight(locale) choices=choices across=true /> }
}
