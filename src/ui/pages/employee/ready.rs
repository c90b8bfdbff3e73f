//! The end of the list: what happens on the first day, or that nothing is left to do.

use super::items::{Place, first_name, is_own_step, items};
use crate::{
    domain::{locale::Locale, requirement::RequirementKind},
    server::service::checklist::Checklist,
    ui::{components::icon::Icon, texts::checklist as t, words},
};
use leptos::prelude::*;

/// Stands at the top when nothing can be done now.
#[component]
pub fn Ready(locale: Locale, list: Checklist) -> impl IntoView {
    let details = &list.person.details;
    let name = first_name(details.name.as_str());
    let (title, text) = match details.start_date.cmp(&list.today) {
        std::cmp::Ordering::Greater => (t::ready(locale, name), t::ready_text(locale, &words::long_date(locale, details.start_date))),
        std::cmp::Ordering::Equal => (t::ready(locale, name), t::ready_today(locale).to_owned()),
        std::cmp::Ordering::Less => (t::all_done(locale, name), t::all_done_text(locale).to_owned()),
    };
    let waits = items(&list.items).iter().any(|item| item.place() == Place::Others);
    let starts = details.start_date >= list.today;
    view! {
        <section class="all-done">
            <Icon name="check-circle" />
            <h1>{title}</h1>
            <p>{text}</p>
            {waits.then(|| view! { <p>{t::still_waiting(locale)}</p> })}
        </section>
        {starts.then(|| view! { <DayOne locale=locale list=list.clone() /> })}
    }
}

#[component]
fn DayOne(locale: Locale, list: Checklist) -> impl IntoView {
    let manager = list
        .items
        .iter()
        .find(|part| part.kind == RequirementKind::PasswordManager && is_own_step(part));
    let invite = manager.map(|part| t::invite_text(locale, &words::due(locale, part.deadline.due_on, list.today)));
    let steps = [
        Some((t::arrive(locale), t::arrive_text(locale).to_owned())),
        Some((t::laptop(locale), t::laptop_text(locale).to_owned())),
        invite.map(|text| (t::invite(locale), text)),
        Some((t::ask(locale), t::ask_hr(locale).to_owned())),
    ];
    let steps = steps
        .into_iter()
        .flatten()
        .map(|(title, text)| view! { <li><div><strong>{title}</strong><p>{text}</p></div></li> });
    view! {
        <section class="card">
            <h2>{t::day_one(locale)}</h2>
            <ol class="steps-list">{steps.collect_view()}</ol>
        </section>
    }
}
