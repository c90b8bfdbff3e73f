//! Signing in with address and password, or asking for a new personal link.

use crate::{
    api::{account::SignIn, factors::GivePasskey, invitations::RequestLink},
    ui::{
        components::{
            form::{ErrorSummary, FormState, TextField},
            frame::LanguageSwitch,
            icon::Wordmark,
            notice::FlashNotice,
        },
        load::{PageTitle, load, query_param},
        pages::factors::forms::PasskeyForm,
        texts::{auth as t, factors},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/sign-in`
#[component]
pub fn SignInPage() -> impl IntoView {
    let next = query_param("next");
    load(async move |cx| {
        let locale = cx.locale;
        let form = FormState::of(&cx, SignIn::PATH);
        let link = FormState::of(&cx, RequestLink::PATH);
        let next = form.value("next", &next);
        // What a form had to say is read first.
        let begins_here = cx.flash.is_none();
        let passkey_next = next.clone();
        Ok(view! {
            <PageTitle text=t::sign_in_title(locale) />
            <main class="gateway" id="main" tabindex="-1">
                <Wordmark />
                <FlashNotice cx=cx.clone() />
                <div class="card">
                    <h1>{t::sign_in_title(locale)}</h1>
                    <form class="form" method="post" action=SignIn::PATH>
                        <ErrorSummary form=form.clone() />
                        <input type="hidden" name="next" value=next />
                        <TextField form=form.clone() name="email" label=t::email(locale) hint=t::email_hint(locale) kind="email" autocomplete="username" required=true maxlength=254 autofocus=begins_here />
                        <TextField form=form.clone() name="password" label=t::password(locale) kind="password" autocomplete="current-password" required=true />
                        <div class="actions"><button class="button wide">{t::sign_in_button(locale)}</button></div>
                    </form>
                    <PasskeyForm cx=cx.clone() action=GivePasskey::PATH next=passkey_next button=factors::sign_in_by_passkey(locale) />
                    <details class="disclosure" open=link.is_refused()>
                        <summary>{t::no_password(locale)}</summary>
                        <div class="stack">
                            <p>{if cx.app.settings().sends_mail { t::no_password_text(locale) } else { t::no_mail_text(locale) }}</p>
                            <form class="form" method="post" action=RequestLink::PATH>
                                <div class="field">
                                    <label for="link-email">{t::email(locale)}</label>
                                    <input id="link-email" name="email" type="email" autocomplete="email" required=true maxlength="254" value=link.value("email", "") />
                                </div>
                                <div class="actions"><button class="button secondary">{t::send_link(locale)}</button></div>
                            </form>
                        </div>
                    </details>
                </div>
                <footer><LanguageSwitch locale=locale /></footer>
            </main>
        }
        .into_any())
    })
}
