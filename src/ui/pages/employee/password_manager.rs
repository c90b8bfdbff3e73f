//! What it means to be enrolled in the password manager, and saying that one is.

use super::reading::{BackToChecklist, ClosedPage, day};
use crate::{
    api::{error::ApiError, password_manager::DeclareEnrolment},
    domain::{assignment::State, ids::AssignmentId, requirement::RequirementKind},
    server::{context::Cx, service::rows::Assignment},
    ui::{
        components::{
            icon::Icon,
            notice::{FlashNotice, Notice},
        },
        load::{PageTitle, load, path_param},
        texts::{checklist as t, members},
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/checklist/password-manager/{id}`
#[component]
pub fn PasswordManagerPage() -> impl IntoView {
    let id: Result<AssignmentId, _> = path_param("id");
    load(async move |cx| {
        let id = id?;
        let list = cx.own_desk()?.checklist(cx.now).await?;
        let is_wanted = |item: &&Assignment| item.id == id && item.kind == RequirementKind::PasswordManager;
        let item = list.items.iter().find(is_wanted).cloned().ok_or(ApiError::NotFound)?;
        if item.state != State::Open {
            return Ok(view! { <Closed cx=cx item=item /> }.into_any());
        }
        let locale = cx.locale;
        let title = words::requirement_kind(locale, RequirementKind::PasswordManager);
        let reason = members::open_reason(locale, item.cause, item.listing);
        let early = list.today < list.person.details.start_date;
        Ok(view! {
            <PageTitle text=title />
            <main class="page narrow" id="main" tabindex="-1">
                <BackToChecklist locale=locale />
                <FlashNotice cx=cx.clone() />
                <div class="page-heading"><div>
                    <h1>{title}</h1>
                    <p class="lead">{t::manager_lead(locale)}</p>
                    <p class="meta">{words::due(locale, item.deadline.due_on, list.today)}</p>
                </div></div>
                {reason.map(|reason| view! { <Notice tone="warning"><p>{members::by_list(locale, reason)}</p></Notice> })}
                {early.then(|| view! { <Notice tone="info"><p>{t::manager_early(locale)}</p></Notice> })}
                <section class="card">
                    <ol class="steps-list">
                        <li><div><strong>{t::manager_invitation(locale)}</strong><p>{t::manager_invitation_text(locale)}</p></div></li>
                        <li><div><strong>{t::manager_master(locale)}</strong><p>{t::manager_master_text(locale)}</p></div></li>
                        <li><div><strong>{t::manager_two_step(locale)}</strong><p>{t::manager_two_step_text(locale)}</p></div></li>
                    </ol>
                </section>
                <form class="sign" method="post" action=DeclareEnrolment::PATH>
                    <h2><Icon name="key" />{t::manager_declare_title(locale)}</h2>
                    <input type="hidden" name="id" value=item.id.to_string() />
                    <p>{t::manager_weak(locale)}</p>
                    <button class="button large">{t::manager_declare(locale)}</button>
                </form>
            </main>
        }
        .into_any())
    })
}

#[component]
fn Closed(cx: Cx, item: Assignment) -> impl IntoView {
    let locale = cx.locale;
    let text = match item.state {
        State::Waiting { since } => t::closed_manager_waiting(locale, &day(locale, &item, since)),
        State::Done { at, .. } => t::closed_manager(locale, &day(locale, &item, at)),
        State::Open | State::Failed { .. } | State::Ended { .. } => t::closed_ended(locale).to_owned(),
    };
    view! { <ClosedPage cx=cx title=words::requirement_kind(locale, item.kind) text=text /> }
}
