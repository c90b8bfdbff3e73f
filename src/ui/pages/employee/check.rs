//! One's own background check: what is lawful, what a provider may be asked, and consent. It stands alone on its page, as
//! consent to being asked about has to.

use super::reading::{BackToChecklist, day};
use crate::{
    api::checks::{GiveCheckConsent, RefuseCheckConsent},
    domain::{
        assignment::State,
        check_profile::Consent,
        evidence::{Evidence, Proof},
        ids::AssignmentId,
        locale::Locale,
    },
    server::{
        context::Cx,
        service::{
            check_consent::{OwnCheck, consent},
            rows::Assignment,
        },
    },
    ui::{
        components::{
            form::{CheckField, ErrorSummary, FormState},
            icon::Icon,
            notice::{FlashNotice, Notice},
        },
        load::{PageTitle, load, path_param},
        texts::checks as t,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/checklist/check/{id}`
#[component]
pub fn CheckPage() -> impl IntoView {
    let id: Result<AssignmentId, _> = path_param("id");
    load(async move |cx| {
        let own = cx.own_desk()?.check(id?).await?;
        let locale = cx.locale;
        let profile = own.file.profile.profile.clone();
        let asks = own.file.consent != Consent::NotNeeded;
        let law = t::law_in(locale, &t::country(locale, profile.key()));
        let asked: Vec<_> = profile.asked_of_providers().map(|choice| choice.label.get(locale).to_owned()).collect();
        let asked = asks.then(|| {
            view! {
                <section class="card">
                    <h2>{t::asked_title(locale)}</h2>
                    <div class="prose">
                        <p>{t::asked_lead(locale)}</p>
                        <ul>{asked.into_iter().map(|label| view! { <li>{label}</li> }).collect_view()}</ul>
                    </div>
                </section>
            }
        });
        Ok(view! {
            <PageTitle text=t::title(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <BackToChecklist locale=locale />
                <FlashNotice cx=cx.clone() />
                <div class="page-heading"><div><h1>{t::title(locale)}</h1><p class="lead">{t::own_lead(locale)}</p></div></div>
                <section class="card"><h2>{law}</h2><p>{profile.sentence.get(locale).to_owned()}</p></section>
                {asked}
                <Answer cx=cx.clone() own=own />
            </main>
        }
        .into_any())
    })
}

/// What the person can say now, or has said.
#[component]
fn Answer(cx: Cx, own: OwnCheck) -> impl IntoView {
    let locale = cx.locale;
    let OwnCheck { assignment, file, agreed } = own;
    let decided = file.decided_at.map_or(String::new(), |at| day(locale, &assignment, at));
    let version = file.profile.version;
    let over = match assignment.state {
        State::Done { .. } => Some(t::own_done(locale)),
        State::Ended { .. } => Some(t::closed_ended(locale)),
        State::Open | State::Waiting { .. } | State::Failed { .. } => None,
    };
    if let Some(text) = over {
        return view! {
            <Notice tone="info"><p>{text}</p></Notice>
            {agreed.map(|agreed| view! { <Agreed locale=locale assignment=assignment agreed=agreed /> })}
        }
        .into_any();
    }
    match file.consent {
        Consent::NotNeeded => view! { <Notice tone="info"><p>{t::not_asked(locale)}</p></Notice> }.into_any(),
        Consent::Missing => view! {
            <ConsentForm cx=cx.clone() id=assignment.id version=version />
            <RefuseForm id=assignment.id title=t::refuse_title(locale) text=t::refuse_text(locale) button=t::refuse_button(locale) />
        }
        .into_any(),
        Consent::Refused => view! {
            <Notice tone="info"><p>{t::refused(locale, &decided)}</p></Notice>
            <ConsentForm cx=cx.clone() id=assignment.id version=version />
        }
        .into_any(),
        Consent::Given => {
            let id = assignment.id;
            view! {
                {agreed.map(|agreed| view! { <Agreed locale=locale assignment=assignment agreed=agreed /> })}
                <RefuseForm id=id title=t::refuse_title(locale) text=t::withdraw_text(locale) button=t::withdraw_button(locale) />
            }
            .into_any()
        }
    }
}

#[component]
fn ConsentForm(cx: Cx, id: AssignmentId, version: i64) -> impl IntoView {
    let locale = cx.locale;
    let form = FormState::of(&cx, GiveCheckConsent::PATH);
    let labels = vec![("consents", t::consent_title(locale).to_owned())];
    view! {
        <form class="sign" method="post" action=GiveCheckConsent::PATH>
            <h2><Icon name="shield-check" />{t::consent_title(locale)}</h2>
            <ErrorSummary form=form.clone() labels=labels />
            <input type="hidden" name="id" value=id.to_string() />
            <input type="hidden" name="version" value=version.to_string() />
            <input type="hidden" name="language" value=locale.tag() />
            <CheckField form=form name="consents" label=consent(locale) required=true />
            <button class="button large">{t::consent_button(locale)}</button>
            <p class="meta">{t::recorded(locale)}</p>
        </form>
    }
}

#[component]
fn RefuseForm(id: AssignmentId, title: &'static str, text: &'static str, button: &'static str) -> impl IntoView {
    view! {
        <section class="card">
            <h2>{title}</h2>
            <p>{text}</p>
            <form method="post" action=RefuseCheckConsent::PATH>
                <input type="hidden" name="id" value=id.to_string() />
                <button class="button secondary">{button}</button>
            </form>
        </section>
    }
}

/// What was agreed to, as it was shown.
#[component]
fn Agreed(locale: Locale, assignment: Assignment, agreed: Evidence) -> impl IntoView {
    let Proof::CheckConsent {
        sentence,
        asked,
        consent,
        language,
        ..
    } = agreed.proof
    else {
        return ().into_any();
    };
    let on = t::agreed(locale, &day(locale, &assignment, agreed.at));
    view! {
        <section class="card">
            <h2>{t::agreed_title(locale)}</h2>
            <p>{on}</p>
            <blockquote class="prose" lang=language.tag()>
                <p>{sentence}</p>
                <ul>{asked.into_iter().map(|label| view! { <li>{label}</li> }).collect_view()}</ul>
                <p>{consent}</p>
            </blockquote>
        </section>
    }
    .into_any()
}
