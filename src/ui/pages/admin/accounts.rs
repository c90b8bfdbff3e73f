//! Everyone who can sign in, and the requests that wait for a second administrator.

use crate::{
    api::done::account_path,
    domain::{ids::AccountId, locale::Locale, roles::Role},
    server::{
        context::Cx,
        service::rows::{AccountKey, AccountSummary, Page, RoleRequest},
    },
    ui::{
        components::{
            empty::Empty,
            icon::Icon,
            notice::{FlashNotice, Notice},
            pager::{Pager, address},
            search::SearchForm,
            status::Status,
            task::TaskRow,
        },
        load::{PageTitle, load, query_param},
        texts::{accounts as t, common},
        words,
    },
};
use leptos::prelude::*;

const PATH: &str = "/admin/accounts";

/// `/admin/accounts`
#[component]
pub fn AccountsPage() -> impl IntoView {
    let search = query_param("q");
    let role = Role::from_stored(&query_param("role"));
    let after: Option<AccountKey> = query_param("id").parse::<AccountId>().ok().map(|id| (query_param("after"), id));
    load(async move |cx| {
        let desk = cx.actor()?.accounts_desk(&cx.app)?;
        let page = desk.list(cx.now, &search, role, after.as_ref()).await?;
        let requests = desk.requests(cx.now).await?;
        let is_alone = desk.is_alone(cx.now).await?;
        let locale = cx.locale;
        Ok(view! {
            <PageTitle text=t::title(locale) />
            <main class="page" id="main" tabindex="-1">
                <div class="page-heading">
                    <div><h1>{t::title(locale)}</h1><p class="lead">{t::lead(locale)}</p></div>
                    <div class="actions"><a class="button" href="/admin/accounts/new"><Icon name="user-plus" />{t::add(locale)}</a></div>
                </div>
                <FlashNotice cx=cx.clone() />
                {is_alone.then(|| view! { <Notice tone="warning"><p>{t::alone(locale)}</p></Notice> })}
                <Requests cx=cx.clone() requests=requests />
                <List locale=locale page=page search=search role=role is_first=after.is_none() />
            </main>
        }
        .into_any())
    })
}

#[component]
fn Requests(cx: Cx, requests: Vec<RoleRequest>) -> impl IntoView {
    let locale = cx.locale;
    (!requests.is_empty()).then(|| {
        let rows = requests.into_iter().map(|request| {
            let moment = words::moment(locale, &cx.app.settings().time_zone, request.requested_at);
            view! {
                <li><TaskRow
                    href=Some(format!("/admin/accounts/requests/{}", request.id))
                    icon="hourglass"
                    title=t::role_for(locale, words::role(locale, request.role), &request.account_name)
                    meta=t::asked_by(locale, &request.requested_by_name, &moment)
                /></li>
            }
        });
        view! {
            <section class="card">
                <h2>{t::requests_title(locale)}</h2>
                <p class="meta">{t::requests_lead(locale)}</p>
                <ul class="tasks" role="list">{rows.collect_view()}</ul>
            </section>
        }
    })
}

#[component]
fn List(locale: Locale, page: Page<AccountSummary>, search: String, role: Option<Role>, is_first: bool) -> impl IntoView {
    let word = role.map_or("", Role::as_str);
    let last = page.more.then(|| page.rows.last()).flatten();
    let next = last.map(|row| address(PATH, &[("q", &search), ("role", word), ("after", &row.sort_name), ("id", &row.id.to_string())]));
    let first = (!is_first).then(|| address(PATH, &[("q", &search), ("role", word)]));
    let tab = |one: Option<Role>| {
        let name = one.map_or(t::all(locale), |role| words::role(locale, role));
        let href = address(PATH, &[("q", &search), ("role", one.map_or("", Role::as_str))]);
        view! { <li><a href=href aria-current=(one == role).then_some("page")>{name}</a></li> }
    };
    let tabs = [None].into_iter().chain(Role::ALL.map(Some)).map(tab).collect_view();
    let found = match i64::try_from(page.rows.len()).unwrap_or(i64::MAX) {
        // The place of the list says so.
        0 => String::new(),
        n => t::found_some(locale, &words::count(n, t::account_one(locale), t::account_many(locale))),
    };
    let list = if page.rows.is_empty() {
        view! {
            <Empty icon="search" title=t::empty_title(locale) text=t::empty_text(locale)>
                <a class="button secondary" href=PATH>{t::reset(locale)}</a>
            </Empty>
        }
        .into_any()
    } else {
        view! { <Table locale=locale rows=page.rows /> }.into_any()
    };
    view! {
        <SearchForm locale=locale id="filter" action=PATH value=search hint=t::search_hint(locale) keep=role.map(|role| ("role", role.as_str())) />
        <nav class="tabs" aria-label=t::filter(locale)><ul>{tabs}</ul></nav>
        <p class="visually-hidden" role="status">{found}</p>
        {list}
        <Pager locale=locale first=first next=next />
    }
}

#[component]
fn Table(locale: Locale, rows: Vec<AccountSummary>) -> impl IntoView {
    let rows = rows.into_iter().map(|row| {
        let roles: Vec<_> = row.roles.iter().flat_map(|roles| roles.split(',')).filter_map(Role::from_stored).collect();
        let is_plain = roles.is_empty();
        let roles = if is_plain {
            view! { <span class="muted">{common::role_employee(locale)}</span> }.into_any()
        } else {
            let tags = roles.into_iter().map(|role| view! { <span class="tag">{words::role(locale, role)}</span> });
            view! { <div class="row">{tags.collect_view()}</div> }.into_any()
        };
        let (tone, icon, word) = if row.disabled_at.is_some() {
            ("ended", "minus-circle", t::disabled(locale))
        } else if row.has_password {
            ("done", "check-circle", t::active(locale))
        } else {
            ("open", "circle", t::no_password(locale))
        };
        let address = row.address.map_or_else(
            || view! { <span class="muted">{t::address_private(locale)}</span> }.into_any(),
            IntoAny::into_any,
        );
        view! {
            <tr>
                <th scope="row"><a href=account_path(AccountId(row.id))>{row.name}</a></th>
                <td data-label=t::column_address(locale)>{address}</td>
                <td data-label=t::column_roles(locale) class=is_plain.then_some("spare")>{roles}</td>
                <td data-label=common::status(locale)><Status tone=tone icon=icon word=word /></td>
            </tr>
        }
    });
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label=t::title(locale)>
            <table class="table cards compact">
                <caption class="visually-hidden">{t::title(locale)}</caption>
                <thead><tr>
                    <th scope="col">{common::name(locale)}</th>
                    <th scope="col">{t::column_address(locale)}</th>
                    <th scope="col">{t::column_roles(locale)}</th>
                    <th scope="col">{common::status(locale)}</th>
                </tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}
