//! Confirming what somebody did by an instruction. Doing it comes with a file, and therefore has a plain handler.

use super::{
    done::{Done, Said, person_path},
    error::ApiError,
};
use crate::domain::ids::AssignmentId;
use leptos::prelude::*;

/// Confirms it.
#[server(endpoint = "instructions/confirm")]
pub async fn confirm_instruction(id: AssignmentId) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let person = cx.actor()?.instruction_desk(&cx.app)?.confirm(cx.now, id).await?;
    Ok(Done::go(person_path(person), Said::InstructionConfirmed))
}
