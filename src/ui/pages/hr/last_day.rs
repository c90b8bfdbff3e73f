//! Recording a last day. Nothing is deleted by it.

use crate::{
    api::people::RecordLastDay,
    domain::{ids::PersonId, person::iso_date},
    server::service::people::today,
    ui::{
        components::{
            form::{ErrorSummary, FormState, TextField},
            icon::Icon,
            notice::{FlashNotice, Notice},
        },
        load::{PageTitle, load, path_param},
        texts::{common, hr as t},
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/people/{id}/last-day`
#[component]
pub fn LastDayPage() -> impl IntoView {
    let id = path_param::<PersonId>("id");
    load(async move |cx| {
        let id = id?;
        let (person, _) = cx.actor()?.people_editing_desk(&cx.app)?.form(id).await?;
        let locale = cx.locale;
        let page = format!("/people/{id}");
        let over = person.end_date.filter(|day| *day < today(&person, cx.now));
        let form = FormState::of(&cx, RecordLastDay::PATH);
        let on_record = person.end_date.map(iso_date).unwrap_or_default();
        let body = if let Some(day) = over {
            view! { <Notice tone="info"><p>{t::leave_over(locale, &words::date(locale, day))}</p></Notice> }.into_any()
        } else {
            view! {
                <form class="form" method="post" action=RecordLastDay::PATH novalidate>
                    <ErrorSummary form=form.clone() labels=vec![("end_date", t::leave_field(locale).to_owned())] />
                    <input type="hidden" name="id" value=id.to_string() />
                    <TextField form=form name="end_date" label=t::leave_field(locale) hint=t::leave_hint(locale) kind="date" class="short" value=on_record required=true />
                    <section class="card">
                        <h2>{t::what_happens(locale)}</h2>
                        <ul class="points">
                            <li><Icon name="lock" /><span>{t::leave_effect_access(locale)}</span></li>
                            <li><Icon name="minus-circle" /><span>{t::leave_effect_open(locale)}</span></li>
                            <li><Icon name="check" /><span>{t::leave_effect_done(locale)}</span></li>
                            <li><Icon name="edit" /><span>{t::leave_effect_correct(locale)}</span></li>
                        </ul>
                    </section>
                    <div class="actions">
                        <button class="button">{t::leave_title(locale)}</button>
                        <a class="button quiet" href=page.clone()>{common::cancel(locale)}</a>
                    </div>
                </form>
            }
            .into_any()
        };
        Ok(view! {
            <PageTitle text=t::leave_title(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href=page.clone()><Icon name="chevron-left" />{person.details.name.as_str().to_owned()}</a>
                <div class="page-heading"><h1>{t::leave_title(locale)}</h1></div>
                <FlashNotice cx=cx.clone() />
                {body}
            </main>
        }
        .into_any())
    })
}
