//! Reads CSV as Excel, `LibreOffice` and the exports of other programs write it, and writes it so that none of them runs what stands in
//! it. Owns the encoding, the delimiter and the line numbers. Deliberately absent: what the columns mean.
//!
//! Rows are read by hand: the `csv` crate takes an unclosed quote for a field that ends with the file, joins what stands
//! behind a closing quote to the field, and miscounts lines after `\r\n` and blank lines. Here each of these is a
//! problem with its exact line, as a list must never be guessed at. The tests of `people_file` compare both readers.

use crate::domain::locale::Locale;
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use std::{borrow::Cow, iter::Peekable, str::Chars};
use unicode_normalization::UnicodeNormalization;

/// As wide as a sheet of Excel can be; bounds what one record can take up in memory.
pub(super) const MAX_FIELDS: usize = 16_384;
/// How files begin that are no text although they may hold no NUL byte: zip (xlsx, ods), Office before 2007, PDF, gzip, RTF.
const MAGIC: [&[u8]; 5] = [b"PK\x03\x04", b"\xD0\xCF\x11\xE0", b"%PDF-", b"\x1F\x8B", b"{\\rtf"];

/// A quote that is never closed, or closed in the middle of a field; the line where it was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unclosed {
    pub line: u64,
}

/// Turns bytes into text: by the BOM if there is one, else UTF-8, else Windows-1252, which Excel writes without being asked.
/// Malformed sequences are refused, never replaced; none for what is no text.
pub(super) fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    if MAGIC.iter().any(|magic| bytes.starts_with(magic)) {
        return None;
    }
    let strictly = |encoding: &'static Encoding, bytes| encoding.decode_without_bom_handling_and_without_replacement(bytes);
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => strictly(encoding, &bytes[length..]),
        // Windows-1252 leaves five bytes undefined; the decoder turns them into C1 control characters, which no list has.
        None => strictly(UTF_8, bytes).or_else(|| strictly(WINDOWS_1252, bytes).filter(|text| !text.contains(|c| matches!(c, '\u{80}'..='\u{9F}')))),
    };
    text.filter(|text| !text.contains('\0'))
}

/// The delimiter under which the header shows most known columns, then most columns at all; `;` before `,` before tab.
pub(super) fn delimiter_of(text: &str, knows: impl Fn(&str) -> bool) -> char {
    let known_and_all = |delimiter: &char| match Records::new(text, *delimiter).next() {
        Some(Ok(header)) => (header.fields.iter().filter(|name| knows(name)).count(), header.found),
        Some(Err(_)) | None => (0, 0),
    };
    // Of equals, `max_by_key` takes the last.
    ['\t', ',', ';'].into_iter().max_by_key(known_and_all).unwrap_or(';')
}

/// A record and the physical line where it starts.
pub(super) struct Record {
    pub line: u64,
    /// Trimmed; the first [`MAX_FIELDS`] at most.
    pub fields: Vec<String>,
    /// How many fields there are in truth.
    pub found: usize,
    blank: bool,
}

/// What a field was followed by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Field,
    Record,
}

/// The records of a text that are not blank. Lines end with `\n`, `\r\n` or `\r`; a quote opens a field only at its start
/// (white space aside), `""` inside stands for one. After a problem there are no further records.
pub(super) struct Records<'t> {
    rest: Peekable<Chars<'t>>,
    delimiter: char,
    line: u64,
    broken: bool,
}

impl<'t> Records<'t> {
    pub fn new(text: &'t str, delimiter: char) -> Self {
        Self {
            rest: text.chars().peekable(),
            delimiter,
            line: 1,
            broken: false,
        }
    }

    fn record(&mut self) -> Result<Record, Unclosed> {
        let mut record = Record {
            line: self.line,
            fields: Vec::new(),
            found: 0,
            blank: true,
        };
        loop {
            let (field, end) = self.field()?;
            record.found += 1;
            let field = field.trim();
            record.blank &= field.is_empty();
            if record.found <= MAX_FIELDS {
                record.fields.push(field.to_owned());
            }
            if end == End::Record {
                return Ok(record);
            }
        }
    }

    fn field(&mut self) -> Result<(String, End), Unclosed> {
        let mut field = String::new();
        loop {
            match self.rest.next() {
                None => return Ok((field, End::Record)),
                Some(c) if c == self.delimiter => return Ok((field, End::Field)),
                Some(c @ ('\r' | '\n')) => {
                    self.end_line(c);
                    return Ok((field, End::Record));
                }
                // The field is trimmed anyhow, and a quote may follow.
                Some(c) if field.is_empty() && c.is_whitespace() => {}
                Some('"') if field.is_empty() => return self.quoted_field(),
                Some(c) => field.push(c),
            }
        }
    }

    /// Reads on behind the opening quote.
    fn quoted_field(&mut self) -> Result<(String, End), Unclosed> {
        let opened = Unclosed { line: self.line };
        let mut field = String::new();
        loop {
            match self.rest.next() {
                None => return Err(opened),
                Some('"') if self.rest.next_if_eq(&'"').is_none() => break,
                Some(c @ ('\r' | '\n')) => {
                    self.end_line(c);
                    field.push('\n');
                }
                Some(c) => field.push(c),
            }
        }
        loop {
            match self.rest.next() {
                None => return Ok((field, End::Record)),
                Some(c) if c == self.delimiter => return Ok((field, End::Field)),
                Some(c @ ('\r' | '\n')) => {
                    self.end_line(c);
                    return Ok((field, End::Record));
                }
                Some(c) if c.is_whitespace() => {}
                Some(_) => return Err(opened),
            }
        }
    }

