//! Files to take away, in plain handlers: lists for a spreadsheet, copies and certificates as PDF, one's own record as an archive.

use crate::{
    api::{done::prove_path, error::ApiError},
    domain::{ids::AssignmentId, security_event::Kind},
    server::{
        context::Cx,
        http::{
            downloads::{Need, Place, body, place},
            errors::plainly,
            forms::referring_path,
        },
        service::{copies::Download, events, register_file},
    },
};
use axum::{
    Extension,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use uuid::Uuid;

/// A file, with its place on the way out.
pub(super) type Given = (Place, Download);

/// The register of exceptions.
pub async fn exemptions(Extension(cx): Extension<Cx>, headers: HeaderMap) -> Response {
    answer(&headers, exemptions_file(&cx).await, "text/csv; charset=utf-8")
}

async fn exemptions_file(cx: &Cx) -> Result<Given, ApiError> {
    let desk = cx.actor()?.exemption_desk(&cx.app)?;
    let place = place(cx, Need::Single).await?;
    let rows = desk.list_all(cx.now).await?;
    let content = register_file::write(cx.locale, &rows);
    note_export(cx, None).await;
    let name = "antritt-exceptions.csv".to_owned();
    Ok((place, Download { name, content }))
}

/// Who holds which role.
pub async fn access(Extension(cx): Extension<Cx>, headers: HeaderMap) -> Response {
    answer(&headers, access_file(&cx).await, "text/csv; charset=utf-8")
}

async fn access_file(cx: &Cx) -> Result<Given, ApiError> {
    let desk = cx.actor()?.access_desk(&cx.app)?;
    let place = place(cx, Need::Single).await?;
    let rows = desk.list_all(cx.now).await?;
    let content = register_file::write_access(cx.locale, &cx.app.settings().time_zone, &rows);
    note_export(cx, None).await;
    let name = "antritt-access.csv".to_owned();
    Ok((place, Download { name, content }))
}

/// The copy of what was signed or accepted.
pub async fn signed_pdf(Extension(cx): Extension<Cx>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    answer(&headers, signed_file(&cx, &id).await, "application/pdf")
}

async fn signed_file(cx: &Cx, id: &str) -> Result<Given, ApiError> {
    let desk = cx.actor()?.reading_desk(&cx.app)?;
    let place = place(cx, Need::Single).await?;
    let file = desk.signed_pdf(cx.now, parse(id)?).await?;
    if desk.sees_others() {
        note_export(cx, id.parse().ok()).await;
    }
    Ok((place, file))
}

/// The certificate of a passed course.
pub async fn certificate(Extension(cx): Extension<Cx>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    answer(&headers, certificate_file(&cx, &id).await, "application/pdf")
}

async fn certificate_file(cx: &Cx, id: &str) -> Result<Given, ApiError> {
    let desk = cx.actor()?.reading_desk(&cx.app)?;
    let place = place(cx, Need::Single).await?;
    let file = desk.certificate(cx.now, parse(id)?, cx.locale).await?;
    if desk.sees_others() {
        note_export(cx, id.parse().ok()).await;
    }
    Ok((place, file))
}

/// One's own record.
pub async fn archive(Extension(cx): Extension<Cx>, headers: HeaderMap) -> Response {
    answer(&headers, archive_file(&cx).await, "application/zip")
}

async fn archive_file(cx: &Cx) -> Result<Given, ApiError> {
    let desk = cx.own_desk()?;
    let place = place(cx, Need::Collection).await?;
    Ok((place, desk.archive(cx.locale).await?))
}

/// Notes that somebody took evidence away that is not only their own.
pub(super) async fn note_export(cx: &Cx, subject: Option<Uuid>) {
    events::note(&cx.app, cx.now, cx.event(Kind::EvidenceExported, subject)).await;
}

fn parse(id: &str) -> Result<AssignmentId, ApiError> {
    id.parse().map_err(|_| ApiError::NotFound)
}

/// A download, or the status that says why there is none. Who has to prove anew who they are is led there, and then back to the page
/// that offered the file.
pub(super) fn answer(headers: &HeaderMap, file: Result<Given, ApiError>, media_type: &'static str) -> Response {
    match file {
        Ok((place, Download { name, content })) => {
            let disposition = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")).unwrap_or(HeaderValue::from_static("attachment"));
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
                (header::CONTENT_DISPOSITION, disposition),
            ];
            // A list or an archive that grew while it was written has room left, which nobody accounts for.
            (headers, body(place, content.into_boxed_slice().into())).into_response()
        }
        Err(ApiError::NotFound | ApiError::SignedOut) => StatusCode::NOT_FOUND.into_response(),
        Err(ApiError::ProveAgain) => Redirect::to(&prove_path(&referring_path(headers))).into_response(),
        Err(ApiError::Internal { incident }) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{incident}\n")).into_response(),
        Err(error) => plainly(&error),
    }
}
