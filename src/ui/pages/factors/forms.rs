//! Forms that more than one page has: giving a code or a passkey, and resetting somebody's factors.

use crate::{
    api::{factors::AskForPasskey, flash::Flash},
    domain::{factor::FactorKind, locale::Locale},
    islands::passkey::{self, PasskeyButton},
    server::{context::Cx, service::factors::offers_passkeys},
    ui::{
        components::form::{ErrorSummary, FormState, TextField},
        texts::{common, factors as t},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The part of a form that a passkey fills in: `begin` is the path of the function that says what to ask the browser, `look` the class
/// of the button.
#[component]
pub fn PasskeyPart(
    locale: Locale,
    begin: &'static str,
    creates: bool,
    #[prop(into)] button: String,
    #[prop(default = "button secondary")] look: &'static str,
) -> impl IntoView {
    let sentences = [
        ("cancelled", t::passkey_cancelled(locale)),
        ("known", t::passkey_known(locale)),
        ("failed", t::passkey_failed(locale)),
        ("unreachable", t::passkey_unreachable(locale)),
        ("reload", t::passkey_reload(locale)),
    ];
    view! {
        <div class="field passkey" id=passkey::PLACE data-step="asleep">
            <input type="hidden" name="id" />
            <input type="hidden" name="credential" />
            <noscript><p class="hint">{t::passkey_absent(locale)}</p></noscript>
            <p class="hint" data-at="absent">{t::passkey_absent(locale)}</p>
            <div><button type="button" class=look>{button}</button></div>
            <div role="status">{sentences.map(|(step, text)| view! { <p data-at=step>{text}</p> }).collect_view()}</div>
            <PasskeyButton begin=begin creates=creates />
        </div>
    }
}

/// Proves by a second factor who one is, `kinds` being what there is: by a passkey, which is simplest, and by a code, which without an
/// app can only be a recovery code. `by_passkey` and `by_code` are the functions that take them.
#[component]
pub fn GiveFactor(cx: Cx, kinds: Vec<FactorKind>, by_passkey: &'static str, by_code: &'static str, next: String) -> impl IntoView {
    let has_app = kinds.contains(&FactorKind::App);
    let passkey = kinds.contains(&FactorKind::Passkey).then(|| {
        let look = if has_app { "button secondary" } else { "button" };
        view! { <PasskeyForm cx=cx.clone() action=by_passkey next=next.clone() button=t::use_passkey(cx.locale) look=look /> }
    });
    view! {
        {passkey}
        <CodeForm cx=cx action=by_code next=next has_app=has_app />
    }
}

/// Gives a code. It has one field, and what is wrong stands there alone; whoever came back, or has an app, begins to type at once.
#[component]
fn CodeForm(cx: Cx, action: &'static str, next: String, has_app: bool) -> impl IntoView {
    let locale = cx.locale;
    let form = FormState::of(&cx, action);
    let (label, hint, look) = if has_app {
        (t::step_code(locale), t::step_code_hint(locale), "button wide")
    } else {
        (t::step_recovery_code(locale), t::step_recovery_hint(locale), "button secondary wide")
    };
    let begins_here = has_app || form.is_refused();
    view! {
        <form class="form" method="post" action=action>
            <input type="hidden" name="next" value=next />
            <TextField form=form name="code" label=label hint=hint autocomplete="one-time-code" required=true maxlength=40 autofocus=begins_here />
            <div class="actions"><button class=look>{t::step_go(locale)}</button></div>
        </form>
    }
}

/// Gives a passkey; `action` is the function that takes it. Nothing where there are none.
#[component]
pub fn PasskeyForm(
    cx: Cx,
    action: &'static str,
    next: String,
    #[prop(into)] button: String,
    #[prop(default = "button secondary")] look: &'static str,
) -> impl IntoView {
    offers_passkeys(&cx.app).then(|| {
        view! {
            <form class="form" method="post" action=action>
                <input type="hidden" name="next" value=next />
                <PasskeyPart locale=cx.locale begin=AskForPasskey::PATH creates=false button=button look=look />
            </form>
        }
    })
}

/// Takes every factor from an account whose owner lost them. `action` is the function that takes `id` and `reason`; `back` leads away.
#[component]
pub fn ResetForm(cx: Cx, action: &'static str, #[prop(into)] id: String, back: String) -> impl IntoView {
    let locale = cx.locale;
    let form = FormState::of(&cx, action);
    view! {
        <form class="form card" method="post" action=action novalidate>
            <ErrorSummary form=form.clone() labels=vec![("reason", t::reset_reason(locale).to_owned())] />
            <p>{t::reset_text(locale)}</p>
            <input type="hidden" name="id" value=id />
            <TextField form=form name="reason" label=t::reset_reason(locale) required=true maxlength=200 />
            <div class="actions">
                <button class="button">{t::reset_button(locale)}</button>
                <a class="button quiet" href=back>{common::cancel(locale)}</a>
            </div>
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
