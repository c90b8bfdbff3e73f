//! Where one is signed in, and ending that from elsewhere.

use crate::{
    api::sessions::{EndOtherSessions, EndSession},
    domain::device,
    server::{context::Cx, service::rows::OwnSession},
    ui::{
        components::{icon::Icon, notice::FlashNotice, status::Status},
        load::{PageTitle, load},
        texts::{account as t, common},
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use uuid::Uuid;

/// `/account/sessions`
#[component]
pub fn SessionsPage() -> impl IntoView {
    load(async move |cx| {
        let actor = cx.actor()?;
        let sessions = actor.sessions(&cx.app, cx.now).await?;
        let (locale, current) = (cx.locale, actor.session().0);
        let others = sessions.iter().any(|session| session.id != current);
        let rows = sessions
            .into_iter()
            .map(|session| view! { <Row cx=cx.clone() current session /> })
            .collect_view();
        Ok(view! {
            <PageTitle text=t::sessions_title(locale) />
            <main class="page" id="main" tabindex="-1">
                <a class="back" href="/account"><Icon name="chevron-left" />{common::account_security(locale)}</a>
                <div class="page-heading"><div><h1>{t::sessions_title(locale)}</h1><p class="lead">{t::sessions_lead(locale)}</p></div></div>
                <FlashNotice cx=cx.clone() />
                <div class="table-frame" tabindex="0" role="region" aria-label=t::sessions_title(locale)>
                    <table class="table cards">
                        <thead><tr>
                            <th scope="col">{t::device(locale)}</th>
                            <th scope="col">{t::place(locale)}</th>
                            <th scope="col">{t::last_used(locale)}</th>
                            <th scope="col">{t::signed_in_at(locale)}</th>
                            <th scope="col">{t::ends_at(locale)}</th>
                            <th scope="col"><span class="visually-hidden">{t::action(locale)}</span></th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                {if others {
                    view! { <form method="post" action=EndOtherSessions::PATH><button class="button secondary">{t::end_others(locale)}</button></form> }.into_any()
                } else {
                    view! { <p class="meta">{t::only_this(locale)}</p> }.into_any()
                }}
            </main>
        }
        .into_any())
    })
}

#[component]
fn Row(cx: Cx, current: Uuid, session: OwnSession) -> impl IntoView {
    let locale = cx.locale;
    let zone = cx.app.settings().time_zone.clone();
    let moment = |at| words::moment(locale, &zone, at);
    let device = device::describe(&session.user_agent, locale);
    let place = if session.ip.is_empty() {
        t::unknown_place(locale).to_owned()
    } else {
        session.ip.clone()
    };
    let is_current = session.id == current;
    let end = (!is_current).then(|| {
        let label = t::end_session_of(locale, &device);
        view! {
            <form method="post" action=EndSession::PATH>
                <input type="hidden" name="id" value=session.id.to_string() />
                <button class="button secondary small" aria-label=label>{t::end_session(locale)}</button>
            </form>
        }
    });
    view! {
        <tr>
            <th scope="row">
                <strong>{device}</strong>
                {is_current.then(|| view! { " "<Status tone="done" icon="check-circle" word=t::this_session(locale) /> })}
                {session.second_factor_at.map(|_| view! { <p class="meta">{t::with_second_factor(locale)}</p> })}
            </th>
            <td data-label=t::place(locale)>{place}</td>
            <td data-label=t::last_used(locale)>{moment(session.seen_at)}</td>
            <td data-label=t::signed_in_at(locale)>{moment(session.created_at)}</td>
            <td data-label=t::ends_at(locale)>{moment(session.expires_at)}</td>
            <td>{end}</td>
        </tr>
    }
}
