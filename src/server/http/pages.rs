//! Pages: rendered by Leptos on the server, complete before the first byte, so that status and headers are right.

use crate::{
    server::{context::Cx, http::assets},
    ui::app::Document,
};
use axum::{
    Extension,
    extract::Request,
    http::{HeaderValue, header::CONTENT_SECURITY_POLICY},
    response::{IntoResponse, Response},
};
use leptos::{config::LeptosOptions, nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;

/// Any page; the one that is not found included.
pub async fn page(Extension(cx): Extension<Cx>, request: Request) -> Response {
    let context = move || {
        provide_context(cx.clone());
        // leptos_axum made the nonce just before; scripts in the page carry it.
        if let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>())
            && let Ok(policy) = HeaderValue::from_str(&content_policy(&nonce))
        {
            response.insert_header(CONTENT_SECURITY_POLICY, policy);
        }
    };
    leptos_axum::render_app_async_with_context(context, || view! { <Document options=options() /> })(request)
        .await
        .into_response()
}

/// Nothing inline without the nonce, nothing from elsewhere; WebAssembly may compile.
fn content_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval' 'inline-speculation-rules'; style-src 'self'; img-src 'self'; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// Where the browser finds its client; our own build names it.
fn options() -> LeptosOptions {
    LeptosOptions::builder().output_name(assets::CLIENT).site_pkg_dir("assets").build()
}
