//! Images of lessons: looked through byte by byte before they are kept, named by their content, and shown to whoever is signed in.

use super::{App, Result, found};
use crate::{
    domain::{
        audit::Digest,
        problem::Problem,
        scan::{MediaType, recognise_image},
    },
    server::{auth::actor::Actor, store::courses},
};

/// The largest image, in bytes.
pub const MAX_BYTES: usize = 2 * 1024 * 1024;
/// The longest side of an image, in pixels; more would be a bomb for the reader's browser.
const MAX_SIDE: u32 = 6_000;

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

/// What an upload is, or why it is not taken. Judged like a scan: nothing may be something else besides.
pub(super) fn accepted(bytes: &[u8]) -> std::result::Result<MediaType, Problem> {
    if bytes.len() > MAX_BYTES {
        return Err(Problem::ImageTooLarge(MAX_BYTES / 1024 / 1024));
    }
    recognise_image(bytes, MAX_SIDE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::scan::recognise;
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
        assert_eq!(accepted(&png(640, 480)), Ok(MediaType::Png));
        assert_eq!(accepted(&png(6_000, 1)), Ok(MediaType::Png));
        assert_eq!(accepted(&jpeg()), Ok(MediaType::Jpeg));
        assert_eq!(accepted(&[jpeg(), jpeg()].concat()), Ok(MediaType::Jpeg), "as phones do");
    }

    #[test]
    fn what_is_cut_off_continued_or_huge_is_refused() {
        for file in [png(640, 480), jpeg()] {
            for end in 1..file.len() {
                assert_eq!(accepted(&file[..end]), Err(Problem::NotAnImage), "{end}");
            }
            assert_eq!(accepted(&[&file[..], b"PK\x03\x04<script>"].concat()), Err(Problem::NotAnImage));
            assert_eq!(accepted(&[&file[..], b"PK\x03\x04%PDF-1.7\xFF\xD9"].concat()), Err(Problem::NotAnImage));
        }
        for (width, height) in [(0, 1), (1, 0), (100_000, 100_000), (6_001, 1)] {
            assert_eq!(accepted(&png(width, height)), Err(Problem::NotAnImage), "{width} {height}");
        }
        for other in [
            &b"GIF89a"[..],
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
            b"%PDF-1.7",
            b"RIFF\0\0\0\0WEBPVP8 ",
        ] {
            assert_eq!(accepted(other), Err(Problem::NotAnImage));
        }
        let scan = b"%PDF-1.7\n1 0 obj<<>>endobj\nxref\n0 1\ntrailer<<>>\nstartxref\n27\n%%EOF";
        assert_eq!(
            (recognise(scan), accepted(scan)),
            (Ok(MediaType::Pdf), Err(Problem::NotAnImage)),
            "a scan, but no image"
        );
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), at in 0..200_usize, is_png: bool) {
            let _ = accepted(&bytes);
            let mut file = if is_png { png(9, 9) } else { jpeg() };
            let at = at.min(file.len());
            file.splice(at..at, bytes);
            let _ = accepted(&file);
        }
    }
}
