//! The outbox: what was sent, what waits, and, where nothing sends mail, what to pass on.

use crate::{
    domain::{locale::Locale, mail::MailKind},
    server::{
        context::Cx,
        service::{
            outbox::{Listed, SendError},
            rows::{MailListRow, Page},
        },
    },
    ui::{
        components::{
            empty::Empty,
            notice::{FlashNotice, Notice},
            pager::{Pager, address, read_key, write_key},
            status::Status,
        },
        load::{PageTitle, load, query_param},
        texts::{common, outbox as t},
        words,
    },
};
use leptos::prelude::*;

/// `/admin/outbox`
#[component]
pub fn OutboxPage() -> impl IntoView {
    let before = query_param("before");
    load(async move |cx| {
        let Page { rows, more } = cx.actor()?.outbox_desk(&cx.app)?.list(cx.now, read_key(&before)).await?;
        let locale = cx.locale;
        let next = rows
            .last()
            .filter(|_| more)
            .map(|last| address("/admin/outbox", &[("before", &write_key(last.row.created_at, last.row.id))]));
        let first = (!before.is_empty()).then(|| "/admin/outbox".to_owned());
        let silent = !cx.app.settings().sends_mail;
        let empty = rows.is_empty();
        let mails = rows.into_iter().map(|listed| view! { <Row cx=cx.clone() listed=listed /> }).collect_view();
        Ok(view! {
            <PageTitle text=t::title(locale) />
            <main class="page" id="main" tabindex="-1">
                <div class="page-heading"><div><h1>{t::title(locale)}</h1><p class="lead">{t::lead(locale)}</p></div></div>
                <FlashNotice cx=cx.clone() />
                {silent.then(|| view! { <Notice tone="info"><p><strong>{t::not_sending(locale)}</strong>" "{t::not_sending_text(locale)}</p></Notice> })}
                {if empty {
                    view! { <Empty icon="inbox" title=t::empty_title(locale) text=t::empty_text(locale) /> }.into_any()
                } else {
                    view! {
                        <div class="table-frame" tabindex="0" role="region" aria-label=t::title(locale)>
                            <table class="table cards">
                                <thead><tr>
                                    <th scope="col">{t::recipient(locale)}</th>
                                    <th scope="col">{t::created(locale)}</th>
                                    <th scope="col">{common::status(locale)}</th>
                                </tr></thead>
                                {mails}
                            </table>
                        </div>
                    }
                    .into_any()
                }}
                <Pager locale=locale first=first next=next />
            </main>
        }
        .into_any())
    })
}

/// A mail, and below it what it says where somebody has to pass it on.
#[component]
fn Row(cx: Cx, listed: Listed) -> impl IntoView {
    let locale = cx.locale;
    let Listed { row, mail } = listed;
    let created = words::moment(locale, &cx.app.settings().time_zone, row.created_at);
    let kind = MailKind::from_stored(&row.kind);
    let (tone, icon, word) = standing(locale, kind, &row, cx.app.settings().sends_mail);
    let name = row.name.clone().unwrap_or_else(|| row.recipient.clone());
    let failure = row.last_error.as_deref().filter(|_| row.sent_at.is_none()).map(|words| reason(locale, words));
    let text = mail.map(|mail| {
        view! {
            <tr>
                <td colspan="3">
                    <details class="disclosure">
                        <summary>{t::show_text(locale)}</summary>
                        <div lang=row.language.clone()>
                            <p><strong>{t::subject_line(locale)}": "{mail.subject}</strong></p>
                            <pre class="mail-text">{mail.text}</pre>
                            {mail.link.map(|link| view! { <p><a href=link>{t::open_link(locale)}</a></p> })}
                        </div>
                    </details>
                </td>
            </tr>
        }
    });
    view! {
        <tbody>
            <tr>
                <th scope="row">{name}<small>{row.recipient.clone()}</small><small>{kind.map(|kind| t::kind(locale, kind))}</small></th>
                <td data-label=t::created(locale)>{created}</td>
                <td data-label=common::status(locale)>
                    <div class="stack"><Status tone=tone icon=icon word=word />{failure.map(|failure| view! { <p class="meta">{failure}</p> })}</div>
                </td>
            </tr>
            {text}
        </tbody>
    }
}

/// Why the last try failed, and what to do about it.
fn reason(locale: Locale, words: &str) -> String {
    match SendError::from_stored(words) {
        Some(SendError::Answer(code)) => t::refused(locale, code),
        Some(SendError::Timeout) => t::timeout(locale).to_owned(),
        Some(SendError::Tls) => t::tls(locale).to_owned(),
        Some(SendError::Unreachable) => t::unreachable(locale).to_owned(),
        Some(SendError::Address) => t::address(locale).to_owned(),
        None => words.to_owned(),
    }
}

fn standing(locale: Locale, kind: Option<MailKind>, row: &MailListRow, sends_mail: bool) -> (&'static str, &'static str, String) {
    if row.used {
        ("done", "check-circle", t::link_used(locale).to_owned())
    } else if !row.live {
        ("ended", "minus-circle", t::link_over(locale).to_owned())
    } else if row.sent_at.is_some() {
        ("done", "check-circle", t::sent(locale).to_owned())
    } else if row.last_error.is_some() {
        ("overdue", "alert", t::failed(locale, row.attempts))
    } else if sends_mail {
        ("waiting", "hourglass", t::queued(locale).to_owned())
    } else if kind.is_some_and(MailKind::may_be_passed_on) {
        ("open", "mail", t::to_pass_on(locale).to_owned())
    } else {
        ("ended", "minus-circle", t::not_to_pass_on(locale).to_owned())
    }
}
