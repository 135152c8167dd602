//! What one caller may ask for, and that nobody who asks for more, or slowly, holds others up.
use std::{net::SocketAddr, time::Duration};

use fullmakt_scenarios::{ClientKey, FJORDTORG, KARI, Log, Provider, System, VENDOR};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

const OWN_SYSTEMS: &str = "/authentication/api/v1/systemregister/vendor";
/// How long a slow client may wait here before it counts as held for ever.
const PATIENCE: Duration = Duration::from_secs(30);

async fn system(settings: &[(&str, &str)]) -> System {
    let mut system = System::prepare(Log::Postgres).await;
    for (name, value) in settings {
        system.set(name, *value);
    }
    system.serve().await;
    system
}

#[tokio::test]
async fn a_caller_that_asks_too_often_is_told_to_wait_and_no_other_is() {
    let system = system(&[("FULLMAKT_LIMITS__REQUESTS_PER_SECOND", "1")]).await;
    let vendor = system.vendor(VENDOR).await;
    let refused = loop {
        let answer = vendor.get(OWN_SYSTEMS).await;
        match answer.status {
            200 => {}
            429 => break answer,
            status => panic!("{status}: {}", answer.text()),
        }
    };
    assert!(refused.header("retry-after").parse::<u32>().unwrap() >= 1, "{refused:?}");
    assert!(refused.text().contains("/problems/too-many-requests"), "{refused:?}");
    let page = system.anonymous().get("/problems/too-many-requests").await.expect(200);
    assert!(page.text().contains("Retry-After"), "{page:?}");

    let kari = system.person(KARI).await;
    let users = format!("/authentication/api/v1/systemuser/{}", FJORDTORG.party);
    kari.get(&users).await.expect(200);
    // Health is nobody's in particular, and is never refused.
    for _ in 0..10 {
        system.anonymous().get("/health/ready").await.expect(200);
    }
}

#[tokio::test]
async fn a_caller_without_a_limit_may_ask_as_often_as_it_likes() {
    let system = system(&[("FULLMAKT_LIMITS__REQUESTS_PER_SECOND", "0")]).await;
    let vendor = system.vendor(VENDOR).await;
    for _ in 0..50 {
        vendor.get(OWN_SYSTEMS).await.expect(200);
    }
}

#[tokio::test]
async fn a_client_with_a_limit_of_its_own_gets_no_more_tokens_than_that() {
    let client_id = format!("{VENDOR}-limited-client");
    let limit = format!("{{{client_id}=1}}");
    let system = system(&[("FULLMAKT_LIMITS__CLIENTS", &limit)]).await;
    let provider = Provider::register(&system, VENDOR, "limited").await;
    assert_eq!(provider.client_id, client_id);
    let refused = loop {
        let claims = ClientKey::claims(&client_id, system.base(), "demo:vat.write", None);
        let answer = system.grant(&provider.key.sign(&claims)).await;
        match answer.status {
            200 => {}
            429 => break answer,
            status => panic!("{status}: {}", answer.text()),
        }
    };
    assert!(refused.header("retry-after").parse::<u32>().unwrap() >= 1, "{refused:?}");
    provider.organisation.get(OWN_SYSTEMS).await.expect(200);
}

#[tokio::test]
async fn slow_clients_are_disconnected_while_others_are_served() {
    let system = system(&[
        ("FULLMAKT_LIMITS__HEAD_TIMEOUT_SECONDS", "1"),
        ("FULLMAKT_HTTP__TIMEOUT_SECONDS", "1"),
    ])
    .await;
    let address: SocketAddr = system.base().strip_prefix("http://").unwrap().parse().unwrap();
    let mut slow = Vec::new();
    for _ in 0..100 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET /jwks HTTP/1.1\r\nhost: a\r\nx-slow: ").await.unwrap();
        slow.push(stream);
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = b"POST /token HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\ngrant_type=";
        stream.write_all(head).await.unwrap();
        slow.push(stream);
    }
    for _ in 0..10 {
        system.anonymous().get("/jwks").await.expect(200);
    }
    for mut stream in slow {
        let mut answer = Vec::new();
        let ended = timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
        assert!(ended.is_ok(), "a slow client is still connected");
        let answer = String::from_utf8(answer).unwrap();
        assert!(!answer.starts_with("HTTP/1.1 2") && !answer.starts_with("HTTP/1.1 5"), "{answer}");
    }
}
