//! Right after the first link: a password, so that one can come back. It may wait.

use crate::{
    api::account::SetPassword,
    ui::{
        components::{
            form::{ErrorSummary, FormState},
            icon::Wordmark,
            new_password::NewPasswordFields,
            notice::FlashNotice,
        },
        load::{PageTitle, load},
        texts::{account, auth as t},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/welcome`
#[component]
pub fn WelcomePage() -> impl IntoView {
    load(async move |cx| {
        if cx.actor()?.has_password() {
            leptos_axum::redirect("/");
            return Ok(().into_any());
        }
        let at_least = cx.actor()?.password_needs(&cx.app, cx.now).await?;
        let locale = cx.locale;
        let form = FormState::of(&cx, SetPassword::PATH);
        Ok(view! {
            <PageTitle text=t::welcome_title(locale) />
            <main class="gateway" id="main" tabindex="-1">
                <Wordmark />
                <FlashNotice cx=cx.clone() />
                <div class="card">
                    <h1>{t::welcome_title(locale)}</h1>
                    <p>{t::welcome_lead(locale)}</p>
                    <form class="form" method="post" action=SetPassword::PATH>
                        <ErrorSummary form=form.clone() />
                        <NewPasswordFields form=form locale=locale at_least=at_least />
                        <div class="actions">
                            <button class="button">{account::set(locale)}</button>
                            <a class="button quiet" href="/checklist">{t::later(locale)}</a>
                        </div>
                    </form>
                </div>
            </main>
        }
        .into_any())
    })
}
