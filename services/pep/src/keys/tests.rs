use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, http::StatusCode, response::IntoResponse, routing};
use serde_json::json;

use super::*;
use crate::testing::{SigningKey, TestClock, key_set};

/// An issuer's key endpoint on this machine, which counts how often it is asked.
struct Endpoint {
    address: SocketAddr,
    set: Arc<std::sync::Mutex<(StatusCode, String)>>,
    asked: Arc<AtomicUsize>,
}

impl Endpoint {
    async fn start(set: String) -> Self {
        let set = Arc::new(std::sync::Mutex::new((StatusCode::OK, set)));
        let asked = Arc::new(AtomicUsize::new(0));
        let (served, counted) = (Arc::clone(&set), Arc::clone(&asked));
        let routes = Router::new()
            .route(
                "/jwks",
                routing::get(async move || {
                    counted.fetch_add(1, Ordering::SeqCst);
                    served.lock().unwrap().clone().into_response()
                }),
            )
            .route("/moved", routing::get(async || axum::response::Redirect::to("/jwks")));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { address, set, asked }
    }

    fn keys(&self, path: &str, clock: &TestClock) -> Keys {
        let url = format!("http://{}{path}", self.address).parse().unwrap();
        Keys::new(KeySource::Url(url), clock.clock())
    }

    fn serve(&self, status: StatusCode, set: String) {
        *self.set.lock().unwrap() = (status, set);
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn keys_are_read_when_first_needed_and_then_kept() {
    let clock = TestClock::new();
    let endpoint = Endpoint::start(key_set(&[&SigningKey::new("k1")])).await;
    let keys = endpoint.keys("/jwks", &clock);
    assert_eq!(endpoint.asked(), 0);
    for _ in 0..3 {
        assert!(keys.get("k1").await.unwrap().is_some());
    }
    assert_eq!(endpoint.asked(), 1);
}

#[tokio::test]
async fn an_unknown_key_is_looked_for_once() {
    let clock = TestClock::new();
    let endpoint = Endpoint::start(key_set(&[&SigningKey::new("k1")])).await;
    let keys = endpoint.keys("/jwks", &clock);
    assert!(keys.get("k1").await.unwrap().is_some());
    clock.advance(REFRESH_INTERVAL_SECONDS);
    endpoint.serve(StatusCode::OK, key_set(&[&SigningKey::new("k1"), &SigningKey::new("k2")]));
    assert!(keys.get("k2").await.unwrap().is_some(), "a new key is found at once");
    assert_eq!(endpoint.asked(), 2);
    for _ in 0..10 {
        assert!(keys.get("made-up").await.unwrap().is_none());
    }
    assert_eq!(endpoint.asked(), 2, "made-up ids do not flood the issuer");
    clock.advance(REFRESH_INTERVAL_SECONDS);
    assert!(keys.get("made-up").await.unwrap().is_none());
    assert_eq!(endpoint.asked(), 3);
}

#[tokio::test]
async fn a_withdrawn_key_is_forgotten() {
    let clock = TestClock::new();
    let endpoint = Endpoint::start(key_set(&[&SigningKey::new("k1")])).await;
    let keys = endpoint.keys("/jwks", &clock);
    assert!(keys.get("k1").await.unwrap().is_some());
    endpoint.serve(StatusCode::OK, key_set(&[]));
    clock.advance(KEYS_AGE_MAX_SECONDS + 1);
    assert!(keys.get("k1").await.unwrap().is_none());
}

#[tokio::test]
async fn keys_outlive_a_failing_issuer_for_a_while_but_not_for_ever() {
    let clock = TestClock::new();
    let endpoint = Endpoint::start(key_set(&[&SigningKey::new("k1")])).await;
    let keys = endpoint.keys("/jwks", &clock);
    assert!(keys.get("k1").await.unwrap().is_some());
    endpoint.serve(StatusCode::BAD_GATEWAY, String::new());
    clock.advance(KEYS_AGE_MAX_SECONDS + 1);
    assert!(keys.get("k1").await.unwrap().is_some());
    clock.advance(KEYS_STALE_MAX_SECONDS);
    assert!(matches!(keys.get("k1").await, Err(KeyError::Status(502))));
}

/// Issue 3: whoever waited while another one read the keys first was told that they could not be
/// read.
#[tokio::test]
async fn those_who_waited_for_another_one_have_the_keys_as_well() {
    let millis = AtomicI64::new(1_800_000_000_000);
    let clock: Clock =
        Arc::new(move || Timestamp::from_millis(millis.fetch_add(1, Ordering::SeqCst)));
    let endpoint = Endpoint::start(key_set(&[&SigningKey::new("k1")])).await;
    let url = format!("http://{}/jwks", endpoint.address).parse().unwrap();
    let keys = Arc::new(Keys::new(KeySource::Url(url), clock));
    let tasks = (0..16).map(|_| Arc::clone(&keys));
    let tasks = tasks.map(|keys| tokio::spawn(async move { keys.get("k1").await }));
    for task in tasks.collect::<Vec<_>>() {
        assert!(task.await.unwrap().unwrap().is_some());
    }
    assert_eq!(endpoint.asked(), 1);
}

/// Issue 3: a caller that went away while the keys were read left the next ones without, for as
/// long as reading is not tried again.
#[tokio::test]
async fn a_caller_that_goes_away_does_not_leave_the_next_one_without_keys() {
    let clock = TestClock::new();
    let endpoint = Endpoint::start(key_set(&[&SigningKey::new("k1")])).await;
    let keys = endpoint.keys("/jwks", &clock);
    // Begun, and given up before anything can have come.
    assert!(tokio::time::timeout(Duration::ZERO, keys.get("k1")).await.is_err());
    assert!(keys.get("k1").await.unwrap().is_some());
    assert_eq!(endpoint.asked(), 1);
}

#[tokio::test]
async fn many_tasks_at_once_read_the_keys_once() {
    let clock = TestClock::new();
    let endpoint = Endpoint::start(key_set(&[&SigningKey::new("k1")])).await;
    let keys = Arc::new(endpoint.keys("/jwks", &clock));
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let keys = Arc::clone(&keys);
            tokio::spawn(async move { keys.get("k1").await.unwrap().is_some() })
        })
        .collect();
    for task in tasks {
        assert!(task.await.unwrap());
    }
    assert_eq!(endpoint.asked(), 1);
}

