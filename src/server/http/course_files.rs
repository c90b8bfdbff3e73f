//! Course files and the images of lessons: in by multipart, out under fixed headers.

use super::{
    context::append_flash,
    downloads::{self, Need},
    errors::plainly,
    exports::{Given, answer},
    shelf::{Image, Shelf},
    uploads::{once, place, read_to_end},
};
use crate::{
    api::{done::Said, done::edited_lesson_path, error::ApiError, flash::Flash},
    domain::{
        gaps::is_name,
        ids::CourseId,
        problem::{FieldProblem, Problem},
    },
    server::{
        context::Cx,
        service::{copies::Download, course_file, images, markdown},
    },
};
use axum::{
    Extension,
    body::Body,
    extract::{Multipart, Path, multipart::MultipartError},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};

const MIB: usize = 1024 * 1024;
/// The most that is read of a description.
const MAX_TEXT: usize = 16 * 1024;

/// Where the upload of a course file stands.
const IMPORT: &str = "/content/courses/import";

/// Takes a course file and leads to its preview.
pub async fn take_file(Extension(cx): Extension<Cx>, form: Multipart) -> Response {
    match store_file(&cx, form).await {
        Ok(preview) => Redirect::to(&preview).into_response(),
        Err(error) => refused(error, IMPORT, IMPORT, Vec::new()),
    }
}

async fn store_file(cx: &Cx, mut form: Multipart) -> Result<String, ApiError> {
    cx.actor()?.course_desk(&cx.app)?;
    let _place = place(cx).await?;
    let too_large = || problem("file", Problem::CourseTooLarge(course_file::MAX_BYTES / MIB));
    while let Some(field) = form.next_field().await.map_err(|error| unreadable(&error, too_large()))? {
        if field.name() == Some("file") {
            let name = field.file_name().unwrap_or_default().to_owned();
            let content = read_to_end(field, course_file::MAX_BYTES)
                .await
                .map_err(|error| unreadable(&error, too_large()))?;
            let content = content.ok_or_else(too_large)?;
            if content.is_empty() {
                break;
            }
            let cx = cx.on_arrival().await?;
            let id = cx.actor()?.course_desk(&cx.app)?.upload_file(cx.now, &name, &content).await?;
            return Ok(format!("{IMPORT}/{id}"));
        }
    }
    Err(problem("file", Problem::Required))
}

/// Takes an image for a lesson.
pub async fn take_image(Extension(cx): Extension<Cx>, Path((id, slug)): Path<(String, String)>, form: Multipart) -> Response {
    // What could not name a lesson may not be fit for an address either.
    let Some(id) = id.parse::<CourseId>().ok().filter(|_| is_name(&slug)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let back = edited_lesson_path(id, &slug);
    let action = format!("{back}/images");
    let mut typed = Vec::new();
    match store_image(&cx, id, &slug, form, &mut typed).await {
        Ok(()) => {
            let mut response = Redirect::to(&back).into_response();
            append_flash(&mut response, &Flash::Said(Said::CourseImageAdded));
            response
        }
        Err(error) => refused(error, &back, &action, typed),
    }
}

async fn store_image(cx: &Cx, id: CourseId, slug: &str, mut form: Multipart, typed: &mut Vec<(String, String)>) -> Result<(), ApiError> {
    cx.actor()?.course_desk(&cx.app)?;
    let _place = place(cx).await?;
    let too_large = || problem("image", Problem::ImageTooLarge(images::MAX_BYTES / MIB));
    let mut image = Some(Vec::new());
    let mut taken = Vec::new();
    while let Some(field) = form.next_field().await.map_err(|error| unreadable(&error, too_large()))? {
        let name = once(["image", "text_de", "text_en"], &mut taken, &field)?;
        match name {
            Some("image") => image = read_to_end(field, images::MAX_BYTES).await.map_err(|error| unreadable(&error, too_large()))?,
            Some(name) => {
                let text = read_to_end(field, MAX_TEXT).await.map_err(|_| ApiError::Unreadable)?.unwrap_or_default();
                typed.push((name.to_owned(), String::from_utf8_lossy(&text).into_owned()));
            }
            None => {}
        }
    }
    let text = |name: &str| typed.iter().find(|(field, _)| field == name).map_or("", |(_, text)| text.as_str());
    let image = image.ok_or_else(too_large)?;
    let cx = cx.on_arrival().await?;
    let desk = cx.actor()?.course_desk(&cx.app)?;
    Ok(desk.add_image(cx.now, id, slug, &image, text("text_de"), text("text_en")).await?)
}

/// A course as one file.
pub async fn give_file(Extension(cx): Extension<Cx>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    answer(&headers, exported_file(&cx, &id).await, "application/json")
}

async fn exported_file(cx: &Cx, id: &str) -> Result<Given, ApiError> {
    let id = id.parse().map_err(|_| ApiError::NotFound)?;
    let desk = cx.actor()?.course_desk(&cx.app)?;
    let place = downloads::place(cx, Need::Collection).await?;
    let (slug, content) = desk.export(id).await?;
    let name = format!("{slug}.antritt-course");
    Ok((place, Download { name, content }))
}

/// An image of a lesson, for whoever is signed in. What its name says never changes, so a browser may keep it.
pub async fn give_image(Extension(cx): Extension<Cx>, Extension(shelf): Extension<Shelf>, Path(sha256): Path<String>) -> Response {
    match image(&cx, &shelf, &sha256).await {
        Ok((media_type, content)) => {
            let caching = HeaderValue::from_static("private, max-age=31536000, immutable");
            ([(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, caching)], content).into_response()
        }
        Err(ApiError::Internal { .. }) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Err(error @ (ApiError::Unavailable | ApiError::Busy)) => plainly(&error),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn image(cx: &Cx, shelf: &Shelf, sha256: &str) -> Result<(HeaderValue, Body), ApiError> {
    let actor = cx.actor()?;
    let sha256 = markdown::digest(sha256).ok_or(ApiError::NotFound)?;
    let shared = |image: Image| (image.media_type, downloads::shared(image.content));
    if let Some(image) = shelf.find(&sha256) {
        return Ok(shared(image));
    }
    let place = downloads::place(cx, Need::Single).await?;
    // Somebody else may have had it read meanwhile.
    if let Some(image) = shelf.find(&sha256) {
        return Ok(shared(image));
    }
    let found = actor.course_image(&cx.app, &sha256).await?;
    let image = Image {
        media_type: HeaderValue::from_str(&found.media_type).unwrap_or(HeaderValue::from_static("application/octet-stream")),
        content: found.content.into(),
    };
    Ok(match shelf.keep(sha256, image.clone()) {
        Some(kept) => shared(kept),
        None => (image.media_type, downloads::body(place, image.content)),
    })
}

fn problem(field: &str, problem: Problem) -> ApiError {
    ApiError::Invalid(vec![FieldProblem::new(field, problem)])
}

/// The request's own limit may be hit before ours.
fn unreadable(error: &MultipartError, too_large: ApiError) -> ApiError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        too_large
    } else {
        ApiError::Unreadable
    }
}

/// Back to the form with what was wrong and what was typed; what somebody may not do answers like what does not exist.
fn refused(error: ApiError, back: &str, action: &str, typed: Vec<(String, String)>) -> Response {
    if matches!(error, ApiError::NotFound | ApiError::SignedOut) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let mut response = Redirect::to(back).into_response();
    let flash = Flash::Failed {
        error,
        action: action.to_owned(),
        typed,
    };
    append_flash(&mut response, &flash);
    response
}
