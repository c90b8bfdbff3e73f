//! The copy of what was signed or accepted: the exact text, and the record of the signature.

use super::reading::BackToChecklist;
use crate::{
    api::done::person_path,
    domain::{
        Instant,
        assignment::{EndReason, State},
        audit::Digest,
        drawing::Drawing,
        evidence::{Evidence, Origin, Proof, Shown},
        ids::AssignmentId,
        locale::Locale,
        person::iso_moment,
        pseudonym::is_pseudonym,
        requirement::RequirementKind,
        roles::Permission,
    },
    server::{
        service::{
            documents::Signed,
            rows::{Assignment, FileRow},
        },
        zones,
    },
    ui::{
        components::{
            document::DocumentSheet,
            icon::Icon,
            notice::{FlashNotice, Notice},
        },
        load::{PageTitle, load, path_param},
        texts::{checklist as t, nda, record},
        words,
    },
};
use leptos::prelude::*;

/// `/signed/{id}`
#[component]
pub fn SignedPage() -> impl IntoView {
    let id: Result<AssignmentId, _> = path_param("id");
    load(async move |cx| {
        let actor = cx.actor()?;
        let desk = actor.reading_desk(&cx.app)?;
        let signed = desk.signed(id?).await?;
        let locale = cx.locale;
        let is_own = actor.person() == Some(signed.assignment.person);
        let sees_origin = desk.sees_origin(&signed.assignment);
        let title = words::item_title(locale, &signed.assignment);
        let back = if is_own {
            view! { <BackToChecklist locale=locale /> }.into_any()
        } else {
            let person = person_path(signed.assignment.person);
            view! { <a class="back" href=person><Icon name="chevron-left" />{signed.assignment.person_name.clone()}</a> }.into_any()
        };
        let pdf = signed.text.as_ref().map(|_| {
            let href = format!("/signed/{}/copy.pdf", signed.assignment.id);
            view! { <p class="screen-only"><a class="button" href=href><Icon name="download" />{record::pdf_long(locale)}</a></p> }
        });
        let body = match copy(&signed) {
            Some(copy) => view! { <Copy locale=locale signed=signed.clone() copy=copy sees_origin=sees_origin /> }.into_any(),
            None => view! { <OnPaper locale=locale signed=signed.clone() sees_note=actor.may(Permission::ConfirmNda) is_own=is_own /> }.into_any(),
        };
        let withdrawn = withdrawn(locale, &signed.assignment);
        let changes = actor.may(Permission::ConfirmNda) && !is_pseudonym(signed.assignment.person, &signed.assignment.person_name);
        let powers = changes.then(|| view! { <Powers locale=locale signed=signed.clone() /> });
        Ok(view! {
            <PageTitle text=format!("{}: {title}", t::copy_of(locale)) />
            <main class="page narrow" id="main" tabindex="-1">
                {back}
                <FlashNotice cx=cx.clone() />
                {withdrawn}
                {body}
                {pdf}
                {powers}
            </main>
        }
        .into_any())
    })
}

/// What HR may do about an NDA on record.
#[component]
fn Powers(locale: Locale, signed: Signed) -> impl IntoView {
    let Assignment { id, person, kind, state, .. } = signed.assignment;
    let stands = kind == RequirementKind::Nda && matches!(state, State::Waiting { .. } | State::Done { .. });
    let scan = (stands && signed.version.is_none())
        .then(|| view! { <a class="button secondary" href=format!("/people/{person}/nda/{id}")><Icon name="upload" />{nda::scan_add(locale)}</a> });
    stands.then(|| {
        view! {
            <div class="actions screen-only">
                {scan}
                <a class="button quiet" href=format!("/people/{person}/withdraw-nda/{id}")>{nda::withdraw(locale)}</a>
            </div>
        }
    })
}

