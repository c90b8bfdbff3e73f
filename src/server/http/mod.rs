//! HTTP: the router and its layers. Outermost first: hardening headers, plain paths, what https adds to cookies, the cross-site guard, body limits,
//! sessions, whole forms, the request's context, the pace; then server functions behind the form layer, uploads, and every other GET is a page.

pub mod assets;
mod calendar;
pub mod context;
mod cookies;
mod course_files;
mod downloads;
pub mod errors;
mod exports;
mod forms;
mod guard;
mod health;
pub mod listener;
mod pages;
mod passwords;
mod places;
mod scans;
mod shares;
mod shelf;
mod slow_peers;
mod uploads;

use crate::server::{auth::session::Sessions, context::Cx, service::App};
use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, Request},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use leptos::{prelude::provide_context, server_fn::axum::server_fn_paths};
use tower_sessions::{Expiry, SessionManagerLayer, cookie::SameSite};

/// What is read of an upload before the connection is cut. Far more than a list may have, so that whoever chose the wrong file
/// gets a sentence; what is beyond the list's own limit is read and dropped.
const UPLOAD_LIMIT: usize = 256 * 1024 * 1024;

/// The whole site.
pub fn router(app: App) -> Router {
    // Pages poll what they load on tokio; a second call of this in the same process finds it set and changes nothing.
    let _ = any_spawner::Executor::init_tokio();
    let sessions = SessionManagerLayer::new(Sessions::new(app.clone()))
        .with_name(context::SESSION)
        .with_secure(false) // `cookies` adds it to each
        .with_same_site(SameSite::Lax)
        .with_expiry(Expiry::OnInactivity(app.settings().sessions.absolute));
    let functions = Router::new()
        .route("/api/{*function}", post(server_function))
        .layer(middleware::from_fn(forms::redirect_after_post))
        .layer(middleware::from_fn(known_functions_only));
    let uploads = Router::new()
        .route(
            "/people/import",
            post(uploads::people_list).layer(DefaultBodyLimit::max(UPLOAD_LIMIT)).get(pages::page),
        )
        .route(
            "/security/password-manager",
            post(uploads::member_list).layer(DefaultBodyLimit::max(UPLOAD_LIMIT)).get(pages::page),
        )
        .route("/people/import/template.csv", get(uploads::people_template))
        .route(
            "/people/{person}/nda/{id}",
            post(scans::record_on_paper).layer(DefaultBodyLimit::max(UPLOAD_LIMIT)).get(pages::page),
        )
        .route("/people/{person}/nda/{id}/scan", post(scans::add).layer(DefaultBodyLimit::max(UPLOAD_LIMIT)))
        .route(
            "/checklist/instruction/{id}",
            post(scans::follow_instruction).layer(DefaultBodyLimit::max(UPLOAD_LIMIT)).get(pages::page),
        );
    let courses = Router::new()
        .route(
            "/content/courses/import",
            post(course_files::take_file).layer(DefaultBodyLimit::max(UPLOAD_LIMIT)).get(pages::page),
        )
        .route(
            "/content/courses/{id}/lessons/{slug}/images",
            post(course_files::take_image).layer(DefaultBodyLimit::max(UPLOAD_LIMIT)).get(pages::page),
        )
        .route("/content/courses/{id}/course.antritt-course", get(course_files::give_file))
        .route(
            "/course-images/{sha256}",
            get(course_files::give_image).layer(Extension(shelf::Shelf::default())),
        );
    let typed_passwords = Router::new().route(passwords::JUDGE, post(passwords::judge).layer(DefaultBodyLimit::max(passwords::MOST_BYTES)));
    let dynamic = Router::new()
        .route("/exceptions.csv", get(exports::exemptions))
        .route("/security/access.csv", get(exports::access))
        .route("/files/{id}", get(scans::download))
        .route("/instruction-files/{id}", get(scans::instruction_file))
        .route("/signed/{id}/copy.pdf", get(exports::signed_pdf))
        .route("/certificates/{id}/certificate.pdf", get(exports::certificate))
        .route("/record/archive.zip", get(exports::archive))
        .route("/calendar/{token}/antritt.ics", get(calendar::read))
        .merge(functions)
        .merge(typed_passwords)
        .merge(uploads)
        .merge(courses)
        .fallback(get(pages::page))
        .layer(middleware::from_fn(context::not_too_many))
        .layer(middleware::from_fn_with_state(app.clone(), context::provide))
        .layer(middleware::from_fn_with_state(app.clone(), forms::read_first))
        .layer(sessions)
        .layer(middleware::from_fn(finish_changes))
        .layer(middleware::from_fn_with_state(app.clone(), guard::same_site_only));
    let dynamic = if context::is_https(&app) {
        dynamic.layer(middleware::from_fn(cookies::bound_to_host))
    } else {
        dynamic
    };
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .with_state(app.clone())
        .fallback_service(dynamic)
        .merge(assets::router())
        .layer(middleware::from_fn(guard::plain_paths_only))
        .layer(middleware::from_fn_with_state(app, guard::harden))
}

/// The library answers what it does not know with advice for programmers.
async fn known_functions_only(request: Request, next: Next) -> Response {
    let asked = request.uri().path();
    if server_fn_paths().any(|(path, _)| path == asked) {
        next.run(request).await
    } else {
        guard::no_such_page()
    }
}

async fn server_function(Extension(cx): Extension<Cx>, request: Request) -> Response {
    leptos_axum::handle_server_fns_with_context(move || provide_context(cx.clone()), request)
        .await
        .into_response()
}

/// Lets a change run to its end when the client leaves: a transaction dropped half-way can poison a pooled connection, and
/// what was confirmed to nobody should still be whole.
async fn finish_changes(request: Request, next: Next) -> Response {
    if request.method() == axum::http::Method::GET {
        return next.run(request).await;
    }
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        Err(panic) => {
            let incident = errors::internal(&panic);
            (axum::http::StatusCode::INTERNAL_SERVER_ERROR, format!("{incident}\n")).into_response()
        }
    }
}
