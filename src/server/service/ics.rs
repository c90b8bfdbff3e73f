//! Calendars as text (RFC 5545, with the name and the refresh interval of RFC 7986): days only, as nothing here has an hour.
//!
//! Written by hand: it is a page of code, and the crates for it bring a clock and a second library of dates along.

use crate::domain::Instant;
use time::Date;

/// Lines are folded so that none is longer, its line break not counted.
const MOST_OCTETS: usize = 75;

/// Something that is on a day, all day, and leaves one free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Says nothing to people, and stays the same for as long as the event is the same.
    pub uid: String,
    pub day: Date,
    pub summary: String,
    /// Where it leads to.
    pub url: String,
}

/// A calendar with these events, as it is at `now`.
#[must_use]
pub fn write(name: &str, now: Instant, events: &[Event]) -> String {
    let stamp = format!("{}T{:02}{:02}{:02}Z", compact(now.date()), now.hour(), now.minute(), now.second());
    let mut text = String::new();
    for (property, value) in [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//Antritt//Antritt//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("NAME", &*escaped(name)),
        ("X-WR-CALNAME", &*escaped(name)),
        ("REFRESH-INTERVAL;VALUE=DURATION", "PT4H"),
        ("X-PUBLISHED-TTL", "PT4H"),
    ] {
        line(&mut text, property, value);
    }
    for event in events {
        for (property, value) in [
            ("BEGIN", "VEVENT"),
            ("UID", &*escaped(&event.uid)),
            ("DTSTAMP", &*stamp),
            ("DTSTART;VALUE=DATE", &*compact(event.day)),
            ("DTEND;VALUE=DATE", &*compact(event.day.next_day().unwrap_or(event.day))),
            ("SUMMARY", &*escaped(&event.summary)),
            ("URL", &*event.url),
            ("CLASS", "PRIVATE"),
            ("TRANSP", "TRANSPARENT"),
            ("END", "VEVENT"),
        ] {
            line(&mut text, property, value);
        }
    }
    line(&mut text, "END", "VCALENDAR");
    text
}

/// `20261201`
fn compact(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), u8::from(date.month()), date.day())
}

/// A text as a value: what has a meaning of its own is escaped, and of what cannot be seen only line breaks stay.
fn escaped(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => {
                value.push('\\');
                value.push(c);
            }
            '\n' => value.push_str("\\n"),
            c if c.is_control() => {}
            c => value.push(c),
        }
    }
    value
}

/// Appends a line, folded between characters.
fn line(text: &mut String, property: &str, value: &str) {
    let mut octets = 0;
    for c in property.chars().chain([':']).chain(value.chars()) {
        if octets + c.len_utf8() > MOST_OCTETS {
            text.push_str("\r\n ");
            octets = 1;
        }
        octets += c.len_utf8();
        text.push(c);
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::{date, datetime};

    fn event(summary: &str) -> Event {
        Event {
            uid: "start-1@antritt.example".into(),
            day: date!(2026 - 12 - 31),
            summary: summary.into(),
            url: "https://antritt.example/checklist".into(),
        }
    }

    /// What a program reads: unfolded lines as property and value.
    fn read(text: &str) -> Vec<(String, String)> {
        let unfolded = text.replace("\r\n ", "");
        let lines = unfolded.split_terminator("\r\n");
        lines
            .map(|line| line.split_once(':').unwrap())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    fn unescaped(value: &str) -> String {
        let mut text = String::new();
        let mut letters = value.chars();
        while let Some(c) = letters.next() {
            match c {
                '\\' => match letters.next() {
                    Some('n') => text.push('\n'),
                    Some(c) => text.push(c),
                    None => panic!("a lonely backslash"),
                },
                c => text.push(c),
            }
        }
        text
    }

    #[test]
    fn a_day_is_written_as_a_day() {
        let text = write("Antritt", datetime!(2026-11-23 09:05:07 UTC), &[event("Start: Anna")]);
        let expected = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Antritt//Antritt//EN\r\nCALSCALE:GREGORIAN\r\nNAME:Antritt\r\nX-WR-CALNAME:Antritt\r\n\
            REFRESH-INTERVAL;VALUE=DURATION:PT4H\r\nX-PUBLISHED-TTL:PT4H\r\nBEGIN:VEVENT\r\nUID:start-1@antritt.example\r\nDTSTAMP:20261123T090507Z\r\n\
            DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\nSUMMARY:Start: Anna\r\nURL:https://antritt.example/checklist\r\nCLASS:PRIVATE\r\n\
            TRANSP:TRANSPARENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn nobody_writes_lines_of_their_own() {
        let text = write("A", datetime!(2026-11-23 09:00 UTC), &[event("Anna\r\nEND:VEVENT\nX; Y, Z\\")]);
        assert_eq!(text.matches("END:VEVENT\r\n").count(), 1);
        assert!(text.contains("SUMMARY:Anna\\nEND:VEVENT\\nX\\; Y\\, Z\\\\\r\n"), "{text}");
    }

    proptest! {
        #[test]
        fn any_text_is_read_back_and_no_line_is_too_long(summary in "\\PC{0,200}", name in "\\PC{0,90}") {
            let text = write(&name, datetime!(2026-11-23 09:00 UTC), &[event(&summary)]);
            prop_assert!(text.split("\r\n").all(|line| line.len() <= MOST_OCTETS));
            prop_assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
            let found = read(&text);
            let value = |property: &str| found.iter().find(|(name, _)| name == property).map(|(_, value)| unescaped(value)).unwrap();
            prop_assert_eq!(value("SUMMARY"), summary);
            prop_assert_eq!(value("NAME"), name);
        }
    }
}
