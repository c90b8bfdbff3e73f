//! Choosing a password: typed twice, with what the server thinks of it while it is typed.

use crate::{
    domain::locale::Locale,
    islands::preview::LivePreview,
    server::auth::strength::Verdict,
    ui::{
        components::{
            form::{FormState, TextField},
            icon::Icon,
        },
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
        <div>
            <TextField form=form.clone() name="password" label=t::new_password(locale) hint=t::new_password_hint(locale, at_least) kind="password" autocomplete="new-password" required=true />
            <div class="strength" id="strength" aria-live="polite"></div>
            <LivePreview field="password" shown="strength" function=JUDGE sent_as="password" />
        </div>
        <TextField form=form name="repeated" label=t::repeat_password(locale) kind="password" autocomplete="new-password" required=true />
    }
}

/// What is said of a password, as HTML.
pub fn verdict(locale: Locale, verdict: &Verdict) -> String {
    let (class, icon, text) = match &verdict.problem {
        None => ("good", "check-circle", t::strong(locale).to_owned()),
        Some(problem) => ("weak", "alert", problems::problem(locale, problem)),
    };
    let score = verdict.score.to_string();
    Owner::new().with(|| {
        // It begins below the worst score, so that a bar is seen for that too.
        view! {
            <meter min="-1" max="4" low="2" high="4" optimum="4" value=score aria-hidden="true"></meter>
            <p class=class><Icon name=icon />{text}</p>
        }
        .to_html()
    })
}
