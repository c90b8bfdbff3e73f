//! Granting a role and taking one away.

use crate::{
    api::{
        done::account_path,
        error::ApiError,
        roles::{GrantRole, RemoveRole},
    },
    domain::{ids::AccountId, locale::Locale, person::MAX_NOTE, roles::Role},
    server::{context::Cx, service::roles::Prospect},
    ui::{
        components::{
            form::{ErrorSummary, FormState, SelectField, TextField},
            icon::Icon,
            notice::{FlashNotice, Notice},
        },
        load::{PageTitle, load, path_param},
        texts::{accounts as t, common},
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/admin/accounts/{id}/grant`
#[component]
pub fn GrantPage() -> impl IntoView {
    let id = path_param::<AccountId>("id");
    load(async move |cx| {
        let id = id?;
        let actor = cx.actor()?;
        let desk = actor.accounts_desk(&cx.app)?;
        let account = desk.account(cx.now, id).await?;
        let prospect = desk.prospect(cx.now, Some(id)).await?;
        let locale = cx.locale;
        let is_own = actor.account() == id;
        let title = t::grant_to(locale, &account.name);
        let address = account.address.unwrap_or_default();
        let body = if account.disabled_at.is_some() {
            view! { <Notice tone="info"><p>{t::account_closed(locale)}</p></Notice> }.into_any()
        } else if is_own && prospect == Prospect::Nobody {
            // Nothing that could be sent from here would go through.
            view! { <Notice tone="warning"><p>{t::nobody_decides(locale)}</p></Notice> }.into_any()
        } else {
            let form = FormState::of(&cx, GrantRole::PATH);
            view! {
                <form class="form card" method="post" action=GrantRole::PATH novalidate>
                    <ErrorSummary form=form.clone() labels=grant_labels(locale) />
                    <ProspectNotice cx=cx.clone() prospect=prospect is_own=is_own />
                    <GoesTo locale=locale address=address.clone() />
                    {account.person_id.is_some().then(|| view! { <p>{t::note_afresh(locale)}</p> })}
                    <p class="meta">{t::note_sessions(locale)}</p>
                    <input type="hidden" name="id" value=id.to_string() />
                    <input type="hidden" name="address" value=address />
                    <GrantFields locale=locale form=form />
                    <div class="actions">
                        <button class="button">{t::grant_button(locale)}</button>
                        <a class="button quiet" href=account_path(id)>{common::cancel(locale)}</a>
                    </div>
                </form>
            }
            .into_any()
        };
        Ok(view! {
            <PageTitle text=title.clone() />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href=account_path(id)><Icon name="chevron-left" />{account.name}</a>
                <div class="page-heading"><h1>{title}</h1></div>
                <FlashNotice cx=cx.clone() />
                {body}
            </main>
        }
        .into_any())
    })
}

/// The address for which the role is granted, and which the form sends back.
#[component]
fn GoesTo(locale: Locale, address: String) -> impl IntoView {
    let address = if address.is_empty() { t::address_private(locale).to_owned() } else { address };
    view! { <dl class="facts lines"><div><dt>{t::goes_to(locale)}</dt><dd>{address}</dd></div></dl> }
}

/// The fields' names and labels, for the summary of problems.
pub fn grant_labels(locale: Locale) -> Vec<(&'static str, String)> {
    vec![
        ("role", t::role_field(locale).to_owned()),
        ("reason", t::reason(locale).to_owned()),
        ("ends_on", t::ends_on(locale).to_owned()),
    ]
}

/// Role, reason and last day.
#[component]
pub fn GrantFields(locale: Locale, form: FormState) -> impl IntoView {
    let choose = (String::new(), t::role_choose(locale).to_owned());
    let roles = Role::ALL.map(|role| (role.as_str().to_owned(), words::role(locale, role).to_owned()));
    let options = [choose].into_iter().chain(roles).collect::<Vec<_>>();
    view! {
        <SelectField form=form.clone() name="role" label=t::role_field(locale) hint=t::role_hint(locale) options=options required=true />
        <TextField form=form.clone() name="reason" label=t::reason(locale) hint=t::reason_hint(locale) maxlength=MAX_NOTE required=true />
        <TextField form=form name="ends_on" label=t::ends_on(locale) hint=t::ends_on_hint(locale) kind="date" class="short" optional=common::optional(locale) />
    }
}

/// What becomes of a grant, before it is made.
#[component]
pub fn ProspectNotice(cx: Cx, prospect: Prospect, is_own: bool) -> impl IntoView {
    let locale = cx.locale;
    let own = is_own.then(|| view! { <p>{t::note_own(locale)}</p> });
    let (tone, text) = match prospect {
        Prospect::SecondPerson => ("info", t::note_second(locale)),
        Prospect::Alone => ("warning", t::note_alone(locale)),
        Prospect::Nobody => ("warning", t::note_nobody(locale)),
    };
    view! { <Notice tone=tone><p>{text}</p>{own}</Notice> }
}

/// `/admin/accounts/{id}/remove/{role}`
#[component]
pub fn RemovePage() -> impl IntoView {
    let id = path_param::<AccountId>("id");
    let role = path_param::<String>("role");
    load(async move |cx| {
        let (id, role) = (id?, Role::from_stored(&role?).ok_or(ApiError::NotFound)?);
        let actor = cx.actor()?;
        let shown = actor.accounts_desk(&cx.app)?.get(cx.now, id, None).await?;
        let is_held = shown.roles.iter().any(|row| row.request_id.is_none() && row.role == role.as_str());
        if !is_held {
            return Err(ApiError::NotFound);
        }
        // Giving up one's own holds up nobody.
        let holds_up = role == Role::Admin && actor.account() != id;
        let locale = cx.locale;
        let title = t::remove_title(locale, words::role(locale, role), &shown.account.name);
        let form = FormState::of(&cx, RemoveRole::PATH);
        Ok(view! {
            <PageTitle text=title.clone() />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href=account_path(id)><Icon name="chevron-left" />{shown.account.name}</a>
                <div class="page-heading"><h1>{title}</h1></div>
                <FlashNotice cx=cx.clone() />
                <form class="form card" method="post" action=RemoveRole::PATH novalidate>
                    <ErrorSummary form=form.clone() labels=vec![("reason", t::reason(locale).to_owned())] />
                    <Notice tone="info">
                        <p>{t::remove_note(locale)}</p>
                        {holds_up.then(|| view! { <p>{t::remove_note_admin(locale)}</p> })}
                    </Notice>
                    <input type="hidden" name="id" value=id.to_string() />
                    <input type="hidden" name="role" value=role.as_str() />
                    <TextField form=form name="reason" label=t::reason(locale) hint=t::remove_hint(locale) maxlength=MAX_NOTE required=true />
                    <div class="actions">
                        <button class="button">{t::remove_button(locale)}</button>
                        <a class="button quiet" href=account_path(id)>{common::cancel(locale)}</a>
                    </div>
                </form>
            </main>
        }
        .into_any())
    })
}
