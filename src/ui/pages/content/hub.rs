//! The way to policies, NDAs, courses and check profiles: what the reader may edit, and nothing else.

use crate::{
    api::error::ApiError,
    domain::roles::Permission,
    ui::{
        components::{notice::FlashNotice, task::TaskRow},
        load::{PageTitle, load},
        texts::{content as t, rules},
    },
};
use leptos::prelude::*;

/// `/content`
#[component]
pub fn ContentPage() -> impl IntoView {
    load(async move |cx| {
        let actor = cx.actor()?;
        let locale = cx.locale;
        let all = [
            (
                actor.may(Permission::EditRules),
                "/content/rules",
                "list",
                rules::title(locale),
                rules::hub_text(locale),
            ),
            (
                actor.may(Permission::EditPolicies),
                "/content/documents",
                "document",
                t::documents(locale),
                t::documents_text(locale),
            ),
            (
                actor.may(Permission::EditNdaTemplates),
                "/content/nda-templates",
                "signature",
                t::nda_templates(locale),
                t::nda_templates_text(locale),
            ),
            (
                actor.may(Permission::EditCourses),
                "/content/courses",
                "book",
                t::courses(locale),
                t::courses_text(locale),
            ),
            (
                actor.may(Permission::EditCheckProfiles),
                "/content/check-profiles",
                "shield-check",
                t::check_profiles(locale),
                t::check_profiles_text(locale),
            ),
        ];
        let entries: Vec<_> = all.into_iter().filter(|(may, ..)| *may).collect();
        if entries.is_empty() {
            return Err(ApiError::NotFound);
        }
        let rows = entries.into_iter().map(|(_, href, icon, title, text)| {
            view! { <li><TaskRow href=Some(href.to_owned()) icon=icon title=title meta=text /></li> }
        });
        Ok(view! {
            <PageTitle text=t::title(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <div class="page-heading"><div><h1>{t::title(locale)}</h1><p class="lead">{t::lead(locale)}</p></div></div>
                <FlashNotice cx=cx.clone() />
                <ul class="tasks" role="list">{rows.collect_view()}</ul>
            </main>
        }
        .into_any())
    })
}
