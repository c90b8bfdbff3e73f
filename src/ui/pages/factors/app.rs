//! Adding an authenticator app: scan, open or type its key, then confirm by the first code.

use super::forms::kept_next;
use crate::{
    api::factors::{ConfirmApp, FACTORS},
    domain::factor::LONGEST_NAME,
    ui::{
        components::{
            form::{ErrorSummary, FormState, TextField},
            icon::Icon,
            notice::FlashNotice,
        },
        load::{PageTitle, load, query_param},
        texts::{common, factors as t},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/account/factors/app`
#[component]
pub fn AppPage() -> impl IntoView {
    let next = query_param("next");
    load(async move |cx| {
        let Some(app) = cx.actor()?.factor_desk(&cx.app).pending_app(cx.now).await? else {
            leptos_axum::redirect(FACTORS);
            return Ok(().into_any());
        };
        let locale = cx.locale;
        let next = kept_next(&cx, next);
        let form = FormState::of(&cx, ConfirmApp::PATH);
        let labels = vec![("name", t::name(locale).to_owned()), ("code", t::app_code(locale).to_owned())];
        Ok(view! {
            <PageTitle text=t::app_title(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href=FACTORS><Icon name="chevron-left" />{t::title(locale)}</a>
                <FlashNotice cx=cx.clone() />
                <div class="page-heading"><div><h1>{t::app_title(locale)}</h1></div></div>
                <section class="card">
                    <h2>{t::app_scan(locale)}</h2>
                    <p>{t::app_here(locale)}" "<a href=app.uri>{t::app_open(locale)}</a></p>
                    <p>{t::app_scan_text(locale)}</p>
                    <div class="qr-code" role="img" aria-label=t::app_picture(locale) inner_html=app.picture></div>
                    <p>{t::app_type(locale)}" "<code class="secret">{app.secret}</code></p>
                </section>
                <section class="card">
                    <h2>{t::app_confirm(locale)}</h2>
                    <p>{t::app_confirm_text(locale)}</p>
                    <form class="form" method="post" action=ConfirmApp::PATH>
                        <ErrorSummary form=form.clone() labels=labels />
                        <input type="hidden" name="id" value=app.id.to_string() />
                        <input type="hidden" name="next" value=next />
                        <TextField form=form.clone() name="code" label=t::app_code(locale) class="short" autocomplete="one-time-code" inputmode="numeric" required=true maxlength=10 />
                        <TextField form=form name="name" label=t::name(locale) hint=t::name_hint(locale) value=t::default_app_name(locale) required=true maxlength=LONGEST_NAME />
                        <div class="actions">
                            <button class="button">{t::app_add(locale)}</button>
                            <a class="button quiet" href=FACTORS>{common::cancel(locale)}</a>
                        </div>
                    </form>
                </section>
            </main>
        }
        .into_any())
    })
}
