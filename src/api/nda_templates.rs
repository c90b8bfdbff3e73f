//! Saying which NDA is for whom.

use super::{
    done::{Done, Said, edited_document_path},
    error::ApiError,
};
use crate::domain::ids::DocumentId;
use leptos::prelude::*;

/// The address of a template's page.
#[must_use]
pub fn template_path(id: DocumentId) -> String {
    format!("/content/nda-templates/{id}")
}

/// Adds a template; its text is written next.
#[server(endpoint = "nda-templates/create")]
pub async fn create_nda_template(
    #[server(default)] name: String,
    #[server(default)] kind: String,
    #[server(default)] country: String,
    #[server(default)] department: String,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let (name, kind, country, department) = (&*name, &*kind, &*country, &*department);
    let form = crate::server::service::nda_templates::TemplateForm {
        name,
        kind,
        country,
        department,
    };
    let id = cx.actor()?.nda_template_desk(&cx.app)?.create(cx.now, &form).await?;
    Ok(Done::go(edited_document_path(id), Said::NdaTemplateCreated))
}

/// Changes a template's name and whom it is for.
#[server(endpoint = "nda-templates/change")]
pub async fn change_nda_template(
    id: DocumentId,
    #[server(default)] name: String,
    #[server(default)] kind: String,
    #[server(default)] country: String,
    #[server(default)] department: String,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let (name, kind, country, department) = (&*name, &*kind, &*country, &*department);
    let form = crate::server::service::nda_templates::TemplateForm {
        name,
        kind,
        country,
        department,
    };
    cx.actor()?.nda_template_desk(&cx.app)?.change(cx.now, id, &form).await?;
    Ok(Done::go(template_path(id), Said::NdaTemplateChanged))
}

/// Takes a template out of use.
#[server(endpoint = "nda-templates/retire")]
pub async fn retire_nda_template(id: DocumentId) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.nda_template_desk(&cx.app)?.retire(cx.now, id).await?;
    Ok(Done::go("/content/nda-templates", Said::NdaTemplateRetired))
}
