//! Uploads, in plain handlers: the multipart decoder of server functions reads past body limits.

use crate::{
    api::{
        error::ApiError,
        flash::Flash,
        members::{RECONCILIATION, member_list_path},
    },
    domain::problem::{FieldProblem, Problem},
    server::{
        context::Cx,
        http::{
            context::append_flash,
            shares::{Share, Shares},
        },
        service::{
            member_list,
            people_file::{MAX_BYTES, template},
        },
    },
};
use axum::{
    Extension,
    extract::{
        Multipart,
        multipart::{Field, MultipartError},
    },
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use std::time::Duration;
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

/// Uploads taken at one time, each of which may be as large as its kind allows.
static PLACES: Semaphore = Semaphore::const_new(4);
/// How long one waits for a place: a browser that is sending waits without a word.
const PATIENCE: Duration = Duration::from_secs(20);

/// Uploads of one account at one time, those that wait for a place included, so that somebody who sends slowly keeps nobody else waiting.
static OWN: Shares = Shares::new(2);

/// A place for an upload, to be held until it is kept.
pub(super) struct Place {
    _place: SemaphorePermit<'static>,
    _own: Share,
}

/// Waits for a place. Asked for once it is clear that whoever sends the upload may, so that strangers take none.
pub(super) async fn place(cx: &Cx) -> Result<Place, ApiError> {
    let own = OWN.take(cx.actor()?.account().0).ok_or(ApiError::Busy)?;
    let place = timeout(PATIENCE, PLACES.acquire()).await;
    Ok(Place {
        _place: place.ok().and_then(Result::ok).ok_or(ApiError::Busy)?,
        _own: own,
    })
}

/// Takes a list of people and leads to its preview.
pub async fn people_list(Extension(cx): Extension<Cx>, form: Multipart) -> Response {
    lead_on(store_people(&cx, form).await, "/people/import")
}

async fn store_people(cx: &Cx, form: Multipart) -> Result<String, ApiError> {
    cx.actor()?.people_editing_desk(&cx.app)?;
    let _place = place(cx).await?;
    let (name, content) = uploaded(form, MAX_BYTES).await?;
    let cx = cx.on_arrival().await?;
    let id = cx.actor()?.people_editing_desk(&cx.app)?.upload(cx.now, &name, &content).await?;
    Ok(format!("/people/import/{id}"))
}

/// Takes a password manager's list of members and leads to its preview.
pub async fn member_list(Extension(cx): Extension<Cx>, form: Multipart) -> Response {
    lead_on(store_members(&cx, form).await, RECONCILIATION)
}

async fn store_members(cx: &Cx, form: Multipart) -> Result<String, ApiError> {
    cx.actor()?.enrolment_desk(&cx.app)?;
    let _place = place(cx).await?;
    let (name, content) = uploaded(form, member_list::MAX_BYTES).await?;
    let cx = cx.on_arrival().await?;
    let id = cx.actor()?.enrolment_desk(&cx.app)?.upload_members(cx.now, &name, content).await?;
    Ok(member_list_path(id))
}

/// To the preview, or back to the form with what is wrong.
fn lead_on(preview: Result<String, ApiError>, form: &str) -> Response {
    match preview {
        Ok(preview) => Redirect::to(&preview).into_response(),
        Err(ApiError::NotFound | ApiError::SignedOut) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            let mut back = Redirect::to(form).into_response();
            append_flash(
                &mut back,
                &Flash::Failed {
                    error,
                    action: form.to_owned(),
                    typed: Vec::new(),
                },
            );
            back
        }
    }
}

/// Name and content of the form's file, of `max` bytes at most.
async fn uploaded(mut form: Multipart, max: usize) -> Result<(String, Vec<u8>), ApiError> {
    let unreadable = |error: MultipartError| {
        // The request's own limit was hit before ours.
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            too_large(max)
        } else {
            ApiError::Unreadable
        }
    };
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        if field.name() == Some("file") {
            let name = field.file_name().unwrap_or_default().to_owned();
            let content = read_to_end(field, max).await.map_err(unreadable)?;
            if name.is_empty() && content.as_ref().is_some_and(Vec::is_empty) {
                break;
            }
            return Ok((name, content.ok_or_else(|| too_large(max))?));
        }
    }
    Err(ApiError::Invalid(vec![FieldProblem::new("file", Problem::Required)]))
}

/// Which field this is of those that a form has, if any. Each comes once, as an upload has room for any number of them.
pub(super) fn once<const N: usize>(names: [&'static str; N], taken: &mut Vec<&'static str>, field: &Field<'_>) -> Result<Option<&'static str>, ApiError> {
    let name = names.into_iter().find(|name| field.name() == Some(*name));
    if name.is_some_and(|name| taken.contains(&name)) {
        return Err(ApiError::Unreadable);
    }
    taken.extend(name);
    Ok(name)
}

/// The whole field; none when it is larger than `max` bytes. It is read to its end all the same: a browser that is still
/// sending shows nothing of an answer.
pub(super) async fn read_to_end(mut field: Field<'_>, max: usize) -> Result<Option<Vec<u8>>, MultipartError> {
    let mut content = Some(Vec::new());
    while let Some(chunk) = field.chunk().await? {
        content = content.filter(|content| content.len() + chunk.len() <= max).map(|mut content| {
            content.extend_from_slice(&chunk);
            content
        });
    }
    Ok(content)
}

fn too_large(max: usize) -> ApiError {
    ApiError::Invalid(vec![FieldProblem::new("file", Problem::TooLong(max))])
}

/// An example list to fill in.
pub async fn people_template(Extension(cx): Extension<Cx>) -> Response {
    let desk = cx.actor().and_then(|actor| Ok(actor.people_editing_desk(&cx.app)?));
    if desk.is_err() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("attachment; filename=\"antritt-people.csv\""),
        ),
    ];
    (headers, template(cx.locale)).into_response()
}
