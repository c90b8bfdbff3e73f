//! One account: who it is, what it may do and why, whether it is in use, and what happened to it.

use crate::{
    api::{accounts::EndSessions, done::account_path},
    domain::{ids::AccountId, locale::Locale, person::iso_date, roles::Role},
    server::{
        context::Cx,
        service::{
            managed_accounts::AccountPage as Shown,
            roles::last_day_of,
            rows::{Account, Page, RoleStanding, TimelineRow},
        },
    },
    ui::{
        components::{
            icon::Icon,
            notice::{FlashNotice, Notice},
            status::Status,
            timeline::{Timeline, TimelinePager},
        },
        load::{PageTitle, load, path_param, query_param},
        texts::{accounts as t, factors},
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/admin/accounts/{id}`
#[component]
pub fn AccountPage() -> impl IntoView {
    let id = path_param::<AccountId>("id");
    let before = query_param("before").parse::<i64>().ok();
    load(async move |cx| {
        let id = id?;
        let actor = cx.actor()?;
        let shown = actor.accounts_desk(&cx.app)?.get(cx.now, id, before).await?;
        let locale = cx.locale;
        let Shown {
            account,
            has_left,
            is_left_open,
            roles,
            history,
        } = shown;
        let is_closed = has_left || account.disabled_at.is_some();
        let is_own = actor.account() == id;
        let grant = (!is_closed).then(
            || view! { <div class="actions"><a class="button" href=format!("{}/grant", account_path(id))><Icon name="plus" />{t::grant(locale)}</a></div> },
        );
        let name = account.name.clone();
        let sends_mail = cx.app.settings().sends_mail;
        // Somebody on record without rights comes in by a personal link, which needs no mail server.
        let needs_password = account.person_id.is_none() || !roles.is_empty();
        let hint = (!account.has_password && !is_closed && (sends_mail || needs_password)).then(|| {
            if sends_mail {
                t::first_password(locale)
            } else {
                t::first_password_by_server(locale)
            }
        });
        Ok(view! {
            <PageTitle text=name.clone() />
            <main class="page" id="main" tabindex="-1">
                <a class="back" href="/admin/accounts"><Icon name="chevron-left" />{t::title(locale)}</a>
                <div class="page-heading"><div><h1>{name}</h1></div>{grant}</div>
                <FlashNotice cx=cx.clone() />
                <Closed cx=cx.clone() account=account.clone() has_left=has_left />
                {is_left_open.then(|| view! { <LeftOpen locale=locale id=id is_own=is_own /> })}
                {hint.map(|hint| view! { <Notice tone="info"><p>{hint}</p></Notice> })}
                <div class="split wide-side">
                    <div class="stack">
                        <Roles cx=cx.clone() id=id roles=roles />
                        <History cx=cx.clone() id=id history=history is_first=before.is_none() />
                    </div>
                    <Facts locale=locale account=account is_own=is_own has_left=has_left />
                </div>
            </main>
        }
        .into_any())
    })
}

/// Why nobody can use it.
#[component]
fn Closed(cx: Cx, account: Account, has_left: bool) -> impl IntoView {
    let locale = cx.locale;
    if has_left {
        return view! { <Notice tone="info"><p>{t::has_left(locale)}</p></Notice> }.into_any();
    }
    let Some(at) = account.disabled_at else { return ().into_any() };
    let since = t::disabled_note(locale, &words::moment(locale, &cx.app.settings().time_zone, at));
    let why = account
        .disabled_by_name
        .zip(account.disabled_reason)
        .map(|(name, reason)| t::disabled_by(locale, &name, &reason));
    view! { <Notice tone="warning"><p>{since}</p>{why.map(|why| view! { <p>{why}</p> })}</Notice> }.into_any()
}

/// Whoever is on record under its address has left, and it works nevertheless.
#[component]
fn LeftOpen(locale: Locale, id: AccountId, is_own: bool) -> impl IntoView {
    let disable = (!is_own).then(|| view! { <p><a href=format!("{}/status", account_path(id))>{t::disable(locale)}</a></p> });
    view! { <Notice tone="warning"><p>{t::left_open(locale)}</p>{disable}</Notice> }
}

#[component]
fn Roles(cx: Cx, id: AccountId, roles: Vec<RoleStanding>) -> impl IntoView {
    let locale = cx.locale;
    let body = if roles.is_empty() {
        view! { <p class="muted">{t::no_roles(locale)}</p> }.into_any()
    } else {
        let entries = roles
            .into_iter()
            .filter_map(|row| Role::from_stored(&row.role).map(|role| view! { <Entry cx=cx.clone() id=id role=role row=row /> }));
        view! { <ul class="stack" role="list">{entries.collect_view()}</ul> }.into_any()
    };
    view! { <section class="card"><h2>{t::roles_title(locale)}</h2>{body}</section> }
}

/// A role that is held, or that is asked for.
#[component]
fn Entry(cx: Cx, id: AccountId, role: Role, row: RoleStanding) -> impl IntoView {
    let locale = cx.locale;
    let zone = &cx.app.settings().time_zone;
    let name = words::role(locale, role);
    let mut facts = vec![match row.request_id {
        Some(_) => t::asked_by(locale, row.by_name.as_deref().unwrap_or_default(), &words::moment(locale, zone, row.at)),
        None => t::since(locale, &words::moment(locale, zone, row.at)),
    }];
    facts.push(row.ends_at.map_or(t::open_ended(locale).to_owned(), |end| {
        t::until(locale, &words::date(locale, last_day_of(zone, end)))
    }));
    if row.request_id.is_none() {
        facts.push(
            row.by_name
                .as_deref()
                .map_or(t::by_command_line(locale).to_owned(), |by| t::granted_by(locale, by)),
        );
    }
    facts.extend(row.approved_by_name.as_deref().map(|by| t::approved_by(locale, by)));
    let reason = t::reason_was(locale, words::role_reason(locale, &row.reason));
    let (tone, icon, word, href, action) = match row.request_id {
        Some(request) => (
            "waiting",
            "hourglass",
            t::pending(locale),
            format!("/admin/accounts/requests/{request}"),
            t::look(locale),
        ),
        None => (
            "done",
            "shield-check",
            t::in_force(locale),
            format!("{}/remove/{}", account_path(id), role.as_str()),
            t::remove(locale),
        ),
    };
    view! {
        <li class="stack">
            <div class="row"><h3>{name}</h3><Status tone=tone icon=icon word=word /></div>
            <p class="meta">{facts.join(" · ")}</p>
            <p>{reason}</p>
            <p><a class="button secondary small" href=href>{action}<span class="visually-hidden">{format!(": {name}")}</span></a></p>
        </li>
    }
}

#[component]
fn Facts(locale: Locale, account: Account, is_own: bool, has_left: bool) -> impl IntoView {
    let id = AccountId(account.id);
    let fact = |label: &'static str, value: String| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
    let language = match Locale::from_tag(&account.language) {
        Some(Locale::En) => t::english(locale),
        _ => t::german(locale),
    };
    let created = words::date(locale, account.created_at.date());
    let end_sessions = (account.sessions > 0).then(|| {
        view! {
            <form method="post" action=EndSessions::PATH>
                <input type="hidden" name="id" value=id.to_string() />
                <button class="button secondary small"><Icon name="logout" />{t::end_sessions(locale)}</button>
            </form>
        }
    });
    let is_disabled = account.disabled_at.is_some();
    let step = |page: &str, icon: &'static str, word: &'static str| {
        let href = format!("{}/{page}", account_path(id));
        view! { <a class="button secondary small" href=href><Icon name=icon />{word}</a> }
    };
    let reset = (!is_own && !has_left && !is_disabled && account.factors > 0).then(|| step("factors", "shield", factors::reset_title(locale)));
    let (icon, word) = if is_disabled {
        ("unlock", t::enable(locale))
    } else {
        ("lock", t::disable(locale))
    };
    let status = (!is_own && !has_left).then(|| step("status", icon, word));
    view! {
        <aside class="card" aria-label=t::facts(locale)>
            <h2>{t::facts(locale)}</h2>
            <dl class="facts lines">
                {fact(t::address(locale), account.address.unwrap_or_else(|| t::address_private(locale).to_owned()))}
                {fact(t::language(locale), language.to_owned())}
                {fact(t::person(locale), if account.person_id.is_some() { t::is_person(locale) } else { t::no_person(locale) }.to_owned())}
                {fact(t::password(locale), if account.has_password { t::password_set(locale) } else { t::password_missing(locale) }.to_owned())}
                <div><dt>{t::created(locale)}</dt><dd><time datetime=iso_date(account.created_at.date())>{created}</time></dd></div>
                {fact(factors::factors_of(locale), account.factors.to_string())}
                {fact(t::sessions(locale), account.sessions.to_string())}
            </dl>
            <div class="actions">{end_sessions}{reset}{status}</div>
        </aside>
    }
}

#[component]
fn History(cx: Cx, id: AccountId, history: Page<TimelineRow>, is_first: bool) -> impl IntoView {
    let locale = cx.locale;
    let older = history.more.then(|| history.rows.last().map(|row| row.seq)).flatten();
    let zone = cx.app.settings().time_zone.clone();
    let body = if history.rows.is_empty() {
        view! { <p class="muted">{t::history_empty(locale)}</p> }.into_any()
    } else {
        view! { <Timeline locale=locale zone=zone rows=history.rows /> }.into_any()
    };
    view! {
        <section class="card">
            <h2>{t::history(locale)}</h2>
            {body}
            <TimelinePager locale=locale path=account_path(id) older=older is_first=is_first />
        </section>
    }
}
