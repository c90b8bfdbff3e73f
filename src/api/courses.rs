//! Writing and publishing courses. Uploads of images and course files are plain handlers (`server::http::course_files`).

use super::{
    done::{Done, Said, edited_course_path, edited_lesson_path, edited_questions_path},
    error::ApiError,
};
use crate::domain::{
    course::QuestionForm,
    ids::{CourseId, ImportId},
};
use leptos::prelude::*;
use std::collections::HashMap;

/// Begins a course.
#[server(endpoint = "courses/add")]
pub async fn add_course(#[server(default)] title_de: String, #[server(default)] title_en: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let id = cx.actor()?.course_desk(&cx.app)?.add(cx.now, &title_de, &title_en).await?;
    Ok(Done::go(edited_course_path(id), Said::CourseSaved))
}

/// Changes the title and how the quiz is asked. `seen` is what the form saw of it.
#[server(endpoint = "courses/save")]
pub async fn save_course(
    id: CourseId,
    #[server(default)] seen: String,
    #[server(default)] title_de: String,
    #[server(default)] title_en: String,
    #[server(default)] pass_mark: String,
    #[server(default)] draw: String,
    #[server(default)] attempts_per_day: String,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let form = crate::server::service::courses::SettingsForm {
        title_de,
        title_en,
        pass_mark,
        draw,
        attempts_per_day,
    };
    let changed = cx.actor()?.course_desk(&cx.app)?.save_settings(cx.now, id, &seen, &form).await?;
    Ok(Done::go(edited_course_path(id), Said::CourseSaved.if_changed(changed)))
}

/// Adds a lesson.
#[server(endpoint = "courses/add-lesson")]
pub async fn add_lesson(id: CourseId, #[server(default)] lesson_de: String, #[server(default)] lesson_en: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let slug = cx.actor()?.course_desk(&cx.app)?.add_lesson(cx.now, id, &lesson_de, &lesson_en).await?;
    Ok(Done::go(edited_lesson_path(id, &slug), Said::CourseSaved))
}

/// Changes a lesson. `seen` is what the form saw of it.
#[server(endpoint = "courses/save-lesson")]
pub async fn save_lesson(
    id: CourseId,
    #[server(default)] slug: String,
    #[server(default)] seen: String,
    #[server(default)] title_de: String,
    #[server(default)] title_en: String,
    #[server(default)] body_de: String,
    #[server(default)] body_en: String,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let form = crate::server::service::lessons::LessonForm {
        title_de,
        title_en,
        body_de,
        body_en,
    };
    let changed = cx.actor()?.course_desk(&cx.app)?.save_lesson(cx.now, id, &slug, &seen, &form).await?;
    Ok(Done::go(edited_lesson_path(id, &slug), Said::CourseSaved.if_changed(changed)))
}

/// Moves a lesson `up` or `down`. `seen` is the order that was seen.
#[server(endpoint = "courses/move-lesson")]
pub async fn move_lesson(
    id: CourseId,
    #[server(default)] slug: String,
    #[server(default)] seen: String,
    #[server(default)] direction: String,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let changed = cx.actor()?.course_desk(&cx.app)?.move_lesson(cx.now, id, &slug, &seen, &direction).await?;
    Ok(Done::go(edited_course_path(id), Said::CourseSaved.if_changed(changed)))
}

/// Removes a lesson. `seen` is what the form saw of it.
#[server(endpoint = "courses/remove-lesson")]
pub async fn remove_lesson(id: CourseId, #[server(default)] slug: String, #[server(default)] seen: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.course_desk(&cx.app)?.remove_lesson(cx.now, id, &slug, &seen).await?;
    Ok(Done::go(edited_course_path(id), Said::CourseSaved))
}

/// Adds a question, or changes the one that is named. `option_de[n]` and `option_en[n]` are the options.
#[server(endpoint = "courses/save-question")]
pub async fn save_question(
    id: CourseId,
    #[server(default)] question: String,
    #[server(default)] seen: String,
    #[server(flatten)] form: QuestionForm,
    #[server(default)] option_de: HashMap<String, String>,
    #[server(default)] option_en: HashMap<String, String>,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let old = (!question.is_empty()).then_some(question.as_str());
    let desk = cx.actor()?.course_desk(&cx.app)?;
    let changed = desk.save_question(cx.now, id, old, &seen, &form, [&option_de, &option_en]).await?;
    Ok(Done::go(edited_questions_path(id), Said::CourseSaved.if_changed(changed)))
}

/// Removes a question. `seen` is what the form saw of it.
#[server(endpoint = "courses/remove-question")]
pub async fn remove_question(id: CourseId, #[server(default)] question: String, #[server(default)] seen: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.course_desk(&cx.app)?.remove_question(cx.now, id, &question, &seen).await?;
    Ok(Done::go(edited_questions_path(id), Said::CourseSaved))
}

/// Drops the draft of revision `seen`.
#[server(endpoint = "courses/discard")]
pub async fn discard_course_draft(id: CourseId, #[server(default)] seen: i64) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let stays = cx.actor()?.course_desk(&cx.app)?.discard(cx.now, id, seen).await?;
    let path = if stays { edited_course_path(id) } else { "/content/courses".to_owned() };
    Ok(Done::go(path, Said::CourseDraftDiscarded))
}

/// Publishes the draft of revision `seen`, as `material` or `minor`.
#[server(endpoint = "courses/publish")]
pub async fn publish_course(id: CourseId, #[server(default)] seen: i64, #[server(default)] weight: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let asked = cx.actor()?.course_desk(&cx.app)?.publish(cx.now, id, seen, &weight).await?;
    Ok(Done::go(edited_course_path(id), Said::CoursePublished { asked }))
}

/// Makes an uploaded file the draft of a course; of a new one where `into` is empty.
#[server(endpoint = "courses/take-over")]
pub async fn take_over_course(id: ImportId, #[server(default)] into: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let into = if into.is_empty() { Ok(None) } else { into.parse().map(Some) };
    let desk = cx.actor()?.course_desk(&cx.app)?;
    let course = desk.take_over(cx.now, id, into.map_err(|_| ApiError::NotFound)?).await?;
    Ok(Done::go(edited_course_path(course), Said::CourseImported))
}
