//! PDF copies of what was signed or accepted, and certificates: PDF/A-3a, tagged, with the fonts inside. The same input gives the
//! same bytes, on every machine and at any time: the only date in a file is that of the act it shows.
//!
//! A leaf: it knows the domain and the time zones. Who may have a copy is the service layer's business. Absent on purpose: hyphenation,
//! kerning, and scripts that need shaping; a character that the fonts lack is drawn as a replacement sign and can still be copied.

mod certificate;
mod faces;
mod markdown;
mod paper;
mod sheet;
mod signed;
mod texts;

pub use certificate::Certificate;
pub use markdown::{DEEPEST, literal};
pub use signed::{Act, SignedCopy};

/// Why a file could not be made. No input is known to bring either about.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    #[error("an embedded font cannot be read")]
    Font,
    #[error("the PDF cannot be written: {0}")]
    Unwritable(String),
}

/// The text of a copy and what happened to it, as a file.
///
/// # Errors
/// As [`PdfError`].
pub fn signed_copy(copy: &SignedCopy) -> Result<Vec<u8>, PdfError> {
    signed::render(copy)
}

/// A certificate, as a file.
///
/// # Errors
/// As [`PdfError`].
pub fn certificate(certificate: &Certificate) -> Result<Vec<u8>, PdfError> {
    certificate::render(certificate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{evidence::Origin, locale::Locale};
    use sha2::{Digest, Sha256};
    use time::macros::{date, datetime};

    fn copy<'a>(title: &'a str, body: &'a str, name: &'a str, origin: &'a Origin, strokes: &'a [Vec<(u16, u16)>]) -> SignedCopy<'a> {
        SignedCopy {
            company: "Beispiel GmbH",
            language: Locale::De,
            title,
            body,
            sha256: Sha256::digest(format!("{title}\n{body}")).into(),
            version: 1,
            published_on: date!(2026 - 11 - 01),
            person: name,
            account: name,
            time_zone: "Europe/Berlin",
            opened_at: datetime!(2026-11-23 08:55 UTC),
            at: datetime!(2026-11-23 09:00 UTC),
            consent: "Ich bin einverstanden.",
            late: true,
            origin: Some(origin),
            act: Act::Signature { typed_name: name, strokes },
        }
    }

    fn origin() -> Origin {
        Origin {
            ip: "203.0.113.7".into(),
            user_agent: "Test/1.0".into(),
        }
    }

    fn text(pdf: &[u8]) -> (usize, String) {
        let document = lopdf::Document::load_mem(pdf).unwrap();
        let pages: Vec<u32> = document.get_pages().keys().copied().collect();
        (pages.len(), document.extract_text(&pages).unwrap().replace('\n', ""))
    }

    const BODY: &str =
        "## § 1 Zweck\n\nÄpfel, Öl, Übung, Straße, **fett** und *kursiv*.\n\n- eins\n- zwei\n\n1. a\n2. b\n\n> Zitat\n\n| A | B |\n|---|---|\n| 1 | 2 |\n";

    #[test]
    fn the_same_input_gives_the_same_bytes() {
        let origin = origin();
        let strokes = [vec![(10, 10), (300, 190), (590, 20)], vec![(5, 5)]];
        let pdf = signed_copy(&copy("Vereinbarung", BODY, "Anna Muster", &origin, &strokes)).unwrap();
        assert_eq!(pdf, signed_copy(&copy("Vereinbarung", BODY, "Anna Muster", &origin, &strokes)).unwrap());
        // Changes with krilla or our layout, never with the day or the machine.
        insta::assert_snapshot!(hex::encode(Sha256::digest(&pdf)));
    }

    #[test]
    fn a_copy_holds_the_words_and_the_record() {
        let origin = origin();
        let copy = copy("Vereinbarung", BODY, "Anna Muster", &origin, &[]);
        let (pages, text) = text(&signed_copy(&copy).unwrap());
        assert_eq!(pages, 2);
        for expected in [
            "Äpfel, Öl, Übung, Straße",
            "fett",
            "Anna Muster",
            "1.\u{A0}November 2026",
            "203.0.113.7",
            "Ich bin einverstanden.",
        ] {
            assert!(text.contains(expected), "{expected} is missing in {text}");
        }
        assert!(text.replace(' ', "").contains(&hex::encode(copy.sha256)[..24]));
    }

    #[test]
    fn no_name_or_text_brings_it_down() {
        let origin = origin();
        let long = "Ö".repeat(3_000);
        let hostile = [
            "",
            " ",
            "\u{202e}evil",
            "👩‍💻 Ünï",
            "ᚠᛇᚻ",
            "a\u{0}b\r\n\tc",
            "\u{feff}",
            &long,
            "שלום مرحبا",
            "[x](javascript:1)<script>",
        ];
        for name in hostile {
            signed_copy(&copy(name, name, name, &origin, &[])).unwrap_or_else(|error| panic!("{name:?}: {error}"));
        }
        let strokes = [vec![], vec![(u16::MAX, u16::MAX), (0, 0)]];
        signed_copy(&copy("A", &"> ".repeat(500), "A", &origin, &strokes)).unwrap();
    }

    #[test]
    fn a_hundred_pages_are_set() {
        let origin = origin();
        let body = "Ein Absatz, der einige Wörter enthält und über mehrere Zeilen läuft, damit Seiten voll werden.\n\n".repeat(2_000);
        let (pages, _) = text(&signed_copy(&copy("Lang", &body, "Anna", &origin, &[])).unwrap());
        assert!(pages >= 60, "{pages}");
    }
}
