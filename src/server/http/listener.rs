//! The accept loop: takes connections, hands each to hyper, and ends in an orderly way.
//!
//! `axum::serve` is deliberately not used. It leaves Nagle's algorithm on, which costs a streamed page 13 ms; it never closes a connection that sends no
//! headers; it gives a body and the taking of an answer all the time in the world; it takes connections without a limit; and it waits without end for the last of them when it is told to stop.
//! TLS is absent too: a reverse proxy or the platform ends it.

use std::{
    convert::Infallible,
    future::pending,
    io,
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use super::slow_peers::{TakenInTime, WholeInTime};
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    response::Response,
};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{
        conn::auto::Builder,
        graceful::{GracefulShutdown, Watcher},
    },
};
use tokio::{
    net::{TcpListener, TcpStream},
    signal::unix::{SignalKind, signal},
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
    time::{sleep, timeout},
};
use tower::Service;
use tower_http::timeout::TimeoutBody;

/// The longest pause inside a request's body; every piece that arrives starts it anew.
const BODY_PAUSE: Duration = Duration::from_secs(20);
/// The longest that a peer may take nothing of an answer that waits for it.
const ANSWER_PAUSE: Duration = Duration::from_secs(30);
/// The most bytes of a request's headers; a browser with all our cookies and the longest address sends a fifth of it.
const HEADER_BYTES: usize = 64 * 1024;
/// The most headers of a request.
const HEADERS: usize = 100;
/// Requests that an HTTP/2 peer may have open at one time.
const STREAMS: u32 = 64;
/// How often an HTTP/2 peer that says nothing is asked whether it is still there, and how long it has to answer.
const PING_EVERY: Duration = Duration::from_secs(20);
const PING_ANSWER: Duration = Duration::from_secs(10);
/// The pause after the system refused to give us a connection: descriptors come back only as others end.
const ACCEPT_PAUSE: Duration = Duration::from_millis(500);

/// What one listener grants its peers.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections served at one time; further ones wait in the kernel's queue.
    pub connections: usize,
    /// From the first byte awaited to the end of a request's headers. It also ends a kept-alive connection on which nothing more is asked.
    pub header_timeout: Duration,
    /// From the end of a request's headers to the end of its body, however steadily it trickles.
    pub body_timeout: Duration,
    /// From the stop signal to the end of [`serve`], whatever is still in flight.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 2_048,
            header_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_mins(5),
            drain: Duration::from_secs(8),
        }
    }
}

