//! Calendars for calendar programs, which sign in by nothing but the secret in the address.

use super::{
    downloads::{Need, body, place_of},
    errors::plainly,
};
use crate::{
    api::error::ApiError,
    server::{context::Cx, service::calendar},
};
use axum::{
    Extension,
    body::Body,
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// A calendar, or the answer that everything gets that opens none.
pub async fn read(Extension(cx): Extension<Cx>, Path(token): Path<String>) -> Response {
    match try_read(&cx, &token).await {
        Ok(content) => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8")),
                (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=900")),
            ];
            (headers, content).into_response()
        }
        Err(ApiError::NotFound) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => plainly(&error),
    }
}

async fn try_read(cx: &Cx, token: &str) -> Result<Body, ApiError> {
    let feed = calendar::open(&cx.app, cx.now, &cx.caller, token).await?;
    let place = place_of(feed.account.0, Need::Single).await?;
    let text = calendar::write(&cx.app, cx.now, &feed).await?;
    Ok(body(place, text.into()))
}
