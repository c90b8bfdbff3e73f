//! Somebody's reminders: what was sent and why, and the pause.

use crate::{
    api::reminders::{PauseReminders, ResumeReminders},
    domain::{
        ids::PersonId,
        locale::Locale,
        person::{MAX_NOTE, iso_date},
    },
    server::service::{
        people::{has_left, today},
        reminder_pauses::RemindersPage as Shown,
        rows::SentReminder,
    },
    ui::{
        components::{
            empty::Empty,
            form::{ErrorSummary, FormState, TextField},
            icon::Icon,
            notice::{FlashNotice, Notice},
            status::Status,
        },
        load::{PageTitle, load, path_param},
        texts::{common, reminders as t},
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use time::Date;

/// `/people/{id}/reminders`
#[component]
pub fn RemindersPage() -> impl IntoView {
    let id = path_param::<PersonId>("id");
    load(async move |cx| {
        let id = id?;
        let Shown { person, correspondence, sent } = cx.actor()?.people_editing_desk(&cx.app)?.reminders(id).await?;
        let locale = cx.locale;
        let name = person.details.name.as_str().to_owned();
        let paused = correspondence.paused_until.filter(|until| *until >= today(&person, cx.now));
        let failure = correspondence
            .mail_error
            .map(|error| view! { <Notice tone="warning"><p>{t::failure(locale, &error)}</p></Notice> });
        let pause = if has_left(&person, cx.now) {
            view! { <Notice tone="info"><p>{t::has_left(locale)}</p></Notice> }.into_any()
        } else {
            let form = FormState::of(&cx, PauseReminders::PATH);
            view! { <Pause locale=locale id=id form=form paused=paused /> }.into_any()
        };
        Ok(view! {
            <PageTitle text=t::title(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href=format!("/people/{id}")><Icon name="chevron-left" />{name.clone()}</a>
                <div class="page-heading"><div><h1>{t::title(locale)}</h1><p class="lead">{t::lead(locale, &name)}</p></div></div>
                <FlashNotice cx=cx.clone() />
                {failure}
                {pause}
                <Sent locale=locale sent=sent />
            </main>
        }
        .into_any())
    })
}

#[component]
fn Pause(locale: Locale, id: PersonId, form: FormState, paused: Option<Date>) -> impl IntoView {
    let labels = vec![("until", t::pause_until(locale).to_owned()), ("reason", t::pause_reason(locale).to_owned())];
    let resume = paused.map(|until| {
        view! {
            <Notice tone="info"><p>{t::paused_until(locale, &words::long_date(locale, until))}</p></Notice>
            <form method="post" action=ResumeReminders::PATH>
                <input type="hidden" name="id" value=id.to_string() />
                <button class="button secondary"><Icon name="play" />{t::resume_button(locale)}</button>
            </form>
        }
    });
    let title = if paused.is_some() {
        t::pause_change_title(locale)
    } else {
        t::pause_title(locale)
    };
    view! {
        {resume}
        <section class="card">
            <h2>{title}</h2>
            <form class="form" method="post" action=PauseReminders::PATH novalidate>
                <ErrorSummary form=form.clone() labels=labels />
                <input type="hidden" name="id" value=id.to_string() />
                <TextField form=form.clone() name="until" label=t::pause_until(locale) hint=t::pause_until_hint(locale) kind="date" class="short" value=paused.map(iso_date).unwrap_or_default() required=true />
                <TextField form=form name="reason" label=t::pause_reason(locale) hint=t::pause_reason_hint(locale) maxlength=MAX_NOTE required=true />
                <ul class="points">
                    <li><Icon name="mail" /><span>{t::effect_mails(locale)}</span></li>
                    <li><Icon name="signature" /><span>{t::effect_gate(locale)}</span></li>
                    <li><Icon name="clock" /><span>{t::effect_after(locale)}</span></li>
                </ul>
                <div class="actions">
                    <button class="button">{t::pause_button(locale)}</button>
                    <a class="button quiet" href=format!("/people/{id}")>{common::cancel(locale)}</a>
                </div>
            </form>
        </section>
    }
}

#[component]
fn Sent(locale: Locale, sent: Vec<SentReminder>) -> impl IntoView {
    if sent.is_empty() {
        return view! { <Empty icon="mail" title=t::empty_title(locale) text=t::empty_text(locale) /> }.into_any();
    }
    let row = |sent: SentReminder| {
        let title = sent
            .title
            .as_ref()
            .map_or(words::requirement_kind(locale, sent.kind), |title| title.or_other(locale))
            .to_owned();
        let status = if sent.rule.is_escalation() {
            view! { <Status tone="overdue" icon="alert" word=t::reported(locale) /> }
        } else if sent.sent_at.is_some() {
            view! { <Status tone="done" icon="check-circle" word=t::sent(locale) /> }
        } else {
            view! { <Status tone="waiting" icon="hourglass" word=t::waiting(locale) /> }
        };
        view! {
            <tr>
                <th scope="row">{title}</th>
                <td data-label=t::column_why(locale)>{t::rule(locale, sent.rule)}</td>
                <td data-label=t::column_day(locale)><time datetime=iso_date(sent.sent_on)>{words::short_date(locale, sent.sent_on)}</time></td>
                <td data-label=common::status(locale)>{status}</td>
            </tr>
        }
    };
    view! {
        <section class="card flush">
            <div class="table-frame" tabindex="0" role="region" aria-label=t::history_title(locale)>
                <table class="table cards">
                    <caption>{t::history_title(locale)}</caption>
                    <thead><tr>
                        <th scope="col">{t::column_what(locale)}</th>
                        <th scope="col">{t::column_why(locale)}</th>
                        <th scope="col">{t::column_day(locale)}</th>
                        <th scope="col">{common::status(locale)}</th>
                    </tr></thead>
                    <tbody>{sent.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}
