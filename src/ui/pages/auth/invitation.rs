//! Where a personal link leads. Looking at it does not use it up: mail scanners open links too.

use crate::{
    api::invitations::{AcceptInvitation, RenewInvitation},
    domain::problem::Conflict,
    server::{
        context::Cx,
        service::{
            Error,
            invitations::{self, Landing},
        },
        zones,
    },
    ui::{
        components::{
            frame::LanguageSwitch,
            icon::{Icon, Wordmark},
            notice::FlashNotice,
        },
        load::{PageTitle, load, path_param},
        texts::auth as t,
        words,
    },
};
use axum::http::StatusCode;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_axum::ResponseOptions;

/// `/invitation/{token}`
#[component]
pub fn InvitationPage() -> impl IntoView {
    let token: Result<String, _> = path_param("token");
    let responses = use_context::<ResponseOptions>();
    load(async move |cx| {
        let token = token?;
        let looked = invitations::look(&cx.app, cx.now, &token).await;
        if matches!(looked, Err(Error::NotFound)) {
            if let Some(responses) = responses {
                responses.set_status(StatusCode::NOT_FOUND);
            }
            return Ok(broken(&cx));
        }
        let Landing { person, obstacle, press } = looked?;
        // The link is somebody's, and the mail that brought it was in their language.
        let locale = if cx.chose_language { cx.locale } else { person.details.language };
        let cx = Cx { locale, ..cx };
        let name = person.details.name.as_str().to_owned();
        let has_started = zones::is_over(&cx.app.settings().time_zone, person.details.start_date, cx.now);
        let title = match obstacle {
            None if has_started => t::link_title(locale, &name),
            None => t::invitation_title(locale, &name),
            Some(Conflict::Ended) => t::link_ended_title(locale).to_owned(),
            Some(Conflict::LinkUsed) => t::link_used_title(locale).to_owned(),
            Some(_) => t::link_expired_title(locale).to_owned(),
        };
        let body = match obstacle {
            None => {
                let company = &cx.app.settings().company;
                let lead = if has_started {
                    t::link_lead(locale, company)
                } else {
                    t::invitation_lead(locale, company, &words::long_date(locale, person.details.start_date))
                };
                view! {
                    <p>{lead}</p>
                    <ul class="points">
                        <li><Icon name="check" /><span>{t::point_items(locale)}</span></li>
                        <li><Icon name="check" /><span>{t::point_phone(locale)}</span></li>
                        <li><Icon name="check" /><span>{t::point_copy(locale)}</span></li>
                    </ul>
                    <form class="form" method="post" action=AcceptInvitation::PATH>
                        <input type="hidden" name="token" value=token />
                        <input type="hidden" name="press" value=press />
                        <button class="button large wide">{t::begin(locale)}<Icon name="arrow-right" /></button>
                    </form>
                    <p class="meta">{t::not_you(locale, &name)}</p>
                }
                .into_any()
            }
            Some(Conflict::Ended) => view! { <p>{t::link_ended_text(locale)}</p> }.into_any(),
            Some(reason) => {
                let used = reason == Conflict::LinkUsed;
                view! {
                    <p>{if used { t::link_used_text(locale) } else { t::link_expired_text(locale) }}</p>
                    <form class="form" method="post" action=RenewInvitation::PATH>
                        <input type="hidden" name="token" value=token />
                        <div class="actions">
                            <button class="button">{t::renew(locale)}</button>
                            {used.then(|| view! { <a class="button secondary" href="/sign-in">{t::sign_in_button(locale)}</a> })}
                        </div>
                        <p class="meta">{t::renew_where(locale)}</p>
                    </form>
                }
                .into_any()
            }
        };
        Ok(view! {
            <PageTitle text=title.clone() />
            <main class="gateway roomy" id="main" tabindex="-1" lang=locale.tag()>
                <Wordmark />
                <FlashNotice cx=cx.clone() />
                <div class="card"><h1>{title}</h1>{body}</div>
                <footer><LanguageSwitch locale=locale /></footer>
            </main>
        }
        .into_any())
    })
}

/// A link that nobody sent: most likely one that a mail program cut off.
fn broken(cx: &Cx) -> AnyView {
    let locale = cx.locale;
    view! {
        <PageTitle text=t::link_broken_title(locale) />
        <main class="gateway roomy" id="main" tabindex="-1">
            <Wordmark />
            <div class="card">
                <h1>{t::link_broken_title(locale)}</h1>
                <p>{t::link_broken_text(locale)}</p>
                <div class="actions"><a class="button" href="/sign-in">{t::ask_by_address(locale)}</a></div>
            </div>
            <footer><LanguageSwitch locale=locale /></footer>
        </main>
    }
    .into_any()
}
