use axum::{Json, Router, body::Body, extract::DefaultBodyLimit, http::Request, routing};
use serde::Deserialize;
use serde_json::json;

use super::*;
use crate::testing::{Answer, post, send};

#[derive(Deserialize)]
struct Body1 {
    name: String,
}

fn routes() -> Router {
    Router::new()
        .route("/", routing::post(async |StrictJson(body): StrictJson<Body1>| Json(body.name)))
        .route("/o", routing::post(async |OpenJson(body): OpenJson<Body1>| Json(body.name)))
        .route("/c", routing::post(async |CompatJson(body): CompatJson<Body1>| Json(body.name)))
        .route("/t", routing::post(async |TrimmedJson(body): TrimmedJson<Body1>| Json(body.name)))
        .route(
            "/raw",
            routing::post(async |body: RawBody| Json((body.media_type, body.bytes.len()))),
        )
        .layer(DefaultBodyLimit::max(64))
}

async fn to(path: &str, body: &'static str) -> Answer {
    let mut request = post(body);
    *request.uri_mut() = path.parse().unwrap();
    send(routes(), request).await
}

#[tokio::test]
async fn each_flavour_reads_by_its_rules() {
    assert_eq!(to("/", r#"{"name": " a "}"#).await.json(), " a ");
    assert_eq!(to("/c", r#"{"NAME": " a ", "x": 1}"#).await.json(), " a ");
    assert_eq!(to("/t", r#"{"Name": " a "}"#).await.json(), "a");
}

#[tokio::test]
async fn each_flavour_refuses_in_its_shape() {
    let answer = to("/", r#"{"name": 1, "x": 2}"#).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.json()["errors"][0]["pointer"], "/x");
    let answer = to("/", "{").await;
    assert_eq!(answer.json()["type"], "/problems/malformed-request");
    assert_eq!(answer.json()["detail"], "the body stops being JSON at line 1, column 1");
    for path in ["/c", "/t"] {
        let answer = to(path, r#"{"name": 1}"#).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        let expected = json!({"name": ["`1` stands where a text is needed"]});
        assert_eq!(answer.json()["errors"], expected);
        assert_eq!(
            to(path, "").await.json()["errors"]["$"][0],
            "the body is empty; JSON is needed"
        );
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_413() {
    let long = Box::leak(format!(r#"{{"name": "{}"}}"#, "a".repeat(64)).into_boxed_str());
    for path in ["/", "/c", "/t", "/raw"] {
        let answer = to(path, long).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        assert_eq!(answer.json()["type"], "/problems/too-large");
    }
}

#[tokio::test]
async fn another_media_type_is_415_and_variants_of_json_are_not() {
    let with = |media_type: Option<&str>| {
        let mut request = Request::post("/");
        if let Some(media_type) = media_type {
            request = request.header("content-type", media_type);
        }
        request.body(Body::from(r#"{"name": "a"}"#)).unwrap()
    };
    for media_type in [None, Some("text/plain"), Some("application/xml"), Some("text/json+json")] {
        let answer = send(routes(), with(media_type)).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{media_type:?}");
    }
    for media_type in ["application/json; charset=utf-8", "Application/JSON", "application/a+json"]
    {
        assert_eq!(send(routes(), with(Some(media_type))).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_raw_body_comes_with_its_media_type() {
    let request = Request::post("/raw").header("content-type", "Application/XML; charset=utf-8");
    let answer = send(routes(), request.body(Body::from("<a/>")).unwrap()).await;
    assert_eq!(answer.json(), json!(["application/xml", 4]));
}

#[tokio::test]
async fn an_open_body_may_have_more_and_is_a_bad_request_whatever_is_wrong_with_it() {
    assert_eq!(to("/o", r#"{"name": " a ", "x": {"y": 1}}"#).await.json(), " a ");
    for body in ["", "{", "[]", "{}", r#"{"NAME": "a"}"#, r#"{"name": 1}"#] {
        assert_eq!(to("/o", body).await.status, StatusCode::BAD_REQUEST, "{body}");
    }
    for media_type in ["text/plain", "application/x-www-form-urlencoded", ""] {
        let mut request = post(r#"{"name": "a"}"#);
        *request.uri_mut() = "/o".parse().unwrap();
        request.headers_mut().insert("content-type", media_type.parse().unwrap());
        let answer = send(routes(), request).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{media_type}");
        assert_eq!(answer.json()["type"], "/problems/malformed-request");
    }
}
