//! Whose an account of the vendor's list is, said by hand.

use crate::{
    api::members::{AssignMember, ForgetMember, RECONCILIATION, SetAsideMember},
    domain::locale::Locale,
    server::service::rows::{Match, PersonSummary},
    ui::{
        components::{icon::Icon, notice::FlashNotice},
        load::{PageTitle, load, query_param},
        texts::members as t,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/security/password-manager/match?email=…`
#[component]
pub fn MatchPage() -> impl IntoView {
    let (email, words) = (query_param("email"), query_param("q"));
    load(async move |cx| {
        let (line, people) = cx.actor()?.enrolment_desk(&cx.app)?.member(cx.now, &email, &words).await?;
        let locale = cx.locale;
        let words = if words.is_empty() { line.name.clone() } else { words };
        let name = if line.name.is_empty() {
            line.email.clone()
        } else {
            format!("{}, {}", line.name, line.email)
        };
        let listing = t::listing(locale, line.listing);
        let undo = line.is_said.then(|| view! { <Undo locale=locale email=line.email.clone() /> });
        Ok(view! {
            <PageTitle text=t::match_title(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href=RECONCILIATION><Icon name="chevron-left" />{t::title(locale)}</a>
                <div class="page-heading"><div>
                    <h1>{t::match_title(locale)}</h1>
                    <p class="lead">{name}": "{listing}</p>
                    <p>{t::match_lead(locale)}</p>
                </div></div>
                <FlashNotice cx=cx.clone() />
                <form class="filters" method="get" action=format!("{RECONCILIATION}/match") role="search">
                    <input type="hidden" name="email" value=line.email.clone() />
                    <div class="field grow">
                        <label for="q">{t::match_search(locale)}</label>
                        <div class="search">
                            <Icon name="search" />
                            <input id="q" name="q" type="search" value=words placeholder=t::match_hint(locale) maxlength="200" autocomplete="off" />
                        </div>
                    </div>
                    <button class="button secondary">{t::match_button(locale)}</button>
                </form>
                <People locale=locale line=line.clone() people=people.rows />
                <form class="card" method="post" action=SetAsideMember::PATH>
                    <h2>{t::match_aside_title(locale)}</h2>
                    <p>{t::match_aside_text(locale)}</p>
                    <input type="hidden" name="email" value=line.email />
                    <button class="button secondary">{t::match_aside(locale)}</button>
                </form>
                {undo}
            </main>
        }
        .into_any())
    })
}

#[component]
fn People(locale: Locale, line: Match, people: Vec<PersonSummary>) -> impl IntoView {
    if people.is_empty() {
        return view! { <p role="status">{t::match_none(locale)}</p> }.into_any();
    }
    let choices = people.into_iter().map(|person| {
        let checked = line.person.is_some_and(|id| id.0 == person.id);
        view! {
            <label class="choice">
                <input type="radio" name="person" value=person.id.to_string() checked=checked required=true />
                <span>{person.name}<small>{format!("{} · {}", person.department, person.job_title)}</small></span>
            </label>
        }
    });
    view! {
        <form class="form card" method="post" action=AssignMember::PATH>
            <input type="hidden" name="email" value=line.email.clone() />
            <fieldset class="field">
                <legend>{t::match_people(locale)}</legend>
                <div class="choices">{choices.collect_view()}</div>
            </fieldset>
            <button class="button">{t::match_assign(locale)}</button>
        </form>
    }
    .into_any()
}

#[component]
fn Undo(locale: Locale, email: String) -> impl IntoView {
    view! {
        <form class="card" method="post" action=ForgetMember::PATH>
            <h2>{t::match_undo_title(locale)}</h2>
            <input type="hidden" name="email" value=email />
            <button class="button secondary">{t::match_undo(locale)}</button>
        </form>
    }
}
