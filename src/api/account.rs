//! Signing in and out, the first password, the language.

use super::{
    done::{Done, Said, is_own_path},
    error::ApiError,
};
use crate::domain::locale::Locale;
use leptos::prelude::*;

/// Signs in with address and password.
#[server(endpoint = "account/sign-in")]
pub async fn sign_in(#[server(default)] email: String, #[server(default)] password: String, #[server(default)] next: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let account = crate::server::service::accounts::sign_in(&cx.app, cx.now, &email, password)
        .await
        .map_err(crate::server::http::errors::as_wrong_credentials)?;
    crate::server::auth::session::start(&cx.session, account).await?;
    Ok(Done::silently(if is_own_path(&next) { next } else { "/".to_owned() }))
}

/// Signs out.
#[server(endpoint = "account/sign-out")]
pub async fn sign_out() -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    crate::server::service::accounts::sign_out(&cx.app, cx.now, cx.actor()?).await?;
    crate::server::auth::session::end(&cx.session).await?;
    Ok(Done::go("/sign-in", Said::SignedOut))
}

/// Sets one's own first password.
#[server(endpoint = "account/set-password")]
pub async fn set_password(#[server(default)] password: String, #[server(default)] repeated: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.set_first_password(&cx.app, cx.now, &password, &repeated).await?;
    Ok(Done::go("/checklist", Said::PasswordSet))
}

/// Chooses the language; remembered with the account, and in a cookie for whoever is not signed in.
#[server(endpoint = "account/language")]
pub async fn choose_language(language: Locale) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    if let Some(actor) = &cx.actor {
        actor.choose_language(&cx.app, cx.now, language).await?;
    }
    crate::server::http::context::remember_language(language);
    Ok(Done::silently(""))
}
