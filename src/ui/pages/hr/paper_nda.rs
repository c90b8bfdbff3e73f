//! Recording an NDA that was signed on paper.

use crate::{
    api::error::ApiError,
    domain::{
        assignment::State,
        ids::{AssignmentId, PersonId},
        person::{MAX_NOTE, iso_date},
        requirement::RequirementKind,
    },
    server::service::nda::is_late_at,
    ui::{
        components::{
            form::{ErrorSummary, FileField, FormState, TextField},
            icon::Icon,
            notice::{FlashNotice, Notice},
        },
        load::{PageTitle, load, path_param},
        texts::{common, hr as t, nda as nda_texts},
        words,
    },
};
use leptos::prelude::*;

/// What a scan may be.
const SCANS: &str = ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg";

/// `/people/{person}/nda/{id}`
#[component]
pub fn PaperNdaPage() -> impl IntoView {
    let ids = path_param::<PersonId>("person").and_then(|person| Ok((person, path_param::<AssignmentId>("id")?)));
    load(async move |cx| {
        let (id, item) = ids?;
        let actor = cx.actor()?;
        actor.nda_desk(&cx.app)?;
        let page = actor.person_desk(&cx.app, id)?.get(id, None).await?;
        let mut ndas = page.items.iter().filter(|one| one.kind == RequirementKind::Nda);
        let nda = ndas.find(|one| one.id == item).ok_or(ApiError::NotFound)?;
        let is_open = matches!(nda.state, State::Open);
        let person = page.person;
        let locale = cx.locale;
        let back = format!("/people/{id}");
        let here = format!("/people/{id}/nda/{item}");
        let form = FormState::of(&cx, &here);
        let labels = vec![
            ("signed_on", t::paper_date(locale).to_owned()),
            ("note", t::paper_note(locale).to_owned()),
            ("scan", nda_texts::scan(locale).to_owned()),
        ];
        let start = person.details.start_date;
        let scan_hint = if is_late_at(&person, nda, cx.now) {
            nda_texts::scan_hint_late(locale)
        } else {
            nda_texts::scan_hint(locale)
        };
        let (title, lead) = if is_open {
            (t::paper_title(locale), t::paper_lead(locale))
        } else {
            (nda_texts::scan_add(locale), t::paper_done(locale))
        };
        let body = if is_open {
            view! {
                <dl class="facts"><div>
                    <dt>{common::start_date(locale)}</dt>
                    <dd><time datetime=iso_date(start)>{words::long_date(locale, start)}</time></dd>
                </div></dl>
                <form class="form" method="post" action=here enctype="multipart/form-data" novalidate>
                    <ErrorSummary form=form.clone() labels=labels />
                    <TextField form=form.clone() name="signed_on" label=t::paper_date(locale) hint=t::paper_date_hint(locale) kind="date" class="short" required=true />
                    <TextField form=form.clone() name="note" label=t::paper_note(locale) hint=t::paper_note_hint(locale) maxlength=MAX_NOTE optional=common::optional(locale) />
                    <FileField form=form name="scan" label=nda_texts::scan(locale) hint=scan_hint accept=SCANS />
                    <Notice tone="info"><p>{t::paper_late(locale)}</p></Notice>
                    <div class="actions">
                        <button class="button">{t::paper_button(locale)}</button>
                        <a class="button quiet" href=back.clone()>{common::cancel(locale)}</a>
                    </div>
                </form>
            }
            .into_any()
        } else {
            let action = format!("{here}/scan");
            let form = FormState::of(&cx, &action);
            view! {
                <form class="form" method="post" action=action enctype="multipart/form-data" novalidate>
                    <ErrorSummary form=form.clone() labels=vec![("scan", nda_texts::scan(locale).to_owned())] />
                    <FileField form=form name="scan" label=nda_texts::scan(locale) hint=nda_texts::scan_hint_now(locale) accept=SCANS />
                    <div class="actions"><button class="button">{nda_texts::scan_add(locale)}</button></div>
                </form>
            }
            .into_any()
        };
        Ok(view! {
            <PageTitle text=title />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href=back.clone()><Icon name="chevron-left" />{person.details.name.as_str().to_owned()}</a>
                <div class="page-heading"><div><h1>{title}</h1><p class="lead">{lead}</p></div></div>
                <FlashNotice cx=cx.clone() />
                {body}
            </main>
        }
        .into_any())
    })
}