#[tokio::test]
async fn a_set_that_is_too_large_malformed_or_elsewhere_is_refused() {
    let clock = TestClock::new();
    let large = format!("{{\"keys\": [], \"padding\": \"{}\"}}", "a".repeat(300_000));
    let endpoint = Endpoint::start(large).await;
    let outcome = endpoint.keys("/jwks", &clock).get("k1").await;
    assert!(matches!(outcome, Err(KeyError::TooLarge(_))));
    endpoint.serve(StatusCode::OK, "<html>".to_owned());
    let outcome = endpoint.keys("/jwks", &clock).get("k1").await;
    assert!(matches!(outcome, Err(KeyError::Malformed(_))));
    let outcome = endpoint.keys("/moved", &clock).get("k1").await;
    assert!(matches!(outcome, Err(KeyError::Status(303))), "a redirect is not followed");
    let nowhere = Keys::new(KeySource::Url("http://127.0.0.1:1/".parse().unwrap()), clock.clock());
    assert!(matches!(nowhere.get("k1").await, Err(KeyError::Fetch(_))));
    assert!(matches!(nowhere.get("k1").await, Err(KeyError::TriedRecently)));
}

#[tokio::test]
async fn a_file_is_read_again_when_it_changes() {
    let clock = TestClock::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jwks.json");
    let keys = Keys::new(KeySource::File(path.clone()), clock.clock());
    assert!(matches!(keys.get("k1").await, Err(KeyError::File(_))));
    clock.advance(REFRESH_INTERVAL_SECONDS);
    std::fs::write(&path, key_set(&[&SigningKey::new("k1")])).unwrap();
    assert!(keys.get("k1").await.unwrap().is_some());
}

#[tokio::test]
async fn keys_for_other_uses_are_passed_over() {
    let (mut encryption, mut odd, good) =
        (SigningKey::new("e"), SigningKey::new("o"), SigningKey::new("k1"));
    encryption.jwk["use"] = json!("enc");
    odd.jwk["alg"] = json!("ECDH-ES");
    let clock = TestClock::new();
    let keys = Keys::new(KeySource::Inline(key_set(&[&encryption, &odd, &good])), clock.clock());
    assert!(keys.get("e").await.unwrap().is_none());
    assert!(keys.get("o").await.unwrap().is_none());
    let key = keys.get("k1").await.unwrap().unwrap();
    assert!(key.is_for(Algorithm::ES256));
    assert!(!key.is_for(Algorithm::ES384), "the set says which algorithm the key is for");
    assert!(!key.is_for(Algorithm::RS256));
}

/// Keys that are there or not, as a test says.
#[derive(Debug, Default)]
struct Ring(std::sync::Mutex<Vec<(String, PublicKey)>>);

impl KeyRing for Ring {
    fn public_key(&self, kid: &str) -> Option<PublicKey> {
        let keys = self.0.lock().unwrap();
        keys.iter().find(|(id, _)| id == kid).map(|(_, key)| key.clone())
    }
}

#[tokio::test]
async fn keys_of_this_process_are_asked_for_each_time() {
    let ring = Arc::new(Ring::default());
    let source = KeySource::InProcess(crate::InProcessKeys(ring.clone()));
    let keys = Keys::new(source, TestClock::new().clock());
    assert!(keys.get("k1").await.unwrap().is_none());
    let key = PublicKey::from_jwk(&SigningKey::new("k1").jwk).unwrap();
    ring.0.lock().unwrap().push(("k1".to_owned(), key));
    assert!(keys.get("k1").await.unwrap().is_some());
    ring.0.lock().unwrap().clear();
    assert!(keys.get("k1").await.unwrap().is_none());
}
