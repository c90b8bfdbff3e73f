use super::*;
use axum::routing::{get, post};
use std::{net::Ipv4Addr, time::Instant};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::oneshot,
    task::JoinHandle,
};

const ASK: &[u8] = b"GET /slow HTTP/1.1\r\nhost: antritt\r\n\r\n";
const ASK_ONCE: &[u8] = b"GET /slow HTTP/1.1\r\nhost: antritt\r\nconnection: close\r\n\r\n";

fn quick() -> Limits {
    Limits {
        connections: 8,
        per_peer: 8,
        header_timeout: Duration::from_millis(200),
        body_timeout: Duration::from_millis(400),
        answer_pause: Duration::from_millis(400),
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
        .route("/large", get(|| async { vec![b'x'; 64 * 1024 * 1024] }))
        .route("/echo", post(|body: String| async move { body }))
}

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

async fn start(limits: Limits) -> Running {
    start_behind(&[], limits).await
}

async fn start_behind(proxies: &'static [IpAddr], limits: Limits) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let served = tokio::spawn(serve(listener, pages(), limits, proxies, async {
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

/// A request over HTTP/2 whose sender has a window of no bytes for the answer.
fn http2_request() -> Vec<u8> {
    let length = |bytes: &[u8]| u8::try_from(bytes.len()).unwrap();
    let field = |(name, value): (&str, &str)| {
        let (name, value) = (name.as_bytes(), value.as_bytes());
        [&[0, length(name)][..], name, &[length(value)], value].concat()
    };
    let frame = |kind: u8, flags: u8, stream: u8, content: &[u8]| [&[0, 0, length(content), kind, flags, 0, 0, 0, stream][..], content].concat();
    let fields = [(":method", "GET"), (":scheme", "http"), (":path", "/peer"), (":authority", "antritt")];
    let headers: Vec<u8> = fields.into_iter().flat_map(field).collect();
    [
        &b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..],
        &frame(4, 0, 0, &[0, 4, 0, 0, 0, 0]),
        &frame(1, 5, 1, &headers),
    ]
    .concat()
}

/// Else that window would hold the answer, and the connection, for ever.
#[tokio::test]
async fn http2_is_not_spoken() {
    let running = start(Limits { connections: 1, ..quick() }).await;
    for beginning in [b"PRI * HT".to_vec(), http2_request()] {
        let mut stream = TcpStream::connect(running.address).await.unwrap();
        stream.write_all(&beginning).await.unwrap();
        assert!(closed_within(stream, Duration::from_secs(1)).await);
    }
    assert!(ask(running.address, ASK).await.ends_with("done"));
}

#[tokio::test]
async fn who_reads_nothing_of_an_answer_or_hardly_anything_loses_the_place() {
    for bytes in [0, 8] {
        let running = start(Limits { connections: 1, ..quick() }).await;
        let started = Instant::now();
        let mut reader = TcpStream::connect(running.address).await.unwrap();
        // Many at once, so that one answer follows the other.
        reader.write_all(&b"GET /large HTTP/1.1\r\nhost: antritt\r\n\r\n".repeat(8)).await.unwrap();
        let trickle = tokio::spawn(async move {
            let mut few = vec![0; bytes];
            while reader.read_exact(&mut few).await.is_ok() {
                sleep(Duration::from_millis(50)).await;
            }
        });
        sleep(Duration::from_millis(100)).await;
        assert!(ask(running.address, ASK).await.ends_with("done"));
        let waited = started.elapsed();
        assert!(waited >= Duration::from_millis(400) && waited < Duration::from_secs(3), "{waited:?}");
        trickle.abort();
    }
}

#[tokio::test]
async fn one_peer_cannot_take_every_place() {
    let limits = Limits {
        per_peer: 3,
        ..Limits::default()
    };
    let running = start(limits).await;
    let mut silent = Vec::new();
    for _ in 0..3 {
        silent.push(TcpStream::connect(running.address).await.unwrap());
    }
    let one_too_many = TcpStream::connect(running.address).await.unwrap();
    assert!(
        closed_within(one_too_many, Duration::from_secs(1)).await,
        "at once, and not after the time for headers"
    );
    drop(silent.pop());
    sleep(Duration::from_millis(100)).await;
    assert!(ask(running.address, ASK_ONCE).await.ends_with("done"));
    let proxied = start_behind(&[IpAddr::V4(Ipv4Addr::LOCALHOST)], limits).await;
    for _ in 0..5 {
        silent.push(TcpStream::connect(proxied.address).await.unwrap());
    }
    assert!(
        ask(proxied.address, ASK_ONCE).await.ends_with("done"),
        "behind a proxy of ours there is everybody"
    );
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
    let running = start(Limits {
        per_peer: 2_048,
        ..Limits::default()
    })
    .await;
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
async fn an_answer_that_is_taken_in_crumbs_is_given_up() {
    let (near, mut far) = tokio::io::duplex(16);
    let mut near = TakenInTime::new(Duration::from_millis(200), near);
    let crumbs = tokio::spawn(async move {
        while far.read_exact(&mut [0; 16]).await.is_ok() {
            sleep(Duration::from_millis(60)).await;
        }
    });
    let given_up = timeout(Duration::from_secs(3), near.write_all(&[0; 4096])).await.unwrap();
    assert_eq!(given_up.unwrap_err().kind(), io::ErrorKind::TimedOut);
    crumbs.abort();
}

#[tokio::test]
async fn too_many_headers_and_too_long_ones_are_refused() {
    let running = start(quick()).await;
    let many = "x: 1\r\n".repeat(HEADERS + 1);
    // Twice, as what one read brings along may go beyond.
    let long = format!("x: {}\r\n", "1".repeat(2 * HEADER_BYTES));
    for headers in [many, long] {
        let answer = ask(running.address, format!("GET /peer HTTP/1.1\r\nhost: antritt\r\n{headers}\r\n").as_bytes()).await;
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 431"),
            "{} bytes of headers: {answer}",
            headers.len()
        );
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
