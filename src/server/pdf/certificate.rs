//! A certificate: who passed which course, when, and until when that counts. Never with a score.

use super::{
    PdfError,
    faces::{Face, Faces, clean},
    paper::About,
    sheet::{Align, Sheet, Span, Style},
    texts as t,
};
use crate::domain::{Instant, audit::Digest, locale::Locale, person::iso_date};
use krilla::tagging::Tag;
use sha2::{Digest as _, Sha256};
use std::{fmt::Write, num::NonZeroU16};
use time::Date;

/// A4, landscape.
const PAGE: (f32, f32) = (841.89, 595.28);
const MARGIN: f32 = 72.0;

/// What a certificate says.
#[derive(Clone, Debug)]
pub struct Certificate<'a> {
    pub company: &'a str,
    pub language: Locale,
    pub person: &'a str,
    pub course: &'a str,
    /// The course's version, from 1.
    pub version: i64,
    pub passed_at: Instant,
    /// In the zone in which the person works.
    pub passed_on: Date,
    pub valid_until: Option<Date>,
    /// What the record of the pass is called here, so that it can be found again.
    pub reference: &'a str,
}

impl Certificate<'_> {
    /// The details that the checksum covers: one line each, in this order, in UTF-8.
    pub fn details(&self) -> String {
        let mut details = String::new();
        let valid_until = self.valid_until.map(iso_date);
        for (name, value) in [
            ("company", self.company),
            ("person", self.person),
            ("course", self.course),
            ("version", &self.version.to_string()),
            ("passed on", &iso_date(self.passed_on)),
            ("valid until", valid_until.as_deref().unwrap_or("-")),
            ("reference", self.reference),
        ] {
            let _ = writeln!(details, "{name}: {value}");
        }
        details
    }

    /// SHA-256 of the details, as printed.
    pub fn sha256(&self) -> Digest {
        Sha256::digest(self.details()).into()
    }
}

pub fn render(certificate: &Certificate) -> Result<Vec<u8>, PdfError> {
    let language = certificate.language;
    let mut sheet = Sheet::new(Faces::get()?, PAGE.0, PAGE.1, MARGIN);
    let x = sheet.margin;
    let title = t::certificate(language);
    sheet.space(64.0);
    let heading = Tag::Hn(NonZeroU16::MIN, Some(title.to_owned()));
    sheet.heading(heading, &[Span::new(Face::Bold, title)], Style::of_size(34.0).centred(), x);
    sheet.space(22.0);
    let mut line = |face, size: f32, text: &str, below: f32| {
        sheet.paragraph(Tag::P, &[Span::new(face, text)], Style::of_size(size).centred(), x);
        sheet.space(below);
    };
    line(Face::Regular, 13.0, t::certificate_lead(language), 8.0);
    line(Face::Bold, 26.0, certificate.person, 8.0);
    line(Face::Regular, 13.0, t::certificate_passed(language), 8.0);
    line(Face::Bold, 18.0, certificate.course, 10.0);
    let validity = t::validity(language, certificate.passed_on, certificate.valid_until);
    line(Face::Regular, 13.0, &validity, 4.0);
    let version = format!("{} {} · {}", t::version(language), certificate.version, certificate.company);
    line(Face::Regular, 11.0, &version, 26.0);
    let hash = format!("{}: {}", t::hash(language), hex::encode(certificate.sha256()));
    sheet.paragraph(Tag::P, &[Span::new(Face::Regular, &hash)], Style::of_size(8.5).grey().centred(), x);
    sheet.paragraph(
        Tag::P,
        &[Span::new(Face::Regular, t::certificate_hint(language))],
        Style::of_size(8.5).grey().centred(),
        x,
    );
    // A name that fills pages gets its pages, but no frame.
    if sheet.pages() == 1 {
        sheet.frame(28.0, 28.0, PAGE.0 - 28.0, PAGE.1 - 28.0, 2.0);
        sheet.frame(34.0, 34.0, PAGE.0 - 34.0, PAGE.1 - 34.0, 0.6);
    } else {
        sheet.margin_line(true, Align::Right, |number, of| t::page(language, number, of));
    }
    let name: String = clean(&format!("{title}: {}, {}", certificate.person, certificate.course))
        .chars()
        .take(200)
        .collect();
    sheet.finish().write(About {
        title: name,
        author: clean(certificate.company),
        language,
        at: certificate.passed_at,
        attachment: (
            "certificate.txt",
            "text/plain",
            t::attached_certificate(language),
            certificate.details().into_bytes(),
        ),
    })
}
