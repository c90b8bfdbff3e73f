//! Deciding on a role that another administrator asked for.

use crate::{
    api::{
        done::account_path,
        roles::{ApproveRole, RefuseRole, WithdrawRole},
    },
    domain::{
        ids::{AccountId, RoleRequestId},
        locale::Locale,
        person::MAX_NOTE,
    },
    server::{
        context::Cx,
        service::{
            role_requests::{Asked, LIFETIME},
            roles::last_day_of,
            rows::{Outcome, RoleRequest},
        },
    },
    ui::{
        components::{
            form::{ErrorSummary, FormState, TextField},
            icon::Icon,
            notice::{FlashNotice, Notice},
        },
        load::{PageTitle, load, path_param},
        texts::accounts as t,
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/admin/accounts/requests/{id}`
#[component]
pub fn RoleRequestPage() -> impl IntoView {
    let id = path_param::<RoleRequestId>("id");
    load(async move |cx| {
        let actor = cx.actor()?;
        let locale = cx.locale;
        let desk = actor.accounts_desk(&cx.app)?;
        let request = match desk.request(cx.now, id?).await? {
            Asked::Waiting(request) => request,
            Asked::Over(account, outcome) => return Ok(over(&cx, account, outcome)),
        };
        let account = desk.account(cx.now, request.account).await?;
        let (present, is_person) = (account.address, account.person_id.is_some());
        let moved = (present != request.address).then(|| t::request_moved(locale, present.as_deref().unwrap_or(t::address_private(locale))));
        let can_approve = moved.is_none();
        let title = t::role_for(locale, words::role(locale, request.role), &request.account_name);
        Ok(view! {
            <PageTitle text=t::request_title(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href="/admin/accounts"><Icon name="chevron-left" />{t::title(locale)}</a>
                <div class="page-heading"><div><h1>{t::request_title(locale)}</h1><p class="lead">{title}</p></div></div>
                <FlashNotice cx=cx.clone() />
                {moved.map(|text| view! { <Notice tone="warning"><p>{text}</p></Notice> })}
                <Facts cx=cx.clone() request=request.clone() />
                <Decision cx=cx.clone() actor=actor.account() request=request can_approve=can_approve is_person=is_person />
            </main>
        }
        .into_any())
    })
}

/// The page of a request that nobody can decide on any more, as old mails and open tabs lead to.
fn over(cx: &Cx, account: AccountId, outcome: Outcome) -> AnyView {
    let locale = cx.locale;
    let how = match outcome {
        Outcome::Approved | Outcome::Refused => t::request_decided(locale),
        Outcome::Withdrawn => t::said_withdrawn(locale),
        Outcome::Lapsed => t::request_lapsed(locale),
    };
    view! {
        <PageTitle text=t::request_title(locale) />
        <main class="page narrow" id="main" tabindex="-1">
            <a class="back" href="/admin/accounts"><Icon name="chevron-left" />{t::title(locale)}</a>
            <div class="page-heading"><h1>{t::request_title(locale)}</h1></div>
            <FlashNotice cx=cx.clone() />
            <Notice tone="info"><p>{how}</p></Notice>
            <div class="actions"><a class="button" href=account_path(account)>{t::to_account(locale)}</a></div>
        </main>
    }
    .into_any()
}

#[component]
fn Facts(cx: Cx, request: RoleRequest) -> impl IntoView {
    let locale = cx.locale;
    let zone = &cx.app.settings().time_zone;
    let until = request
        .ends_at
        .map_or(t::open_ended(locale).to_owned(), |end| words::date(locale, last_day_of(zone, end)));
    let fact = |label: &'static str, value: String| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
    view! {
        <section class="card">
            <h2>{t::request_facts(locale)}</h2>
            <dl class="facts lines">
                <div><dt>{t::holder(locale)}</dt><dd><a href=account_path(request.account)>{request.account_name}</a></dd></div>
                {fact(t::address(locale), request.address.unwrap_or_else(|| t::address_private(locale).to_owned()))}
                {fact(t::role_field(locale), words::role(locale, request.role).to_owned())}
                {fact(t::reason(locale), request.reason)}
                {fact(t::ends_on(locale), until)}
                {fact(t::requested_by(locale), request.requested_by_name)}
                {fact(t::requested_at(locale), words::moment(locale, zone, request.requested_at))}
                {fact(t::lapses_at(locale), words::moment(locale, zone, request.requested_at + LIFETIME))}
            </dl>
        </section>
    }
}

/// What this administrator may do about it.
#[component]
fn Decision(cx: Cx, actor: AccountId, request: RoleRequest, can_approve: bool, is_person: bool) -> impl IntoView {
    let locale = cx.locale;
    let id = request.id.to_string();
    if request.requested_by == actor {
        return view! {
            <Notice tone="info"><p>{t::own_request(locale)}</p></Notice>
            <form method="post" action=WithdrawRole::PATH>
                <input type="hidden" name="id" value=id />
                <button class="button secondary">{t::withdraw(locale)}</button>
            </form>
        }
        .into_any();
    }
    if request.account == actor {
        return view! { <Notice tone="info"><p>{t::for_you(locale)}</p></Notice> }.into_any();
    }
    let approval = can_approve.then(|| {
        view! {
            <form class="form" method="post" action=ApproveRole::PATH>
                <input type="hidden" name="id" value=id.clone() />
                <p>{t::approve_note(locale)}</p>
                {is_person.then(|| view! { <p>{t::note_afresh(locale)}</p> })}
                <button class="button"><Icon name="check" />{t::approve(locale)}</button>
            </form>
        }
    });
    view! {
        {approval}
        <Refusal locale=locale id=id form=FormState::of(&cx, RefuseRole::PATH) />
    }
    .into_any()
}

#[component]
fn Refusal(locale: Locale, id: String, form: FormState) -> impl IntoView {
    view! {
        <section class="card">
            <h2>{t::refuse_title(locale)}</h2>
            <form class="form" method="post" action=RefuseRole::PATH novalidate>
                <ErrorSummary form=form.clone() labels=vec![("reason", t::reason(locale).to_owned())] />
                <input type="hidden" name="id" value=id />
                <TextField form=form name="reason" label=t::reason(locale) hint=t::refuse_hint(locale) maxlength=MAX_NOTE required=true />
                <button class="button secondary">{t::refuse(locale)}</button>
            </form>
        </section>
    }
}
