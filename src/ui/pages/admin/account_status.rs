//! Disabling an account, and letting it be used again.

use crate::{
    api::{
        accounts::{DisableAccount, EnableAccount},
        done::account_path,
    },
    domain::{ids::AccountId, locale::Locale, person::MAX_NOTE},
    server::zones,
    ui::{
        components::{
            form::{ErrorSummary, FormState, TextField},
            icon::Icon,
            notice::{FlashNotice, Notice},
        },
        load::{PageTitle, load, path_param},
        texts::{accounts as t, common, hr},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/admin/accounts/{id}/status`
#[component]
pub fn AccountStatusPage() -> impl IntoView {
    let id = path_param::<AccountId>("id");
    load(async move |cx| {
        let id = id?;
        let actor = cx.actor()?;
        let account = actor.accounts_desk(&cx.app)?.account(cx.now, id).await?;
        let locale = cx.locale;
        let (action, title, hint, button) = if account.disabled_at.is_some() {
            (
                EnableAccount::PATH,
                t::enable_title(locale, &account.name),
                t::enable_hint(locale),
                t::enable(locale),
            )
        } else {
            (
                DisableAccount::PATH,
                t::disable_title(locale, &account.name),
                t::disable_hint(locale),
                t::disable(locale),
            )
        };
        let why_not = if actor.account() == id {
            Some(t::own_account(locale))
        } else if zones::has_ended(account.end_date, account.time_zone.as_deref(), cx.now) {
            Some(t::has_left(locale))
        } else {
            None
        };
        let body = if let Some(why_not) = why_not {
            view! { <Notice tone="info"><p>{why_not}</p></Notice> }.into_any()
        } else {
            let form = FormState::of(&cx, action);
            view! {
                <form class="form card" method="post" action=action novalidate>
                    <ErrorSummary form=form.clone() labels=vec![("reason", t::reason(locale).to_owned())] />
                    <input type="hidden" name="id" value=id.to_string() />
                    <Effects locale=locale is_disabled=account.disabled_at.is_some() />
                    <TextField form=form name="reason" label=t::reason(locale) hint=hint maxlength=MAX_NOTE required=true />
                    <div class="actions">
                        <button class="button">{button}</button>
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

/// What happens to the account.
#[component]
fn Effects(locale: Locale, is_disabled: bool) -> impl IntoView {
    let effects = if is_disabled {
        vec![("user", t::enable_note(locale))]
    } else {
        vec![
            ("lock", t::disable_access(locale)),
            ("minus-circle", t::disable_roles(locale)),
            ("check", t::disable_evidence(locale)),
        ]
    };
    let effects = effects.into_iter().map(|(icon, text)| view! { <li><Icon name=icon /><span>{text}</span></li> });
    view! {
        <h2>{hr::what_happens(locale)}</h2>
        <ul class="points">{effects.collect_view()}</ul>
    }
}
