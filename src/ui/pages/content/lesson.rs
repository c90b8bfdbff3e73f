//! Writing a lesson: German and English side by side, what the saved text looks like, and its images.

use super::titles::{TitleFields, title_labels};
use crate::{
    api::{
        courses::{RemoveLesson, SaveLesson},
        documents::PreviewText,
        done::{edited_course_path, edited_lesson_path},
    },
    domain::{
        course::{Course, Lesson},
        ids::CourseId,
        locale::{Bilingual, Locale},
    },
    islands::preview::LivePreview,
    server::{
        context::Cx,
        service::{courses::mark, markdown},
    },
    ui::{
        components::{
            form::{ErrorSummary, FileField, FormState, TextField},
            icon::Icon,
            notice::FlashNotice,
            paragraph::ParagraphField,
        },
        load::{PageTitle, load, path_param},
        texts::{common, content, courses as t},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/content/courses/{id}/lessons/{slug}`
#[component]
pub fn EditLessonPage() -> impl IntoView {
    let id = path_param::<CourseId>("id");
    let slug = path_param::<String>("slug");
    load(async move |cx| {
        let (id, slug) = (id?, slug?);
        let editor = cx.actor()?.course_desk(&cx.app)?.editor(id).await?;
        let lesson = editor.course.lesson(&slug).ok_or(crate::api::error::ApiError::NotFound)?.clone();
        let locale = cx.locale;
        let title = if lesson.title.get(locale).is_empty() {
            slug
        } else {
            lesson.title.get(locale).to_owned()
        };
        let title = t::edit_lesson(locale, &title);
        Ok(view! {
            <PageTitle text=title.clone() />
            <main class="page" id="main" tabindex="-1">
                <a class="back" href=edited_course_path(id)><Icon name="chevron-left" />{editor.course.title.or_other(locale).to_owned()}</a>
                <div class="page-heading"><h1>{title}</h1></div>
                <FlashNotice cx=cx.clone() />
                <Write cx=cx.clone() id=id lesson=lesson.clone() />
                <Preview locale=locale lesson=lesson.clone() />
                <div class="split">
                    <AddImage cx=cx.clone() id=id slug=lesson.slug.clone() />
                    <Remove locale=locale id=id lesson=lesson />
                </div>
            </main>
        }
        .into_any())
    })
}

#[component]
fn Write(cx: Cx, id: CourseId, lesson: Lesson) -> impl IntoView {
    let locale = cx.locale;
    let form = FormState::of(&cx, SaveLesson::PATH);
    let seen = mark(&lesson);
    let Lesson { slug, title, body } = lesson;
    view! {
        <form class="form writing" method="post" action=SaveLesson::PATH novalidate>
            <ErrorSummary form=form.clone() labels=title_labels(locale) />
            <input type="hidden" name="id" value=id.to_string() />
            <input type="hidden" name="slug" value=slug />
            <input type="hidden" name="seen" value=seen />
            <TitleFields locale=locale form=form.clone() title=[title.de, title.en] maxlength=Course::MAX_LINE />
            <div class="pair">
                <ParagraphField form=form.clone() name="body_de" label=content::body_de(locale) hint=t::body_hint(locale) value=body.de maxlength=Course::MAX_BODY language="de" />
                <ParagraphField form=form name="body_en" label=content::body_en(locale) hint=t::body_hint(locale) value=body.en maxlength=Course::MAX_BODY language="en" />
            </div>
            <div class="actions">
                <button class="button">{t::save_lesson(locale)}</button>
                <a class="button quiet" href=edited_course_path(id)>{common::cancel(locale)}</a>
            </div>
        </form>
    }
}

/// The text in both languages: as it is saved, and with script as it is typed.
#[component]
fn Preview(locale: Locale, lesson: Lesson) -> impl IntoView {
    let Bilingual { de, en } = lesson.body;
    let sides = [(Locale::De, lesson.title.de, de), (Locale::En, lesson.title.en, en)].map(|(language, title, body)| {
        let tag = language.tag();
        let html = if body.is_empty() {
            format!("<p>{}</p>", content::preview_empty(locale))
        } else {
            markdown::render(&body)
        };
        view! {
            <article class="card">
                <div class="prose" lang=tag><h3>{title}</h3><div class="prose" id=format!("preview-{tag}") inner_html=html></div></div>
                <LivePreview field=format!("body_{tag}") shown=format!("preview-{tag}") function=PreviewText::PATH sent_as="text" />
            </article>
        }
    });
    view! { <section class="stack"><h2>{t::preview(locale)}</h2><div class="pair">{sides.into_iter().collect_view()}</div></section> }
}

#[component]
fn AddImage(cx: Cx, id: CourseId, slug: String) -> impl IntoView {
    let locale = cx.locale;
    let action = format!("{}/images", edited_lesson_path(id, &slug));
    let form = FormState::of(&cx, &action);
    let labels = vec![
        ("image", t::image_file(locale).to_owned()),
        ("text_de", t::image_de(locale).to_owned()),
        ("text_en", t::image_en(locale).to_owned()),
    ];
    view! {
        <form class="card" method="post" action=action enctype="multipart/form-data" novalidate>
            <h2>{t::image_title(locale)}</h2>
            <p>{t::image_text(locale)}</p>
            <ErrorSummary form=form.clone() labels=labels />
            <FileField form=form.clone() name="image" label=t::image_file(locale) hint=t::image_hint(locale) accept="image/png,image/jpeg" required=true />
            <TextField form=form.clone() name="text_de" label=t::image_de(locale) required=true maxlength=Course::MAX_LINE />
            <TextField form=form name="text_en" label=t::image_en(locale) required=true maxlength=Course::MAX_LINE />
            <button class="button secondary"><Icon name="upload" />{t::image_button(locale)}</button>
        </form>
    }
}

#[component]
fn Remove(locale: Locale, id: CourseId, lesson: Lesson) -> impl IntoView {
    let seen = mark(&lesson);
    view! {
        <details class="disclosure">
            <summary>{t::remove_lesson(locale)}</summary>
            <form class="stack" method="post" action=RemoveLesson::PATH>
                <p>{t::remove_lesson_text(locale)}</p>
                <input type="hidden" name="id" value=id.to_string() />
                <input type="hidden" name="slug" value=lesson.slug />
                <input type="hidden" name="seen" value=seen />
                <button class="button danger">{t::remove_lesson(locale)}</button>
            </form>
        </details>
    }
}
