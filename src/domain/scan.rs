//! Scans of paper: which files are taken, told by what is in them and never by what they are called.
//!
//! A file has to be exactly one thing from its first byte to its last. Whatever else it could be read as, HTML, a script, an archive,
//! is refused: a scan has no use for it.

use super::problem::Problem;
use flate2::bufread::ZlibDecoder;
use serde::{Deserialize, Serialize};
use std::io::Read;

/// The largest scan, in bytes.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// The longest file name that is kept, in characters, its ending included.
pub const MAX_NAME: usize = 100;

/// Pixels along one side; a page of A3 at 1,200 dots per inch has fewer.
const MAX_SIDE: u32 = 20_000;
/// Pixels of a whole picture, so that nobody's viewer has to unpack gigabytes.
const MAX_PIXELS: u64 = 300_000_000;
/// Where browsers and viewers look for what a file is.
const HEAD: usize = 4096;
/// What the object streams of a PDF unpack to at most, all together; a scan has a few kilobytes of them.
const MAX_OBJECTS: usize = 8 * 1024 * 1024;
/// The longest name that the format allows, in bytes.
const MAX_PDF_NAME: usize = 127;
/// An archive's directory ends at most so far before the end of the file.
const ARCHIVE_TAIL: usize = 22 + 65_535;

/// What a scan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MediaType {
    Pdf,
    Png,
    Jpeg,
}

impl MediaType {
    pub const ALL: [Self; 3] = [Self::Pdf, Self::Png, Self::Jpeg];

    /// As stored and as served.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn from_stored(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|media_type| media_type.as_str() == word)
    }

    /// The endings of its files; the first is the one we write.
    const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
        }
    }
}

/// Says what a file is.
///
/// # Errors
/// `Required` for an empty file, `TooManyBytes`, `NotAScan` for what is no PDF, PNG or JPEG, `Damaged` for one that is cut off, malformed or of
/// impossible size, `MoreThanAScan` for one that is something else besides.
pub fn recognise(content: &[u8]) -> Result<MediaType, Problem> {
    if content.is_empty() {
        return Err(Problem::Required);
    }
    if content.len() > MAX_BYTES {
        return Err(Problem::TooManyBytes(MAX_BYTES));
    }
    let media_type = if content.starts_with(b"%PDF-") {
        MediaType::Pdf
    } else if content.starts_with(b"\x89PNG\r\n\x1a\n") {
        MediaType::Png
    } else if content.starts_with(b"\xff\xd8\xff") {
        MediaType::Jpeg
    } else {
        return Err(Problem::NotAScan);
    };
    match media_type {
        MediaType::Pdf => pdf(content),
        MediaType::Png => png(content),
        MediaType::Jpeg => jpeg(content),
    }?;
    if is_something_else(content) {
        Err(Problem::MoreThanAScan)
    } else {
        Ok(media_type)
    }
}

/// Markup anywhere, shorter words of markup where a file's kind is looked for, or the directory of an archive. Short words stand in
/// compressed data by chance, so they count at the beginning only.
fn is_something_else(content: &[u8]) -> bool {
    const ANYWHERE: [&[u8]; 3] = [b"<script", b"<iframe", b"<!doctype"];
    const AT_THE_HEAD: [&[u8]; 5] = [b"<html", b"<head", b"<body", b"<svg", b"<?php"];
    let starts = |at: usize, words: &[&[u8]]| {
        words
            .iter()
            .any(|word| content[at..].get(..word.len()).is_some_and(|text| text.eq_ignore_ascii_case(word)))
    };
    let mut tags = (0..content.len()).filter(|at| content[*at] == b'<');
    let tail = &content[content.len().saturating_sub(ARCHIVE_TAIL)..];
    tags.any(|at| starts(at, &ANYWHERE) || (at < HEAD && starts(at, &AT_THE_HEAD))) || find_last(tail, b"PK\x05\x06").is_some()
}

fn find_last(content: &[u8], needle: &[u8]) -> Option<usize> {
    content.windows(needle.len()).rposition(|window| window == needle)
}

fn check(holds: bool) -> Result<(), Problem> {
    if holds { Ok(()) } else { Err(Problem::Damaged) }
}

