//! The second step of signing in.

use super::forms::{GiveFactor, kept_next};
use crate::{
    api::{
        account::SignOut,
        done::own_path,
        factors::{GiveCode, GivePasskey},
    },
    server::service::second_step,
    ui::{
        components::{frame::LanguageSwitch, icon::Wordmark, notice::FlashNotice},
        load::{PageTitle, load, query_param},
        texts::factors as t,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/sign-in/second-step`
#[component]
pub fn SecondStepPage() -> impl IntoView {
    let next = query_param("next");
    load(async move |cx| {
        let Some(half) = &cx.half else {
            leptos_axum::redirect(if cx.actor.is_some() { "/" } else { "/sign-in" });
            return Ok(().into_any());
        };
        let kinds = second_step::kinds(&cx.app, half).await?;
        let locale = cx.locale;
        let next = kept_next(&cx, own_path(&next).to_owned());
        Ok(view! {
            <PageTitle text=t::step_title(locale) />
            <main class="gateway" id="main" tabindex="-1">
                <Wordmark />
                <FlashNotice cx=cx.clone() />
                <div class="card">
                    <h1>{t::step_title(locale)}</h1>
                    <p>{t::step_lead(locale)}</p>
                    <GiveFactor cx=cx.clone() kinds=kinds by_passkey=GivePasskey::PATH by_code=GiveCode::PATH next=next />
                    <p class="meta">{t::step_lost(locale)}</p>
                    <form method="post" action=SignOut::PATH><button class="button quiet">{t::step_leave(locale)}</button></form>
                </div>
                <footer><LanguageSwitch locale=locale /></footer>
            </main>
        }
        .into_any())
    })
}
