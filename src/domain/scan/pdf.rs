//! PDFs: sound from header to end, and nothing in them that acts by itself, opens another file or brings one along.
//!
//! Names are looked for in every byte, also in what a reader would take for data: an object can lie anywhere. Deliberately absent: a reader of PDFs.

use super::{check, find_last};
use crate::domain::problem::Problem;
use flate2::bufread::ZlibDecoder;
use std::io::Read;

/// What the object streams of a PDF unpack to at most, all together; a scan has a few kilobytes of them.
const MAX_OBJECTS: usize = 8 * 1024 * 1024;
/// The longest name that the format allows, in bytes.
const MAX_NAME: usize = 127;
/// What of the object streams is read at most, packed, all of them together: data can be made that take a second and hold nothing.
const MAX_PACKED: usize = 256 * 1024;
/// What opening one of them counts for, in bytes; each costs time, however short it is.
const OPENING: usize = 256;
/// How far behind a name its value is looked for, in bytes: blanks, comments and the value's first words. Real files have one blank.
const MAX_SIGHT: usize = 256;

/// Header at the very beginning, a cross-reference where the trailer says, nothing after the end, and nothing that acts.
pub(super) fn check_whole(content: &[u8]) -> Result<(), Problem> {
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

/// Whether something in a PDF acts by itself, opens another file, brings one along or cannot be looked into.
///
/// `/JS` is not looked for: nothing runs it without `/JavaScript` or `/Rendition`, and so short a word stands in pictures by chance. What is kept: a link
/// that waits for a click, and a page to begin with, as some scanners and office programs write them.
fn acts(content: &[u8]) -> bool {
    const ACTS: [&[u8]; 15] = [
        b"JavaScript",
        b"Launch",
        b"EmbeddedFile",
        b"RichMedia",
        b"SubmitForm",
        b"ImportData",
        b"GoToE",
        b"GoToR",
        b"Rendition",
        b"Movie",
        b"Sound",
        b"Filespec",
        b"FileAttachment",
        b"Encrypt",
        b"GoTo3DView",
    ];
    names(content).any(|(name, behind)| match &*name {
        // Short words count with a value that picture data do not have by chance: actions, attached files, a form with scripts of its own.
        b"XFA" => matches!(value(behind), Value::Array | Value::Dictionary | Value::Reference | Value::OutOfSight),
        b"AA" | b"EF" => matches!(value(behind), Value::Dictionary | Value::Reference | Value::OutOfSight),
        b"OpenAction" => value(behind) != Value::Array,
        name => ACTS.iter().any(|act| name.starts_with(act)),
    })
}

/// What a PDF keeps in compressed object streams, all of it in a row. A stream's dictionary stands between the end of the stream before
/// and the word `stream`; each byte is read once, however often that word comes, and what is unpacked has its limits.
fn packed_objects(content: &[u8]) -> Result<Vec<u8>, Problem> {
    const WORD: &[u8] = b"stream";
    let mut objects = Objects::default();
    let mut dictionary = Dictionary::default();
    let (mut seen, mut is_open) = (0, false);
    for (at, _) in content.windows(WORD.len()).enumerate().filter(|(_, window)| *window == WORD) {
        let between = &content[seen..at];
        seen = at;
        // For a reader who goes by other places than the words, an object could begin in what are data for us.
        if is_open && begins_object(between) {
            return Err(Problem::MoreThanAScan);
        }
        if content[..at].ends_with(b"end") {
            check(is_open)?;
            let data = Dictionary::of_data(between);
            if data.holds_objects {
                return Err(Problem::MoreThanAScan);
            }
            dictionary = dictionary.behind(&data);
            is_open = false;
            continue;
        }
        if is_open {
            dictionary.read_on(between);
        } else {
            dictionary.read(between);
        }
        is_open = true;
        if dictionary.is_elsewhere {
            return Err(Problem::MoreThanAScan);
        }
        let data = &content[at + WORD.len()..];
        if dictionary.holds_objects {
            check(dictionary.is_readable())?;
            objects.unpack(data)?;
        } else if dictionary.is_numbered && !dictionary.is_plain() {
            check(dictionary.is_readable())?;
            objects.unpack_if_objects(data)?;
        }
    }
    Ok(objects.unpacked)
}

/// Whether an object with a dictionary begins in data, or may.
fn begins_object(data: &[u8]) -> bool {
    const WORD: &[u8] = b"obj";
    data.windows(WORD.len()).enumerate().filter(|(_, window)| *window == WORD).any(|(at, _)| {
        let behind = &data[at + WORD.len()..];
        matches!(value(behind), Value::Dictionary | Value::OutOfSight)
    })
}

/// What the dictionary of a stream says about it.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one independent fact")]
struct Dictionary {
    holds_objects: bool,
    /// It says of how many something is, as object streams have to, and else only colour profiles do.
    is_numbered: bool,
    /// The same was said in what need not be its own: before it, or in data.
    was_numbered: bool,
    /// It begins and ends where we think.
    is_whole: bool,
    /// It names a way of packing, whichever.
    is_packed: bool,
    /// Its data stand in another file, or what it is in another object.
    is_elsewhere: bool,
    /// How often it names the one way of packing that we unpack.
    deflates: usize,
    /// Another way of packing or parameters of one, or strings or comments, in which words could stand that only seem to be the file's.
    is_obscure: bool,
}

impl Dictionary {
    fn of_data(data: &[u8]) -> Self {
        let mut dictionary = Self::default();
        dictionary.read_from(data, data.len());
        dictionary
    }

    /// That of the stream behind these data, still to be read.
    fn behind(&self, data: &Self) -> Self {
        Self {
            was_numbered: data.was_numbered || (self.was_numbered && !self.is_whole),
            ..Self::default()
        }
    }

    fn read(&mut self, text: &[u8]) {
        let own = own_start(text);
        self.is_whole = own > 0;
        self.is_numbered = self.was_numbered && !self.is_whole;
        self.read_from(text, own);
    }

    /// Goes on behind a word that may have stood in a string: then all of it is one dictionary.
    fn read_on(&mut self, text: &[u8]) {
        self.is_whole = false;
        self.is_numbered |= self.was_numbered;
        self.read_from(text, 0);
    }

    fn read_from(&mut self, text: &[u8], own: usize) {
        for (at, byte) in text.iter().enumerate() {
            match byte {
                b'(' | b'%' if self.holds_objects => self.is_obscure = true,
                b'/' => self.note(name(&text[at + 1..]), at >= own),
                _ => {}
            }
        }
    }

    /// `is_own`: not of an object that only stands before the stream, nor of data.
    fn note(&mut self, (name, behind): (Vec<u8>, &[u8]), is_own: bool) {
        match &*name {
            b"ObjStm" => self.holds_objects = true,
            // Readers go by the cross-reference, whatever the stream calls itself; but most want to know where its first object begins, and some
            // take what is no number for none. Bookmarks have a first one too, and always refer to it.
            b"First" => match value(behind) {
                Value::Number | Value::OutOfSight => self.holds_objects = true,
                _ => self.holds_objects |= is_own,
            },
            b"N" if matches!(value(behind), Value::Number | Value::Reference | Value::OutOfSight) => {
                self.was_numbered = true;
                self.is_numbered |= is_own;
            }
            b"FlateDecode" => self.deflates += 1,
            // Where it is a number, it says how a note is shown.
            b"F" if !matches!(value(behind), Value::Number | Value::Other) => self.is_elsewhere = true,
            b"Type" if matches!(value(behind), Value::Reference | Value::OutOfSight) => self.is_elsewhere = true,
            b"Filter" => {
                self.is_packed = true;
                self.is_obscure |= matches!(value(behind), Value::Reference | Value::OutOfSight);
            }
            // Other ways of packing, in short.
            b"AHx" | b"A85" | b"Fl" | b"LZW" | b"RL" => self.is_obscure = true,
            _ if name.windows(6).any(|part| part == b"Decode") => self.is_obscure = true,
            _ => {}
        }
    }

    /// Whether its data are not packed at all: then they have been looked at like everything else.
    fn is_plain(&self) -> bool {
        self.is_whole && !self.is_packed && !self.is_obscure && self.deflates == 0
    }

    /// Whether we can look into an object stream; no scanner and no printer writes any other.
    fn is_readable(&self) -> bool {
        self.deflates == 1 && !self.is_obscure
    }
}

/// Where in what stands before the word `stream` the stream's own dictionary begins: behind the end of another object, or at 0 where somebody
/// could take that end for part of a comment or of a string, be it in brackets or in angle ones, that the dictionary itself holds.
fn own_start(text: &[u8]) -> usize {
    const END: &[u8] = b"endobj";
    let Some(end) = find_last(text, END) else { return first_own_start(text) };
    let (before, own) = (&text[..end], &text[end + END.len()..]);
    let is_in_comment = before.iter().rev().take_while(|byte| !matches!(byte, b'\r' | b'\n')).any(|byte| *byte == b'%');
    let is_in_angles = before.iter().rev().find(|byte| matches!(byte, b'<' | b'>')) == Some(&b'<');
    if !is_in_comment && !is_in_angles && is_one_dictionary(own) {
        end + END.len()
    } else {
        0
    }
}

/// The same for what begins a file: behind the comments that all files begin with.
fn first_own_start(text: &[u8]) -> usize {
    let mut own = if text.starts_with(b"%PDF-") { text } else { return 0 };
    while own.first().is_some_and(|byte| *byte == b'%' || byte.is_ascii_whitespace()) {
        let is_comment = own[0] == b'%';
        let length = own.iter().position(|byte| !is_comment || matches!(byte, b'\r' | b'\n')).unwrap_or(own.len());
        own = &own[length.max(1)..];
    }
    let start = text.len() - own.len();
    // An object may begin in a comment, and a bracket in it would change what follows.
    if is_one_dictionary(own) && !text[..start].contains(&b'<') { start } else { 0 }
}

/// Whether a text is an object's number and one dictionary, without comments and without strings other than of hexadecimal digits.
fn is_one_dictionary(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let start = text.iter().position(|byte| *byte == b'<').unwrap_or(text.len());
    let (number, mut rest) = text.split_at(start);
    let mut depth = 0_usize;
    while let Some((byte, behind)) = rest.split_first() {
        rest = match (byte, behind) {
            (b'<', [b'<', behind @ ..]) => {
                depth += 1;
                behind
            }
            (b'>', [b'>', behind @ ..]) if depth > 1 || (depth == 1 && behind.is_empty()) => {
                depth -= 1;
                behind
            }
            (b'<', _) if depth > 0 => {
                let length = behind.iter().take_while(|byte| byte.is_ascii_hexdigit() || byte.is_ascii_whitespace()).count();
                match &behind[length..] {
                    [b'>', behind @ ..] => behind,
                    _ => return false,
                }
            }
            (b'<' | b'>' | b'(' | b')' | b'%', _) => return false,
            _ => behind,
        };
    }
    let words: Vec<_> = number.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
    depth == 0 && matches!(words[..], [number, generation, b"obj"] if is_number(number) && is_number(generation))
}

/// What was unpacked of a PDF's object streams.
#[derive(Default)]
struct Objects {
    unpacked: Vec<u8>,
    /// What it was unpacked from, in bytes.
    packed: usize,
}

impl Objects {
    /// Adds what a compressed object stream holds. It begins with the numbers of its objects, or was packed once more.
    fn unpack(&mut self, packed: &[u8]) -> Result<(), Problem> {
        let start = self.unpacked.len();
        self.add(packed)?;
        let mut words = self.unpacked[start..].split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).take(2);
        check(words.all(is_number))
    }

    /// The same for what may be an object stream, and most often is a colour profile. For objects a number comes first, or what could hide one.
    fn unpack_if_objects(&mut self, packed: &[u8]) -> Result<(), Problem> {
        let mut beginning = Vec::new();
        self.inflate(packed, MAX_SIGHT, &mut beginning)?;
        match beyond_gap(&beginning) {
            Some(text) if digits(text) == 0 => Ok(()),
            None if beginning.len() < MAX_SIGHT => Ok(()),
            _ => self.add(packed),
        }
    }

    fn add(&mut self, packed: &[u8]) -> Result<(), Problem> {
        let mut unpacked = std::mem::take(&mut self.unpacked);
        let room = MAX_OBJECTS - unpacked.len();
        self.inflate(packed, room + 1, &mut unpacked)?;
        unpacked.push(b'\n');
        check(unpacked.len() <= MAX_OBJECTS)?;
        self.unpacked = unpacked;
        Ok(())
    }

    /// Unpacks so many bytes at most.
    fn inflate(&mut self, packed: &[u8], most: usize, unpacked: &mut Vec<u8>) -> Result<(), Problem> {
        let packed = packed.strip_prefix(b"\r").unwrap_or(packed);
        let packed = packed.strip_prefix(b"\n").unwrap_or(packed);
        let left = MAX_PACKED.checked_sub(self.packed + OPENING).ok_or(Problem::Damaged)?;
        let most = u64::try_from(most).map_err(|_| Problem::Damaged)?;
        let mut decoder = ZlibDecoder::new(&packed[..packed.len().min(left)]);
        check(decoder.by_ref().take(most).read_to_end(unpacked).is_ok())?;
        // The decoder takes an end that comes too early for the end.
        let taken = usize::try_from(decoder.total_in()).map_err(|_| Problem::Damaged)?;
        check(taken < left)?;
        self.packed += OPENING + taken;
        Ok(())
    }
}

