//! Writing and publishing policies and NDAs.

use super::{
    done::{Done, Said, edited_document_path},
    error::ApiError,
};
use crate::domain::ids::DocumentId;
use leptos::prelude::*;

/// Begins a policy.
#[server(endpoint = "documents/add")]
pub async fn add_policy(#[server(default)] title_de: String, #[server(default)] title_en: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let id = cx.actor()?.document_desk(&cx.app)?.add_policy(cx.now, &title_de, &title_en).await?;
    Ok(Done::go(edited_document_path(id), Said::DraftSaved))
}

/// Saves a draft over revision `seen`.
#[server(endpoint = "documents/save")]
pub async fn save_draft(
    id: DocumentId,
    #[server(default)] seen: i64,
    #[server(default)] title_de: String,
    #[server(default)] title_en: String,
    #[server(default)] body_de: String,
    #[server(default)] body_en: String,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let form = crate::server::service::drafts::DraftForm {
        title_de: &title_de,
        title_en: &title_en,
        body_de: &body_de,
        body_en: &body_en,
    };
    let changed = cx.actor()?.document_desk(&cx.app)?.save(cx.now, id, seen, form).await?;
    Ok(Done::go(edited_document_path(id), Said::DraftSaved.if_changed(changed)))
}

/// Drops the draft of revision `seen`.
#[server(endpoint = "documents/discard")]
pub async fn discard_draft(id: DocumentId, #[server(default)] seen: i64) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let stays = cx.actor()?.document_desk(&cx.app)?.discard(cx.now, id, seen).await?;
    let path = if stays { edited_document_path(id) } else { "/content/documents".to_owned() };
    Ok(Done::go(path, Said::DraftDiscarded))
}

/// Publishes the draft of revision `seen`.
#[server(endpoint = "documents/publish")]
pub async fn publish_document(
    id: DocumentId,
    #[server(default)] seen: i64,
    #[server(default)] weight: String,
    #[server(default)] effective_on: String,
    #[server(default)] change_de: String,
    #[server(default)] change_en: String,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let form = crate::server::service::releases::ReleaseForm {
        weight: &weight,
        effective_on: &effective_on,
        change_de: &change_de,
        change_en: &change_en,
    };
    let asked = cx.actor()?.document_desk(&cx.app)?.publish(cx.now, id, seen, form).await?;
    Ok(Done::go(edited_document_path(id), Said::DocumentPublished { asked }))
}

/// How a text in Markdown will look, as HTML that is safe to show. Nothing is kept.
#[server(endpoint = "documents/preview")]
pub async fn preview_text(#[server(default)] text: String) -> Result<String, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    Ok(cx.actor()?.document_desk(&cx.app)?.preview(text).await?)
}
