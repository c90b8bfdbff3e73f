//! Writing a policy or an NDA in both languages, and looking at its published versions.

use super::{documents::name, titles::title_labels};
use crate::{
    api::{
        documents::{DiscardDraft, PreviewText, SaveDraft},
        done::edited_document_path,
        error::ApiError,
    },
    domain::{
        document::{DocumentKind, MAX_BODY, Texts},
        ids::DocumentId,
        locale::Locale,
        person::MAX_TEXT,
    },
    islands::preview::LivePreview,
    server::{
        service::{
            difference::difference,
            drafts::{Writing, texts_of},
            markdown,
            releases::whole,
            rows::DocumentVersion,
        },
        zones,
    },
    ui::{
        components::{
            difference::Difference,
            document::DocumentSheet,
            form::{ErrorSummary, FormState, TextField},
            icon::Icon,
            notice::{FlashNotice, Notice},
            paragraph::ParagraphField,
        },
        load::{PageTitle, load, path_param},
        texts::{content, documents as t},
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/content/documents/{id}`
#[component]
pub fn DocumentPage() -> impl IntoView {
    let id: Result<DocumentId, _> = path_param("id");
    load(async move |cx| {
        let id = id?;
        let writing = cx.actor()?.document_desk(&cx.app)?.open(id).await?;
        let locale = cx.locale;
        let form = FormState::of(&cx, SaveDraft::PATH);
        let mine = form.is_outdated().then(|| typed(&form)).flatten();
        let texts = mine.clone().unwrap_or_else(|| writing.texts());
        let title = name(locale, &texts.title);
        let may_publish = writing.edited.draft.is_some() && !form.is_unsaved();
        let publish = may_publish.then(|| {
            view! { <div class="actions"><a class="button" href=format!("/content/documents/{id}/publish")>{t::to_publishing(locale)}<Icon name="arrow-right" /></a></div> }
        });
        Ok(view! {
            <PageTitle text=title.clone() />
            <main class="page" id="main" tabindex="-1">
                <Back locale=locale kind=writing.edited.kind />
                <div class="page-heading">
                    <div><h1>{title}</h1><Standing locale=locale writing=writing.clone() /></div>
                    {publish}
                </div>
                <FlashNotice cx=cx.clone() />
                {mine.map(|mine| view! { <Outdated locale=locale writing=writing.clone() mine=mine /> })}
                <Form locale=locale form=form writing=writing.clone() texts=texts.clone() />
                <Preview locale=locale texts=texts />
                <Versions locale=locale writing=writing.clone() />
                <Discard locale=locale writing=writing />
            </main>
        }
        .into_any())
    })
}

/// The way back: policies have a list of their own, an NDA's text belongs to its template.
#[component]
fn Back(locale: Locale, kind: DocumentKind) -> impl IntoView {
    let (href, word) = match kind {
        DocumentKind::Policy => ("/content/documents", content::documents(locale)),
        DocumentKind::Nda => ("/content/nda-templates", content::nda_templates(locale)),
    };
    view! { <a class="back" href=href><Icon name="chevron-left" />{word}</a> }
}

/// What is published, and how old the draft is.
#[component]
fn Standing(locale: Locale, writing: Writing) -> impl IntoView {
    let zone = &writing.time_zone;
    let published = writing.versions.first().map_or_else(
        || t::nothing_published(locale).to_owned(),
        |newest| t::published_as(locale, newest.number, &words::date(locale, zones::local_date(zone, newest.published_at))),
    );
    let draft = writing
        .edited
        .draft
        .as_ref()
        .map(|draft| t::draft_by(locale, &draft.updated_by, &words::moment(locale, zone, draft.updated_at)));
    view! { <p class="lead">{published}{draft.map(|draft| format!(" {draft}"))}</p> }
}

/// The texts in the fields.
fn typed(form: &FormState) -> Option<Texts> {
    let [title_de, title_en, body_de, body_en] = ["title_de", "title_en", "body_de", "body_en"].map(|field| form.value(field, ""));
    Texts::parse([&title_de, &title_en], [&body_de, &body_en]).ok()
}

/// What was typed while somebody else saved stands in the form; this says so, and shows where the two differ.
#[component]
fn Outdated(locale: Locale, writing: Writing, mine: Texts) -> impl IntoView {
    let text = match &writing.edited.draft {
        Some(draft) => t::outdated_text(locale, &draft.updated_by, &words::moment(locale, &writing.time_zone, draft.updated_at)),
        None => t::outdated_gone(locale).to_owned(),
    };
    let saved = writing.edited.draft.as_ref().map(|draft| draft.texts.clone());
    let differences = saved.map(|saved| view! { <Differences locale=locale title=t::outdated_difference(locale) old=saved new=mine /> });
    view! {
        <section class="card">
            <h2>{t::outdated_title(locale)}</h2>
            <p>{text}</p>
            <div class="actions"><a class="button secondary small" href=edited_document_path(writing.edited.document)>{t::outdated_drop(locale)}</a></div>
        </section>
        {differences}
    }
}

/// The difference in both languages, side by side where there is room.
#[component]
pub fn Differences(locale: Locale, #[prop(into)] title: String, old: Texts, new: Texts) -> impl IntoView {
    let sides = [(Locale::De, t::german(locale)), (Locale::En, t::english(locale))].map(|(language, word)| {
        let parts = difference(&whole(&old, language), &whole(&new, language));
        let shown = if parts.is_empty() {
            view! { <p class="muted">{t::same_in_language(locale)}</p> }.into_any()
        } else {
            view! { <Difference locale=locale language=language parts=parts /> }.into_any()
        };
        view! { <section><h3>{word}</h3>{shown}</section> }
    });
    view! {
        <section class="card">
            <h2>{title}</h2>
            <div class="editor">{sides.collect_view()}</div>
        </section>
    }
}

#[component]
fn Form(locale: Locale, form: FormState, writing: Writing, texts: Texts) -> impl IntoView {
    let mut labels = title_labels(locale);
    labels.extend([
        ("body_de", content::body_de(locale).to_owned()),
        ("body_en", content::body_en(locale).to_owned()),
    ]);
    let placeholders = (writing.edited.kind == DocumentKind::Nda).then(|| {
        view! { <Notice tone="info"><p><strong>{t::placeholders(locale)}</strong>". "{t::placeholders_text(locale)}</p></Notice> }
    });
    let Texts { title, body } = texts;
    view! {
        <form class="form" method="post" action=SaveDraft::PATH novalidate>
            <ErrorSummary form=form.clone() labels=labels />
            {placeholders}
            <input type="hidden" name="id" value=writing.edited.document.to_string() />
            <input type="hidden" name="seen" value=writing.revision().to_string() />
            <div class="editor">
                <fieldset>
                    <legend class="visually-hidden">{t::german(locale)}</legend>
                    <TextField form=form.clone() name="title_de" label=content::title_de(locale) value=title.de maxlength=MAX_TEXT />
                    <ParagraphField form=form.clone() name="body_de" label=content::body_de(locale) hint=t::body_hint(locale) value=body.de maxlength=MAX_BODY language="de" />
                </fieldset>
                <fieldset>
                    <legend class="visually-hidden">{t::english(locale)}</legend>
                    <TextField form=form.clone() name="title_en" label=content::title_en(locale) value=title.en maxlength=MAX_TEXT />
                    <ParagraphField form=form name="body_en" label=content::body_en(locale) hint=t::body_hint(locale) value=body.en maxlength=MAX_BODY language="en" />
                </fieldset>
            </div>
            <div class="actions"><button class="button">{t::save_draft(locale)}</button></div>
        </form>
    }
}

/// The texts as they will look; an island keeps them up with what is typed.
#[component]
fn Preview(locale: Locale, texts: Texts) -> impl IntoView {
    let sides = [(Locale::De, t::german(locale), "de"), (Locale::En, t::english(locale), "en")].map(|(language, word, tag)| {
        let text = texts.body.get(language);
        let html = if text.is_empty() {
            format!("<p>{}</p>", content::preview_empty(locale))
        } else {
            markdown::render(text)
        };
        view! {
            <section>
                <h3>{word}</h3>
                <div class="preview prose" id=format!("preview-{tag}") lang=tag tabindex="0" role="region" aria-label=format!("{}: {word}", t::preview(locale)) inner_html=html></div>
                <LivePreview field=format!("body_{tag}") shown=format!("preview-{tag}") function=PreviewText::PATH sent_as="text" />
            </section>
        }
    });
    view! {
        <section class="stack">
            <div><h2>{t::preview(locale)}</h2><p class="meta">{t::preview_lead(locale)}</p></div>
            <div class="editor">{sides.collect_view()}</div>
        </section>
    }
}

#[component]
fn Versions(locale: Locale, writing: Writing) -> impl IntoView {
    let is_empty = writing.versions.is_empty();
    let id = writing.edited.document;
    let kind = writing.edited.kind;
    let entries = writing.versions.into_iter().map(|version| {
        let published = words::date(locale, zones::local_date(&writing.time_zone, version.published_at));
        view! {
            <li>
                <a href=format!("/content/documents/{id}/versions/{}", version.number)>{t::version_of(locale, version.number, &published)}</a>
                <span class="meta">{about(locale, kind, &version)}</span>
            </li>
        }
    });
    view! {
        <section class="card">
            <h2>{t::versions(locale)}</h2>
            {is_empty.then(|| view! { <p class="muted">{t::no_versions(locale)}</p> })}
            {(!is_empty).then(|| view! { <ul class="stack">{entries.collect_view()}</ul> })}
        </section>
    }
}

/// Weight, day and note of a version.
fn about(locale: Locale, kind: DocumentKind, version: &DocumentVersion) -> String {
    let weight = match (kind, version.material) {
        (DocumentKind::Nda, _) => None,
        (DocumentKind::Policy, true) => Some(t::material(locale).to_owned()),
        (DocumentKind::Policy, false) => Some(t::minor(locale).to_owned()),
    };
    let effective = version.release.effective_on.map(|day| t::in_force(locale, &words::date(locale, day)));
    let change = Some(version.release.change.get(locale).to_owned()).filter(|change| !change.is_empty());
    let notes: Vec<_> = [weight, effective, change].into_iter().flatten().collect();
    if notes.is_empty() {
        String::new()
    } else {
        format!(" · {}", notes.join(" · "))
    }
}

#[component]
fn Discard(locale: Locale, writing: Writing) -> impl IntoView {
    writing.edited.draft.as_ref().map(|draft| {
        view! {
            <details class="disclosure">
                <summary>{t::discard(locale)}</summary>
                <form class="stack" method="post" action=DiscardDraft::PATH>
                    <p>{t::discard_text(locale)}</p>
                    <input type="hidden" name="id" value=writing.edited.document.to_string() />
                    <input type="hidden" name="seen" value=draft.revision.to_string() />
                    <button class="button danger">{t::discard(locale)}</button>
                </form>
            </details>
        }
    })
}

/// `/content/documents/{id}/versions/{number}`
#[component]
pub fn VersionPage() -> impl IntoView {
    let ids = path_param::<DocumentId>("id").and_then(|id| Ok((id, path_param::<i64>("number")?)));
    load(async move |cx| {
        let (id, number) = ids?;
        let writing = cx.actor()?.document_desk(&cx.app)?.open(id).await?;
        let locale = cx.locale;
        let version = writing
            .versions
            .iter()
            .find(|version| version.number == number)
            .cloned()
            .ok_or(ApiError::NotFound)?;
        let before = writing.versions.iter().find(|other| other.number == number - 1);
        let published = words::date(locale, zones::local_date(&writing.time_zone, version.published_at));
        let changes = before.map(|before| {
            let title = t::since_before(locale, before.number);
            view! { <Differences locale=locale title=title old=texts_of(before) new=texts_of(&version) /> }
        });
        let sheets = [(Locale::De, t::german(locale)), (Locale::En, t::english(locale))].map(|(language, word)| {
            view! {
                <DocumentSheet title=version.title.get(language) markdown=version.body.get(language).to_owned() language=language />
                <p class="hash">{t::checksum_of(locale, word)}": "{hex::encode(version.sha256(language))}</p>
            }
        });
        let title = t::version_title(locale, number);
        Ok(view! {
            <PageTitle text=format!("{}: {title}", name(locale, &version.title)) />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href=edited_document_path(id)><Icon name="chevron-left" />{name(locale, &version.title)}</a>
                <div class="page-heading"><div>
                    <h1>{title}</h1>
                    <p class="lead">{t::published_on(locale, &published)}{about(locale, writing.edited.kind, &version)}</p>
                </div></div>
                {changes}
                {sheets.collect_view()}
            </main>
        }
        .into_any())
    })
}
