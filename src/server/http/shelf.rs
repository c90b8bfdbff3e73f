//! The images of lessons that were asked for lately, each held once for all its readers. They are named by their content, so none is ever out of date; who
//! may see them is asked before this is.

use crate::domain::audit::Digest;
use axum::{body::Bytes, http::HeaderValue};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// All of them together, in bytes.
const ROOM: usize = 16 * 1024 * 1024;

#[derive(Clone)]
pub struct Image {
    pub media_type: HeaderValue,
    pub content: Bytes,
}

/// The one asked for last at the end.
#[derive(Clone, Default)]
pub struct Shelf(Arc<Mutex<Vec<(Digest, Image)>>>);

impl Shelf {
    pub fn find(&self, sha256: &Digest) -> Option<Image> {
        let mut images = self.images();
        let index = images.iter().position(|(known, _)| known == sha256)?;
        let found = images.remove(index);
        let image = found.1.clone();
        images.push(found);
        Some(image)
    }

    /// Keeps an image and says which copy of it is to be used. None when there is no room, because those that are kept are being sent.
    pub fn keep(&self, sha256: Digest, image: Image) -> Option<Image> {
        let mut images = self.images();
        if let Some((_, known)) = images.iter().find(|(known, _)| *known == sha256) {
            return Some(known.clone());
        }
        let mut bytes = image.content.len() + images.iter().map(|(_, image)| image.content.len()).sum::<usize>();
        images.retain(|(_, kept)| {
            // Letting go of what is being sent would free nothing, and bring a second copy for the next reader.
            let goes = bytes > ROOM && kept.content.is_unique();
            bytes -= if goes { kept.content.len() } else { 0 };
            !goes
        });
        (bytes <= ROOM).then(|| {
            images.push((sha256, image.clone()));
            image
        })
    }

    fn images(&self) -> MutexGuard<'_, Vec<(Digest, Image)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image() -> Image {
        Image {
            media_type: HeaderValue::from_static("image/png"),
            content: vec![7; ROOM / 4].into(),
        }
    }

    #[test]
    fn what_is_asked_for_least_goes_first_and_what_is_being_sent_stays() {
        let shelf = Shelf::default();
        for name in 0..4 {
            assert!(shelf.keep([name; 32], image()).is_some());
        }
        let sent = shelf.find(&[1; 32]).unwrap();
        assert_eq!(
            shelf.keep([1; 32], image()).unwrap().content.as_ptr(),
            sent.content.as_ptr(),
            "one copy for all"
        );
        drop(shelf.find(&[0; 32]));
        assert!(shelf.keep([4; 32], image()).is_some());
        let there = |name: u8| shelf.find(&[name; 32]).is_some();
        assert_eq!([0, 1, 2, 3, 4].map(there), [true, true, false, true, true]);
        let all = [0, 1, 3, 4].map(|name| shelf.find(&[name; 32]).unwrap());
        assert!(shelf.keep([5; 32], image()).is_none(), "all of them are being sent");
        drop(all);
        assert!(shelf.keep([5; 32], image()).is_some());
        assert!(sent.content.len() == ROOM / 4 && there(1), "and this one still is");
    }
}
