//! Scans of paper: which files are taken, told by what is in them and never by what they are called.
//!
//! A file has to be exactly one thing from its first byte to its last. Whatever else it could be read as, HTML, a script, an archive,
//! is refused: a scan has no use for it.

mod pdf;

use super::problem::Problem;
use serde::{Deserialize, Serialize};

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
    measure(content).map(|(media_type, _)| media_type)
}

/// Says what a picture is that is meant for a page, as strictly as `recognise`.
///
/// # Errors
/// `Required` for an empty file, `NotAnImage` for everything but one whole PNG or JPEG of at most so many pixels a side.
pub fn recognise_image(content: &[u8], max_side: u32) -> Result<MediaType, Problem> {
    match measure(content) {
        Ok((media_type, Some(side))) if side <= max_side => Ok(media_type),
        Err(Problem::Required) => Err(Problem::Required),
        _ => Err(Problem::NotAnImage),
    }
}

/// What a file is and, where it is a picture, its longest side in pixels.
fn measure(content: &[u8]) -> Result<(MediaType, Option<u32>), Problem> {
    if content.is_empty() {
        return Err(Problem::Required);
    }
    if content.len() > MAX_BYTES {
        return Err(Problem::TooManyBytes(MAX_BYTES));
    }
    let measured = if content.starts_with(b"%PDF-") {
        pdf::check_whole(content)?;
        (MediaType::Pdf, None)
    } else if content.starts_with(b"\x89PNG\r\n\x1a\n") {
        (MediaType::Png, Some(png(content)?))
    } else if content.starts_with(b"\xff\xd8\xff") {
        (MediaType::Jpeg, Some(jpeg(content)?))
    } else {
        return Err(Problem::NotAScan);
    };
    if is_something_else(content) {
        Err(Problem::MoreThanAScan)
    } else {
        Ok(measured)
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

/// The longer side of a picture of sane size.
fn sane_size(width: u32, height: u32) -> Result<u32, Problem> {
    let sides = 1..=MAX_SIDE;
    check(sides.contains(&width) && sides.contains(&height) && u64::from(width) * u64::from(height) <= MAX_PIXELS)?;
    Ok(width.max(height))
}

/// Chunk after chunk from the header to the end, and nothing behind it. Returns the longest side.
fn png(content: &[u8]) -> Result<u32, Problem> {
    let mut rest = &content[8..];
    let (mut longest, mut has_pixels) = (None, false);
    loop {
        let (head, after) = rest.split_at_checked(8).ok_or(Problem::Damaged)?;
        let length = usize::try_from(be32(head)).map_err(|_| Problem::Damaged)?;
        let (data, after) = after.split_at_checked(length).ok_or(Problem::Damaged)?;
        rest = after.get(4..).ok_or(Problem::Damaged)?;
        match &head[4..8] {
            b"IHDR" if longest.is_none() && length == 13 => {
                longest = Some(sane_size(be32(data), be32(&data[4..]))?);
                check(matches!(data[8], 1 | 2 | 4 | 8 | 16) && matches!(data[9], 0 | 2 | 3 | 4 | 6))?;
            }
            _ if longest.is_none() => return Err(Problem::Damaged),
            b"IDAT" => has_pixels = true,
            b"IEND" => {
                check(length == 0 && has_pixels)?;
                return if rest.is_empty() {
                    longest.ok_or(Problem::Damaged)
                } else {
                    Err(Problem::MoreThanAScan)
                };
            }
            kind => check(kind.iter().all(u8::is_ascii_alphabetic))?,
        }
    }
}

fn be32(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// Segment after segment from start to end. Phones put a second picture, for brighter screens, right behind the first; anything else
/// behind the end is refused. Returns the longest side.
fn jpeg(content: &[u8]) -> Result<u32, Problem> {
    let (mut longest, mut rest) = one_jpeg(content)?;
    while !rest.is_empty() {
        if !rest.starts_with(b"\xff\xd8\xff") {
            return Err(Problem::MoreThanAScan);
        }
        let (side, following) = one_jpeg(rest)?;
        (longest, rest) = (longest.max(side), following);
    }
    Ok(longest)
}

/// Walks through one picture and returns its longest side and what follows it.
fn one_jpeg(content: &[u8]) -> Result<(u32, &[u8]), Problem> {
    let mut rest = content.get(2..).ok_or(Problem::Damaged)?;
    let (mut longest, mut has_pixels) = (None, false);
    loop {
        let [0xff, marker, after @ ..] = rest else { return Err(Problem::Damaged) };
        match marker {
            // Fill bytes.
            0xff => {
                rest = &rest[1..];
                continue;
            }
            0xd9 => {
                check(has_pixels)?;
                return Ok((longest.ok_or(Problem::Damaged)?, after));
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
                let longer = sane_size(be32(&[0, 0, size[2], size[3]]), be32(&[0, 0, size[0], size[1]]))?;
                longest = longest.max(Some(longer));
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