    /// Counts a line that ended with `c`, and takes the second half of `\r\n`.
    fn end_line(&mut self, c: char) {
        if c == '\r' {
            self.rest.next_if_eq(&'\n');
        }
        self.line += 1;
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Record, Unclosed>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.broken && self.rest.peek().is_some() {
            match self.record() {
                Ok(record) if record.blank => {}
                record => {
                    self.broken = record.is_err();
                    return Some(record);
                }
            }
        }
        None
    }
}

/// What parts cells for one program or another: which of them does, it may guess.
const BREAKS: [char; 5] = [';', ',', '\t', '\n', '\r'];

/// A list to be opened by a spreadsheet.
pub(super) struct Writer {
    text: String,
    delimiter: &'static str,
}

impl Writer {
    /// Begins with a byte order mark, so that every spreadsheet reads the umlauts. German files part by semicolon.
    pub fn new<const N: usize>(locale: Locale, german: [&str; N], english: [&str; N]) -> Self {
        let (delimiter, headings) = match locale {
            Locale::De => (";", german),
            Locale::En => (",", english),
        };
        let mut writer = Self {
            text: "\u{FEFF}".to_owned(),
            delimiter,
        };
        writer.row(headings);
        writer
    }

    /// Adds a row.
    pub fn row<const N: usize>(&mut self, cells: [&str; N]) {
        self.text.push_str(&cells.map(cell).join(self.delimiter));
        self.text.push('\n');
    }

    pub fn finish(self) -> Vec<u8> {
        self.text.into_bytes()
    }
}

/// A cell that no spreadsheet takes for a formula, nor any part of it, should the file be opened with another delimiter than it was
/// written with: quotes alone hold no cell together then.
fn cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len() + 2);
    for (position, part) in text.split_inclusive(BREAKS).enumerate() {
        let begins_formula = |text: &str| text.chars().find(|c| !is_unseen(*c)).is_some_and(is_operator);
        if begins_formula(if position == 0 { text } else { part }) {
            cell.push('\'');
        }
        cell.push_str(part);
    }
    if cell.contains(BREAKS) || cell.contains('"') {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

/// What programs pass over before they look whether a cell is a formula.
fn is_unseen(c: char) -> bool {
    let takes_no_room = matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFC}' | '\u{E0000}'..='\u{E0FFF}');
    takes_no_room || c.is_whitespace() || c.is_control() || c == '"'
}

/// What formulas begin with, in all its widths.
fn is_operator(c: char) -> bool {
    std::iter::once(c)
        .nfkc()
        .next()
        .is_some_and(|c| matches!(c, '=' | '+' | '-' | '\u{2212}' | '@'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a spreadsheet makes of a file that it reads with a delimiter of its choice.
    fn opened(file: &[u8], delimiter: u8) -> Vec<String> {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(file);
        let records = reader.records().map(Result::unwrap);
        records.flat_map(|record| record.iter().map(str::to_owned).collect::<Vec<_>>()).collect()
    }

    fn is_formula(cell: &str) -> bool {
        cell.chars().find(|c| !is_unseen(*c)).is_some_and(is_operator)
    }

    fn file(locale: Locale, text: &str) -> Vec<u8> {
        let mut writer = Writer::new(locale, ["Person", "Grund"], ["person", "reason"]);
        writer.row([text, "x"]);
        writer.row(["y", text]);
        writer.finish()
    }

    #[test]
    fn nothing_typed_becomes_a_formula() {
        for hostile in [
            "=1+1",
            "+cmd|' /C calc'!A0",
            "-2",
            "@SUM(A1)",
            "\t=1",
            "\n=1",
            "\u{FF1D}1+1",
            "\u{FF0B}1",
            "\u{FF0D}1",
            "\u{FF20}SUM(A1)",
            "\u{FE66}1",
            "\u{200B}=1+1",
            "\u{FEFF}\u{202E} =1+1",
            "\"=1+1\"",
        ] {
            assert!(cell(hostile).trim_start_matches('"').starts_with('\''), "{hostile}");
        }
        assert_eq!(cell("x;=1+1"), "\"x;'=1+1\"");
        assert_eq!(cell("x, \u{200B}=1"), "\"x,' \u{200B}=1\"");
        for harmless in ["Anna", "2026-12-01", "a=b", "Ann-Kathrin", "'=1", ""] {
            assert_eq!(cell(harmless), harmless);
        }
        assert_eq!(cell("Miller, Ann"), "\"Miller, Ann\"", "whichever delimiter the file has");
    }

    #[test]
    fn what_is_written_is_read_again() {
        let text = "Anna \"A\" Müller; Leiterin, \nzweite Zeile\tdritte";
        for (locale, delimiter) in [(Locale::De, b';'), (Locale::En, b',')] {
            let cells = opened(&file(locale, text), delimiter);
            assert_eq!(cells[2..], [text, "x", "y", text].map(str::to_owned));
        }
    }

    proptest! {
        #[test]
        fn with_no_delimiter_does_a_cell_begin_like_a_formula(text in "[=+@\u{FF1D}\u{200B};,\t\n\r\"' a-]{0,12}") {
            for locale in [Locale::De, Locale::En] {
                for delimiter in *b";,\t" {
                    for cell in opened(&file(locale, &text), delimiter) {
                        prop_assert!(!is_formula(&cell), "{text:?} became {cell:?} with {:?}", char::from(delimiter));
                    }
                }
            }
        }
    }
}