/// Serves `router` until `stop` is ready, then takes no more connections, finishes the requests in flight, and returns after at most `limits.drain`.
///
/// Every request carries its peer's address as [`ConnectInfo<SocketAddr>`].
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, stop: impl Future<Output = ()>) {
    let door = Door {
        listener,
        slots: Arc::new(Semaphore::new(limits.connections)),
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
    slot: OwnedSemaphorePermit,
}

/// The listening socket, with as many places behind it as there may be connections.
struct Door {
    listener: TcpListener,
    slots: Arc<Semaphore>,
}

impl Door {
    /// The next connection for which there is a place. Safe to drop while it waits: nothing accepted is lost.
    async fn next(&self) -> Guest {
        let Ok(slot) = Arc::clone(&self.slots).acquire_owned().await else {
            return pending().await; // the semaphore is never closed
        };
        loop {
            match self.listener.accept().await {
                Ok((stream, peer)) => return Guest { stream, peer, slot },
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
    let Guest { stream, peer, slot: _slot } = guest;
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection stays with delayed small packets");
    }
    let asked = Arc::new(AtomicBool::new(false));
    let service = {
        let asked = Arc::clone(&asked);
        service_fn(move |request: Request<Incoming>| {
            asked.store(true, Ordering::Relaxed);
            answer(router.clone(), request, peer, limits.body_timeout)
        })
    };
    let http = http(limits);
    let mut served = pin!(watcher.watch(http.serve_connection(TokioIo::new(TakenInTime::new(ANSWER_PAUSE, stream)), service)));
    // hyper's own header timeout starts only after the first bytes have told HTTP/1 from HTTP/2, and HTTP/2 has none: this one covers a silent peer
    tokio::select! {
        _ = &mut served => return,
        () = sleep(limits.header_timeout) => {}
    }
    if asked.load(Ordering::Relaxed) {
        // what is wrong with a connection is the peer's business; the answer to each request is logged where it is made
        let _ = served.await;
    }
}

async fn answer(mut router: Router, request: Request<Incoming>, peer: SocketAddr, body_timeout: Duration) -> Result<Response, Infallible> {
    let mut request = request.map(|body| Body::new(WholeInTime::new(body_timeout, TimeoutBody::new(BODY_PAUSE, body))));
    request.extensions_mut().insert(ConnectInfo(peer));
    router.call(request).await
}

fn http(limits: Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .max_headers(HEADERS)
        .max_buf_size(HEADER_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(HEADER_BYTES).unwrap_or(u32::MAX))
        .max_concurrent_streams(STREAMS)
        .keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(PING_ANSWER);
    builder
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::{get, post};
    use std::time::Instant;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        sync::oneshot,
        task::JoinHandle,
    };

    const ASK: &[u8] = b"GET /slow HTTP/1.1\r\nhost: antritt\r\n\r\n";

    fn quick() -> Limits {
        Limits {
            connections: 8,
            header_timeout: Duration::from_millis(200),
            body_timeout: Duration::from_millis(400),
            drain: Duration::from_secs(2),
        }
    }

    fn pages() -> Router {
        Router::new()
            .route(
                "/slow",
                get(|| async {
                    sleep(Duration::from_millis(300)).await;
                    "done"
                }),
            )
            .route("/stuck", get(|| async { pending::<&str>().await }))
            .route("/broken", get(async || ["not", "here"].get(2).copied().unwrap()))
            .route("/peer", get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.to_string() }))
            .route("/echo", post(|body: String| async move { body }))
    }

    struct Running {
        address: SocketAddr,
        stop: oneshot::Sender<()>,
        served: JoinHandle<()>,
    }

    async fn start(limits: Limits) -> Running {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn(serve(listener, pages(), limits, async {
            let _ = stopped.await;
        }));
        Running { address, stop, served }
    }

    async fn ask(address: SocketAddr, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request).await.unwrap();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer).await;
        answer
    }

    async fn closed_within(mut stream: TcpStream, limit: Duration) -> bool {
        let mut rest = Vec::new();
        timeout(limit, stream.read_to_end(&mut rest)).await.is_ok()
    }

    #[tokio::test]
    async fn a_silent_connection_is_closed() {
        let running = start(quick()).await;
        let stream = TcpStream::connect(running.address).await.unwrap();
        assert!(closed_within(stream, Duration::from_secs(1)).await);
    }

    #[tokio::test]
    async fn half_a_header_is_closed_even_while_it_trickles() {
        let running = start(quick()).await;
        let mut stream = TcpStream::connect(running.address).await.unwrap();
        let started = Instant::now();
        let mut open = true;
        stream.write_all(b"GET /slow HTTP/1.1\r\n").await.unwrap();
        while open && started.elapsed() < Duration::from_secs(2) {
            let _ = stream.write_all(b"x-more: 1\r\n").await;
            open = timeout(Duration::from_millis(50), stream.read_u8()).await.is_err();
        }
        assert!(!open);
    }

    #[tokio::test]
    async fn the_beginning_of_an_http2_preface_is_closed() {
        let running = start(quick()).await;
        let mut stream = TcpStream::connect(running.address).await.unwrap();
        stream.write_all(b"PRI * HT").await.unwrap();
        assert!(closed_within(stream, Duration::from_secs(1)).await);
    }

    #[tokio::test]
    async fn a_request_longer_than_the_header_timeout_is_answered() {
        let running = start(quick()).await;
        assert!(ask(running.address, ASK).await.ends_with("done"));
    }

    #[tokio::test]
    async fn a_panic_ends_its_own_connection_only() {
        let running = start(quick()).await;
        let asking = tokio::spawn(ask(running.address, ASK));
        assert_eq!(ask(running.address, b"GET /broken HTTP/1.1\r\nhost: antritt\r\n\r\n").await, "");
        assert!(asking.await.unwrap().ends_with("done"));
        assert!(ask(running.address, ASK).await.ends_with("done"));
    }

    #[tokio::test]
    async fn an_in_flight_request_finishes_and_a_second_one_is_refused() {
        let running = start(quick()).await;
        let address = running.address;
        let first = tokio::spawn(async move { ask(address, ASK).await });
        sleep(Duration::from_millis(100)).await;
        running.stop.send(()).unwrap();
        sleep(Duration::from_millis(50)).await;
        let second = TcpStream::connect(address).await;
        assert_eq!(second.unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
        assert!(first.await.unwrap().ends_with("done"));
        running.served.await.unwrap();
    }

    #[tokio::test]
    async fn a_request_without_end_is_cut_when_the_drain_is_over() {
        let running = start(Limits {
            drain: Duration::from_millis(200),
            ..quick()
        })
        .await;
        let address = running.address;
        let stuck = tokio::spawn(async move { ask(address, b"GET /stuck HTTP/1.1\r\nhost: antritt\r\n\r\n").await });
        sleep(Duration::from_millis(100)).await;
        running.stop.send(()).unwrap();
        timeout(Duration::from_secs(1), running.served).await.unwrap().unwrap();
        assert_eq!(stuck.await.unwrap(), "");
    }

    #[tokio::test]
    async fn an_idle_connection_does_not_hold_up_the_stop() {
        let running = start(Limits::default()).await;
        let idle = TcpStream::connect(running.address).await.unwrap();
        sleep(Duration::from_millis(50)).await;
        running.stop.send(()).unwrap();
        timeout(Duration::from_secs(1), running.served).await.unwrap().unwrap();
        drop(idle);
    }

    #[tokio::test]
    async fn beyond_the_limit_a_connection_waits_for_its_place() {
        let running = start(Limits { connections: 1, ..quick() }).await;
        let address = running.address;
        let _silent = TcpStream::connect(address).await.unwrap();
        sleep(Duration::from_millis(50)).await;
        let started = Instant::now();
        assert!(ask(address, ASK).await.ends_with("done"));
        assert!(
            started.elapsed() >= Duration::from_millis(400),
            "served before the silent connection was closed"
        );
    }

    #[tokio::test]
    async fn two_thousand_half_open_connections_are_closed_within_fifteen_seconds_and_others_are_served_then() {
        let running = start(Limits::default()).await;
        let mut halves = JoinSet::new();
        for n in 0..2_000 {
            // One after the other, as the kernel's queue of those who knock is shorter than that.
            let mut stream = TcpStream::connect(running.address).await.unwrap();
            stream.write_all(&ASK[..n % ASK.len()]).await.unwrap();
            halves.spawn(closed_within(stream, Duration::from_secs(15)));
        }
        // There is room for those who come meanwhile.
        assert!(
            ask(running.address, b"GET /peer HTTP/1.1\r\nhost: antritt\r\nconnection: close\r\n\r\n")
                .await
                .starts_with("HTTP/1.1 200")
        );
        assert!(halves.join_all().await.into_iter().all(|closed| closed));
        assert!(
            ask(running.address, b"GET /peer HTTP/1.1\r\nhost: antritt\r\nconnection: close\r\n\r\n")
                .await
                .starts_with("HTTP/1.1 200")
        );
    }

    #[tokio::test]
    async fn a_body_that_trickles_for_ever_is_cut() {
        let running = start(quick()).await;
        let mut stream = TcpStream::connect(running.address).await.unwrap();
        stream
            .write_all(b"POST /echo HTTP/1.1\r\nhost: antritt\r\ncontent-length: 1000\r\n\r\n")
            .await
            .unwrap();
        let (started, mut open) = (Instant::now(), true);
        while open && started.elapsed() < Duration::from_secs(3) {
            let _ = stream.write_all(b"x").await;
            open = timeout(Duration::from_millis(50), stream.read_u8()).await.is_err();
        }
        assert!(!open && started.elapsed() >= Duration::from_millis(400));
    }

    #[tokio::test]
    async fn an_answer_that_nobody_takes_is_given_up() {
        let (near, mut far) = tokio::io::duplex(16);
        let mut near = TakenInTime::new(Duration::from_millis(100), near);
        for _ in 0..3 {
            near.write_all(&[0; 16]).await.unwrap();
            sleep(Duration::from_millis(60)).await;
            far.read_exact(&mut [0; 16]).await.unwrap();
        }
        near.write_all(&[0; 16]).await.unwrap();
        assert_eq!(near.write_all(&[0; 16]).await.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn too_many_headers_and_too_long_ones_are_refused() {
        let running = start(quick()).await;
        let many = "x: 1\r\n".repeat(HEADERS + 1);
        let long = format!("x: {}\r\n", "1".repeat(HEADER_BYTES));
        for headers in [many, long] {
            let answer = ask(running.address, format!("GET /peer HTTP/1.1\r\nhost: antritt\r\n{headers}\r\n").as_bytes()).await;
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
        }
        let fits = format!(
            "GET /peer HTTP/1.1\r\nhost: antritt\r\nconnection: close\r\nx: {}\r\n\r\n",
            "1".repeat(HEADER_BYTES / 2)
        );
        assert!(ask(running.address, fits.as_bytes()).await.starts_with("HTTP/1.1 200"));
    }

    /// Else a proxy in front might see one request where this server sees two.
    #[tokio::test]
    async fn a_request_of_unclear_length_is_refused_or_ends_its_connection() {
        let running = start(quick()).await;
        for lengths in [
            "content-length: 4\r\ncontent-length: 5\r\n",
            "content-length: 4\r\ntransfer-encoding: chunked\r\n",
            "transfer-encoding: chunked, identity\r\n",
            "content-length: +4\r\n",
        ] {
            let request = format!("POST /echo HTTP/1.1\r\nhost: antritt\r\n{lengths}\r\n0\r\n\r\nGET /peer HTTP/1.1\r\nhost: antritt\r\n\r\n");
            let answer = ask(running.address, request.as_bytes()).await;
            assert!(!answer.contains("127.0.0.1"), "a second request was seen: {lengths} {answer}");
        }
    }

    #[tokio::test]
    async fn nobody_is_switched_to_another_protocol() {
        let running = start(quick()).await;
        for protocol in ["websocket", "h2c"] {
            let request = format!(
                "GET /peer HTTP/1.1\r\nhost: antritt\r\nconnection: upgrade, close\r\nupgrade: {protocol}\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
            );
            let answer = ask(running.address, request.as_bytes()).await;
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        }
    }

    #[tokio::test]
    async fn the_peer_is_known() {
        let running = start(quick()).await;
        let answer = ask(running.address, b"GET /peer HTTP/1.1\r\nhost: antritt\r\nconnection: close\r\n\r\n").await;
        assert!(answer.contains("127.0.0.1:"), "{answer}");
    }

    #[tokio::test]
    async fn a_body_passes() {
        let running = start(quick()).await;
        let answer = ask(
            running.address,
            b"POST /echo HTTP/1.1\r\nhost: antritt\r\nconnection: close\r\ncontent-length: 4\r\n\r\nNina",
        )
        .await;
        assert!(answer.ends_with("Nina"), "{answer}");
    }
}
