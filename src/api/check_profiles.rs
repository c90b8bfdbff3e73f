//! Country profiles of background checks.

use super::{
    done::{Done, Said, check_profile_path},
    error::ApiError,
};
use crate::domain::check_profile::{ChoiceForm, ProfileForm};
use leptos::prelude::*;

/// Gives a country a profile of its own.
#[server(endpoint = "check-profiles/add")]
pub async fn add_check_profile(#[server(default)] country: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let key = cx.actor()?.check_profile_desk(&cx.app)?.add(cx.now, &country).await?;
    Ok(Done::go(check_profile_path(&key), Said::CheckProfileAdded))
}

/// Changes the profile that was shown in `version`.
#[server(endpoint = "check-profiles/change")]
pub async fn change_check_profile(
    key: String,
    #[server(default)] version: i64,
    #[server(flatten)] form: ProfileForm,
    #[server(default)] choices: Vec<ChoiceForm>,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let changed = cx.actor()?.check_profile_desk(&cx.app)?.change(cx.now, &key, version, &form, &choices).await?;
    Ok(Done::here(if changed { Said::CheckProfileSaved } else { Said::NothingToDo }))
}
