//! The rules: what is asked of whom, by when, and of how many people.

use crate::{
    api::rules::{RULES, rule_path},
    domain::locale::Locale,
    server::{service::rows::Rule, zones},
    ui::{
        components::{empty::Empty, icon::Icon, notice::FlashNotice},
        load::{PageTitle, load},
        texts::{common, rules as t},
        words,
    },
};
use leptos::prelude::*;

/// `/content/rules`
#[component]
pub fn RulesPage() -> impl IntoView {
    load(async move |cx| {
        let rules = cx.actor()?.rule_desk(&cx.app)?.list(cx.now).await?;
        let locale = cx.locale;
        let zone = cx.app.settings().time_zone.clone();
        let (in_force, ended): (Vec<_>, Vec<_>) = rules.into_iter().partition(|rule| rule.ended_at.is_none());
        let table = if in_force.is_empty() {
            view! { <Empty icon="list" title=t::empty_title(locale) text=t::empty_text(locale) /> }.into_any()
        } else {
            view! { <Table locale=locale rules=in_force /> }.into_any()
        };
        Ok(view! {
            <PageTitle text=t::title(locale) />
            <main class="page" id="main" tabindex="-1">
                <a class="back" href="/content"><Icon name="chevron-left" />{common::nav_content(locale)}</a>
                <div class="page-heading">
                    <div><h1>{t::title(locale)}</h1><p class="lead">{t::lead(locale)}</p></div>
                    <div class="actions"><a class="button" href=format!("{RULES}/new")><Icon name="plus" />{t::new(locale)}</a></div>
                </div>
                <FlashNotice cx=cx.clone() />
                {table}
                <Ended locale=locale zone=zone rules=ended />
            </main>
        }
        .into_any())
    })
}

/// What a rule is called: the title of what it asks for, else its kind.
pub fn name(locale: Locale, rule: &Rule) -> String {
    let title = rule.title.as_ref().map(|title| title.get(locale).to_owned());
    title.unwrap_or_else(|| words::requirement_kind(locale, rule.requirement.kind).to_owned())
}

#[component]
fn Table(locale: Locale, rules: Vec<Rule>) -> impl IntoView {
    let rows = (1..).zip(rules).map(|(place, rule)| view! { <Row locale=locale place=place rule=rule /> });
    view! {
        <section class="card flush">
            <div class="table-frame" tabindex="0" role="region" aria-label=t::title(locale)>
                <table class="table cards">
                    <caption class="visually-hidden">{t::title(locale)}</caption>
                    <thead><tr>
                        <th>{t::column_place(locale)}</th>
                        <th>{t::column_what(locale)}</th>
                        <th>{t::column_whom(locale)}</th>
                        <th>{t::column_due(locale)}</th>
                        <th>{t::column_people(locale)}</th>
                        <th class="end"><span class="visually-hidden">{t::column_actions(locale)}</span></th>
                    </tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn Row(locale: Locale, place: usize, rule: Rule) -> impl IntoView {
    let name = name(locale, &rule);
    let path = rule_path(rule.requirement.id);
    let requirement = rule.requirement;
    let kind = rule
        .title
        .is_some()
        .then(|| view! { <small>{words::requirement_kind(locale, requirement.kind)}</small> });
    let of_rule = name.clone();
    let of_rule = move || view! { <span class="visually-hidden">{format!(": {of_rule}")}</span> };
    view! {
        <tr>
            <td data-label=t::column_place(locale)>{place}</td>
            <th scope="row">{name}{kind}</th>
            <td data-label=t::column_whom(locale)>{t::group(locale, &requirement.audience)}</td>
            <td data-label=t::column_due(locale)><div>
                <div>{t::due(locale, requirement.due)}</div>
                <span class="meta">{t::recurrence_word(locale, requirement.recurrence)}</span>
            </div></td>
            <td data-label=t::column_people(locale)>{rule.people}</td>
            <td class="end"><div class="actions">
                <a class="button secondary small" href=path.clone()>{t::change(locale)}{of_rule.clone()()}</a>
                <a class="button quiet small" href=format!("{path}/end")>{t::end(locale)}{of_rule()}</a>
            </div></td>
        </tr>
    }
}

#[component]
fn Ended(locale: Locale, zone: String, rules: Vec<Rule>) -> impl IntoView {
    (!rules.is_empty()).then(|| {
        let rows = rules.into_iter().map(|rule| {
            let day = rule.ended_at.map(|at| words::date(locale, zones::local_date(&zone, at))).unwrap_or_default();
            view! { <li class="row apart"><strong>{name(locale, &rule)}</strong><span class="meta">{t::ended_on(locale, &day)}</span></li> }
        });
        view! {
            <section class="card">
                <h2>{t::ended_title(locale)}</h2>
                <ul class="lined" role="list">{rows.collect_view()}</ul>
            </section>
        }
    })
}
