//! Another password, or the first one for whoever came by a link.

use crate::{
    api::account::{ChangePassword, SetPassword},
    ui::{
        components::{
            form::{ErrorSummary, FormState, TextField},
            icon::Icon,
            new_password::NewPasswordFields,
            notice::FlashNotice,
        },
        load::{PageTitle, load},
        texts::{account as t, common},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/account/password`
#[component]
pub fn PasswordPage() -> impl IntoView {
    load(async move |cx| {
        let actor = cx.actor()?;
        let (has_password, at_least) = (actor.has_password(), actor.password_needs(&cx.app, cx.now).await?);
        let locale = cx.locale;
        let (action, title, lead, button) = if has_password {
            (ChangePassword::PATH, t::change_title(locale), t::change_lead(locale), t::change(locale))
        } else {
            (SetPassword::PATH, t::set_title(locale), t::set_lead(locale), t::set(locale))
        };
        let form = FormState::of(&cx, action);
        let old = has_password.then(|| {
            let form = form.clone();
            view! { <TextField form=form name="old_password" label=t::old_password(locale) kind="password" autocomplete="current-password" required=true /> }
        });
        Ok(view! {
            <PageTitle text=title />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href="/account"><Icon name="chevron-left" />{common::account_security(locale)}</a>
                <div class="page-heading"><div><h1>{title}</h1><p class="lead">{lead}</p></div></div>
                <FlashNotice cx=cx.clone() />
                <form class="form card" method="post" action=action>
                    <ErrorSummary form=form.clone() />
                    {old}
                    <NewPasswordFields form=form locale=locale at_least=at_least />
                    <div class="actions">
                        <button class="button">{button}</button>
                        <a class="button quiet" href="/account">{common::cancel(locale)}</a>
                    </div>
                </form>
            </main>
        }
        .into_any())
    })
}
