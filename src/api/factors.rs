//! One's own second factors, the second step of signing in, and signing in by passkey.

use super::{
    done::{Done, Said, before, own_path},
    error::ApiError,
};
use crate::domain::ids::{CeremonyId, FactorId};
use leptos::prelude::*;

/// Where one's own second factors are.
pub const FACTORS: &str = "/account/factors";
/// Where an app is added.
pub const APP: &str = "/account/factors/app";
/// Where fresh recovery codes are shown.
pub const CODES: &str = "/account/factors/codes";

/// What the browser is asked of a passkey: under which id its answer is expected, and the options, as JSON that it reads itself.
pub type Ceremony = (CeremonyId, String);

/// Begins to add an authenticator app. `next`: where to go on once it is there, if anywhere.
#[server(endpoint = "factors/begin-app")]
pub async fn begin_app(#[server(default)] next: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.factor_desk(&cx.app).begin_app(cx.now).await?;
    Ok(Done::silently(if next.is_empty() { APP.to_owned() } else { before(APP, own_path(&next)) }))
}

/// Adds the app that shows this code.
#[server(endpoint = "factors/confirm-app")]
pub async fn confirm_app(
    id: CeremonyId,
    #[server(default)] name: String,
    #[server(default)] code: String,
    #[server(default)] next: String,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let codes = cx.actor()?.factor_desk(&cx.app).confirm_app(cx.now, id, &name, &code).await?;
    cx.after_adding(codes, &next).await
}

/// Asks the browser to make a passkey.
#[server(endpoint = "factors/begin-passkey")]
pub async fn begin_passkey() -> Result<Ceremony, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let begun = cx.actor()?.factor_desk(&cx.app).begin_passkey(cx.now).await?;
    Ok((begun.id, begun.options))
}

/// Adds the passkey that the browser made.
#[server(endpoint = "factors/add-passkey")]
pub async fn add_passkey(
    id: CeremonyId,
    #[server(default)] passkey_name: String,
    #[server(default)] credential: String,
    #[server(default)] next: String,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let codes = cx.actor()?.factor_desk(&cx.app).add_passkey(cx.now, id, &passkey_name, &credential).await?;
    cx.after_adding(codes, &next).await
}

/// Gives a factor another name.
#[server(endpoint = "factors/rename")]
pub async fn rename_factor(id: FactorId, #[server(default)] name: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.factor_desk(&cx.app).rename(cx.now, id, &name).await?;
    Ok(Done::go(FACTORS, Said::FactorRenamed))
}

/// Removes a factor.
#[server(endpoint = "factors/remove")]
pub async fn remove_factor(id: FactorId) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.factor_desk(&cx.app).remove(cx.now, id).await?;
    cx.mark_browser(cx.actor()?.account()).await?;
    Ok(Done::go(FACTORS, Said::FactorRemoved))
}

/// Makes new recovery codes.
#[server(endpoint = "factors/make-codes")]
pub async fn make_codes() -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.factor_desk(&cx.app).make_codes(cx.now).await?;
    Ok(Done::silently(CODES))
}

/// Says that the recovery codes are kept, so that they are shown no more.
#[server(endpoint = "factors/keep-codes")]
pub async fn keep_codes(#[server(default)] next: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.factor_desk(&cx.app).keep_codes().await?;
    Ok(Done::go(own_path(&next), Said::RecoveryCodesKept))
}

/// Takes the second step by a code of an app, or by a recovery code.
#[server(endpoint = "factors/give-code")]
pub async fn give_code(#[server(default)] code: String, #[server(default)] next: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let (half, next) = (cx.half()?, own_path(&next));
    let given = crate::server::service::second_step::by_code(&cx.app, cx.now, &cx.caller, half, &code).await?;
    let next = cx.enter(half.recognised(), crate::server::auth::session::Proof::SecondFactor, next).await?;
    Ok(Done::after_code(next, given.codes_left()))
}

/// Asks the browser for a passkey: one of whoever asks, or where nobody said yet who they are, any.
#[server(endpoint = "factors/ask-for-passkey")]
pub async fn ask_for_passkey() -> Result<Ceremony, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let begun = crate::server::service::second_step::begin_passkey(&cx.app, cx.now, cx.recognised()).await?;
    cx.mark_asked(begun.id);
    Ok((begun.id, begun.options))
}

/// Signs in by a passkey: as the second step, or alone.
#[server(endpoint = "factors/give-passkey")]
pub async fn give_passkey(id: CeremonyId, #[server(default)] credential: String, #[server(default)] next: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let who = crate::server::service::second_step::by_passkey(&cx.app, cx.now, &cx.caller, cx.recognised(), (id, cx.asked.as_str()), &credential).await?;
    let next = cx.enter(who, crate::server::auth::session::Proof::SecondFactor, own_path(&next)).await?;
    Ok(Done::silently(next))
}

/// Proves anew who one is, by a code.
#[server(endpoint = "factors/prove-by-code")]
pub async fn prove_by_code(#[server(default)] code: String, #[server(default)] next: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let given = cx.actor()?.prove_by_code(&cx.app, cx.now, &cx.caller, &code).await?;
    cx.renew(own_path(&next), given.codes_left()).await
}

/// Proves anew who one is, by a passkey.
#[server(endpoint = "factors/prove-by-passkey")]
pub async fn prove_by_passkey(id: CeremonyId, #[server(default)] credential: String, #[server(default)] next: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.prove_by_passkey(&cx.app, cx.now, &cx.caller, id, &credential).await?;
    cx.renew(own_path(&next), None).await
}
