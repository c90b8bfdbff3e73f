//! The countries that have a profile of background checks, and giving one to another.

use crate::{
    api::{check_profiles::AddCheckProfile, done::check_profile_path},
    server::service::rows::ProfileVersion,
    ui::{
        components::{
            form::{ErrorSummary, FormState, TextField},
            icon::Icon,
            notice::FlashNotice,
            task::TaskRow,
        },
        load::{PageTitle, load},
        texts::{checks as t, content},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/content/check-profiles`
#[component]
pub fn CheckProfilesPage() -> impl IntoView {
    load(async move |cx| {
        let profiles = cx.actor()?.check_profile_desk(&cx.app)?.list().await?;
        let locale = cx.locale;
        let form = FormState::of(&cx, AddCheckProfile::PATH);
        let labels = vec![("country", t::add_country(locale).to_owned())];
        let rows = profiles.into_iter().map(|ProfileVersion { profile, .. }| {
            let consent = if profile.needs_consent {
                t::consent_needed(locale)
            } else {
                t::consent_not_needed(locale)
            };
            let meta = t::profile_meta(locale, profile.choices.len(), consent, profile.patience_days);
            view! { <li><TaskRow href=Some(check_profile_path(profile.key())) icon="shield-check" title=t::country(locale, profile.key()) meta=meta /></li> }
        });
        Ok(view! {
            <PageTitle text=t::profiles_title(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href="/content"><Icon name="chevron-left" />{content::title(locale)}</a>
                <div class="page-heading"><div><h1>{t::profiles_title(locale)}</h1><p class="lead">{t::profiles_lead(locale)}</p></div></div>
                <FlashNotice cx=cx.clone() />
                <ul class="tasks" role="list">{rows.collect_view()}</ul>
                <section class="card">
                    <h2>{t::add_title(locale)}</h2>
                    <form class="form" method="post" action=AddCheckProfile::PATH novalidate>
                        <ErrorSummary form=form.clone() labels=labels />
                        <TextField form=form name="country" label=t::add_country(locale) hint=t::add_hint(locale) class="short" required=true maxlength=2 />
                        <div class="actions"><button class="button secondary">{t::add_button(locale)}</button></div>
                    </form>
                </section>
            </main>
        }
        .into_any())
    })
}
