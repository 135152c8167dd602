use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
    response::Response,
    routing,
};
use fullmakt_http::identify;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::*;
use crate::{
    IssuerProfile, KeySource, TrustedIssuer,
    testing::{SigningKey, TestClock, claims, key_set, trusted},
};

struct Setting {
    key: SigningKey,
    routes: Router,
}

fn setting() -> Setting {
    let key = SigningKey::new("k1");
    let platform = TrustedIssuer {
        issuer: "platform".to_owned(),
        profile: IssuerProfile::PlatformAccess,
        audiences: Vec::new(),
        ..trusted(KeySource::Inline(key_set(&[&key])))
    };
    let issuers = vec![trusted(KeySource::Inline(key_set(&[&key]))), platform];
    let verifier = TokenVerifier::new(issuers, TestClock::new().clock()).unwrap();
    let noted = || RequestContext::current().unwrap().caller_org().map(|org| org.to_string());
    let routes = Router::new()
        .route(
            "/",
            routing::get(async move |Authenticated(caller): Authenticated| {
                format!("{:?} {}", caller.kind, noted().unwrap_or_default())
            }),
        )
        .route(
            "/internal",
            routing::get(async |PlatformOrBearer(caller): PlatformOrBearer| {
                format!("{:?}", caller.kind)
            }),
        )
        .with_state(verifier);
    Setting { key, routes: identify(routes) }
}

impl Setting {
    async fn get(&self, uri: &str, headers: &[(&str, &str)]) -> (Response, String) {
        let mut request = Request::get(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        let (parts, body) = self.routes.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        (Response::from_parts(parts, Body::empty()), text)
    }

    fn token(&self, changes: &Value) -> String {
        self.key.sign(&claims(changes))
    }
}

#[tokio::test]
async fn a_bearer_token_says_who_calls_and_the_canonical_line_hears_of_it() {
    let setting = setting();
    let token = setting.token(&json!({}));
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let header = format!("{scheme} {token}");
        let (response, text) = setting.get("/", &[("authorization", &header)]).await;
        assert_eq!(
            (response.status(), text.as_str()),
            (StatusCode::OK, "SystemProvider 319900101")
        );
    }
}

#[tokio::test]
async fn without_a_token_the_answer_is_a_challenge_without_an_error() {
    let (response, text) = setting().get("/", &[]).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(response.headers()["www-authenticate"], "Bearer");
    assert!(text.contains("send an access token"), "{text}");
}

#[tokio::test]
async fn a_bad_token_is_told_what_is_wrong_and_is_not_repeated() {
    let setting = setting();
    let token = setting.token(&json!({"exp": 1}));
    let (response, text) = setting.get("/", &[("authorization", &format!("Bearer {token}"))]).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(
        response.headers()["www-authenticate"],
        "Bearer error=\"invalid_token\", \
         error_description=\"the token has expired; get a new one\""
    );
    let signature = token.rsplit('.').next().unwrap();
    assert!(text.contains("expired") && !text.contains(signature), "{text}");
}

#[tokio::test]
async fn other_schemes_and_double_headers_are_refused() {
    let setting = setting();
    let token = setting.token(&json!({}));
    let bearer = format!("Bearer {token}");
    for headers in [
        vec![("authorization", "Basic YTpi")],
        vec![("authorization", "Bearer")],
        vec![("authorization", "Bearer ")],
        vec![("authorization", token.as_str())],
        vec![("authorization", "Bearer a b")],
        vec![("authorization", bearer.as_str()), ("authorization", bearer.as_str())],
    ] {
        let (response, _) = setting.get("/", &headers).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{headers:?}");
        assert_eq!(response.headers()["www-authenticate"], "Bearer error=\"invalid_request\"");
    }
}

#[tokio::test]
async fn an_issuers_name_cannot_break_out_of_the_challenge() {
    let setting = setting();
    let token = setting.token(&json!({"iss": "a\", realm=\"b\r\nx: y"}));
    let (response, _) = setting.get("/", &[("authorization", &format!("Bearer {token}"))]).await;
    let challenge = response.headers()["www-authenticate"].to_str().unwrap();
    assert_eq!(challenge.matches('"').count(), 4, "{challenge}");
    assert_eq!(response.headers().get("x"), None);
}

#[tokio::test]
async fn a_platform_token_is_taken_where_the_route_says_so_and_must_hold() {
    let setting = setting();
    let platform = setting.token(&json!({"iss": "platform"}));
    let bearer = format!("Bearer {}", setting.token(&json!({})));
    let (_, text) = setting.get("/internal", &[("PlatformAccessToken", &platform)]).await;
    assert_eq!(text, "Platform");
    let (_, text) = setting.get("/internal", &[("authorization", &bearer)]).await;
    assert_eq!(text, "SystemProvider");
    let bad = [("PlatformAccessToken", "x"), ("authorization", bearer.as_str())];
    let (response, _) = setting.get("/internal", &bad).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    let (response, _) = setting.get("/", &[("PlatformAccessToken", &platform)]).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    let (response, _) = setting.get("/internal", &[]).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
}
