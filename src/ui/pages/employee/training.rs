//! The course: its overview, and its lessons one by one.

use super::{
    items::course_path,
    reading::{BackToChecklist, MinutesLeft, day},
};
use crate::{
    api::{done::quiz_path, error::ApiError},
    domain::{
        assignment::State,
        course::{Course, Lesson},
        ids::AssignmentId,
        locale::Locale,
    },
    server::service::training,
    ui::{
        components::{
            document::DocumentSheet,
            icon::Icon,
            notice::{FlashNotice, Notice},
            status::Status,
            task::TaskRow,
        },
        load::{PageTitle, load, path_param},
        texts::checklist as t,
        words,
    },
};
use leptos::prelude::*;

/// `/checklist/training/{id}`
#[component]
pub fn CoursePage() -> impl IntoView {
    let id: Result<AssignmentId, _> = path_param("id");
    load(async move |cx| {
        let page = cx.own_desk()?.course(cx.now, id?).await?;
        let locale = cx.locale;
        let (id, course) = (page.assignment.id, &page.version.content);
        let title = course.title.get(locale).to_owned();
        let is_open = is_open(page.assignment.state);
        let again = lessons_again(&page);
        let lessons = course.lessons.iter().map(|lesson| {
            let again = again.contains(&lesson.slug);
            let status = move || again.then(|| view! { <Status tone="amber" icon="refresh" word=t::read_again(locale) /> });
            view! { <li><TaskRow href=Some(lesson_path(id, lesson)) icon="book" title=lesson.title.get(locale) meta=words::minutes(locale, lesson.minutes()) status=status /></li> }
        });
        let quiz = view! { <li><TaskRow href=Some(quiz_path(id)) icon="list" title=t::quiz(locale) meta=quiz_terms(locale, course) /></li> };
        let button = (is_open && again.is_empty()).then(|| {
            let first = course.lessons.first().map_or_else(|| quiz_path(id), |lesson| lesson_path(id, lesson));
            let (href, word) = if page.answers_so_far().is_empty() {
                (first, t::begin(locale))
            } else {
                (quiz_path(id), t::quiz_under_way(locale))
            };
            view! { <a class="button large" href=href>{word}<Icon name="arrow-right" /></a> }
        });
        Ok(view! {
            <PageTitle text=title.clone() />
            <main class="page narrow" id="main" tabindex="-1">
                <BackToChecklist locale=locale />
                <FlashNotice cx=cx.clone() />
                <div class="page-heading"><div>
                    <h1>{title}</h1>
                    <p class="lead">{t::course_lead(locale, &words::minutes(locale, page.version.minutes))}</p>
                </div></div>
                <Standing locale=locale page=page.clone() />
                {button}
                <section class="checklist">
                    <h2>{t::lessons(locale)}</h2>
                    <ol class="tasks">{lessons.collect_view()}{quiz}</ol>
                </section>
            </main>
        }
        .into_any())
    })
}

/// What is to be said about the whole: passed, ended, or not passed yet.
#[component]
pub fn Standing(locale: Locale, page: training::CoursePage) -> impl IntoView {
    let course = &page.version.content;
    match page.assignment.state {
        State::Done { at, .. } => {
            let text = t::closed_training(locale, &day(locale, &page.assignment, at));
            let score = page.score().map(|(right, asked)| view! { <p>{t::your_score(locale, right, asked)}</p> });
            view! { <Notice tone="success"><p>{text}</p>{score}</Notice> }.into_any()
        }
        State::Ended { .. } => view! { <Notice tone="info"><p>{t::closed_ended(locale)}</p></Notice> }.into_any(),
        State::Open | State::Waiting { .. } | State::Failed { .. } => {
            let pause = page
                .paused_until
                .map(|until| t::try_tomorrow(locale, course.attempts_per_day, &words::moment(locale, &page.assignment.time_zone, until)));
            let Some(grade) = page.last_grade().filter(|grade| !grade.passed) else {
                return pause.map(|pause| view! { <Notice tone="info"><p>{pause}</p></Notice> }).into_any();
            };
            let lessons = course.lessons.iter().filter(|lesson| grade.lessons_to_repeat.contains(&lesson.slug));
            let links = lessons.map(|lesson| {
                view! { <li><Icon name="book" /><a href=lesson_path(page.assignment.id, lesson)>{lesson.title.get(locale).to_owned()}</a></li> }
            });
            let links: Vec<_> = links.collect();
            let result = t::not_passed_text(locale, grade.correct, grade.asked, course.pass_mark);
            view! {
                <Notice tone="warning">
                    <strong>{t::not_passed(locale)}</strong>
                    <p>{result}</p>
                    <ul class="points">{links}</ul>
                    <p>{pause.unwrap_or_else(|| t::try_again(locale).to_owned())}</p>
                </Notice>
            }
            .into_any()
        }
    }
}

