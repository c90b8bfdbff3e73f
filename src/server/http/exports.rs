//! Files to take away, in plain handlers: lists for a spreadsheet, copies and certificates as PDF, one's own record as an archive.

use crate::{
    api::{done::prove_path, error::ApiError},
    domain::{ids::AssignmentId, security_event::Kind},
    server::{
        context::Cx,
        http::forms::referring_path,
        service::{Error, copies::Download, events, register_file},
    },
};
use axum::{
    Extension,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use uuid::Uuid;

/// The register of exceptions.
pub async fn exemptions(Extension(cx): Extension<Cx>, headers: HeaderMap) -> Response {
    answer(&headers, exemptions_file(&cx).await, "text/csv; charset=utf-8")
}

async fn exemptions_file(cx: &Cx) -> Result<Download, ApiError> {
    let rows = cx.actor()?.exemption_desk(&cx.app)?.list_all(cx.now).await?;
    let content = register_file::write(cx.locale, &rows).map_err(|error| Error::Internal(Box::new(error)))?;
    note_export(cx, None).await;
    Ok(Download {
        name: "antritt-exceptions.csv".to_owned(),
        content,
    })
}

/// Who holds which role.
pub async fn access(Extension(cx): Extension<Cx>, headers: HeaderMap) -> Response {
    answer(&headers, access_file(&cx).await, "text/csv; charset=utf-8")
}

async fn access_file(cx: &Cx) -> Result<Download, ApiError> {
    let rows = cx.actor()?.access_desk(&cx.app)?.list_all(cx.now).await?;
    let content = register_file::write_access(cx.locale, &cx.app.settings().time_zone, &rows).map_err(|error| Error::Internal(Box::new(error)))?;
    note_export(cx, None).await;
    Ok(Download {
        name: "antritt-access.csv".to_owned(),
        content,
    })
}

/// The copy of what was signed or accepted.
pub async fn signed_pdf(Extension(cx): Extension<Cx>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    answer(&headers, signed_file(&cx, &id).await, "application/pdf")
}

async fn signed_file(cx: &Cx, id: &str) -> Result<Download, ApiError> {
    let desk = cx.actor()?.reading_desk(&cx.app)?;
    let file = desk.signed_pdf(cx.now, parse(id)?).await?;
    if desk.sees_others() {
        note_export(cx, id.parse().ok()).await;
    }
    Ok(file)
}

/// The certificate of a passed course.
pub async fn certificate(Extension(cx): Extension<Cx>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    answer(&headers, certificate_file(&cx, &id).await, "application/pdf")
}

async fn certificate_file(cx: &Cx, id: &str) -> Result<Download, ApiError> {
    let desk = cx.actor()?.reading_desk(&cx.app)?;
    let file = desk.certificate(cx.now, parse(id)?, cx.locale).await?;
    if desk.sees_others() {
        note_export(cx, id.parse().ok()).await;
    }
    Ok(file)
}

/// One's own record.
pub async fn archive(Extension(cx): Extension<Cx>, headers: HeaderMap) -> Response {
    answer(&headers, archive_file(&cx).await, "application/zip")
}

async fn archive_file(cx: &Cx) -> Result<Download, ApiError> {
    Ok(cx.own_desk()?.archive(cx.locale).await?)
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
pub(super) fn answer(headers: &HeaderMap, file: Result<Download, ApiError>, media_type: &'static str) -> Response {
    match file {
        Ok(Download { name, content }) => {
            let disposition = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")).unwrap_or(HeaderValue::from_static("attachment"));
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
                (header::CONTENT_DISPOSITION, disposition),
            ];
            (headers, content).into_response()
        }
        Err(ApiError::NotFound | ApiError::SignedOut) => StatusCode::NOT_FOUND.into_response(),
        Err(ApiError::ProveAgain) => Redirect::to(&prove_path(&referring_path(headers))).into_response(),
        Err(ApiError::Internal { incident }) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{incident}\n")).into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
