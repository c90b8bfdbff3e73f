//! Patience with peers that are slow, and its end: a body that trickles in for ever, and an answer that nobody takes.

use hyper::body::{Body, Frame, SizeHint};
use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep},
};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A body that fails when it is not whole in time, however steadily it trickles.
pub struct WholeInTime<B> {
    body: Pin<Box<B>>,
    end: Pin<Box<Sleep>>,
}

impl<B> WholeInTime<B> {
    pub fn new(limit: Duration, body: B) -> Self {
        Self {
            body: Box::pin(body),
            end: Box::pin(sleep(limit)),
        }
    }
}

impl<B: Body<Error: Into<BoxError>>> Body for WholeInTime<B> {
    type Data = B::Data;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, BoxError>>> {
        if let Poll::Ready(frame) = self.body.as_mut().poll_frame(context) {
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        ready!(self.end.as_mut().poll(context));
        Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::TimedOut).into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Taking so many bytes of an answer earns back a second of waiting. No line that people use is as slow.
const PACE: u64 = 1024;

/// A connection that fails when its peer takes nothing of its answers for too long, or so little at a time that it would hold them for ever.
pub struct TakenInTime<S> {
    stream: S,
    patience: Duration,
    /// How much of the patience is used up by writes that had to wait.
    waited: Duration,
    /// Since when a write waits for room, and its end.
    stalled: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl<S> TakenInTime<S> {
    pub const fn new(patience: Duration, stream: S) -> Self {
        Self {
            stream,
            patience,
            waited: Duration::ZERO,
            stalled: None,
        }
    }

    /// A write that still waits fails once patience is at its end.
    fn or_too_late(&mut self, context: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        let Poll::Ready(written) = written else {
            let left = self.patience.saturating_sub(self.waited);
            let (_, end) = self.stalled.get_or_insert_with(|| (Instant::now(), Box::pin(sleep(left))));
            ready!(end.as_mut().poll(context));
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        };
        if let Some((since, _)) = self.stalled.take() {
            self.waited += since.elapsed();
        }
        let bytes = written.as_ref().map_or(0, |bytes| u64::try_from(*bytes).unwrap_or(u64::MAX));
        self.waited = self.waited.saturating_sub(Duration::from_millis(bytes.saturating_mul(1000) / PACE));
        Poll::Ready(written)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for TakenInTime<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for TakenInTime<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.or_too_late(context, written)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.or_too_late(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
