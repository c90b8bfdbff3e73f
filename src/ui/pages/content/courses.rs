//! Every course, and beginning one.

use super::titles::{TitleFields, title_labels};
use crate::{
    api::{courses::AddCourse, done::edited_course_path},
    domain::{course::Course, locale::Locale},
    server::{service::rows::CourseRow, zones},
    ui::{
        components::{
            empty::Empty,
            form::{ErrorSummary, FormState},
            icon::Icon,
            notice::FlashNotice,
            status::Status,
            task::TaskRow,
        },
        load::{PageTitle, load},
        texts::{common, content, courses as t},
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/content/courses`
#[component]
pub fn CoursesPage() -> impl IntoView {
    load(async move |cx| {
        let courses = cx.actor()?.course_desk(&cx.app)?.list().await?;
        let locale = cx.locale;
        let zone = cx.app.settings().time_zone.clone();
        let body = if courses.is_empty() {
            view! { <Empty icon="book" title=t::empty_title(locale) text=t::empty_text(locale) /> }.into_any()
        } else {
            let rows = courses.into_iter().map(|row| view! { <CourseLine locale=locale zone=zone.clone() row=row /> });
            view! { <ul class="tasks" role="list">{rows.collect_view()}</ul> }.into_any()
        };
        Ok(view! {
            <PageTitle text=t::title(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href="/content"><Icon name="chevron-left" />{content::title(locale)}</a>
                <div class="page-heading">
                    <div><h1>{t::title(locale)}</h1><p class="lead">{t::lead(locale)}</p></div>
                    <div class="actions">
                        <a class="button" href="/content/courses/new"><Icon name="plus" />{t::new(locale)}</a>
                        <a class="button secondary" href="/content/courses/import"><Icon name="upload" />{t::import(locale)}</a>
                    </div>
                </div>
                <FlashNotice cx=cx.clone() />
                {body}
            </main>
        }
        .into_any())
    })
}

#[component]
fn CourseLine(locale: Locale, zone: String, row: CourseRow) -> impl IntoView {
    let course = row.content();
    let title = course.map(|course| course.title.or_other(locale).to_owned()).unwrap_or_default();
    let published = published(locale, &zone, &row);
    let meta = course.map_or_else(|| published.clone(), |course| format!("{published} · {}", size(locale, course)));
    let has_draft = row.draft.is_some();
    let status = move || has_draft.then(|| view! { <Status tone="amber" icon="edit" word=t::draft(locale) /> });
    view! { <li><TaskRow href=Some(edited_course_path(row.id)) icon="book" title=title meta=meta status=status /></li> }
}

/// The newest version and its date.
pub fn published(locale: Locale, zone: &str, row: &CourseRow) -> String {
    row.published.as_ref().map_or_else(
        || t::never_published(locale).to_owned(),
        |(number, at, _)| t::version_of(locale, *number, &words::date(locale, zones::local_date(zone, *at))),
    )
}

/// How many lessons and questions.
pub fn size(locale: Locale, course: &Course) -> String {
    size_of(locale, course.lessons.len(), course.questions.len())
}

/// The same of so many.
pub fn size_of(locale: Locale, lessons: usize, questions: usize) -> String {
    let count = |n: usize, one, many| words::count(i64::try_from(n).unwrap_or(i64::MAX), one, many);
    let lessons = count(lessons, t::lesson(locale), t::lessons(locale));
    let questions = count(questions, t::question(locale), t::questions(locale));
    format!("{lessons}, {questions}")
}

/// `/content/courses/new`
#[component]
pub fn NewCoursePage() -> impl IntoView {
    load(async move |cx| {
        cx.actor()?.course_desk(&cx.app)?;
        let locale = cx.locale;
        let form = FormState::of(&cx, AddCourse::PATH);
        Ok(view! {
            <PageTitle text=t::new(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href="/content/courses"><Icon name="chevron-left" />{t::title(locale)}</a>
                <div class="page-heading"><div><h1>{t::new(locale)}</h1><p class="lead">{t::new_lead(locale)}</p></div></div>
                <FlashNotice cx=cx.clone() />
                <form class="form" method="post" action=AddCourse::PATH novalidate>
                    <ErrorSummary form=form.clone() labels=title_labels(locale) />
                    <TitleFields locale=locale form=form title=[String::new(), String::new()] maxlength=Course::MAX_LINE />
                    <div class="actions">
                        <button class="button">{t::create(locale)}</button>
                        <a class="button quiet" href="/content/courses">{common::cancel(locale)}</a>
                    </div>
                </form>
            </main>
        }
        .into_any())
    })
}
