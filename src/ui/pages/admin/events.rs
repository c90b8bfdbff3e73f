//! Security events: what was refused or failed, and the changes about who gets in, in one order.

use crate::{
    domain::{audit::Action, locale::Locale, security_event::Kind},
    server::{
        context::Cx,
        service::events::{Line, Position, What},
    },
    ui::{
        components::{
            empty::Empty,
            icon::Icon,
            pager::{Pager, address, read_key, write_key},
            status::Status,
        },
        load::{PageTitle, load, query_param},
        texts::{common, events as t, hr},
        words,
    },
};
use leptos::prelude::*;

const PATH: &str = "/admin/events";

/// `/admin/events`
#[component]
pub fn EventsPage() -> impl IntoView {
    let only = What::from_word(&query_param("kind"));
    let before = query_param("before");
    load(async move |cx| {
        let (lines, reached) = cx.actor()?.events_desk(&cx.app)?.list(only, position(&before)).await?;
        let locale = cx.locale;
        let kind = only.map_or("", What::as_str);
        let next = reached.map(|reached| address(PATH, &[("kind", kind), ("before", &word(reached))]));
        let first = (!before.is_empty()).then(|| address(PATH, &[("kind", kind)]));
        let list = if lines.is_empty() {
            let text = if only.is_some() || !before.is_empty() {
                t::empty_filter(locale)
            } else {
                t::empty_text(locale)
            };
            view! { <Empty icon="shield" title=t::empty_title(locale) text=text /> }.into_any()
        } else {
            let rows = lines.into_iter().map(|line| view! { <Row cx=cx.clone() line=line /> }).collect_view();
            view! {
                <div class="table-frame" tabindex="0" role="region" aria-label=t::title(locale)>
                    <table class="table cards">
                        <thead><tr>
                            <th scope="col">{t::what(locale)}</th>
                            <th scope="col">{t::when(locale)}</th>
                            <th scope="col">{t::who(locale)}</th>
                            <th scope="col">{t::origin(locale)}</th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                <p class="meta">{t::origin_meaning(locale)}</p>
            }
            .into_any()
        };
        Ok(view! {
            <PageTitle text=t::title(locale) />
            <main class="page" id="main" tabindex="-1">
                <div class="page-heading"><div><h1>{t::title(locale)}</h1><p class="lead">{t::lead(locale)}</p></div></div>
                <Filter locale=locale chosen=only />
                {list}
                <Pager locale=locale first=first next=next />
            </main>
        }
        .into_any())
    })
}

/// As in an address: the audit entry, then second and id of the event.
fn word(position: Position) -> String {
    let entry = position.entry.map(|seq| seq.to_string()).unwrap_or_default();
    let event = position.event.map(|(at, id)| write_key(at, id)).unwrap_or_default();
    format!("{entry}.{event}")
}

fn position(word: &str) -> Position {
    let (entry, event) = word.split_once('.').unwrap_or_default();
    Position {
        entry: entry.parse().ok(),
        event: read_key(event),
    }
}

const fn name(locale: Locale, what: What) -> &'static str {
    match what {
        What::Event(kind) => t::kind(locale, kind),
        What::Change(action) => hr::action(locale, action),
    }
}

#[component]
fn Filter(locale: Locale, chosen: Option<What>) -> impl IntoView {
    let options = What::all()
        .map(|what| view! { <option value=what.as_str() selected=chosen == Some(what)>{name(locale, what)}</option> })
        .collect_view();
    view! {
        <form class="filters" method="get" action=PATH>
            <div class="field grow">
                <label for="kind">{t::filter(locale)}</label>
                <select id="kind" name="kind"><option value="">{t::all(locale)}</option>{options}</select>
            </div>
            <button class="button secondary"><Icon name="filter" />{common::apply_filter(locale)}</button>
        </form>
    }
}

#[component]
fn Row(cx: Cx, line: Line) -> impl IntoView {
    let locale = cx.locale;
    let (tone, icon) = match line.what {
        What::Change(Action::AccountLeftOpen) => ("overdue", "alert"),
        What::Change(_) => ("done", "check-circle"),
        What::Event(Kind::EvidenceExported) => ("open", "download"),
        What::Event(Kind::SessionRefused) => ("ended", "minus-circle"),
        What::Event(_) => ("overdue", "alert"),
    };
    let nobody = match line.what {
        What::Change(_) => t::system(locale),
        What::Event(Kind::LimitReached) => t::unknown(locale),
        What::Event(_) => t::nobody(locale),
    };
    let who = line.by.unwrap_or_else(|| nobody.to_owned());
    let about = line.about.map(|name| view! { <p class="meta">{t::about(locale, &name)}</p> });
    let name = name(locale, line.what);
    let label = format!("{}: {name}", t::open_entry(locale));
    let entry = line
        .entry
        .map(|seq| view! { <a href=format!("{PATH}/{seq}") aria-label=label>{t::open_entry(locale)}</a> });
    let times = (line.times > 1).then(|| view! { <p class="meta">{t::times(locale, line.times)}</p> });
    view! {
        <tr>
            <th scope="row"><div class="stack tight"><Status tone=tone icon=icon word=name />{times}{entry}</div></th>
            <td data-label=t::when(locale)>{words::moment(locale, &cx.app.settings().time_zone, line.at)}</td>
            <td data-label=t::who(locale)><div><p>{who}</p>{about}</div></td>
            <td data-label=t::origin(locale)>{line.fingerprint.map_or_else(|| "–".into_any(), |code| view! { <code>{code}</code> }.into_any())}</td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Instant;
    use uuid::Uuid;

    #[test]
    fn a_position_survives_an_address() {
        let event = Some((Instant::UNIX_EPOCH, Uuid::from_u128(7)));
        for reached in [
            Position::default(),
            Position { entry: Some(4), event: None },
            Position { entry: None, event },
            Position { entry: Some(4), event },
        ] {
            assert_eq!(position(&word(reached)), reached);
        }
        assert_eq!(position("nonsense"), Position::default());
    }
}
