//! What the pages share on which a text is read: its sheet with the reading progress, and what they say when nothing is left to do.

use crate::{
    domain::{Instant, audit::Digest, locale::Locale},
    islands::reading::ReadingProgress,
    server::{
        context::Cx,
        service::{documents::Reading, rows::Assignment},
        zones,
    },
    ui::{
        components::{
            document::DocumentSheet,
            icon::Icon,
            notice::{FlashNotice, Notice},
        },
        load::PageTitle,
        texts::checklist as t,
        words,
    },
};
use leptos::prelude::*;

/// The link back to the checklist.
#[component]
pub fn BackToChecklist(locale: Locale) -> impl IntoView {
    view! { <a class="back" href="/checklist"><Icon name="chevron-left" />{t::title(locale)}</a> }
}

/// A text with its version, in the reader's language.
#[component]
pub fn Text(locale: Locale, reading: Reading) -> impl IntoView {
    let Reading { assignment, version, text, .. } = reading;
    let published = words::date(locale, zones::local_date(&assignment.time_zone, version.published_at));
    let about = t::about(locale, &words::minutes(locale, version.minutes));
    view! {
        <p class="meta">{t::version_of(locale, version.number, &published)}" · "{about}</p>
        <DocumentSheet title=text.title markdown=text.body language=text.language>
            <MinutesLeft locale=locale minutes=version.minutes />
        </DocumentSheet>
    }
}

/// The reading progress of a text, inside its sheet.
#[component]
pub fn MinutesLeft(locale: Locale, minutes: i64) -> impl IntoView {
    let left = (1..=minutes).map(|minutes| t::still(locale, &words::minutes(locale, minutes))).collect();
    view! { <ReadingProgress left=left label=t::reading_share(locale).to_owned() /> }
}

/// The checksum of a text, for whoever wants it.
#[component]
pub fn Checksum(locale: Locale, sha256: Digest) -> impl IntoView {
    view! {
        <details class="disclosure">
            <summary>{t::checksum(locale)}</summary>
            <p class="hash">"SHA-256 "{hex::encode(sha256)}</p>
        </details>
    }
}

/// Says in which language the text counts.
#[component]
pub fn LanguageNote(#[prop(into)] text: String) -> impl IntoView {
    view! { <p class="meta">{text}</p> }
}

/// The page of an item that takes nothing any more. Children are links.
#[component]
pub fn ClosedPage(cx: Cx, #[prop(into)] title: String, #[prop(into)] text: String, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    let locale = cx.locale;
    view! {
        <PageTitle text=title.clone() />
        <main class="page narrow" id="main" tabindex="-1">
            <BackToChecklist locale=locale />
            <FlashNotice cx=cx />
            <div class="page-heading"><div><h1>{title}</h1></div></div>
            <Notice tone="info"><p>{text}</p></Notice>
            <div class="actions">
                {children.map(|children| children())}
                <a class="button secondary" href="/checklist">{t::to_checklist(locale)}</a>
            </div>
        </main>
    }
}

/// The day of something that happened, where the person works.
pub fn day(locale: Locale, assignment: &Assignment, at: Instant) -> String {
    words::date(locale, zones::local_date(&assignment.time_zone, at))
}
