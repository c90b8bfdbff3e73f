//! Taking somebody back who left. What they did stays on record.

use crate::{
    api::people::Rehire,
    domain::{ids::PersonId, person::MAX_NOTE},
    server::service::people::has_left,
    ui::{
        components::{
            form::{CheckField, ErrorSummary, FormState, TextField},
            icon::Icon,
            notice::{FlashNotice, Notice},
        },
        load::{PageTitle, load, path_param},
        texts::{common, hr, rules as t},
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/people/{id}/rehire`
#[component]
pub fn RehirePage() -> impl IntoView {
    let id = path_param::<PersonId>("id");
    load(async move |cx| {
        let id = id?;
        let (person, _) = cx.actor()?.people_editing_desk(&cx.app)?.form(id).await?;
        let locale = cx.locale;
        let page = format!("/people/{id}");
        let form = FormState::of(&cx, Rehire::PATH);
        let left_on = person.end_date.filter(|_| has_left(&person, cx.now));
        let labels = vec![
            ("start_date", common::start_date(locale).to_owned()),
            ("reason", hr::move_reason(locale).to_owned()),
        ];
        let body = if left_on.is_none() {
            view! { <Notice tone="info"><p>{t::rehire_still_here(locale)}</p></Notice> }.into_any()
        } else {
            view! {
                <form class="form" method="post" action=Rehire::PATH novalidate>
                    <ErrorSummary form=form.clone() labels=labels />
                    <input type="hidden" name="id" value=id.to_string() />
                    <TextField form=form.clone() name="start_date" label=common::start_date(locale) kind="date" class="short" required=true />
                    <TextField form=form.clone() name="reason" label=hr::move_reason(locale) hint=t::rehire_reason_hint(locale) maxlength=MAX_NOTE required=true />
                    <CheckField form=form name="invite" label=hr::invite(locale) checked=true />
                    <section class="card">
                        <h2>{hr::what_happens(locale)}</h2>
                        <ul class="points">
                            <li><Icon name="lock" /><span>{t::rehire_effect_access(locale)}</span></li>
                            <li><Icon name="check" /><span>{t::rehire_effect_evidence(locale)}</span></li>
                            <li><Icon name="calendar" /><span>{t::rehire_effect_open(locale)}</span></li>
                        </ul>
                    </section>
                    <div class="actions">
                        <button class="button">{t::rehire(locale)}</button>
                        <a class="button quiet" href=page.clone()>{common::cancel(locale)}</a>
                    </div>
                </form>
            }
            .into_any()
        };
        let lead = left_on.map(|day| view! { <p class="lead">{t::rehire_lead(locale, &words::date(locale, day))}</p> });
        Ok(view! {
            <PageTitle text=t::rehire(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href=page.clone()><Icon name="chevron-left" />{person.details.name.as_str().to_owned()}</a>
                <div class="page-heading"><div><h1>{t::rehire(locale)}</h1>{lead}</div></div>
                <FlashNotice cx=cx.clone() />
                {body}
            </main>
        }
        .into_any())
    })
}