/// Says that a signature no longer counts.
fn withdrawn(locale: Locale, item: &Assignment) -> Option<AnyView> {
    let State::Ended {
        at,
        reason: EndReason::Withdrawn,
    } = item.state
    else {
        return None;
    };
    let text = nda::withdrawn_on(locale, &words::moment(locale, &item.time_zone, at));
    Some(view! { <Notice tone="warning"><p>{text}</p></Notice> }.into_any())
}

/// The scans of a paper; whoever may not take them away learns that there are some.
#[component]
fn Scans(locale: Locale, scans: Vec<FileRow>, zone: String, reads: bool) -> impl IntoView {
    if !reads {
        return view! { <p class="meta">{nda::scan_with_hr(locale)}</p> }.into_any();
    }
    let rows = scans.into_iter().map(|file| {
        let size = format!("{}\u{A0}KiB", (file.size + 1023) / 1024);
        let by = nda::scan_by(locale, &file.uploaded_by, &words::moment(locale, &zone, file.uploaded_at));
        view! {
            <li>
                {match &file.name {
                    Some(name) => view! { <a href=format!("/files/{}", file.id)>{nda::scan_download(locale, name, &size)}</a> }.into_any(),
                    None => nda::scan_gone(locale, &size).into_any(),
                }}
                <p class="meta">{by}</p>
            </li>
        }
    });
    view! { <ul class="stack" role="list">{rows.collect_view()}</ul> }.into_any()
}

/// A signature given on a screen.
#[derive(Clone)]
struct Signature {
    at: Instant,
    shown: Shown,
    typed_name: Option<String>,
    origin: Origin,
    drawing: Option<Drawing>,
    pdf_sha256: Option<Digest>,
}

fn copy(signed: &Signed) -> Option<Signature> {
    signed.evidence.iter().find_map(|evidence| match &evidence.proof {
        Proof::NdaSignature {
            shown,
            typed_name,
            origin,
            drawing,
            pdf_sha256,
        } => Some(Signature {
            at: evidence.at,
            shown: shown.clone(),
            typed_name: Some(typed_name.clone()),
            origin: origin.clone(),
            drawing: drawing.clone(),
            pdf_sha256: *pdf_sha256,
        }),
        Proof::PolicyAcceptance { shown, origin } => Some(Signature {
            at: evidence.at,
            shown: shown.clone(),
            typed_name: None,
            origin: origin.clone(),
            drawing: None,
            pdf_sha256: None,
        }),
        _ => None,
    })
}

/// The text in the language it was signed in, and the record below it.
#[component]
fn Copy(locale: Locale, signed: Signed, copy: Signature, sees_origin: bool) -> impl IntoView {
    let sheet = match signed.text.clone() {
        Some(text) => view! { <DocumentSheet title=text.title markdown=text.body language=text.language /> }.into_any(),
        None => view! { <h1>{words::item_title(locale, &signed.assignment)}</h1><Notice tone="info"><p>{t::record_removed(locale)}</p></Notice> }.into_any(),
    };
    view! {
        {sheet}
        <Record locale=locale signed=signed copy=copy sees_origin=sees_origin />
    }
}

