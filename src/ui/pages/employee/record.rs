//! One's own record: what was signed, accepted and passed, in every cycle, to read and to take along.

use crate::{
    domain::{
        assignment::{EndReason, State},
        evidence::Proof,
        locale::Locale,
        requirement::RequirementKind,
    },
    server::{
        service::{record::Entry, renewals::year_after},
        zones,
    },
    ui::{
        components::{empty::Empty, icon::Icon, notice::FlashNotice},
        load::{PageTitle, load},
        texts::{record as t, rules},
        words,
    },
};
use leptos::prelude::*;

/// `/record`
#[component]
pub fn RecordPage() -> impl IntoView {
    load(async move |cx| {
        let entries = cx.own_desk()?.record().await?;
        let locale = cx.locale;
        let is_empty = entries.is_empty();
        let download = (!is_empty).then(|| {
            view! { <div class="actions"><a class="button" href="/record/archive.zip" download><Icon name="download" />{t::archive(locale)}</a></div> }
        });
        let body = if is_empty {
            view! { <Empty icon="document" title=t::empty_title(locale) text=t::empty_text(locale) /> }.into_any()
        } else {
            view! { <Sections locale=locale entries=entries /> }.into_any()
        };
        Ok(view! {
            <PageTitle text=t::title(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <div class="page-heading"><div><h1>{t::title(locale)}</h1><p class="lead">{t::lead(locale)}</p></div>{download}</div>
                <FlashNotice cx=cx.clone() />
                {body}
            </main>
        }
        .into_any())
    })
}

/// The entries, by what they prove. A section without entries is left out.
#[component]
fn Sections(locale: Locale, entries: Vec<Entry>) -> impl IntoView {
    use RequirementKind as K;
    let sections: [(&'static str, &[K]); 4] = [
        (t::agreements(locale), &[K::Nda]),
        (t::policies(locale), &[K::Policy]),
        (t::certificates(locale), &[K::Training]),
        (t::others(locale), &[K::BackgroundCheck, K::PasswordManager, K::Instruction]),
    ];
    let sections = sections.map(|(title, kinds)| {
        let own: Vec<_> = entries.iter().filter(|entry| kinds.contains(&entry.item.kind)).cloned().collect();
        let note = kinds.contains(&K::BackgroundCheck) && own.iter().any(|entry| entry.item.kind == K::BackgroundCheck);
        (!own.is_empty()).then(|| {
            let rows = own.into_iter().map(|entry| view! { <Row locale=locale entry=entry /> });
            view! {
                <section class="card">
                    <h2>{title}</h2>
                    <ul class="lined" role="list">{rows.collect_view()}</ul>
                    {note.then(|| view! { <p class="meta">{t::check_note(locale)}</p> })}
                </section>
            }
        })
    });
    view! { <div class="stack">{sections.into_iter().flatten().collect_view()}</div> }
}

#[component]
fn Row(locale: Locale, entry: Entry) -> impl IntoView {
    let title = words::item_title(locale, &entry.item);
    let id = entry.item.id;
    let late = entry.item.late.then(|| format!(" · {}", t::late(locale)));
    let of_item = move || view! { <span class="visually-hidden">{format!(": {title}")}</span> };
    let is_signed = entry.evidence.iter().any(|evidence| evidence.proof.is_signature());
    let page = is_signed.then(|| view! { <a class="button secondary small" href=format!("/signed/{id}")>{t::view(locale)}{of_item.clone()()}</a> });
    let copy = entry
        .has_copy()
        .then(|| view! { <a class="button quiet small" href=format!("/signed/{id}/copy.pdf") download><Icon name="download" />{t::pdf(locale)}{of_item.clone()()}</a> });
    let file = entry.file().map(|file| view! { <a class="button quiet small" href=format!("/files/{file}") download><Icon name="download" />{rules::open_file(locale)}{of_item.clone()()}</a> });
    let certificate = entry.passed().is_some().then(|| {
        view! { <a class="button secondary small" href=format!("/certificates/{id}/certificate.pdf") download><Icon name="download" />{t::certificate(locale)}</a> }
    });
    view! {
        <li class="row apart">
            <div><strong>{words::item_title(locale, &entry.item)}</strong><p class="meta">{what_happened(locale, &entry)}{late}</p></div>
            <div class="actions">{page}{copy}{file}{certificate}</div>
        </li>
    }
}

fn what_happened(locale: Locale, entry: &Entry) -> String {
    let item = &entry.item;
    let date = |at| zones::local_date(&item.time_zone, at);
    let day = |at| words::date(locale, date(at));
    let mut parts = Vec::new();
    for evidence in &entry.evidence {
        parts.push(match &evidence.proof {
            Proof::NdaSignature { .. } => t::signed(locale, &day(evidence.at)),
            Proof::NdaOnPaper { signed_on, .. } => t::on_paper(locale, &words::date(locale, *signed_on)),
            Proof::NdaConfirmation | Proof::InstructionConfirmation => t::confirmed(locale, &day(evidence.at)),
            Proof::PolicyAcceptance { .. } => t::accepted(locale, &day(evidence.at)),
            Proof::QuizPass { .. } => t::passed(locale, &day(evidence.at), &words::date(locale, year_after(date(evidence.at)))),
            Proof::InstructionDone { .. } => t::done(locale, &day(evidence.at)),
            _ => continue,
        });
    }
    match item.state {
        State::Ended {
            at,
            reason: EndReason::Withdrawn,
        } => parts.push(t::withdrawn(locale, &day(at))),
        State::Ended { at, .. } => parts.push(t::ended(locale, &day(at))),
        State::Failed { at } => parts.push(t::failed(locale, &day(at))),
        State::Waiting { since } if parts.is_empty() => parts.push(t::waiting(locale, &day(since))),
        State::Done { at, .. } if parts.is_empty() => parts.push(t::done(locale, &day(at))),
        _ => {}
    }
    parts.join(" · ")
}
