//! Taking a course over from a file: uploaded, checked and shown, and only then made a draft.

use super::courses::size_of;
use crate::{
    api::courses::TakeOverCourse,
    domain::{gaps::Gap, ids::ImportId, locale::Locale},
    server::{
        context::Cx,
        service::{
            course_file::{Contents, FileFlaw, FilePreview, Flaws},
            rows::CourseRow,
        },
    },
    ui::{
        components::{
            form::{ErrorSummary, FileField, FormState},
            icon::Icon,
            notice::{FlashNotice, Notice},
        },
        load::{PageTitle, load, path_param},
        texts::{common, courses as t},
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// Where the upload goes; the page has the same address.
const UPLOAD: &str = "/content/courses/import";

/// `/content/courses/import`
#[component]
pub fn CourseImportPage() -> impl IntoView {
    load(async move |cx| {
        cx.actor()?.course_desk(&cx.app)?;
        let locale = cx.locale;
        let form = FormState::of(&cx, UPLOAD);
        Ok(view! {
            <PageTitle text=t::import(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href="/content/courses"><Icon name="chevron-left" />{t::title(locale)}</a>
                <div class="page-heading"><div><h1>{t::import(locale)}</h1><p class="lead">{t::import_lead(locale)}</p></div></div>
                <FlashNotice cx=cx.clone() />
                <form class="form card" method="post" action=UPLOAD enctype="multipart/form-data" novalidate>
                    <ErrorSummary form=form.clone() labels=vec![("file", t::import_file(locale).to_owned())] />
                    <FileField form=form name="file" label=t::import_file(locale) hint=t::import_hint(locale) accept=".antritt-course,application/json" required=true />
                    <div class="actions">
                        <button class="button"><Icon name="eye" />{t::import_button(locale)}</button>
                        <a class="button quiet" href="/content/courses">{common::cancel(locale)}</a>
                    </div>
                </form>
            </main>
        }
        .into_any())
    })
}

/// `/content/courses/import/{id}`
#[component]
pub fn CoursePreviewPage() -> impl IntoView {
    let id = path_param::<ImportId>("id");
    load(async move |cx| {
        let FilePreview { id, file_name, read, courses } = cx.actor()?.course_desk(&cx.app)?.preview_file(id?).await?;
        let locale = cx.locale;
        let name = if file_name.is_empty() {
            t::preview_unnamed(locale).to_owned()
        } else {
            file_name
        };
        let body = match read {
            Ok(read) => view! { <Sound cx=cx.clone() id=id read=read courses=courses /> }.into_any(),
            Err(flaws) => view! { <Refused locale=locale flaws=flaws /> }.into_any(),
        };
        Ok(view! {
            <PageTitle text=t::preview_title(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href=UPLOAD><Icon name="chevron-left" />{t::import(locale)}</a>
                <div class="page-heading"><div><h1>{t::preview_title(locale)}</h1><p class="lead">{name}</p></div></div>
                <FlashNotice cx=cx.clone() />
                {body}
            </main>
        }
        .into_any())
    })
}

/// Everything that is wrong, each with its path in the file.
#[component]
fn Refused(locale: Locale, flaws: Flaws) -> impl IntoView {
    let n = words::count(
        i64::try_from(flaws.shown.len() + flaws.hidden).unwrap_or(i64::MAX),
        t::problem_one(locale),
        t::problem_many(locale),
    );
    let rows = flaws.shown.into_iter().map(|flaw| {
        let (path, text) = in_words(locale, &flaw);
        view! { <tr><th scope="row"><code>{path}</code></th><td data-label=t::column_problem(locale)>{text}</td></tr> }
    });
    let rows = rows.collect_view();
    view! {
        <Notice tone="error"><p><strong>{t::preview_refused(locale, &n)}</strong></p></Notice>
        <div class="table-frame" tabindex="0" role="region" aria-label=t::column_problem(locale)>
            <table class="table cards">
                <caption class="visually-hidden">{t::column_problem(locale)}</caption>
                <thead><tr><th scope="col">{t::column_place(locale)}</th><th scope="col">{t::column_problem(locale)}</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <div class="actions"><a class="button" href=UPLOAD>{t::preview_other(locale)}</a></div>
    }
}

/// The path of a flaw in the file, and what is wrong there.
fn in_words(locale: Locale, flaw: &FileFlaw) -> (String, String) {
    match flaw {
        FileFlaw::NotJson { line, column } => (String::new(), t::file_not_json(locale, *line, *column)),
        FileFlaw::NotACourse => ("format".to_owned(), t::file_not_a_course(locale).to_owned()),
        FileFlaw::TooNew(version) => ("version".to_owned(), t::file_too_new(locale, *version)),
        FileFlaw::Shape { path, line, detail } => (path.clone(), t::file_shape(locale, *line, detail)),
        FileFlaw::Image { index } => (format!("images[{index}]"), t::file_image(locale).to_owned()),
        FileFlaw::Gap(gap) => (Gap::path(gap), t::flaw(locale, gap)),
    }
}

/// What the file holds, and what it shall become.
#[component]
fn Sound(cx: Cx, id: ImportId, read: Contents, courses: Vec<CourseRow>) -> impl IntoView {
    let locale = cx.locale;
    let form = FormState::of(&cx, TakeOverCourse::PATH);
    let Contents {
        title,
        lessons,
        questions,
        images,
    } = read;
    let chosen = form.value("into", "");
    let mut size = size_of(locale, lessons, questions);
    if images > 0 {
        size = format!("{size}, {}", t::preview_images(locale, images));
    }
    let new = (String::new(), t::preview_new(locale).to_owned(), "");
    let drafts = courses.iter().map(|row| {
        let title = row.content().map(|course| course.title.or_other(locale).to_owned()).unwrap_or_default();
        let warning = if row.draft.is_some() { t::preview_replaces(locale) } else { "" };
        (row.id.to_string(), t::preview_draft_of(locale, &title), warning)
    });
    let choices = std::iter::once(new).chain(drafts).map(|(value, word, warning)| {
        let checked = value == chosen;
        let warning = (!warning.is_empty()).then(|| view! { <small>{warning}</small> });
        view! { <label class="choice"><input type="radio" name="into" value=value checked=checked /><span>{word}{warning}</span></label> }
    });
    let choices = choices.collect_view();
    view! {
        <Notice tone="success"><p><strong>{t::preview_sound(locale)}</strong></p></Notice>
        <section class="card"><h2>{title.or_other(locale).to_owned()}</h2><p>{size}</p></section>
        <form class="form" method="post" action=TakeOverCourse::PATH>
            <input type="hidden" name="id" value=id.to_string() />
            <fieldset class="field">
                <legend>{t::preview_into(locale)}</legend>
                <div class="choices">{choices}</div>
            </fieldset>
            <div class="actions">
                <button class="button">{t::preview_take(locale)}</button>
                <a class="button quiet" href=UPLOAD>{t::preview_other(locale)}</a>
            </div>
        </form>
    }
}
