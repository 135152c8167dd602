use std::future::pending;

use axum::{
    http::{Request, StatusCode},
    routing,
};

use super::*;
use crate::{
    PublicUrl, RequestId,
    testing::{get, post, send},
};

fn routes(settings: &EdgeSettings) -> Router {
    let routes = Router::new()
        .route("/id", routing::get(async |id: RequestId| id.to_string()))
        .route("/url", routing::get(async |url: PublicUrl| url.of("/x")))
        .route("/panic", routing::get(async || -> &'static str { panic!("secret 12345678901") }))
        .route("/slow", routing::get(async || pending::<&'static str>().await))
        .route("/", routing::post(async |body: crate::RawBody| body.bytes.len().to_string()));
    identify(protect(routes, settings))
}

fn edge() -> Router {
    routes(&EdgeSettings::default())
}

#[tokio::test]
async fn the_callers_request_id_is_used_and_echoed() {
    let mut request = get("/id");
    request.headers_mut().insert("x-request-id", "abc/1.2:3".parse().unwrap());
    let answer = send(edge(), request).await;
    assert_eq!(answer.text, "abc/1.2:3");
    assert_eq!(answer.header("x-request-id"), "abc/1.2:3");
}

#[tokio::test]
async fn a_missing_or_harmful_request_id_is_replaced() {
    let long = "a".repeat(129);
    for value in [None, Some(""), Some("a b"), Some("a\"b"), Some("a\tb"), Some(long.as_str())] {
        let mut request = get("/id");
        if let Some(value) = value {
            request.headers_mut().insert("x-request-id", value.parse().unwrap());
        }
        let answer = send(edge(), request).await;
        assert!(answer.text.parse::<uuid::Uuid>().is_ok(), "{value:?}: {}", answer.text);
        assert_eq!(answer.header("x-request-id"), answer.text);
    }
}

#[tokio::test]
async fn a_request_id_that_is_refused_is_replaced_and_others_are_not() {
    let routes = Router::new().route("/id", routing::get(async |id: RequestId| id.to_string()));
    let routes = identify_unless(routes, |id| id.contains("12838549045"));
    for (id, is_kept) in [("x-12838549045", false), ("x-12838549046", true)] {
        let mut request = get("/id");
        request.headers_mut().insert("x-request-id", id.parse().unwrap());
        let answer = send(routes.clone(), request).await;
        assert_eq!(answer.text == id, is_kept, "{id}");
        assert_eq!(answer.header("x-request-id"), answer.text);
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems_with_the_request_id() {
    let answer = send(edge(), get("/nowhere")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.json()["type"], "/problems/not-found");
    assert_eq!(answer.json()["instance"], answer.header("x-request-id"));
    let answer = send(edge(), Request::delete("/id").body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.json()["type"], "/problems/method-not-allowed");
    assert_eq!(answer.header("allow"), "GET,HEAD");
}

#[tokio::test]
async fn a_panic_is_an_opaque_500() {
    let answer = send(edge(), get("/panic")).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.json()["type"], "/problems/internal");
    assert_eq!(answer.json()["instance"], answer.header("x-request-id"));
    assert!(!answer.text.contains("secret"), "{}", answer.text);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_does_not_come_in_time_is_503() {
    let answer = send(edge(), get("/slow")).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.header("retry-after"), "1");
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_and_one_at_it_is_not() {
    let settings = EdgeSettings { body_bytes_max: 8, ..EdgeSettings::default() };
    assert_eq!(send(routes(&settings), post("12345678")).await.text, "8");
    let answer = send(routes(&settings), post("123456789")).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn the_configured_address_reaches_the_handlers_and_problem_pages_are_there() {
    let address = Some(PublicAddress::new("https://p.example"));
    let settings = EdgeSettings { public_address: address, ..EdgeSettings::default() };
    assert_eq!(send(routes(&settings), get("/url")).await.text, "https://p.example/x");
    assert_eq!(send(edge(), get("/problems/internal")).await.status, StatusCode::OK);
}
