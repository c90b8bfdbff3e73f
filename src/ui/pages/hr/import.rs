//! Uploading a list of people. What it would do is shown by `preview`.

use crate::{
    domain::locale::Locale,
    islands::live::ImportPreview,
    server::service::people_file::Column,
    ui::{
        components::{
            form::{ErrorSummary, FileField, FormState},
            icon::Icon,
            notice::FlashNotice,
        },
        load::{PageTitle, load},
        texts::{common, hr as t},
    },
};
use leptos::prelude::*;

pub use super::preview::PreviewPage;

/// Where the upload goes; the page has the same address.
const UPLOAD: &str = "/people/import";

/// `/people/import`
#[component]
pub fn ImportPage() -> impl IntoView {
    load(async move |cx| {
        cx.actor()?.people_editing_desk(&cx.app)?;
        let locale = cx.locale;
        let form = FormState::of(&cx, UPLOAD);
        Ok(view! {
            <PageTitle text=t::import_title(locale) />
            <main class="page" id="main" tabindex="-1">
                <div class="region" id="import">
                    <a class="back" href="/people"><Icon name="chevron-left" />{t::people_title(locale)}</a>
                    <div class="page-heading"><div><h1>{t::import_title(locale)}</h1><p class="lead">{t::import_lead(locale)}</p></div></div>
                    <FlashNotice cx=cx.clone() />
                    <form class="form card" method="post" action=UPLOAD enctype="multipart/form-data" novalidate>
                        <ErrorSummary form=form.clone() labels=vec![("file", t::import_file(locale).to_owned())] />
                        <FileField form=form name="file" label=t::import_file(locale) hint=t::import_file_hint(locale) accept=".csv,text/csv,text/plain" required=true />
                        <div class="actions">
                            <button class="button"><Icon name="eye" />{t::import_button(locale)}</button>
                            <a class="button quiet" href="/people/import/template.csv" download><Icon name="download" />{t::import_template(locale)}</a>
                        </div>
                    </form>
                    <Columns locale=locale />
                </div>
                <ImportPreview region="import" loading=t::import_reading(locale) />
            </main>
        }
        .into_any())
    })
}

/// What the columns of a list hold.
#[component]
fn Columns(locale: Locale) -> impl IntoView {
    let rows = Column::ALL.into_iter().map(|column| {
        let optional =
            matches!(column, Column::WorkEmail | Column::ManagerEmail).then(|| view! { " "<span class="optional">{common::optional(locale)}</span> });
        view! {
            <tr>
                <th scope="row">{column.header(locale)}{optional}</th>
                <td data-label=t::column_content(locale)>{t::column_content_of(locale, column)}</td>
            </tr>
        }
    });
    view! {
        <section class="card">
            <h2>{t::import_columns(locale)}</h2>
            <p>{t::import_columns_text(locale)}</p>
            <div class="table-frame">
                <table class="table cards">
                    <caption class="visually-hidden">{t::import_columns(locale)}</caption>
                    <thead><tr><th>{t::column_column(locale)}</th><th>{t::column_content(locale)}</th></tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
            <p>{t::import_twice(locale)}</p>
        </section>
    }
}
