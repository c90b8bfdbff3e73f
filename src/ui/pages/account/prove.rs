//! Proving anew who one is, before something that reaches far.

use crate::{
    api::{done::is_own_path, sessions::Prove},
    server::auth::password::MAX_LENGTH,
    ui::{
        components::{
            form::{ErrorSummary, FormState, TextField},
            notice::FlashNotice,
        },
        load::{PageTitle, load, query_param},
        texts::{account as t, auth, common},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/account/prove`
#[component]
pub fn ProvePage() -> impl IntoView {
    let next = query_param("next");
    load(async move |cx| {
        cx.actor()?;
        let locale = cx.locale;
        let form = FormState::of(&cx, Prove::PATH);
        let next = form.value("next", &next);
        let back = if is_own_path(&next) { next.clone() } else { "/".to_owned() };
        Ok(view! {
            <PageTitle text=t::prove_title(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <div class="page-heading"><div><h1>{t::prove_title(locale)}</h1><p class="lead">{t::prove_lead(locale)}</p></div></div>
                <FlashNotice cx=cx.clone() />
                <form class="form card" method="post" action=Prove::PATH>
                    <ErrorSummary form=form.clone() />
                    <input type="hidden" name="next" value=next />
                    <TextField form=form.clone() name="password" label=auth::password(locale) kind="password" autocomplete="current-password" required=true maxlength=MAX_LENGTH />
                    <div class="actions">
                        <button class="button">{t::prove_button(locale)}</button>
                        <a class="button quiet" href=back>{common::cancel(locale)}</a>
                    </div>
                </form>
            </main>
        }
        .into_any())
    })
}