/// Header at the very beginning, a cross-reference where the trailer says, nothing after the end, and nothing that acts by itself.
fn pdf(content: &[u8]) -> Result<(), Problem> {
    let version = content.get(5..8).unwrap_or_default();
    check(matches!(version, [b'1', b'.', b'0'..=b'7'] | b"2.0"))?;
    let end = find_last(content, b"%%EOF").ok_or(Problem::Damaged)?;
    if content[end + 5..].iter().any(|byte| !byte.is_ascii_whitespace() && *byte != 0) {
        return Err(Problem::MoreThanAScan);
    }
    let start = find_last(&content[..end], b"startxref").ok_or(Problem::Damaged)?;
    let digits = std::str::from_utf8(&content[start + 9..end]).map_err(|_| Problem::Damaged)?;
    let table: usize = digits.trim().parse().map_err(|_| Problem::Damaged)?;
    let table = content.get(table..start).unwrap_or_default().trim_ascii_start();
    check(table.starts_with(b"xref") || is_object(table))?;
    if acts(content) || acts(&packed_objects(content)?) {
        Err(Problem::MoreThanAScan)
    } else {
        Ok(())
    }
}

/// Whether something in a PDF acts by itself or brings another file along.
fn acts(content: &[u8]) -> bool {
    const ACTS: [&[u8]; 7] = [b"JavaScript", b"Launch", b"EmbeddedFile", b"RichMedia", b"SubmitForm", b"ImportData", b"GoToE"];
    names(content).any(|name| ACTS.iter().any(|act| name.starts_with(act)))
}

/// What a PDF keeps in compressed object streams, all of it in a row. A stream's dictionary stands between the end of the stream before
/// and the word `stream`; each byte is read once, however often that word comes.
fn packed_objects(content: &[u8]) -> Result<Vec<u8>, Problem> {
    const WORD: &[u8] = b"stream";
    let mut unpacked = Vec::new();
    let mut dictionary = Dictionary::default();
    let (mut seen, mut is_open) = (0, false);
    for (at, _) in content.windows(WORD.len()).enumerate().filter(|(_, window)| *window == WORD) {
        if content[..at].ends_with(b"end") {
            check(is_open)?;
            (seen, is_open, dictionary) = (at, false, Dictionary::default());
            continue;
        }
        dictionary.read(&content[seen..at]);
        (seen, is_open) = (at, true);
        if dictionary.holds_objects {
            check(dictionary.is_readable())?;
            unpack(&content[at + WORD.len()..], &mut unpacked)?;
        }
    }
    Ok(unpacked)
}

/// What the dictionary of a stream says about it.
#[derive(Default)]
struct Dictionary {
    holds_objects: bool,
    /// How often it names the one way of packing that we unpack.
    deflates: usize,
    /// Another way of packing, or parameters of one.
    is_packed_otherwise: bool,
    /// Strings or comments, in which words could stand that only seem to be the file's.
    has_prose: bool,
}

impl Dictionary {
    fn read(&mut self, text: &[u8]) {
        for (at, byte) in text.iter().enumerate() {
            match byte {
                b'(' | b'%' if self.holds_objects => self.has_prose = true,
                b'/' => self.note(&name(&text[at + 1..])),
                _ => {}
            }
        }
    }

    fn note(&mut self, name: &[u8]) {
        match name {
            b"ObjStm" => self.holds_objects = true,
            b"FlateDecode" => self.deflates += 1,
            _ if name.windows(6).any(|part| part == b"Decode") => self.is_packed_otherwise = true,
            _ => {}
        }
    }

    /// Whether we can look into an object stream; no scanner and no printer writes any other.
    fn is_readable(&self) -> bool {
        self.deflates == 1 && !self.is_packed_otherwise && !self.has_prose
    }
}

/// Adds what a compressed object stream holds. It begins with the numbers of its objects, or was packed once more.
fn unpack(packed: &[u8], unpacked: &mut Vec<u8>) -> Result<(), Problem> {
    let packed = packed.strip_prefix(b"\r").unwrap_or(packed);
    let packed = packed.strip_prefix(b"\n").unwrap_or(packed);
    let start = unpacked.len();
    let room = u64::try_from(MAX_OBJECTS - start).map_err(|_| Problem::Damaged)?;
    let read = ZlibDecoder::new(packed).take(room + 1).read_to_end(unpacked);
    check(read.is_ok() && unpacked.len() <= MAX_OBJECTS)?;
    let mut words = unpacked[start..].split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).take(2);
    check(words.all(is_number))?;
    unpacked.push(b'\n');
    check(unpacked.len() <= MAX_OBJECTS)
}

