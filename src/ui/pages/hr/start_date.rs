//! Moving a start date. The old dates stay in the history.

use super::changes::ConfirmChange;
use crate::{
    api::people::MoveStart,
    domain::{
        ids::PersonId,
        locale::Locale,
        person::{MAX_NOTE, iso_date},
        problem::Conflict,
    },
    server::service::rows::StartDateChange,
    ui::{
        components::{
            form::{ErrorSummary, FormState, TextField},
            icon::Icon,
            notice::FlashNotice,
        },
        load::{PageTitle, load, path_param},
        texts::hr as t,
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/people/{id}/start-date`
#[component]
pub fn StartDatePage() -> impl IntoView {
    let id = path_param::<PersonId>("id");
    load(async move |cx| {
        let id = id?;
        let desk = cx.actor()?.people_editing_desk(&cx.app)?;
        let (person, moves) = desk.start_history(id).await?;
        let locale = cx.locale;
        let form = FormState::of(&cx, MoveStart::PATH);
        let preview = if form.is_refused_by(Conflict::EffectUnseen) {
            desk.preview_move(cx.now, id, &form.value("start_date", "")).await.ok().flatten()
        } else {
            None
        };
        let labels = vec![("start_date", t::new_start(locale).to_owned()), ("reason", t::move_reason(locale).to_owned())];
        let page = format!("/people/{id}");
        let current = person.details.start_date;
        Ok(view! {
            <PageTitle text=t::move_title(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href=page.clone()><Icon name="chevron-left" />{person.details.name.as_str().to_owned()}</a>
                <div class="page-heading"><h1>{t::move_title(locale)}</h1></div>
                <FlashNotice cx=cx.clone() />
                <dl class="facts">
                    <div><dt>{t::current_start(locale)}</dt><dd><time datetime=iso_date(current)>{words::long_date(locale, current)}</time></dd></div>
                    <div><dt>{t::fact_zone(locale)}</dt><dd>{person.details.time_zone.clone()}</dd></div>
                </dl>
                <form class="form" method="post" action=MoveStart::PATH novalidate>
                    <ErrorSummary form=form.clone() labels=labels />
                    <input type="hidden" name="id" value=id.to_string() />
                    <TextField form=form.clone() name="start_date" label=t::new_start(locale) hint=t::hint_start(locale) kind="date" class="short" required=true />
                    <TextField form=form name="reason" label=t::move_reason(locale) hint=t::move_reason_hint(locale) required=true maxlength=MAX_NOTE />
                    <section class="card">
                        <h2>{t::what_happens(locale)}</h2>
                        <ul class="points">
                            <li><Icon name="calendar" /><span>{t::move_effect_open(locale)}</span></li>
                            <li><Icon name="clock" /><span>{t::move_effect_late(locale)}</span></li>
                            <li><Icon name="list" /><span>{t::move_effect_history(locale)}</span></li>
                        </ul>
                    </section>
                    <ConfirmChange locale=locale preview=preview save=t::move_button(locale) back=page />
                </form>
                <Moves locale=locale zone=person.details.time_zone moves=moves />
            </main>
        }
        .into_any())
    })
}

#[component]
fn Moves(locale: Locale, zone: String, moves: Vec<StartDateChange>) -> impl IntoView {
    let line = |change: StartDateChange| {
        let moved = t::move_line(locale, &words::short_date(locale, change.old_date), &words::short_date(locale, change.new_date));
        let reason = (!change.reason.is_empty()).then(|| format!(" · {}", t::reason_was(locale, &change.reason)));
        view! {
            <li class="open">
                <Icon name="calendar" />
                <div><p><strong>{moved}</strong></p><p class="meta">{words::moment(locale, &zone, change.changed_at)}{reason}</p></div>
            </li>
        }
    };
    let body = if moves.is_empty() {
        view! { <p class="muted">{t::no_moves(locale)}</p> }.into_any()
    } else {
        view! { <ol class="timeline">{moves.into_iter().rev().map(line).collect_view()}</ol> }.into_any()
    };
    view! { <section class="card"><h2>{t::earlier_moves(locale)}</h2>{body}</section> }
}
