//! Choosing a password: typed twice, with what the server thinks of it while it is typed.

use crate::{
    domain::locale::Locale,
    islands::preview::LivePreview,
    server::auth::strength::Verdict,
    ui::{
        components::form::{FormState, TextField},
        texts::{account as t, problems},
    },
};
use leptos::prelude::*;

/// Where a typed password is judged.
pub const JUDGE: &str = "/account/password/strength";

/// The two fields. `at_least` is the fewest characters.
#[component]
pub fn NewPasswordFields(form: FormState, locale: Locale, at_least: usize) -> impl IntoView {
    view! {
        <div class="stack">
            <TextField form=form.clone() name="password" label=t::new_password(locale) hint=t::new_password_hint(locale, at_least) kind="password" autocomplete="new-password" required=true />
            <div class="strength" id="strength" aria-live="polite"></div>
            <LivePreview field="password" shown="strength" function=JUDGE sent_as="password" />
        </div>
        <TextField form=form name="repeated" label=t::repeat_password(locale) kind="password" autocomplete="new-password" required=true />
    }
}

/// What is said of a password, as HTML.
pub fn verdict(locale: Locale, verdict: &Verdict) -> String {
    let (class, text) = match &verdict.problem {
        None => ("good", t::strong(locale).to_owned()),
        Some(problem) => ("weak", problems::problem(locale, problem)),
    };
    let score = verdict.score.to_string();
    Owner::new().with(|| {
        view! {
            <meter min="0" max="4" low="2" high="4" optimum="4" value=score aria-hidden="true"></meter>
            <p class=class>{text}</p>
        }
        .to_html()
    })
}
