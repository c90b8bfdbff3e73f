//! The texts that an editor may write, and beginning a new policy.

use super::titles::{TitleFields, title_labels};
use crate::{
    api::{documents::AddPolicy, done::edited_document_path, error::ApiError},
    domain::{
        document::DocumentKind,
        locale::{Bilingual, Locale},
        person::MAX_TEXT,
    },
    server::{service::rows::DocumentSummary, zones},
    ui::{
        components::{
            empty::Empty,
            form::{ErrorSummary, FormState},
            icon::Icon,
            notice::FlashNotice,
            status::Status,
        },
        load::{PageTitle, load},
        texts::{common, content, documents as t},
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/content/documents`
#[component]
pub fn DocumentsPage() -> impl IntoView {
    load(async move |cx| {
        let desk = cx.actor()?.document_desk(&cx.app)?;
        let documents = desk.list(cx.now).await?;
        let locale = cx.locale;
        let zone = cx.app.settings().time_zone.clone();
        let may_add = desk.writes(DocumentKind::Policy);
        let title = if desk.writes(DocumentKind::Nda) {
            t::title(locale)
        } else {
            content::documents(locale)
        };
        let list = if documents.is_empty() {
            view! { <Empty icon="document" title=t::empty_title(locale) text=t::empty_text(locale) /> }.into_any()
        } else {
            view! { <List locale=locale zone=zone documents=documents /> }.into_any()
        };
        Ok(view! {
            <PageTitle text=title />
            <main class="page" id="main" tabindex="-1">
                <a class="back" href="/content"><Icon name="chevron-left" />{content::title(locale)}</a>
                <div class="page-heading">
                    <div><h1>{title}</h1><p class="lead">{t::lead(locale)}</p></div>
                    {may_add.then(|| view! { <div class="actions"><a class="button" href="/content/documents/new"><Icon name="plus" />{t::new_policy(locale)}</a></div> })}
                </div>
                <FlashNotice cx=cx.clone() />
                {list}
            </main>
        }
        .into_any())
    })
}

#[component]
fn List(locale: Locale, zone: String, documents: Vec<DocumentSummary>) -> impl IntoView {
    let is_mixed = documents.iter().any(|document| document.kind != documents[0].kind);
    let rows = documents.into_iter().map(move |document| {
        let kind = match document.kind {
            DocumentKind::Policy => t::kind_policy(locale),
            DocumentKind::Nda => t::kind_nda(locale),
        };
        let version = document.published.map_or_else(
            || t::never_published(locale).to_owned(),
            |(number, at)| format!("{number} · {}", words::short_date(locale, zones::local_date(&zone, at))),
        );
        let draft = if document.has_draft {
            view! { <Status tone="waiting" icon="edit" word=t::draft_pending(locale) /> }.into_any()
        } else {
            view! { <span class="muted">{t::no_draft(locale)}</span> }.into_any()
        };
        let accepted = match document.kind {
            DocumentKind::Nda => t::signatures(locale, document.signatures),
            DocumentKind::Policy if document.asked == 0 => t::accepted_nobody(locale).to_owned(),
            DocumentKind::Policy => t::accepted_of(locale, document.accepted, document.asked),
        };
        view! {
            <tr>
                <th scope="row"><a href=edited_document_path(document.id)>{name(locale, &document.title)}</a>{is_mixed.then(|| view! { <small>{kind}</small> })}</th>
                <td data-label=t::column_version(locale)>{version}</td>
                <td data-label=t::column_draft(locale)>{draft}</td>
                <td data-label=t::column_accepted(locale)>{accepted}</td>
            </tr>
        }
    });
    view! {
        <div class="table-frame">
            <table class="table cards">
                <caption class="visually-hidden">{t::table(locale)}</caption>
                <thead><tr>
                    <th scope="col">{t::column_title(locale)}</th>
                    <th scope="col">{t::column_version(locale)}</th>
                    <th scope="col">{t::column_draft(locale)}</th>
                    <th scope="col">{t::column_accepted(locale)}</th>
                </tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

/// A title, or the other language's, or what says that there is none.
pub fn name(locale: Locale, title: &Bilingual) -> String {
    let title = title.or_other(locale);
    if title.is_empty() { t::untitled(locale) } else { title }.to_owned()
}

/// `/content/documents/new`
#[component]
pub fn NewPolicyPage() -> impl IntoView {
    load(async move |cx| {
        if !cx.actor()?.document_desk(&cx.app)?.writes(DocumentKind::Policy) {
            return Err(ApiError::NotFound);
        }
        let locale = cx.locale;
        let form = FormState::of(&cx, AddPolicy::PATH);
        Ok(view! {
            <PageTitle text=t::new_policy(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href="/content/documents"><Icon name="chevron-left" />{content::documents(locale)}</a>
                <div class="page-heading"><div><h1>{t::new_policy(locale)}</h1><p class="lead">{t::new_policy_lead(locale)}</p></div></div>
                <FlashNotice cx=cx.clone() />
                <form class="form" method="post" action=AddPolicy::PATH novalidate>
                    <ErrorSummary form=form.clone() labels=title_labels(locale) />
                    <TitleFields locale=locale form=form title=[String::new(), String::new()] maxlength=MAX_TEXT />
                    <div class="actions">
                        <button class="button">{t::begin(locale)}</button>
                        <a class="button quiet" href="/content/documents">{common::cancel(locale)}</a>
                    </div>
                </form>
            </main>
        }
        .into_any())
    })
}
