use std::time::Instant;

use axum::routing;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::timeout,
};

use super::*;
use crate::{EdgeSettings, RawBody, identify, protect};

/// How long anything may take here before it counts as never.
const PATIENCE: Duration = Duration::from_secs(30);

struct Serving {
    address: std::net::SocketAddr,
    stopping: CancellationToken,
    server: tokio::task::JoinHandle<()>,
}

impl Serving {
    async fn start(limits: ServerLimits, edge: EdgeSettings) -> Self {
        let routes = Router::new()
            .route("/", routing::get(async || "here"))
            .route("/", routing::post(async |body: RawBody| body.bytes.len().to_string()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stopping = CancellationToken::new();
        let routes = identify(protect(routes, &edge));
        let server = tokio::spawn(serve(listener, routes, limits, stopping.clone()));
        Self { address, stopping, server }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn send(&self, request: &str) -> TcpStream {
        let mut stream = self.connect().await;
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    }
}

/// All that the server sends until it closes the connection.
async fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // A connection that is reset has been closed too.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("it is closed");
    String::from_utf8(answer).unwrap()
}

const ASK: &str = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";

fn short() -> ServerLimits {
    ServerLimits { head_timeout: Duration::from_millis(200), ..ServerLimits::default() }
}

#[tokio::test]
async fn a_request_is_answered() {
    let serving = Serving::start(ServerLimits::default(), EdgeSettings::default()).await;
    let answer = rest(&mut serving.send(ASK).await).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("here"), "{answer}");
}

#[tokio::test]
async fn who_sends_headers_slowly_or_nothing_is_disconnected_and_holds_nobody_up() {
    let serving = Serving::start(short(), EdgeSettings::default()).await;
    let mut slow = Vec::new();
    for _ in 0..50 {
        slow.push(serving.send("GET / HTTP/1.1\r\nhost: a\r\nx-slow: ").await);
    }
    let mut silent = serving.connect().await;
    let answer = rest(&mut serving.send(ASK).await).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    for stream in &mut slow {
        let answer = rest(stream).await;
        assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    assert_eq!(rest(&mut silent).await, "");
}

#[tokio::test]
async fn a_body_that_arrives_slowly_is_answered_408_and_a_slow_answer_is_not() {
    let edge = EdgeSettings { timeout: Duration::from_millis(200), ..EdgeSettings::default() };
    let serving = Serving::start(ServerLimits::default(), edge).await;
    let head = "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nabc";
    let answer = rest(&mut serving.send(head).await).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("/problems/request-timeout"), "{answer}");
    assert!(answer.contains("retry-after: 1"), "{answer}");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_before_it_has_arrived() {
    let edge = EdgeSettings { body_bytes_max: 10, ..EdgeSettings::default() };
    let serving = Serving::start(ServerLimits::default(), edge).await;
    let declared = format!("content-length: 1000000000\r\n\r\n{}", "a".repeat(11));
    let request = format!("POST / HTTP/1.1\r\nhost: a\r\n{declared}");
    let answer = rest(&mut serving.send(&request).await).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    let chunk = format!("64\r\n{}\r\n", "a".repeat(100));
    let endless =
        format!("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n{chunk}");
    let answer = rest(&mut serving.send(&endless).await).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    // Who would go on with the connection is told that it is closed.
    assert!(answer.contains("connection: close"), "{answer}");
}

#[tokio::test]
async fn too_many_or_too_long_headers_are_answered_431() {
    let serving = Serving::start(ServerLimits::default(), EdgeSettings::default()).await;
    let many = "x-many: a\r\n".repeat(HEADERS_MAX + 1);
    let long = format!("x-long: {}\r\n", "a".repeat(HEAD_BYTES_MAX));
    for headers in [many, long] {
        let request = format!("GET / HTTP/1.1\r\nhost: a\r\n{headers}\r\n");
        let answer = rest(&mut serving.send(&request).await).await;
        assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    }
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_for_their_turn() {
    let limits = ServerLimits { connections_max: 1, ..ServerLimits::default() };
    let serving = Serving::start(limits, EdgeSettings::default()).await;
    let keep = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
    let mut first = serving.send(keep).await;
    let mut head = [0; 12];
    first.read_exact(&mut head).await.unwrap();
    assert_eq!(&head, b"HTTP/1.1 200");
    let mut second = serving.send(ASK).await;
    let mut byte = [0];
    let waited = timeout(Duration::from_millis(200), second.read(&mut byte)).await;
    assert!(waited.is_err(), "it was served beside the first");
    drop(first);
    assert!(rest(&mut second).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn when_told_to_stop_it_answers_what_is_under_way_and_takes_nothing_more() {
    let serving = Serving::start(ServerLimits::default(), EdgeSettings::default()).await;
    let mut under_way =
        serving.send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\na").await;
    let mut idle = serving.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let mut head = [0; 12];
    idle.read_exact(&mut head).await.unwrap();
    serving.stopping.cancel();
    under_way.write_all(b"bc").await.unwrap();
    let answer = rest(&mut under_way).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with('3'), "{answer}");
    let began = Instant::now();
    timeout(PATIENCE, serving.server).await.expect("it ends").unwrap();
    assert!(began.elapsed() < HEAD_TIMEOUT, "an idle connection was waited for");
    assert!(TcpStream::connect(serving.address).await.is_err());
}
