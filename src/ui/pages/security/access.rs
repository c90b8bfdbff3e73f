//! The review of access: who holds which role, for the security lead and the auditor.

use crate::{
    domain::{ids::AccountId, person::iso_date, roles::Role},
    server::{
        context::Cx,
        service::{
            roles::last_day_of,
            rows::{Holder, HolderKey, Page},
        },
    },
    ui::{
        components::{
            empty::Empty,
            icon::Icon,
            notice::FlashNotice,
            pager::{Pager, address},
        },
        load::{PageTitle, load, query_param},
        texts::{accounts as t, common},
        words,
    },
};
use leptos::prelude::*;

const PATH: &str = "/security/access";

/// `/security/access`
#[component]
pub fn AccessPage() -> impl IntoView {
    let after: Option<HolderKey> = query_param("id")
        .parse::<AccountId>()
        .ok()
        .map(|id| (query_param("after"), id, query_param("role")));
    load(async move |cx| {
        let Page { rows, more } = cx.actor()?.access_desk(&cx.app)?.list(cx.now, after.as_ref()).await?;
        let locale = cx.locale;
        let next = rows
            .last()
            .filter(|_| more)
            .map(|last| address(PATH, &[("after", &last.sort_name), ("id", &last.account_id.to_string()), ("role", &last.role)]));
        let first = after.is_some().then(|| PATH.to_owned());
        let list = if rows.is_empty() {
            view! { <Empty icon="shield" title=t::access_empty_title(locale) text=t::access_empty_text(locale) /> }.into_any()
        } else {
            view! { <Table cx=cx.clone() rows=rows /> }.into_any()
        };
        Ok(view! {
            <PageTitle text=t::access_title(locale) />
            <main class="page" id="main" tabindex="-1">
                <div class="page-heading">
                    <div><h1>{t::access_title(locale)}</h1><p class="lead">{t::access_lead(locale)}</p></div>
                    <div class="actions"><a class="button secondary" href="/security/access.csv"><Icon name="download" />{t::access_export(locale)}</a></div>
                </div>
                <FlashNotice cx=cx.clone() />
                {list}
                <Pager locale=locale first=first next=next />
            </main>
        }
        .into_any())
    })
}

#[component]
fn Table(cx: Cx, rows: Vec<Holder>) -> impl IntoView {
    let locale = cx.locale;
    let zone = cx.app.settings().time_zone.clone();
    let rows = rows.into_iter().map(|row| {
        let day = |date| view! { <time datetime=iso_date(date)>{words::short_date(locale, date)}</time> };
        let until = row.ends_at.map_or_else(
            || view! { <span class="muted">{t::open_ended(locale)}</span> }.into_any(),
            |end| day(last_day_of(&zone, end)).into_any(),
        );
        let by = [
            Some(
                row.granted_by_name
                    .map_or(t::by_command_line(locale).to_owned(), |name| t::granted_by(locale, &name)),
            ),
            row.approved_by_name.map(|name| t::approved_by(locale, &name)),
        ];
        let role = Role::from_stored(&row.role).map_or("", |role| words::role(locale, role));
        let reason = words::role_reason(locale, &row.reason).to_owned();
        let last_day = row
            .last_day
            .map(|date| view! { <small>{t::last_day_was(locale, &words::short_date(locale, date))}</small> });
        view! {
            <tr>
                <th scope="row">{row.name}{row.address.map(|address| view! { <small>{address}</small> })}{last_day}</th>
                <td data-label=t::column_role(locale)>{role}</td>
                <td data-label=t::reason(locale)>{reason}</td>
                <td data-label=t::column_since(locale)>{day(row.granted_at.date())}</td>
                <td data-label=t::column_until(locale)>{until}</td>
                <td data-label=t::column_by(locale)>{by.into_iter().flatten().collect::<Vec<_>>().join(", ")}</td>
            </tr>
        }
    });
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label=t::access_title(locale)>
            <table class="table cards">
                <caption class="visually-hidden">{t::access_title(locale)}</caption>
                <thead><tr>
                    <th scope="col">{common::name(locale)}</th>
                    <th scope="col">{t::column_role(locale)}</th>
                    <th scope="col">{t::reason(locale)}</th>
                    <th scope="col">{t::column_since(locale)}</th>
                    <th scope="col">{t::column_until(locale)}</th>
                    <th scope="col">{t::column_by(locale)}</th>
                </tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}
