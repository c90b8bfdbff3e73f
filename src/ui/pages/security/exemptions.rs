//! The register of exceptions: what is lifted for whom, who asked, who decided, and until when.

use crate::{
    api::{
        done::person_path,
        exemptions::{DecideExemption, EndExemption},
    },
    domain::{
        exemption::{ExemptionKind, Status as Standing},
        locale::Locale,
        person::iso_date,
        requirement::RequirementKind,
        roles::Permission,
    },
    server::{
        context::Cx,
        service::rows::{Exemption, Page},
    },
    ui::{
        components::{
            empty::Empty,
            icon::Icon,
            notice::FlashNotice,
            pager::{Pager, address, read_key, write_key},
            status::Status,
        },
        load::{PageTitle, load, query_param},
        texts::exemptions as t,
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

const PATH: &str = "/exceptions";

/// `/exceptions`
#[component]
pub fn ExemptionsPage() -> impl IntoView {
    let status = Standing::from_word(&query_param("status"));
    let after = query_param("after");
    load(async move |cx| {
        let Page { rows, more } = cx.actor()?.exemption_desk(&cx.app)?.list(status, read_key(&after)).await?;
        let locale = cx.locale;
        let word = status.map_or("", Standing::as_str);
        let next = rows
            .last()
            .filter(|_| more)
            .map(|last| address(PATH, &[("status", word), ("after", &write_key(last.requested_at, last.id))]));
        let first = (!after.is_empty()).then(|| address(PATH, &[("status", word)]));
        let list = if rows.is_empty() {
            let text = if status.is_none() && after.is_empty() {
                t::empty_text(locale)
            } else {
                t::empty_filter(locale)
            };
            view! { <Empty icon="scale" title=t::empty_title(locale) text=text /> }.into_any()
        } else {
            let entries = rows.into_iter().map(|row| view! { <Entry cx=cx.clone() exemption=row /> });
            view! { <ul class="stack" role="list">{entries.collect_view()}</ul> }.into_any()
        };
        Ok(view! {
            <PageTitle text=t::title(locale) />
            <main class="page" id="main" tabindex="-1">
                <div class="page-heading">
                    <div><h1>{t::title(locale)}</h1><p class="lead">{t::lead(locale)}</p></div>
                    <div class="actions"><a class="button secondary" href="/exceptions.csv"><Icon name="download" />{t::export(locale)}</a></div>
                </div>
                <FlashNotice cx=cx.clone() />
                <Filter locale=locale chosen=status />
                {list}
                <Pager locale=locale first=first next=next />
            </main>
        }
        .into_any())
    })
}

#[component]
fn Filter(locale: Locale, chosen: Option<Standing>) -> impl IntoView {
    let entry = |status: Option<Standing>| {
        let word = status.map_or(t::all(locale), |status| standing(locale, status).2);
        let href = address(PATH, &[("status", status.map_or("", Standing::as_str))]);
        view! { <li><a href=href aria-current=(chosen == status).then_some("page")>{word}</a></li> }
    };
    let entries = [None].into_iter().chain(Standing::ALL.map(Some)).map(entry).collect_view();
    view! { <nav class="tabs" aria-label=t::filter(locale)><ul>{entries}</ul></nav> }
}

/// Tone, icon and word.
const fn standing(locale: Locale, status: Standing) -> (&'static str, &'static str, &'static str) {
    match status {
        Standing::Requested => ("waiting", "hourglass", t::requested(locale)),
        Standing::InForce => ("open", "scale", t::in_force(locale)),
        Standing::Over => ("ended", "minus-circle", t::over(locale)),
        Standing::Refused => ("ended", "x-circle", t::refused(locale)),
    }
}

#[component]
fn Entry(cx: Cx, exemption: Exemption) -> impl IntoView {
    let locale = cx.locale;
    let (tone, icon, word) = standing(locale, exemption.status);
    let item = match (exemption.kind, &exemption.title) {
        (ExemptionKind::StartWithoutNda, _) => t::start_without(locale).to_owned(),
        (ExemptionKind::Exemption, Some(title)) if matches!(exemption.item, RequirementKind::Policy | RequirementKind::Instruction) => {
            title.get(locale).to_owned()
        }
        (ExemptionKind::Exemption, _) => words::requirement_kind(locale, exemption.item).to_owned(),
    };
    let moment = |at| words::moment(locale, &exemption.time_zone, at);
    let decided = exemption.decided_at.zip(exemption.decided_by_name.as_deref()).map(|(at, name)| {
        let label = match (exemption.kind, exemption.status) {
            (ExemptionKind::StartWithoutNda, _) => t::allowed_by(locale),
            (_, Standing::Refused) => t::refused_by(locale),
            _ => t::approved_by(locale),
        };
        (label, t::by_on(locale, name, &moment(at)))
    });
    let requested = (exemption.kind == ExemptionKind::Exemption).then(|| {
        (
            t::requested_by(locale),
            t::by_on(locale, &exemption.requested_by_name, &moment(exemption.requested_at)),
        )
    });
    let facts = [
        Some((t::reason(locale), kept(locale, &exemption.reason))),
        Some((t::instead(locale), kept(locale, &exemption.compensating_step))),
        requested,
        decided,
        exemption.ended_at.map(|at| (t::ended_at(locale), moment(at))),
    ];
    let facts = facts
        .into_iter()
        .flatten()
        .map(|(term, value)| view! { <div><dt>{term}</dt><dd>{value}</dd></div> });
    let ends_on = exemption.ends_on;
    view! {
        <li class="card">
            <div class="row apart">
                <div>
                    <h2><a href=person_path(exemption.person)>{exemption.person_name.clone()}</a></h2>
                    <p class="meta">{item}</p>
                </div>
                <Status tone=tone icon=icon word=word />
            </div>
            <dl class="facts lines">
                {facts.collect_view()}
                <div><dt>{t::until(locale)}</dt><dd><time datetime=iso_date(ends_on)>{words::date(locale, ends_on)}</time></dd></div>
            </dl>
            <Actions cx=cx exemption=exemption />
        </li>
    }
}

/// What the reader may do about an entry.
#[component]
fn Actions(cx: Cx, exemption: Exemption) -> impl IntoView {
    let locale = cx.locale;
    let actor = cx.actor.as_ref().filter(|actor| actor.may(Permission::DecideExemption))?;
    let id = exemption.id.to_string();
    let name = exemption.person_name;
    let whom = move || view! { <span class="visually-hidden">{format!(": {name}")}</span> };
    let is_own = exemption.requested_by == actor.account() || actor.person() == Some(exemption.person);
    match exemption.status {
        Standing::Requested if is_own => Some(view! { <p class="meta">{t::own_request(locale)}</p> }.into_any()),
        Standing::Requested => Some(
            view! {
                <form class="actions" method="post" action=DecideExemption::PATH>
                    <input type="hidden" name="id" value=id />
                    <button class="button small" name="approve" value="yes">{t::approve(locale)}{whom.clone()()}</button>
                    <button class="button small secondary" name="approve" value="no">{t::refuse(locale)}{whom()}</button>
                </form>
            }
            .into_any(),
        ),
        Standing::InForce => Some(
            view! {
                <form class="actions" method="post" action=EndExemption::PATH>
                    <input type="hidden" name="id" value=id />
                    <button class="button small secondary">{t::end_now(locale)}{whom()}</button>
                </form>
            }
            .into_any(),
        ),
        Standing::Over | Standing::Refused => None,
    }
}

/// A text of the register; it goes when the person gets a pseudonym.
fn kept(locale: Locale, text: &str) -> String {
    if text.is_empty() { t::removed(locale).to_owned() } else { text.to_owned() }
}
