//! Images of lessons: looked through byte by byte before they are kept, named by their content, and shown to whoever is signed in.

use super::{App, Result, found};
use crate::{
    domain::{audit::Digest, problem::Problem},
    server::{auth::actor::Actor, store::courses},
};

/// The largest image, in bytes.
pub const MAX_BYTES: usize = 2 * 1024 * 1024;
/// The longest side of an image, in pixels; more would be a bomb for the reader's browser.
const MAX_SIDE: u32 = 6_000;

/// The two kinds of image that lessons have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaType {
    Png,
    Jpeg,
}

impl MediaType {
    /// As stored and as served.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// What the bytes really are, whatever they were called: one whole image of sane size, with nothing behind its end.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let (kind, (width, height)) = match bytes {
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, chunks @ ..] => (Self::Png, png_size(chunks)?),
            [0xFF, 0xD8, segments @ ..] => (Self::Jpeg, jpeg_size(segments)?),
            _ => return None,
        };
        let is_sane = |side: u32| (1..=MAX_SIDE).contains(&side);
        (is_sane(width) && is_sane(height)).then_some(kind)
    }
}

/// Walks the chunks of a PNG to its end; the header must come first and the end last.
fn png_size(chunks: &[u8]) -> Option<(u32, u32)> {
    let header = chunks.get(..25).filter(|header| &header[..8] == b"\0\0\0\x0DIHDR")?;
    let mut rest = chunks;
    loop {
        let length = usize::try_from(big_endian(rest.get(..4)?)).ok()?;
        let kind = rest.get(4..8)?;
        let is_end = kind == b"IEND";
        // length, kind, data, checksum
        rest = rest.get(length.checked_add(12)?..)?;
        if is_end {
            return rest.is_empty().then(|| (big_endian(&header[8..12]), big_endian(&header[12..16])));
        }
    }
}

/// Walks the segments of a JPEG to its picture, which ends the file.
fn jpeg_size(segments: &[u8]) -> Option<(u32, u32)> {
    let mut rest = segments.strip_suffix(&[0xFF, 0xD9])?;
    let mut size = None;
    loop {
        let [0xFF, marker, high, low, ..] = *rest else { return None };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let segment = rest.get(4..length.checked_add(2)?)?;
        match marker {
            // A start of frame, whatever its coding: precision, height, width.
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => size = Some((big_endian(segment.get(3..5)?), big_endian(segment.get(1..3)?))),
            // The start of the picture itself.
            0xDA => return size,
            _ => {}
        }
        rest = rest.get(length + 2..)?;
    }
}

fn big_endian(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// An image as it is served.
pub struct ImageFile {
    pub media_type: String,
    pub content: Vec<u8>,
}

impl Actor {
    /// An image of a lesson, for anybody who is signed in.
    ///
    /// # Errors
    /// `NotFound` when there is none.
    pub async fn course_image(&self, app: &App, sha256: &Digest) -> Result<ImageFile> {
        let row = found(courses::find_image(&mut app.store().read().await?, sha256).await?)?;
        Ok(ImageFile {
            media_type: row.media_type,
            content: row.content,
        })
    }
}

/// What an upload is, or why it is not taken.
pub(super) fn accepted(bytes: &[u8]) -> std::result::Result<MediaType, Problem> {
    if bytes.len() > MAX_BYTES {
        return Err(Problem::ImageTooLarge(MAX_BYTES / 1024 / 1024));
    }
    MediaType::of(bytes).ok_or(if bytes.is_empty() { Problem::Required } else { Problem::NotAnImage })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0DIHDR".to_vec();
        file.extend(width.to_be_bytes());
        file.extend(height.to_be_bytes());
        file.extend([8, 2, 0, 0, 0, 1, 2, 3, 4]);
        file.extend(b"\0\0\0\x02IDATxx\0\0\0\0\0\0\0\0IEND\xAEB\x60\x82");
        file
    }

    fn jpeg() -> Vec<u8> {
        let mut file = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 11, 8, 0, 20, 0, 30, 1, 1, 0x11, 0];
        file.extend([0xFF, 0xDA, 0, 4, 0, 0, 1, 2, 3, 0xFF, 0xD9]);
        file
    }

    #[test]
    fn whole_images_are_known_by_their_bytes() {
        assert_eq!(MediaType::of(&png(640, 480)), Some(MediaType::Png));
        assert_eq!(MediaType::of(&jpeg()), Some(MediaType::Jpeg));
        assert_eq!(jpeg_size(&jpeg()[2..]), Some((30, 20)));
    }

    #[test]
    fn what_is_cut_off_continued_or_huge_is_refused() {
        for file in [png(640, 480), jpeg()] {
            for end in 0..file.len() {
                assert_eq!(MediaType::of(&file[..end]), None, "{end}");
            }
            assert_eq!(MediaType::of(&[&file[..], b"PK\x03\x04<script>"].concat()), None);
        }
        for (width, height) in [(0, 1), (1, 0), (100_000, 100_000), (6_001, 1)] {
            assert_eq!(MediaType::of(&png(width, height)), None, "{width} {height}");
        }
        for other in [
            &b"GIF89a"[..],
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
            b"%PDF-1.7",
            b"RIFF\0\0\0\0WEBPVP8 ",
            b"",
        ] {
            assert_eq!(MediaType::of(other), None);
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), at in 0..200_usize, is_png: bool) {
            let _ = MediaType::of(&bytes);
            let mut file = if is_png { png(9, 9) } else { jpeg() };
            let at = at.min(file.len());
            file.splice(at..at, bytes);
            let _ = MediaType::of(&file);
        }
    }
}
