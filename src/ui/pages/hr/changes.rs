//! What a change of somebody does to their items, shown before it is saved.

use crate::{
    domain::{duty::Fate, ids::RequirementId, locale::Locale},
    server::service::{people::Preview, rows::Rule},
    ui::{
        pages::content::rules::name,
        texts::{common, hr as t},
        words,
    },
};
use leptos::prelude::*;

/// What was asked to be shown, if anything, and the buttons: to save it, or to have it shown anew. `save`: what the first button says
/// where nothing is shown yet; `back`: where cancelling leads.
#[component]
pub fn ConfirmChange(locale: Locale, preview: Option<Preview>, save: &'static str, back: String) -> impl IntoView {
    let buttons = match &preview {
        None => view! { <button class="button">{save}</button> }.into_any(),
        Some(preview) => view! {
            <button class="button" name="seen" value=preview.seal.clone()>{t::changes_save(locale)}</button>
            <button class="button secondary">{t::changes_again(locale)}</button>
        }
        .into_any(),
    };
    view! {
        {preview.map(|preview| view! { <Changes locale=locale preview=preview /> })}
        <div class="actions">
            {buttons}
            <a class="button quiet" href=back>{common::cancel(locale)}</a>
        </div>
    }
}

#[component]
fn Changes(locale: Locale, preview: Preview) -> impl IntoView {
    let Preview { fates, rules, .. } = preview;
    let line = |(rule, fate): (RequirementId, Fate)| view! { <li><strong>{title(locale, &rules, rule)}</strong>": "{sentence(locale, fate)}</li> };
    view! {
        <section class="card" id="changes">
            <h2>{t::changes_title(locale)}</h2>
            <ul>{fates.into_iter().map(line).collect_view()}</ul>
            <p class="meta">{t::changes_kept(locale)}</p>
        </section>
    }
}

fn title(locale: Locale, rules: &[Rule], id: RequirementId) -> String {
    let rule = rules.iter().find(|rule| rule.requirement.id == id);
    rule.map_or_else(String::new, |rule| name(locale, rule))
}

fn sentence(locale: Locale, fate: Fate) -> String {
    let day = |day| words::short_date(locale, day);
    match fate {
        Fate::Get { due_on } => t::fate_get(locale, &day(due_on)),
        Fate::CountAgain => t::fate_count_again(locale).to_owned(),
        Fate::End => t::fate_end(locale).to_owned(),
        Fate::SetAside => t::fate_set_aside(locale).to_owned(),
        Fate::Move { from, to, late: true } => t::fate_move_late(locale, &day(from), &day(to)),
        Fate::Move { from, to, late: false } if from == to => t::fate_move_hour(locale, &day(to)),
        Fate::Move { from, to, late: false } => t::fate_move(locale, &day(from), &day(to)),
        Fate::Keep => t::fate_keep(locale).to_owned(),
    }
}