fn is_number(word: &[u8]) -> bool {
    !word.is_empty() && word.iter().all(u8::is_ascii_digit)
}

/// Whether an object begins here, as `12 0 obj` does: newer files keep their cross-reference in one.
fn is_object(text: &[u8]) -> bool {
    let mut words = text.splitn(3, u8::is_ascii_whitespace);
    words.next().is_some_and(is_number) && words.next().is_some_and(is_number) && words.next().is_some_and(|rest| rest.starts_with(b"obj"))
}

/// The names in a piece of a PDF, read as a reader does, and what stands behind each: names may hide letters, as in `/J#61vaScript`.
fn names(content: &[u8]) -> impl Iterator<Item = (Vec<u8>, &[u8])> {
    let slashes = content.iter().enumerate().filter(|(_, byte)| **byte == b'/');
    slashes.map(move |(at, _)| name(&content[at + 1..]))
}

fn name(mut text: &[u8]) -> (Vec<u8>, &[u8]) {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut name = Vec::new();
    while name.len() < MAX_NAME {
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
    (name, text)
}

/// What stands behind a name, as far as it tells whether the name means something.
#[derive(PartialEq, Eq)]
enum Value {
    Array,
    Dictionary,
    Text,
    /// To an object, as `12 0 R`.
    Reference,
    Number,
    /// Another name, anything.
    Other,
    /// So far away that somebody hides it.
    OutOfSight,
}

fn value(behind: &[u8]) -> Value {
    let in_sight = &behind[..behind.len().min(MAX_SIGHT)];
    match beyond_gap(in_sight) {
        None => Value::OutOfSight,
        Some([b'[', ..]) => Value::Array,
        Some([b'<', b'<', ..]) => Value::Dictionary,
        Some([b'(' | b'<', ..]) => Value::Text,
        Some(text) if digits(text) > 0 => number_or_reference(text),
        Some(_) => Value::Other,
    }
}

/// A reference has two numbers and a letter.
fn number_or_reference(mut text: &[u8]) -> Value {
    for _ in 0..2 {
        let digits = digits(text);
        if digits == 0 {
            return Value::Number;
        }
        match beyond_gap(&text[digits..]) {
            Some(behind) => text = behind,
            None => return Value::OutOfSight,
        }
    }
    if text.starts_with(b"R") { Value::Reference } else { Value::Number }
}

/// How long the number is that stands here. Readers take a sign and a point too, even in a reference.
fn digits(text: &[u8]) -> usize {
    text.iter()
        .take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.'))
        .count()
}

/// What follows after blanks and comments; none when nothing does.
fn beyond_gap(text: &[u8]) -> Option<&[u8]> {
    let mut in_comment = false;
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'\r' | b'\n' => in_comment = false,
            _ if in_comment => {}
            b'%' => in_comment = true,
            0 | b'\t' | 0x0c | b' ' => {}
            _ => return Some(&text[at..]),
        }
    }
    None
}

