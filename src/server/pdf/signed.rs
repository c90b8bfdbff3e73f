//! The copy of a text with the record of its signature or acceptance.

use super::{
    PdfError,
    faces::{Face, Faces, clean},
    markdown::{self, TEXT},
    paper::About,
    sheet::{Align, Cell, Sheet, Span, Style},
    texts as t,
};
use crate::{
    domain::{Instant, audit::Digest, evidence::Origin, locale::Locale},
    server::zones,
};
use krilla::tagging::{TableHeaderScope, Tag};
use std::num::NonZeroU16;
use time::Date;

const A4: (f32, f32) = (595.28, 841.89);
const MARGIN: f32 = 64.0;

/// A text as it was signed or accepted, and the record of that. Everything is printed as it is handed in.
#[derive(Clone, Debug)]
pub struct SignedCopy<'a> {
    pub company: &'a str,
    /// Of the text, and of the words around it.
    pub language: Locale,
    pub title: &'a str,
    /// Markdown without the title, with nothing left to fill in.
    pub body: &'a str,
    /// SHA-256 of title, line feed and body in UTF-8, as it was recorded. The text is attached to the file in exactly this form.
    pub sha256: Digest,
    /// The document's version, from 1.
    pub version: i64,
    pub published_on: Date,
    pub person: &'a str,
    /// The account that was signed in, in words.
    pub account: &'a str,
    /// IANA name of the zone in which the person works.
    pub time_zone: &'a str,
    pub opened_at: Instant,
    /// When it was signed or accepted.
    pub at: Instant,
    /// The sentence that was confirmed, as it was shown.
    pub consent: &'a str,
    pub late: bool,
    /// From where; left out of copies for readers who may not see it.
    pub origin: Option<&'a Origin>,
    pub act: Act<'a>,
}

/// What somebody did with a text.
#[derive(Clone, Copy, Debug)]
pub enum Act<'a> {
    Signature {
        typed_name: &'a str,
        /// Drawn lines in a box of 600 × 200, origin at its upper left; empty where nothing was drawn.
        strokes: &'a [Vec<(u16, u16)>],
    },
    Acceptance,
}

pub fn render(copy: &SignedCopy) -> Result<Vec<u8>, PdfError> {
    let mut sheet = Sheet::new(Faces::get()?, A4.0, A4.1, MARGIN);
    let title = clean(copy.title).replace('\n', " ");
    let x = sheet.margin;
    sheet.heading(
        Tag::Hn(NonZeroU16::MIN, Some(title.chars().take(200).collect())),
        &[Span::new(Face::Bold, &title)],
        Style::of_size(20.0),
        x,
    );
    sheet.space(8.0);
    markdown::set(&mut sheet, copy.body);
    sheet.break_page();
    record(&mut sheet, copy);
    margins(&mut sheet, copy);
    sheet.finish().write(About {
        title: title.chars().take(200).collect(),
        author: clean(copy.company),
        language: copy.language,
        at: copy.at,
        attachment: (
            "text.md",
            "text/markdown",
            t::attached_text(copy.language),
            format!("{}\n{}", copy.title, copy.body).into_bytes(),
        ),
    })
}

fn margins(sheet: &mut Sheet, copy: &SignedCopy) {
    let language = copy.language;
    let stamp = match copy.act {
        Act::Signature { .. } => format!("SHA-256 {}", hex::encode(copy.sha256)),
        Act::Acceptance => stamp(copy),
    };
    sheet.margin_line(false, Align::Left, |_, _| format!("{} · {}", copy.company, copy.title));
    sheet.margin_line(true, Align::Left, |_, _| stamp.clone());
    sheet.margin_line(true, Align::Right, |number, of| t::page(language, number, of));
}

fn stamp(copy: &SignedCopy) -> String {
    t::stamp(copy.language, copy.person, zones::local_date(copy.time_zone, copy.at), copy.version)
}