#[component]
fn Record(locale: Locale, signed: Signed, copy: Signature, sees_origin: bool) -> impl IntoView {
    let item = &signed.assignment;
    let is_nda = item.kind == RequirementKind::Nda;
    let (title, signed_at) = if is_nda {
        (t::record_title_nda(locale), t::record_signed(locale))
    } else {
        (t::record_title_policy(locale), t::record_accepted(locale))
    };
    let late = item
        .late
        .then(|| if is_nda { t::record_late_nda(locale) } else { t::record_late_policy(locale) });
    let confirmed = signed
        .evidence
        .iter()
        .find(|evidence| evidence.proof == Proof::NdaConfirmation)
        .map(|evidence| evidence.at);
    let confirmed = is_nda.then(|| confirmed.map_or_else(|| t::record_unconfirmed(locale).to_owned(), |at| moment(locale, item, at)));
    let version = signed.version.as_ref().map(|version| {
        let published = words::date(locale, zones::local_date(&item.time_zone, version.published_at));
        t::version_of(locale, version.number, &published)
    });
    let language = match copy.shown.language {
        Locale::De => t::german(locale),
        Locale::En => t::english(locale),
    };
    let sees_origin = sees_origin && copy.origin.is_known();
    let facts = [
        copy.typed_name.clone().map(|name| (t::record_name(locale), name)),
        Some((t::record_account(locale), item.person_name.clone())),
        Some((t::record_consent(locale), copy.shown.consent.clone())),
        version.map(|version| (t::record_version(locale), version)),
        Some((t::record_language(locale), language.to_owned())),
        Some((t::record_opened(locale), moment(locale, item, copy.shown.opened_at))),
        Some((signed_at, moment(locale, item, copy.at))),
        late.map(|late| (t::record_late(locale), late.to_owned())),
        sees_origin.then(|| (t::record_ip(locale), copy.origin.ip.clone())),
        sees_origin.then(|| (t::record_browser(locale), copy.origin.user_agent.clone())),
        confirmed.map(|confirmed| (t::record_confirmed(locale), confirmed)),
    ];
    let drawn = copy.drawing.as_ref().map(|drawing| {
        let label = t::record_drawing(locale);
        view! {
            <div><dt>{label}</dt><dd>
                <svg class="drawing" viewBox="0 0 600 200" role="img" aria-label=label><path d=drawing.path() /></svg>
            </dd></div>
        }
    });
    view! {
        <section class="card">
            <h2>{title}</h2>
            <dl class="facts lines">
                {drawn}
                {facts.into_iter().flatten().map(|(term, value)| view! { <div><dt>{term}</dt><dd>{value}</dd></div> }).collect_view()}
                <div><dt>{t::record_hash(locale)}</dt><dd><code class="hash">{hex::encode(copy.shown.sha256)}</code></dd></div>
                {copy.pdf_sha256.map(|sha256| view! { <div><dt>{t::record_pdf_hash(locale)}</dt><dd><code class="hash">{hex::encode(sha256)}</code></dd></div> })}
            </dl>
            <p class="meta">{t::record_hash_hint(locale)}</p>
        </section>
    }
}

/// An NDA that was signed on paper: the text is with HR.
#[component]
fn OnPaper(locale: Locale, signed: Signed, sees_note: bool, is_own: bool) -> impl IntoView {
    let item = &signed.assignment;
    let record = signed.evidence.iter().find_map(|Evidence { recorded_at, proof, .. }| match proof {
        Proof::NdaOnPaper { signed_on, note } => Some((*signed_on, *recorded_at, note.clone())),
        _ => None,
    });
    let facts = record.map(|(signed_on, recorded_at, note)| {
        [
            Some((t::paper_signed(locale), words::date(locale, signed_on))),
            Some((t::paper_recorded(locale), moment(locale, item, recorded_at))),
            item.late.then(|| (t::record_late(locale), t::record_late_nda(locale).to_owned())),
            (sees_note && !note.is_empty()).then(|| (t::paper_note(locale), note)),
        ]
    });
    let facts = facts
        .into_iter()
        .flatten()
        .flatten()
        .map(|(term, value)| view! { <div><dt>{term}</dt><dd>{value}</dd></div> });
    view! {
        <div class="page-heading"><div><h1>{words::item_title(locale, item)}</h1>{is_own.then(|| view! { <p class="lead">{t::paper_text(locale)}</p> })}</div></div>
        <section class="card">
            <h2>{t::paper_title(locale)}</h2>
            <dl class="facts lines">{facts.collect_view()}</dl>
            {(!signed.scans.is_empty()).then(|| view! { <Scans locale=locale scans=signed.scans.clone() zone=item.time_zone.clone() reads=sees_note || is_own /> })}
        </section>
    }
}

/// On the wall where the person works, and below it in UTC as it was recorded.
fn moment(locale: Locale, item: &Assignment, at: Instant) -> String {
    format!("{} ({})\n{}", words::moment(locale, &item.time_zone, at), item.time_zone, iso_moment(at))
}
