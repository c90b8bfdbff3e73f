//! Right after the first link: a password, so that one can come back. It may wait.

use crate::{
    api::account::SetPassword,
    domain::problem::Conflict,
    server::auth::password::MAX_LENGTH,
    ui::{
        components::{
            form::{ErrorSummary, FormState, TextField},
            icon::Wordmark,
            notice::FlashNotice,
        },
        load::{PageTitle, load},
        texts::auth as t,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/welcome`
#[component]
pub fn WelcomePage() -> impl IntoView {
    load(async move |cx| {
        if cx.actor()?.has_password() {
            leptos_axum::redirect("/");
            return Err(Conflict::AlreadyDone.into());
        }
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
                        <TextField form=form.clone() name="password" label=t::new_password(locale) hint=t::new_password_hint(locale) kind="password" autocomplete="new-password" required=true maxlength=MAX_LENGTH />
                        <TextField form=form.clone() name="repeated" label=t::repeat_password(locale) kind="password" autocomplete="new-password" required=true maxlength=MAX_LENGTH />
                        <div class="actions">
                            <button class="button">{t::set_password(locale)}</button>
                            <a class="button quiet" href="/checklist">{t::later(locale)}</a>
                        </div>
                    </form>
                </div>
            </main>
        }
        .into_any())
    })
}