fn is_number(word: &[u8]) -> bool {
    !word.is_empty() && word.iter().all(u8::is_ascii_digit)
}

/// Whether an object begins here, as `12 0 obj` does: newer files keep their cross-reference in one.
fn is_object(text: &[u8]) -> bool {
    let mut words = text.splitn(3, u8::is_ascii_whitespace);
    words.next().is_some_and(is_number) && words.next().is_some_and(is_number) && words.next().is_some_and(|rest| rest.starts_with(b"obj"))
}

/// The names in a piece of a PDF, read as a reader does: names may hide letters, as in `/J#61vaScript`.
fn names(content: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let slashes = content.iter().enumerate().filter(|(_, byte)| **byte == b'/');
    slashes.map(move |(at, _)| name(&content[at + 1..]))
}

fn name(mut text: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut name = Vec::new();
    while name.len() < MAX_PDF_NAME {
        let hidden = match text {
            [b'#', high, low, ..] => digit(*high).zip(digit(*low)),
            _ => None,
        };
        let (letter, length) = match (hidden, text) {
            (Some((high, low)), _) => (high * 16 + low, 3),
            (None, [plain, ..]) if !is_delimiter(*plain) => (*plain, 1),
            _ => break,
        };
        name.push(letter);
        text = &text[length..];
    }
    name
}

/// What ends a name.
fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ' | b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

fn sane_size(width: u32, height: u32) -> Result<(), Problem> {
    let sides = 1..=MAX_SIDE;
    check(sides.contains(&width) && sides.contains(&height) && u64::from(width) * u64::from(height) <= MAX_PIXELS)
}

/// Chunk after chunk from the header to the end, and nothing behind it.
fn png(content: &[u8]) -> Result<(), Problem> {
    let mut rest = &content[8..];
    let (mut is_first, mut has_pixels) = (true, false);
    loop {
        let (head, after) = rest.split_at_checked(8).ok_or(Problem::Damaged)?;
        let length = usize::try_from(be32(head)).map_err(|_| Problem::Damaged)?;
        let (data, after) = after.split_at_checked(length).ok_or(Problem::Damaged)?;
        rest = after.get(4..).ok_or(Problem::Damaged)?;
        match &head[4..8] {
            b"IHDR" if is_first && length == 13 => {
                sane_size(be32(data), be32(&data[4..]))?;
                check(matches!(data[8], 1 | 2 | 4 | 8 | 16) && matches!(data[9], 0 | 2 | 3 | 4 | 6))?;
            }
            _ if is_first => return Err(Problem::Damaged),
            b"IDAT" => has_pixels = true,
            b"IEND" => {
                check(length == 0 && has_pixels)?;
                return if rest.is_empty() { Ok(()) } else { Err(Problem::MoreThanAScan) };
            }
            kind => check(kind.iter().all(u8::is_ascii_alphabetic))?,
        }
        is_first = false;
    }
}

fn be32(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// Segment after segment from start to end. Phones put a second picture, for brighter screens, right behind the first; anything else
/// behind the end is refused.
fn jpeg(content: &[u8]) -> Result<(), Problem> {
    let mut rest = one_jpeg(content)?;
    while !rest.is_empty() {
        if !rest.starts_with(b"\xff\xd8\xff") {
            return Err(Problem::MoreThanAScan);
        }
        rest = one_jpeg(rest)?;
    }
    Ok(())
}

/// Walks through one picture and returns what follows it.
fn one_jpeg(content: &[u8]) -> Result<&[u8], Problem> {
    let mut rest = content.get(2..).ok_or(Problem::Damaged)?;
    let (mut has_size, mut has_pixels) = (false, false);
    loop {
        let [0xff, marker, after @ ..] = rest else { return Err(Problem::Damaged) };
        match marker {
            // Fill bytes.
            0xff => {
                rest = &rest[1..];
                continue;
            }
            0xd9 => {
                check(has_size && has_pixels)?;
                return Ok(after);
            }
            0x00 | 0xd0..=0xd8 => return Err(Problem::Damaged),
            _ => {}
        }
        let length =
            usize::try_from(be32(&[0, 0, *after.first().ok_or(Problem::Damaged)?, *after.get(1).ok_or(Problem::Damaged)?])).map_err(|_| Problem::Damaged)?;
        check(length >= 2)?;
        let (segment, following) = after.split_at_checked(length).ok_or(Problem::Damaged)?;
        rest = following;
        match marker {
            // Start of frame; C4, C8 and CC are other tables.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                let size = segment.get(3..7).ok_or(Problem::Damaged)?;
                sane_size(be32(&[0, 0, size[2], size[3]]), be32(&[0, 0, size[0], size[1]]))?;
                has_size = true;
            }
            // Start of scan: coded pixels up to the next marker.
            0xda => {
                let end = rest.windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7));
                rest = &rest[end.ok_or(Problem::Damaged)?..];
                has_pixels = true;
            }
            _ => {}
        }
    }
}

