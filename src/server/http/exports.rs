//! Files to take away, in plain handlers: what a page shows as a list, for a spreadsheet.

use crate::{
    api::error::ApiError,
    server::{
        context::Cx,
        service::{Error, register_file},
    },
};
use axum::{
    Extension,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// The register of exceptions.
pub async fn exemptions(Extension(cx): Extension<Cx>) -> Response {
    match exemptions_file(&cx).await {
        Ok(file) => attachment(file, "text/csv; charset=utf-8", "attachment; filename=\"antritt-exceptions.csv\""),
        Err(ApiError::NotFound | ApiError::SignedOut) => StatusCode::NOT_FOUND.into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn exemptions_file(cx: &Cx) -> Result<Vec<u8>, ApiError> {
    let rows = cx.actor()?.exemption_desk(&cx.app)?.list_all().await?;
    Ok(register_file::write(cx.locale, &rows).map_err(|error| Error::Internal(Box::new(error)))?)
}

fn attachment(content: Vec<u8>, media_type: &'static str, disposition: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(disposition)),
    ];
    (headers, content).into_response()
}