/// What ends a name.
fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ' | b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_has_a_dictionary_of_its_own_only_where_nobody_can_read_it_otherwise() {
        let bookmarks = "9 0 obj<</First 8 0 R/Title(100 %)>>\nendobj\n7 0 obj 1234 endobj\n";
        for own in [
            "4 0 obj\n<</Length 3>>\n",
            "4 0 obj <</Length 3/X<<>>/Y[<<>>]>>",
            "4 0 obj<</ID[<41><4 2>]/X<>>>",
        ] {
            let text = format!("{bookmarks}{own}");
            assert_eq!(own_start(text.as_bytes()), bookmarks.len() - 1, "{own}");
            let text = format!("%PDF-1.7\r\n%\u{e4}(\n{own}");
            assert_eq!(own_start(text.as_bytes()), text.len() - own.len(), "{own}");
            assert_eq!(own_start(format!("%PDF-1.7\n%4 0 obj<</N 1/X<\n{own}").as_bytes()), 0, "{own}");
        }
        for hidden in [
            "4 0 obj<</First 5 0 R/N 1>>",
            "4 0 obj<</First 5 0 R/X(>>endobj 4 0 obj<<)>>",
            "4 0 obj<</First 5 0 R/X(>>endobj 4 0 obj)/Y<<>>>>",
            "4 0 obj<</First 5 0 R%>>endobj 4 0 obj<<\n>>",
            "4 0 obj<</First 5 0 R/X<endobj 4 0 obj<<<>>>",
            "4 0 obj<</First 5 0 R/X<<>>endobj 4 0 obj<<>>>>",
            "4 0 obj<</First 5 0 R/X<<>>endobj 4 0 obj<41<<>>>",
            "4 0 obj<</First 5 0 R/Xstream",
        ] {
            for before in ["", bookmarks] {
                let text = format!("{before}{hidden}");
                assert!(own_start(text.as_bytes()) <= before.len(), "{text}");
                let mut dictionary = Dictionary::default();
                dictionary.read(text.as_bytes());
                assert!(dictionary.holds_objects, "{text}");
            }
        }
    }

    #[test]
    fn a_value_is_found_however_it_is_written_or_counts_as_hidden() {
        for reference in [" 12 0 R", "%x\n12%y\r0 R", " +12 0. R", " 0000000000012 0 R"] {
            assert!(value(reference.as_bytes()) == Value::Reference, "{reference}");
        }
        for number in [" 12>>", " 12 0 12", "-1/X"] {
            assert!(value(number.as_bytes()) == Value::Number, "{number}");
        }
        for far in [" ".repeat(300), format!(" 12 {}0 R", " ".repeat(300)), format!(" {}1 0 R", "0".repeat(300))] {
            assert!(value(far.as_bytes()) == Value::OutOfSight, "{far}");
        }
    }
}