/// A name under which a file is handed out: no folders, nothing that a header, a terminal or a reader could take for something else, and
/// the ending of what the file really is.
#[must_use]
pub fn file_name(raw: &str, media_type: MediaType) -> String {
    let name = raw.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = |c: char| {
        let invisible = c.is_control() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFFD}');
        !invisible && !matches!(c, '"' | '\'' | '`' | '<' | '>' | ':' | '|' | '?' | '*' | ';' | '%' | '&' | '$')
    };
    let name: String = name.chars().filter(|c| plain(*c)).collect();
    let name = name.trim_matches(|c: char| c.is_whitespace() || c == '.' || c == '~');
    let endings = media_type.endings();
    let stem = name
        .rsplit_once('.')
        .filter(|(_, ending)| endings.iter().any(|known| ending.eq_ignore_ascii_case(known)))
        .map_or(name, |(stem, _)| stem);
    let ending = endings[0];
    let stem: String = stem.chars().take(MAX_NAME - ending.len() - 1).collect();
    let stem = stem.trim_end_matches(|c: char| c.is_whitespace() || c == '.');
    let stem = if stem.is_empty() { "scan" } else { stem };
    format!("{stem}.{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_lose_what_could_deceive_and_get_the_true_ending() {
        for (raw, expected) in [
            ("Vertraulichkeit Müller.pdf", "Vertraulichkeit Müller.pdf"),
            ("NDA.PDF", "NDA.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("C:\\Users\\anna\\nda.pdf", "nda.pdf"),
            ("nda.pdf.exe", "nda.pdf.exe.pdf"),
            ("nda\r\nSet-Cookie: x=1.pdf", "ndaSet-Cookie x=1.pdf"),
            ("nda\".pdf; filename=\"x.html", "nda.pdf filename=x.html.pdf"),
            ("fdp.\u{202E}exe.pdf", "fdp.exe.pdf"),
            ("", "scan.pdf"),
            ("...", "scan.pdf"),
            (".htaccess", "htaccess.pdf"),
            ("%2e%2e%2fx.pdf", "2e2e2fx.pdf"),
        ] {
            assert_eq!(file_name(raw, MediaType::Pdf), expected, "{raw:?}");
        }
        assert_eq!(file_name("foto.JPEG", MediaType::Jpeg), "foto.jpg");
        assert_eq!(file_name(&"ä".repeat(300), MediaType::Png).chars().count(), MAX_NAME);
    }

    proptest! {
        #[test]
        fn any_name_becomes_a_harmless_one(raw in "\\PC{0,40}|[\\x00-\\x7f]{0,40}") {
            let name = file_name(&raw, MediaType::Png);
            prop_assert!(name.chars().count() <= MAX_NAME);
            prop_assert_eq!(name.rsplit_once('.').map(|(_, ending)| ending), Some("png"));
            prop_assert!(!name.starts_with('.') && !name.contains(['/', '\\', '"', '\r', '\n', '\0']));
            prop_assert_eq!(file_name(&name, MediaType::Png), name);
        }

        #[test]
        fn no_bytes_are_too_odd_to_be_judged(start in 0usize..4, bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let starts: [&[u8]; 4] = [b"", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\xff\xd8\xff"];
            let content = [starts[start], &bytes].concat();
            prop_assert!(recognise(&content).is_err(), "noise is no scan");
        }
    }
}
