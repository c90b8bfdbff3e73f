//! Signing in and out, passwords, the language.

use super::{
    done::{Done, Said, own_path},
    error::ApiError,
};
use crate::domain::locale::Locale;
use leptos::prelude::*;

/// Signs in with address and password.
#[server(endpoint = "account/sign-in")]
pub async fn sign_in(#[server(default)] email: String, #[server(default)] password: String, #[server(default)] next: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let who = crate::server::service::accounts::sign_in(&cx.app, cx.now, &cx.caller, &email, password)
        .await
        .map_err(crate::server::http::errors::as_wrong_credentials)?;
    let proof = crate::server::auth::session::Proof::Password;
    Ok(Done::silently(cx.enter(who, proof, own_path(&next)).await?))
}

/// Signs out.
#[server(endpoint = "account/sign-out")]
pub async fn sign_out() -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    if cx.half.is_none() {
        crate::server::service::accounts::sign_out(&cx.app, cx.now, cx.actor()?).await?;
    }
    cx.leave().await?;
    Ok(Done::go("/sign-in", Said::SignedOut))
}

/// Sets one's own first password.
#[server(endpoint = "account/set-password")]
pub async fn set_password(#[server(default)] password: String, #[server(default)] repeated: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let form = crate::server::service::passwords::PasswordForm {
        password: &password,
        repeated: &repeated,
    };
    cx.actor()?.set_first_password(&cx.app, cx.now, form).await?;
    cx.mark_browser(cx.actor()?.account()).await?;
    let next = if cx.actor()?.person().is_some() { "/checklist" } else { "/account" };
    Ok(Done::go(next, Said::PasswordSet))
}

/// Sets another password; whoever is signed in to the account elsewhere is signed out, and here the session begins anew.
#[server(endpoint = "account/change-password")]
pub async fn change_password(
    #[server(default)] old_password: String,
    #[server(default)] password: String,
    #[server(default)] repeated: String,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let form = crate::server::service::passwords::PasswordForm {
        password: &password,
        repeated: &repeated,
    };
    let who = cx
        .actor()?
        .change_password(&cx.app, cx.now, (&cx.caller, &cx.origin), old_password, form)
        .await?;
    cx.begin_anew(who).await?;
    cx.mark_browser(who.account).await?;
    Ok(Done::go("/account", Said::PasswordChanged))
}

/// Sets a new password by a link from a mail. Signing in comes after it.
#[server(endpoint = "account/reset-password")]
pub async fn reset_password(
    #[server(default)] token: String,
    #[server(default)] password: String,
    #[server(default)] repeated: String,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let form = crate::server::service::passwords::PasswordForm {
        password: &password,
        repeated: &repeated,
    };
    let account = crate::server::service::passwords::reset(&cx.app, cx.now, (&cx.caller, &cx.origin), &token, form).await?;
    cx.mark_browser(account).await?;
    Ok(Done::go("/sign-in", Said::PasswordReset))
}

/// Becomes the person on record under the address of one's account.
#[server(endpoint = "account/take-record")]
pub async fn take_record() -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.take_own_record(&cx.app, cx.now).await?;
    Ok(Done::go("/checklist", Said::RecordTaken))
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
