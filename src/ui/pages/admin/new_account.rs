//! Adding an account: for somebody from outside, or for a person who has none yet.

use super::grant::{GrantFields, ProspectNotice, grant_labels};
use crate::{
    api::accounts::AddAccount,
    domain::{locale::Locale, person::MAX_TEXT},
    server::{context::Cx, service::roles::Prospect},
    ui::{
        components::{
            form::{ErrorSummary, FormState, SelectField, TextField},
            icon::Icon,
            notice::{FlashNotice, Notice},
        },
        load::{PageTitle, load},
        texts::{accounts as t, common},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/admin/accounts/new`
#[component]
pub fn NewAccountPage() -> impl IntoView {
    load(async move |cx| {
        let prospect = cx.actor()?.accounts_desk(&cx.app)?.prospect(cx.now, None).await?;
        let locale = cx.locale;
        if prospect == Prospect::Nobody {
            return Ok(nobody(&cx));
        }
        let form = FormState::of(&cx, AddAccount::PATH);
        let mut labels = vec![
            ("email", t::address(locale).to_owned()),
            ("name", common::name(locale).to_owned()),
            ("language", t::language(locale).to_owned()),
        ];
        labels.extend(grant_labels(locale));
        let first_password = if cx.app.settings().sends_mail {
            t::new_password_note(locale)
        } else {
            t::new_password_by_server(locale)
        };
        let languages = [(Locale::De, t::german(locale)), (Locale::En, t::english(locale))];
        let languages = languages.map(|(language, word)| (language.tag().to_owned(), word.to_owned())).into();
        Ok(view! {
            <PageTitle text=t::new_title(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href="/admin/accounts"><Icon name="chevron-left" />{t::title(locale)}</a>
                <div class="page-heading"><div><h1>{t::new_title(locale)}</h1><p class="lead">{t::new_lead(locale)}</p></div></div>
                <FlashNotice cx=cx.clone() />
                <form class="form" method="post" action=AddAccount::PATH novalidate>
                    <ErrorSummary form=form.clone() labels=labels />
                    <ProspectNotice cx=cx.clone() prospect=prospect is_own=false />
                    <TextField form=form.clone() name="email" label=t::address(locale) hint=t::new_email_hint(locale) kind="email" maxlength=MAX_TEXT required=true />
                    <TextField form=form.clone() name="name" label=common::name(locale) hint=t::new_name_hint(locale) maxlength=MAX_TEXT />
                    <SelectField form=form.clone() name="language" label=t::language(locale) options=languages value=locale.tag() required=true />
                    <GrantFields locale=locale form=form />
                    <Notice tone="info"><p>{first_password}</p></Notice>
                    <div class="actions">
                        <button class="button">{t::new_title(locale)}</button>
                        <a class="button quiet" href="/admin/accounts">{common::cancel(locale)}</a>
                    </div>
                </form>
            </main>
        }
        .into_any())
    })
}

/// The page while nothing that could be sent from here would go through.
fn nobody(cx: &Cx) -> AnyView {
    let locale = cx.locale;
    view! {
        <PageTitle text=t::new_title(locale) />
        <main class="page narrow" id="main" tabindex="-1">
            <a class="back" href="/admin/accounts"><Icon name="chevron-left" />{t::title(locale)}</a>
            <div class="page-heading"><h1>{t::new_title(locale)}</h1></div>
            <FlashNotice cx=cx.clone() />
            <Notice tone="warning"><p>{t::nobody_decides(locale)}</p></Notice>
        </main>
    }
    .into_any()
}
