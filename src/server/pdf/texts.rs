//! The words on paper, German and English side by side. A copy speaks the language of the text it shows.

use crate::{
    domain::{
        Instant,
        locale::{Locale, written_date},
        person::iso_moment,
    },
    server::zones,
};
use time::Date;

macro_rules! words {
    ($($name:ident = $de:literal | $en:literal;)+) => {$(
        pub const fn $name(locale: Locale) -> &'static str {
            match locale {
                Locale::De => $de,
                Locale::En => $en,
            }
        }
    )+};
}

words! {
    signature = "Unterschrift" | "Signature";
    acceptance = "Annahme" | "Acceptance";
    typed_name = "Name, wie unterschrieben" | "Name as signed";
    account = "Angemeldet als" | "Signed in as";
    consent = "Bestätigter Satz" | "Confirmed sentence";
    version = "Fassung" | "Version";
    language = "Sprache" | "Language";
    language_name = "Deutsch" | "English";
    opened = "Text geöffnet" | "Text opened";
    signed = "Unterschrieben" | "Signed";
    accepted = "Angenommen" | "Accepted";
    late = "Verspätet" | "Late";
    late_signature = "nach Beginn des ersten Arbeitstags" | "after the first working day had begun";
    late_acceptance = "nach Ablauf der Frist" | "after the deadline";
    ip = "IP-Adresse" | "IP address";
    browser = "Browser" | "Browser";
    hash = "Prüfsumme (SHA-256)" | "Checksum (SHA-256)";
    hash_hint = "Die Prüfsumme gilt der Datei text.md, die diesem PDF beiliegt: Titel, Zeilenumbruch und Text in der Form, in der sie gespeichert sind (Markdown, UTF-8)."
        | "The checksum covers the file text.md that is attached to this PDF: the title, a line feed and the text in the form in which they are stored (Markdown, UTF-8).";
    attached_text = "Der genaue Text, für den die Prüfsumme gilt" | "The exact text that the checksum covers";
    drawn = "Gezeichnete Unterschrift" | "Drawn signature";
    certificate = "Zertifikat" | "Certificate";
    certificate_lead = "Hiermit wird bestätigt:" | "This is to certify that";
    certificate_passed = "hat die Schulung bestanden" | "has passed the course";
    attached_certificate = "Die Angaben, für die die Prüfsumme gilt" | "The details that the checksum covers";
    certificate_hint = "Die Prüfsumme gilt der Datei certificate.txt, die diesem PDF beiliegt." | "The checksum covers the file certificate.txt that is attached to this PDF.";
}

/// `Seite 1 von 3`
pub fn page(locale: Locale, number: usize, of: usize) -> String {
    match locale {
        Locale::De => format!("Seite {number} von {of}"),
        Locale::En => format!("Page {number} of {of}"),
    }
}

/// `2 vom 1. Dezember 2026`
pub fn version_of(locale: Locale, number: i64, published_on: Date) -> String {
    let date = written_date(locale, published_on);
    match locale {
        Locale::De => format!("{number} vom {date}"),
        Locale::En => format!("{number} of {date}"),
    }
}

/// The stamp of an acceptance: who, when, what.
pub fn stamp(locale: Locale, person: &str, on: Date, version: i64) -> String {
    let (date, language) = (written_date(locale, on), language_name(locale));
    match locale {
        Locale::De => format!("Angenommen von {person} am {date}, Fassung {version} ({language})"),
        Locale::En => format!("Accepted by {person} on {date}, version {version} ({language})"),
    }
}

/// When a course was passed, and until when that counts.
pub fn validity(locale: Locale, passed_on: Date, valid_until: Option<Date>) -> String {
    let passed = written_date(locale, passed_on);
    match (locale, valid_until.map(|until| written_date(locale, until))) {
        (Locale::De, Some(until)) => format!("Bestanden am {passed}, gültig bis {until}"),
        (Locale::De, None) => format!("Bestanden am {passed}"),
        (Locale::En, Some(until)) => format!("Passed on {passed}, valid until {until}"),
        (Locale::En, None) => format!("Passed on {passed}"),
    }
}

/// On the wall where the person works, and in UTC as it was recorded.
pub fn moment(locale: Locale, zone: &str, at: Instant) -> String {
    let (hour, minute) = zones::local_time(zone, at);
    let local = written_date(locale, zones::local_date(zone, at));
    format!("{local}, {hour:02}:{minute:02} ({zone}); {}", iso_moment(at))
}