/// `/checklist/training/{id}/lesson/{slug}`
#[component]
pub fn LessonPage() -> impl IntoView {
    let id: Result<AssignmentId, _> = path_param("id");
    let slug: Result<String, _> = path_param("slug");
    load(async move |cx| {
        let page = cx.own_desk()?.course(cx.now, id?).await?;
        let (locale, id) = (cx.locale, page.assignment.id);
        let course = &page.version.content;
        let slug = slug?;
        let index = course.lessons.iter().position(|lesson| lesson.slug == slug).ok_or(ApiError::NotFound)?;
        let (lesson, all) = (&course.lessons[index], course.lessons.len());
        let (title, minutes) = (lesson.title.get(locale), lesson.minutes());
        let before = index.checked_sub(1).and_then(|before| course.lessons.get(before)).map(|lesson| {
            view! { <a class="button secondary" rel="prev" href=lesson_path(id, lesson)><Icon name="chevron-left" />{lesson.title.get(locale).to_owned()}</a> }
        });
        let (href, word) = match course.lessons.get(index + 1) {
            Some(lesson) => (lesson_path(id, lesson), lesson.title.get(locale).to_owned()),
            None => (quiz_path(id), t::to_quiz(locale).to_owned()),
        };
        Ok(view! {
            <PageTitle text=title />
            <main class="page" id="main" tabindex="-1">
                <div class="reading-progress" aria-hidden="true"></div>
                <a class="back" href=course_path(id)><Icon name="chevron-left" />{course.title.get(locale).to_owned()}</a>
                <FlashNotice cx=cx.clone() />
                <div class="course">
                    <Steps locale=locale page=page.clone() current=index />
                    <div class="stack">
                        <div class="progress">
                            <p id="progress"><strong>{t::lesson_of(locale, index + 1, all)}</strong></p>
                            <p>{words::minutes(locale, minutes)}</p>
                            <progress value=(index + 1).to_string() max=all.to_string() aria-labelledby="progress"></progress>
                        </div>
                        <DocumentSheet title=title markdown=lesson.body.get(locale).to_owned() language=locale>
                            <MinutesLeft locale=locale minutes=minutes />
                        </DocumentSheet>
                        <div class="lesson-nav">
                            {before.unwrap_or_else(|| view! { <a class="button secondary" rel="prev" href=course_path(id)><Icon name="chevron-left" />{t::overview(locale).to_owned()}</a> })}
                            <a class="button" rel="next" href=href>{word}<Icon name="arrow-right" /></a>
                        </div>
                    </div>
                </div>
            </main>
        }
        .into_any())
    })
}

/// All lessons and the quiz, with the one that is open.
#[component]
fn Steps(locale: Locale, page: training::CoursePage, current: usize) -> impl IntoView {
    let id = page.assignment.id;
    let again = lessons_again(&page);
    let lessons = page.version.content.lessons.iter().enumerate().map(|(index, lesson)| {
        let is_current = index == current;
        let note = if again.contains(&lesson.slug) {
            t::read_again(locale).to_owned()
        } else {
            words::minutes(locale, lesson.minutes())
        };
        let icon = if is_current { "play" } else { "book" };
        view! {
            <li><a href=lesson_path(id, lesson) aria-current=is_current.then_some("step")><Icon name=icon />{lesson.title.get(locale).to_owned()}<small>{note}</small></a></li>
        }
    });
    view! {
        <nav class="steps" aria-label=t::lessons(locale)>
            <ol>
                {lessons.collect_view()}
                <li><a href=quiz_path(id)><Icon name="list" />{t::quiz(locale)}<small>{count_questions(locale, &page.version.content)}</small></a></li>
            </ol>
        </nav>
    }
}

/// The lessons that the last try showed to be worth another reading; none once it is passed.
fn lessons_again(page: &training::CoursePage) -> Vec<String> {
    let grade = page.last_grade().filter(|grade| !grade.passed && is_open(page.assignment.state));
    grade.map(|grade| grade.lessons_to_repeat).unwrap_or_default()
}

/// Whether the quiz still takes answers.
pub const fn is_open(state: State) -> bool {
    matches!(state, State::Open | State::Waiting { .. } | State::Failed { .. })
}

fn quiz_terms(locale: Locale, course: &Course) -> String {
    t::quiz_after(locale, &count_questions(locale, course), course.pass_mark)
}

fn count_questions(locale: Locale, course: &Course) -> String {
    let n = i64::try_from(course.asked()).unwrap_or(i64::MAX);
    words::count(n, t::question(locale), t::questions(locale))
}

fn lesson_path(id: AssignmentId, lesson: &Lesson) -> String {
    let slug: String = url::form_urlencoded::byte_serialize(lesson.slug.as_bytes()).collect();
    format!("/checklist/training/{id}/lesson/{slug}")
}
