//! Files on their way out: how many bytes of them may be in memory at one time, in all and of how many files for one account, so that whoever asks for many
//! and reads none takes the memory of a few.
//!
//! Room is taken before the database is asked, as much as such a file may need while it is read or made, and most of it is given back once its size is known.
//! The rest lives in the bytes themselves: it comes back when the last of them is sent or dropped, wherever they are held until then.

use super::shares::{Share, Shares};
use crate::{api::error::ApiError, server::context::Cx};
use axum::body::{Body, Bytes};
use hyper::body::{Frame, SizeHint};
use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};
use uuid::Uuid;

/// All the room, in MiB.
const ROOM: usize = 120;
static FREE: Semaphore = Semaphore::const_new(ROOM);
/// Files of one account.
static OWN: Shares = Shares::new(2);
/// How long one waits for both; a browser that asks for several at once gets them one after the other.
const PATIENCE: Duration = Duration::from_secs(3);

const MIB: usize = 1024 * 1024;
/// What is no larger gives its place back once it is read.
const SMALL: usize = 64 * 1024;
/// Bytes that are handed on in one piece. The connection asks for the next one when it has room.
const PIECE: usize = 64 * 1024;

/// What a file may need while it is read or made.
#[derive(Clone, Copy)]
pub enum Need {
    /// One that lies in the database or is written from its rows. The drivers hold it twice while it is read.
    Single,
    /// One that is made of several.
    Collection,
}

impl Need {
    const fn room(self) -> u32 {
        match self {
            Self::Single => 20,
            Self::Collection => 60,
        }
    }
}

/// A place for a file, to be handed to [`body`].
pub struct Place {
    room: SemaphorePermit<'static>,
    _own: Share,
}

impl Place {
    /// Gives back what a file of this size does not need.
    fn shrink_to(&mut self, bytes: usize) {
        let spare = self.room.num_permits().saturating_sub(bytes.div_ceil(MIB));
        drop(self.room.split(spare));
    }
}

/// Waits for a place. Asked for once it is clear that whoever asks may have files, so that strangers take none.
pub async fn place(cx: &Cx, need: Need) -> Result<Place, ApiError> {
    place_of(cx.actor()?.account().0, need).await
}

/// As [`place`], for whoever signs in by no account.
pub async fn place_of(holder: Uuid, need: Need) -> Result<Place, ApiError> {
    let both = async {
        // The own one first: who waits for it takes no room from others.
        let own = OWN.free(holder).await;
        FREE.acquire_many(need.room()).await.map(|room| Place { room, _own: own })
    };
    let place = timeout(PATIENCE, both).await.ok().and_then(Result::ok);
    place.ok_or_else(|| {
        tracing::warn!("too many files are on their way");
        ApiError::Busy
    })
}

/// The bytes of a file with their place.
struct Held {
    content: Bytes,
    _place: Place,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.content
    }
}

/// The body of a file that keeps its place until it is sent or nobody takes it.
pub fn body(mut place: Place, content: Bytes) -> Body {
    if content.len() <= SMALL {
        return Body::from(content);
    }
    place.shrink_to(content.len());
    shared(Bytes::from_owner(Held { content, _place: place }))
}

/// A body of bytes that others hold too. It is sent piece by piece, so that a connection which copies what it cannot send at once copies little.
pub fn shared(content: Bytes) -> Body {
    Body::new(Pieces(content))
}

struct Pieces(Bytes);

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let length = self.0.len().min(PIECE);
        let piece = self.0.split_to(length);
        Poll::Ready((!piece.is_empty()).then(|| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(u64::try_from(self.0.len()).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;

    fn content(bytes: usize) -> Bytes {
        (0..=u8::MAX).cycle().take(bytes).collect()
    }

    #[tokio::test]
    async fn a_file_holds_as_much_room_as_it_is_large_and_gives_it_back() {
        let account = Uuid::from_u128(1);
        let [large, other] = [
            place_of(account, Need::Collection).await.unwrap(),
            place_of(account, Need::Single).await.unwrap(),
        ];
        assert_eq!(FREE.available_permits(), ROOM - 80);
        let small = body(other, content(SMALL));
        assert_eq!(FREE.available_permits(), ROOM - 60, "a small one needs none");
        let mut large = body(large, content(3 * MIB + 1));
        assert_eq!(FREE.available_permits(), ROOM - 4);
        assert_eq!(hyper::body::Body::size_hint(&large).exact(), Some(3 * 1024 * 1024 + 1));
        let piece = large.frame().await.unwrap().unwrap().into_data().unwrap();
        assert_eq!(piece.len(), PIECE);
        drop(large);
        assert_eq!(FREE.available_permits(), ROOM - 4, "a piece that is still held holds them all");
        drop(piece);
        assert_eq!(FREE.available_permits(), ROOM);
        assert_eq!(small.collect().await.unwrap().to_bytes().len(), SMALL);
        let whole = body(place_of(account, Need::Single).await.unwrap(), content(5 * PIECE + 7));
        assert_eq!(whole.collect().await.unwrap().to_bytes(), content(5 * PIECE + 7));
        assert_eq!(FREE.available_permits(), ROOM);

        let held = [place_of(account, Need::Collection).await, place_of(Uuid::from_u128(2), Need::Collection).await];
        assert!(held.iter().all(Result::is_ok));
        assert_eq!(place_of(Uuid::from_u128(3), Need::Single).await.err(), Some(ApiError::Busy), "there is no room");
        drop(held);
        assert!(place_of(Uuid::from_u128(3), Need::Single).await.is_ok());
    }
}
