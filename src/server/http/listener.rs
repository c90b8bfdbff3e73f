//! The accept loop: takes connections, hands each to hyper, and ends in an orderly way.
//!
//! `axum::serve` is deliberately not used. It leaves Nagle's algorithm on, which costs a streamed page 13 ms; it never closes a connection that sends no
//! headers; it gives a body and the taking of an answer all the time in the world; it takes connections without a limit; and it waits without end for the last of them when it is told to stop.
//!
//! HTTP/1 alone is spoken. TLS and HTTP/2 are absent: a reverse proxy or the platform ends both. HTTP/2 without TLS no browser speaks, and a peer that opens
//! a window of no bytes holds a connection as long as it likes, since none of the limits here sees into its streams.

use std::{
    convert::Infallible,
    future::pending,
    io,
    net::{IpAddr, SocketAddr},
    pin::pin,
    time::Duration,
};

use super::{
    places::{Place, Places},
    slow_peers::{TakenInTime, WholeInTime},
};
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    response::Response,
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use tokio::{
    net::{TcpListener, TcpStream},
    signal::unix::{SignalKind, signal},
    task::JoinSet,
    time::{sleep, timeout},
};
use tower::Service;
use tower_http::timeout::TimeoutBody;

/// The longest pause inside a request's body; every piece that arrives starts it anew.
const BODY_PAUSE: Duration = Duration::from_secs(20);
/// The most bytes of a request's headers, and what one read brings along beyond; a browser with all our cookies and the longest address sends a fifth of it.
const HEADER_BYTES: usize = 64 * 1024;
/// The most headers of a request.
const HEADERS: usize = 100;
/// The pause after the system refused to give us a connection: descriptors come back only as others end.
const ACCEPT_PAUSE: Duration = Duration::from_millis(500);

/// What one listener grants its peers.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections served at one time; further ones wait in the kernel's queue.
    pub connections: usize,
    /// How many of them one peer may have who is none of our proxies; further ones are closed at once.
    pub per_peer: usize,
    /// From the first byte awaited to the end of a request's headers. It also ends a kept-alive connection on which nothing more is asked.
    pub header_timeout: Duration,
    /// From the end of a request's headers to the end of its body, however steadily it trickles.
    pub body_timeout: Duration,
    /// The longest that answers may wait for a peer that takes nothing of them; what it takes earns it some of that back.
    pub answer_pause: Duration,
    /// From the stop signal to the end of [`serve`], whatever is still in flight.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 2_048,
            per_peer: 256,
            header_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_mins(5),
            answer_pause: Duration::from_secs(30),
            drain: Duration::from_secs(8),
        }
    }
}

/// Serves `router` until `stop` is ready, then takes no more connections, finishes the requests in flight, and returns after at most `limits.drain`.
///
/// Every request carries its peer's address as [`ConnectInfo<SocketAddr>`]. `proxies` are the peers through whom everybody comes.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, proxies: &[IpAddr], stop: impl Future<Output = ()>) {
    let door = Door {
        listener,
        places: Places::new(limits.connections, limits.per_peer, proxies),
    };
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            biased;
            () = &mut stop => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            guest = door.next() => {
                connections.spawn(connection(guest, router.clone(), limits, graceful.watcher()));
            }
        }
    }
    drop(door); // from here on the system refuses new connections
    tracing::info!(connections.open = graceful.count(), "draining");
    if timeout(limits.drain, graceful.shutdown()).await.is_err() {
        tracing::warn!(connections.cut = connections.len(), "the time to drain is over");
    }
    connections.shutdown().await;
}

/// Ready when the process is asked to end, by SIGTERM or by ctrl-c.
pub async fn stop_signal() {
    tokio::select! {
        () = raised(SignalKind::terminate()) => {}
        () = raised(SignalKind::interrupt()) => {}
    }
}

async fn raised(kind: SignalKind) {
    match signal(kind) {
        Ok(mut signals) => {
            signals.recv().await;
        }
        Err(error) => {
            tracing::error!(%error, "the stop signal cannot be watched");
            pending::<()>().await;
        }
    }
}

/// An accepted connection and the place it takes.
struct Guest {
    stream: TcpStream,
    peer: SocketAddr,
    place: Place,
}

/// The listening socket, with as many places behind it as there may be connections.
struct Door {
    listener: TcpListener,
    places: Places,
}

impl Door {
    /// The next connection for which there is a place. Safe to drop while it waits: nothing accepted is lost.
    async fn next(&self) -> Guest {
        let mut free = self.places.free().await;
        loop {
            match self.listener.accept().await {
                Ok((stream, peer)) => match self.places.take(free, peer.ip()) {
                    Ok(place) => return Guest { stream, peer, place },
                    // Whoever has so many already is closed without a word.
                    Err(still_free) => free = still_free,
                },
                Err(error) if left_before_accept(&error) => {}
                Err(error) => {
                    tracing::error!(%error, "no connection can be accepted");
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }
}

/// Errors that belong to one peer, who is gone; the next `accept` is not touched by them.
fn left_before_accept(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    )
}

/// Serves one connection to its end and then gives its place back.
async fn connection(guest: Guest, router: Router, limits: Limits, watcher: Watcher) {
    let Guest { stream, peer, place: _place } = guest;
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection stays with delayed small packets");
    }
    let service = service_fn(move |request: Request<Incoming>| answer(router.clone(), request, peer, limits.body_timeout));
    let stream = TokioIo::new(TakenInTime::new(limits.answer_pause, stream));
    // what is wrong with a connection is the peer's business; the answer to each request is logged where it is made
    let _ = watcher.watch(http(limits).serve_connection(stream, service)).await;
}

async fn answer(mut router: Router, request: Request<Incoming>, peer: SocketAddr, body_timeout: Duration) -> Result<Response, Infallible> {
    let mut request = request.map(|body| Body::new(WholeInTime::new(body_timeout, TimeoutBody::new(BODY_PAUSE, body))));
    request.extensions_mut().insert(ConnectInfo(peer));
    router.call(request).await
}

fn http(limits: Limits) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .max_headers(HEADERS)
        .max_buf_size(HEADER_BYTES);
    builder
}

#[cfg(test)]
mod tests;
