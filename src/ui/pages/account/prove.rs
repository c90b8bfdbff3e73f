//! Proving anew who one is, before something that reaches far: by a second factor where there is one, else by the password.

use crate::{
    api::{
        done::own_path,
        factors::{ProveByCode, ProveByPasskey},
        sessions::Prove,
    },
    server::{auth::strength::MAX_LENGTH, context::Cx},
    ui::{
        components::{
            form::{FormState, TextField},
            notice::{FlashNotice, Notice},
        },
        load::{PageTitle, load, query_param},
        pages::factors::forms::{GiveFactor, kept_next},
        texts::{account as t, auth, common},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/account/prove`
#[component]
pub fn ProvePage() -> impl IntoView {
    let next = query_param("next");
    load(async move |cx| {
        let actor = cx.actor()?;
        let owned = actor.factor_desk(&cx.app).overview().await?.factors;
        let locale = cx.locale;
        let next = own_path(&kept_next(&cx, next)).to_owned();
        let forms = if owned.is_empty() && !actor.has_password() {
            view! {
                <Notice tone="info"><p>{t::prove_nothing(locale)}</p></Notice>
                <div class="actions"><a class="button" href="/account/password">{t::set(locale)}</a></div>
            }
            .into_any()
        } else if owned.is_empty() {
            view! { <PasswordForm cx=cx.clone() next=next.clone() /> }.into_any()
        } else {
            let kinds: Vec<_> = owned.into_iter().map(|factor| factor.kind).collect();
            view! { <GiveFactor cx=cx.clone() kinds=kinds by_passkey=ProveByPasskey::PATH by_code=ProveByCode::PATH next=next.clone() /> }.into_any()
        };
        Ok(view! {
            <PageTitle text=t::prove_title(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <div class="page-heading"><div><h1>{t::prove_title(locale)}</h1><p class="lead">{t::prove_lead(locale)}</p></div></div>
                <FlashNotice cx=cx.clone() />
                <div class="card">{forms}</div>
                <div class="actions"><a class="button quiet" href=next>{common::cancel(locale)}</a></div>
            </main>
        }
        .into_any())
    })
}

#[component]
fn PasswordForm(cx: Cx, next: String) -> impl IntoView {
    let form = FormState::of(&cx, Prove::PATH);
    view! {
        <form class="form" method="post" action=Prove::PATH>
            <input type="hidden" name="next" value=next />
            <TextField form=form name="password" label=auth::password(cx.locale) kind="password" autocomplete="current-password" required=true maxlength=MAX_LENGTH autofocus=true />
            <div class="actions"><button class="button wide">{t::prove_button(cx.locale)}</button></div>
        </form>
    }
}
