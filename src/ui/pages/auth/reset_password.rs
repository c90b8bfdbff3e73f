//! Where a link for a new password leads. Looking at it does not use it up: mail scanners open links too.

use crate::{
    api::account::ResetPassword,
    server::service::{Error, passwords},
    ui::{
        components::{
            form::{ErrorSummary, FormState},
            frame::LanguageSwitch,
            icon::Wordmark,
            new_password::NewPasswordFields,
            notice::FlashNotice,
        },
        load::{PageTitle, load, path_param},
        texts::account as t,
    },
};
use axum::http::StatusCode;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_axum::ResponseOptions;

/// `/reset-password/{token}`
#[component]
pub fn ResetPasswordPage() -> impl IntoView {
    let token: Result<String, _> = path_param("token");
    let responses = use_context::<ResponseOptions>();
    load(async move |cx| {
        let token = token?;
        let locale = cx.locale;
        let needs = match passwords::look(&cx.app, cx.now, &token).await {
            Ok(at_least) => Some(at_least),
            Err(Error::NotFound | Error::Conflict(_)) => None,
            Err(other) => return Err(other.into()),
        };
        let (title, body) = if let Some(at_least) = needs {
            let form = FormState::of(&cx, ResetPassword::PATH);
            let body = view! {
                <p>{t::reset_lead(locale)}</p>
                <form class="form" method="post" action=ResetPassword::PATH>
                    <ErrorSummary form=form.clone() />
                    <input type="hidden" name="token" value=token />
                    <NewPasswordFields form=form locale=locale at_least=at_least />
                    <div class="actions"><button class="button wide">{t::set(locale)}</button></div>
                </form>
            };
            (t::reset_title(locale), body.into_any())
        } else {
            // One answer for used, expired and invented links.
            if let Some(responses) = responses {
                responses.set_status(StatusCode::NOT_FOUND);
            }
            let body = view! {
                <p>{t::reset_over_text(locale)}</p>
                <div class="actions"><a class="button" href="/sign-in">{t::reset_again(locale)}</a></div>
            };
            (t::reset_over_title(locale), body.into_any())
        };
        Ok(view! {
            <PageTitle text=title />
            <main class="gateway" id="main" tabindex="-1">
                <Wordmark />
                <FlashNotice cx=cx.clone() />
                <div class="card"><h1>{title}</h1>{body}</div>
                <footer><LanguageSwitch locale=locale /></footer>
            </main>
        }
        .into_any())
    })
}