/// The page after the text: who did what when, from where, and the checksum.
fn record(sheet: &mut Sheet, copy: &SignedCopy) {
    let language = copy.language;
    let title = match copy.act {
        Act::Signature { .. } => t::signature(language),
        Act::Acceptance => t::acceptance(language),
    };
    let x = sheet.margin;
    let level = NonZeroU16::new(2).unwrap_or(NonZeroU16::MIN);
    sheet.heading(Tag::Hn(level, Some(title.to_owned())), &[Span::new(Face::Bold, title)], Style::of_size(16.0), x);
    sheet.space(10.0);
    match copy.act {
        Act::Signature { strokes, .. } => drawn(sheet, strokes, language),
        Act::Acceptance => stamped(sheet, &stamp(copy)),
    }
    sheet.begin(Tag::Table);
    for (term, value) in facts(copy) {
        sheet.rule();
        sheet.space(3.0);
        let gap = 150.0;
        let cells = vec![
            Cell {
                tag: Tag::TH(TableHeaderScope::Row).into(),
                spans: vec![Span::new(Face::Bold, term)],
                x,
                width: gap - 10.0,
            },
            Cell {
                tag: Tag::TD.into(),
                spans: vec![Span::new(Face::Regular, &value)],
                x: x + gap,
                width: sheet.measure() - gap,
            },
        ];
        sheet.row(cells, Style::of_size(TEXT - 1.0));
        sheet.space(3.0);
    }
    sheet.end();
    sheet.rule();
    sheet.space(8.0);
    sheet.paragraph(Tag::P, &[Span::new(Face::Regular, t::hash_hint(language))], Style::of_size(8.5).grey(), x);
}

fn facts(copy: &SignedCopy) -> Vec<(&'static str, String)> {
    let language = copy.language;
    let moment = |at| t::moment(language, copy.time_zone, at);
    let (typed_name, done, late) = match copy.act {
        Act::Signature { typed_name, .. } => (Some(typed_name), t::signed(language), t::late_signature(language)),
        Act::Acceptance => (None, t::accepted(language), t::late_acceptance(language)),
    };
    let facts = [
        typed_name.map(|name| (t::typed_name(language), name.to_owned())),
        Some((t::account(language), copy.account.to_owned())),
        Some((t::consent(language), copy.consent.to_owned())),
        Some((t::version(language), t::version_of(language, copy.version, copy.published_on))),
        Some((t::language(language), t::language_name(language).to_owned())),
        Some((t::opened(language), moment(copy.opened_at))),
        Some((done, moment(copy.at))),
        copy.late.then(|| (t::late(language), late.to_owned())),
        copy.origin.map(|origin| (t::ip(language), origin.ip.clone())),
        copy.origin.map(|origin| (t::browser(language), origin.user_agent.clone())),
        Some((t::hash(language), hex::encode(copy.sha256))),
    ];
    facts.into_iter().flatten().collect()
}

/// The drawn signature in its box.
fn drawn(sheet: &mut Sheet, strokes: &[Vec<(u16, u16)>], language: Locale) {
    const SCALE: f32 = 0.45;
    if strokes.iter().all(Vec::is_empty) {
        return;
    }
    let (left, top) = (sheet.margin, sheet.y());
    let (right, bottom) = (600.0f32.mul_add(SCALE, left), 200.0f32.mul_add(SCALE, top));
    sheet.frame(left, top, right, bottom, 0.7);
    let place = |(x, y): &(u16, u16)| {
        let (x, y) = (f32::from((*x).min(600)), f32::from((*y).min(200)));
        (x.mul_add(SCALE, left), y.mul_add(SCALE, top))
    };
    let lines = strokes.iter().filter(|stroke| !stroke.is_empty()).map(|stroke| {
        let mut points: Vec<_> = stroke.iter().map(place).collect();
        // A dot is a line that does not go far.
        if let [(x, y)] = points[..] {
            points.push((x + 0.1, y));
        }
        points
    });
    let lines = lines.collect();
    sheet.drawing(Tag::Figure(Some(t::drawn(language).to_owned())), lines, 1.4);
    sheet.move_to(bottom + 14.0);
}

/// The stamp of an acceptance, in a double frame.
fn stamped(sheet: &mut Sheet, text: &str) {
    let (left, top) = (sheet.margin, sheet.y());
    let right = left + sheet.measure();
    sheet.space(12.0);
    sheet.paragraph(Tag::P, &[Span::new(Face::Bold, text)], Style::of_size(12.0).centred(), left);
    let bottom = sheet.y() + 12.0;
    if bottom > top {
        sheet.frame(left, top, right, bottom, 1.4);
        sheet.frame(left + 3.0, top + 3.0, right - 3.0, bottom - 3.0, 0.5);
    }
    sheet.move_to(bottom + 16.0);
}
