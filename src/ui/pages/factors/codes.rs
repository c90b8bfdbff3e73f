//! Fresh recovery codes, until their owner says that they are kept. Looking at this page changes nothing.

use crate::{
    api::{
        done::own_path,
        factors::{FACTORS, KeepCodes},
    },
    ui::{
        components::notice::{FlashNotice, Notice},
        load::{PageTitle, load, query_param},
        texts::factors as t,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/account/factors/codes`
#[component]
pub fn CodesPage() -> impl IntoView {
    let next = query_param("next");
    load(async move |cx| {
        let Some(codes) = cx.actor()?.factor_desk(&cx.app).shown_codes(cx.now).await? else {
            leptos_axum::redirect(FACTORS);
            return Ok(().into_any());
        };
        let locale = cx.locale;
        let next = if next.is_empty() { FACTORS } else { own_path(&next) };
        let codes = codes.into_iter().map(|code| view! { <li><code>{code}</code></li> }).collect_view();
        Ok(view! {
            <PageTitle text=t::codes_title(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <FlashNotice cx=cx.clone() />
                <div class="page-heading"><div><h1>{t::codes_title(locale)}</h1><p class="lead">{t::codes_lead(locale)}</p></div></div>
                <section class="card">
                    <ul class="recovery-codes">{codes}</ul>
                    <Notice tone="warning"><p>{t::codes_once(locale)}</p></Notice>
                    <form method="post" action=KeepCodes::PATH>
                        <input type="hidden" name="next" value=next />
                        <button class="button">{t::codes_kept(locale)}</button>
                    </form>
                </section>
            </main>
        }
        .into_any())
    })
}
