//! One's own second factors: what there is, adding, naming, removing, and recovery codes.

use super::forms::{PasskeyPart, kept_next};
use crate::{
    api::factors::{AddPasskey, BeginApp, BeginPasskey, CODES, MakeCodes, RemoveFactor, RenameFactor},
    domain::{
        device,
        factor::{Factor, FactorKind, LONGEST_NAME, RECOVERY_CODES},
        locale::Locale,
    },
    server::{context::Cx, service::factors::Overview, zones},
    ui::{
        components::{
            form::{ErrorSummary, FieldNotes, FormState, TextField},
            icon::Icon,
            notice::{FlashNotice, Notice},
        },
        load::{PageTitle, load, query_param},
        texts::{common, factors as t},
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/account/factors`
#[component]
pub fn FactorsPage() -> impl IntoView {
    let next = query_param("next");
    load(async move |cx| {
        let actor = cx.actor()?;
        let desk = actor.factor_desk(&cx.app);
        let overview = desk.overview().await?;
        let codes_wait = desk.shown_codes(cx.now).await?.is_some();
        let locale = cx.locale;
        let roles: Vec<_> = actor.dormant_roles().iter().map(|role| words::role(locale, *role)).collect();
        let asked = (!roles.is_empty()).then(|| view! { <Notice tone="warning"><p>{t::enrol(locale, &roles.join(", "))}</p></Notice> });
        let next = kept_next(&cx, next);
        let has_factors = !overview.factors.is_empty();
        Ok(view! {
            <PageTitle text=t::title(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href="/account"><Icon name="chevron-left" />{common::account_security(locale)}</a>
                <FlashNotice cx=cx.clone() />
                <div class="page-heading"><div><h1>{t::title(locale)}</h1><p class="lead">{t::lead(locale)}</p></div></div>
                {asked}
                {codes_wait.then(|| view! { <Notice tone="warning"><p>{t::codes_wait(locale)}" "<a href=CODES>{t::codes_show(locale)}</a></p></Notice> })}
                <Factors cx=cx.clone() overview=overview.clone() />
                <Adding cx=cx.clone() offers_passkeys=overview.offers_passkeys next=next />
                {has_factors.then(|| view! { <Codes locale=locale left=overview.codes_left /> })}
            </main>
        }
        .into_any())
    })
}

/// What there is.
#[component]
fn Factors(cx: Cx, overview: Overview) -> impl IntoView {
    let locale = cx.locale;
    if overview.factors.is_empty() {
        return view! { <p class="empty"><Icon name="lock" />{t::none_yet(locale)}</p> }.into_any();
    }
    let keeps_last = overview.required && overview.factors.len() == 1;
    let rows = overview
        .factors
        .into_iter()
        .map(|factor| view! { <FactorRow cx=cx.clone() factor=factor keeps=keeps_last /> });
    view! {
        <section class="stack" aria-labelledby="yours">
            <h2 id="yours">{t::yours(locale)}</h2>
            <ul class="factors">{rows.collect_view()}</ul>
        </section>
    }
    .into_any()
}

#[component]
fn FactorRow(cx: Cx, factor: Factor, keeps: bool) -> impl IntoView {
    let (locale, zone) = (cx.locale, cx.app.settings().time_zone.clone());
    let (icon, kind) = match factor.kind {
        FactorKind::App => ("clock", t::kind_app(locale)),
        FactorKind::Passkey => ("key", t::kind_passkey(locale)),
    };
    let added = t::added(locale, &words::date(locale, zones::local_date(&zone, factor.added_at)));
    let used = factor
        .used_at
        .map_or_else(|| t::never_used(locale).to_owned(), |at| t::used(locale, &words::moment(locale, &zone, at)));
    let form = FormState::of(&cx, RenameFactor::PATH);
    let id = factor.id.to_string();
    let is_refused = form.is_refused() && form.value("id", "") == id;
    let problem = form.problem("name").filter(|_| is_refused);
    let shown = if is_refused { form.value("name", &factor.name) } else { factor.name.clone() };
    let field = format!("name-{id}");
    let mut facts = vec![added, used];
    // An app may be called just what it is.
    if factor.name != kind {
        facts.insert(0, kind.to_owned());
    }
    let remove = if keeps {
        view! { <p class="hint">{t::remove_last(locale)}</p> }.into_any()
    } else {
        view! {
            <form method="post" action=RemoveFactor::PATH>
                <input type="hidden" name="id" value=id.clone() />
                <button class="button danger">{t::remove(locale)}</button>
            </form>
        }
        .into_any()
    };
    view! {
        <li class="card">
            <div class="factor"><Icon name=icon /><div><h3>{factor.name.clone()}</h3><p class="meta">{facts.join(", ")}</p></div></div>
            <details class="disclosure" open=is_refused>
                <summary>{t::change(locale, &factor.name)}</summary>
                <div class="stack">
                    <form class="form" method="post" action=RenameFactor::PATH>
                        <input type="hidden" name="id" value=id.clone() />
                        <div class="field">
                            <label for=field.clone()>{t::name(locale)}</label>
                            <FieldNotes name="name" hint=String::new() problem=problem.clone() />
                            <input id=field name="name" value=shown required=true maxlength=LONGEST_NAME.to_string() aria-invalid=problem.is_some().then_some("true") aria-describedby=problem.is_some().then_some("name-error") />
                        </div>
                        <div class="actions"><button class="button secondary">{t::rename(locale)}</button></div>
                    </form>
                    {remove}
                </div>
            </details>
        </li>
    }
}

/// The two kinds that can be added; the better one first. `next` is where to go on then, if anywhere.
#[component]
fn Adding(cx: Cx, offers_passkeys: bool, next: String) -> impl IntoView {
    let locale = cx.locale;
    let form = FormState::of(&cx, AddPasskey::PATH);
    let passkey = if offers_passkeys {
        view! {
            <p>{t::add_passkey_text(locale)}</p>
            <form class="form" method="post" action=AddPasskey::PATH>
                <ErrorSummary form=form.clone() labels=vec![("passkey_name", t::name(locale).to_owned())] />
                <TextField form=form name="passkey_name" label=t::name(locale) hint=t::name_hint(locale) value=device::describe(&cx.origin.user_agent, locale) required=true maxlength=LONGEST_NAME />
                <input type="hidden" name="next" value=next.clone() />
                <PasskeyPart locale=locale begin=BeginPasskey::PATH creates=true button=t::add_passkey(locale) />
            </form>
        }
        .into_any()
    } else {
        view! { <p>{t::no_passkeys_here(locale)}</p> }.into_any()
    };
    view! {
        <section class="stack" aria-labelledby="add">
            <h2 id="add">{t::add(locale)}</h2>
            <div class="card"><h3><Icon name="key" />{t::kind_passkey(locale)}</h3>{passkey}</div>
            <div class="card">
                <h3><Icon name="clock" />{t::kind_app(locale)}</h3>
                <p>{t::add_app_text(locale)}</p>
                <form method="post" action=BeginApp::PATH>
                    <input type="hidden" name="next" value=next />
                    <button class="button secondary">{t::add_app(locale)}</button>
                </form>
            </div>
        </section>
    }
}

#[component]
fn Codes(locale: Locale, left: i64) -> impl IntoView {
    view! {
        <section class="stack" aria-labelledby="codes">
            <h2 id="codes">{t::codes_title(locale)}</h2>
            <div class="card">
                <p><strong>{t::codes_left(locale, left, RECOVERY_CODES)}</strong></p>
                <p>{t::codes_text(locale)}</p>
                <form method="post" action=MakeCodes::PATH><button class="button secondary">{t::codes_make(locale)}</button></form>
            </div>
        </section>
    }
}
