//! Resetting the second factors of an account whose owner lost them.

use crate::{
    api::{accounts::ResetFactors, done::account_path},
    domain::ids::AccountId,
    server::zones,
    ui::{
        components::{
            icon::Icon,
            notice::{FlashNotice, Notice},
        },
        load::{PageTitle, load, path_param},
        pages::factors::forms::ResetForm,
        texts::{accounts as t, factors},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/admin/accounts/{id}/factors`
#[component]
pub fn AccountFactorsPage() -> impl IntoView {
    let id = path_param::<AccountId>("id");
    load(async move |cx| {
        let id = id?;
        let actor = cx.actor()?;
        let account = actor.accounts_desk(&cx.app)?.account(cx.now, id).await?;
        let locale = cx.locale;
        let title = factors::reset_of(locale, &account.name);
        let why_not = if actor.account() == id {
            Some(t::own_factors(locale))
        } else if account.disabled_at.is_some() || zones::has_ended(account.end_date, account.time_zone.as_deref(), cx.now) {
            Some(t::account_closed(locale))
        } else if account.factors == 0 {
            Some(factors::no_factor(locale))
        } else {
            None
        };
        let body = match why_not {
            Some(why_not) => view! { <Notice tone="info"><p>{why_not}</p></Notice> }.into_any(),
            None => view! { <ResetForm cx=cx.clone() action=ResetFactors::PATH id=id.to_string() back=account_path(id) /> }.into_any(),
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
