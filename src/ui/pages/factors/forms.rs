//! Forms that more than one page has: giving a code or a passkey, and resetting somebody's factors.

use crate::{
    api::{factors::AskForPasskey, flash::Flash},
    domain::locale::Locale,
    islands::passkey::{self, PasskeyButton},
    server::{context::Cx, service::factors::offers_passkeys},
    ui::{
        components::form::{ErrorSummary, FormState, TextField},
        texts::factors as t,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The part of a form that a passkey fills in: `begin` is the path of the function that says what to ask the browser.
#[component]
pub fn PasskeyPart(locale: Locale, begin: &'static str, creates: bool, #[prop(into)] button: String) -> impl IntoView {
    let sentences = [
        ("cancelled", t::passkey_cancelled(locale)),
        ("known", t::passkey_known(locale)),
        ("failed", t::passkey_failed(locale)),
        ("unreachable", t::passkey_unreachable(locale)),
        ("reload", t::passkey_reload(locale)),
    ];
    view! {
        <div class="field passkey" id=passkey::PLACE data-step="absent">
            <input type="hidden" name="id" />
            <input type="hidden" name="credential" />
            <p class="hint" data-at="absent">{t::passkey_absent(locale)}</p>
            <div><button type="button" class="button secondary">{button}</button></div>
            <div role="status">{sentences.map(|(step, text)| view! { <p data-at=step>{text}</p> }).collect_view()}</div>
            <PasskeyButton begin=begin creates=creates />
        </div>
    }
}

/// Gives a code; `action` is the function that takes it.
#[component]
pub fn CodeForm(cx: Cx, action: &'static str, next: String) -> impl IntoView {
    let locale = cx.locale;
    let form = FormState::of(&cx, action);
    view! {
        <form class="form" method="post" action=action>
            <ErrorSummary form=form.clone() />
            <input type="hidden" name="next" value=next />
            <TextField form=form name="code" label=t::step_code(locale) hint=t::step_code_hint(locale) autocomplete="one-time-code" required=true maxlength=40 />
            <div class="actions"><button class="button wide">{t::step_go(locale)}</button></div>
        </form>
    }
}

/// Gives a passkey; `action` is the function that takes it. Nothing where there are none.
#[component]
pub fn PasskeyForm(cx: Cx, action: &'static str, next: String, #[prop(into)] button: String) -> impl IntoView {
    offers_passkeys(&cx.app).then(|| {
        view! {
            <form class="form" method="post" action=action>
                <input type="hidden" name="next" value=next />
                <PasskeyPart locale=cx.locale begin=AskForPasskey::PATH creates=false button=button />
            </form>
        }
    })
}

/// Takes every factor from an account whose owner lost them. `action` is the function that takes `id` and `reason`.
#[component]
pub fn ResetForm(cx: Cx, action: &'static str, #[prop(into)] id: String) -> impl IntoView {
    let locale = cx.locale;
    let form = FormState::of(&cx, action);
    view! {
        <form class="form" method="post" action=action>
            <ErrorSummary form=form.clone() labels=vec![("reason", t::reset_reason(locale).to_owned())] />
            <p>{t::reset_text(locale)}</p>
            <input type="hidden" name="id" value=id />
            <TextField form=form name="reason" label=t::reset_reason(locale) required=true maxlength=200 />
            <div class="actions"><button class="button secondary">{t::reset_button(locale)}</button></div>
        </form>
    }
}

/// Where a refused form wanted to lead, else `next`: what was typed survives the way back, the query of the page may not.
pub fn kept_next(cx: &Cx, next: String) -> String {
    match &cx.flash {
        Some(Flash::Failed { typed, .. }) => typed.iter().find(|(name, _)| name == "next").map_or(next, |(_, value)| value.clone()),
        _ => next,
    }
}
