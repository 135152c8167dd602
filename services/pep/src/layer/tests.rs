use std::sync::Mutex;

use async_trait::async_trait;
use axum::{
    Extension, Router,
    body::Body,
    http::{StatusCode, header},
    routing::get,
};
use fullmakt_events::{LedgerId, Position};
use fullmakt_http::ConsistencyToken;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::*;
use crate::{
    AccessAnswer, AccessQuestion, Decision, DecisionPointError, Obligation, Subject,
    testing::{SigningKey, claims, verifier},
};

const ID: DecisionId = DecisionId::new(Uuid::from_u128(7));
const PARTY: &str = "0197a000-0000-7000-8000-000000000004";

type Outcome = Result<(Decision, Vec<Obligation>), fn() -> DecisionPointError>;

/// A decision point that gives one answer and remembers the questions.
struct Point {
    outcome: Outcome,
    asked: Mutex<Vec<AccessQuestion>>,
}

#[async_trait]
impl DecisionPoint for Point {
    async fn decide(&self, question: AccessQuestion) -> Result<AccessAnswer, DecisionPointError> {
        self.asked.lock().unwrap().push(question);
        let (decision, obligations) = self.outcome.clone().map_err(|error| error())?;
        Ok(AccessAnswer {
            decision,
            decision_id: ID,
            position: Position::new(9),
            streams: Vec::new(),
            obligations,
            reason: String::new(),
        })
    }
}

struct Setting {
    key: SigningKey,
    point: Arc<Point>,
    routes: Router,
}

async fn read(permitted: Permitted) -> String {
    permitted.decision().to_string()
}

/// A service whose decision point gives this answer.
fn setting(outcome: Outcome) -> Setting {
    let key = SigningKey::new("k1");
    let point = Arc::new(Point { outcome, asked: Mutex::default() });
    let enforcement = Enforcement::new(verifier(&key), point.clone());
    let may = |party| Permit::new("read", "vat-return", party);
    let scoped = may(PartyInPath::Uuid("party")).with_any_scope(&["altinn:a", "altinn:c"]);
    let other_scope = may(PartyInPath::Uuid("party")).with_any_scope(&["altinn:c"]);
    let routes = Router::new()
        .route("/number/{party}/{id}", get(read).route_layer(may(PartyInPath::Number("party"))))
        .route("/org/{organisation}", get(read).route_layer(may(PartyInPath::Org("organisation"))))
        .route("/uuid/{party}", get(read).route_layer(may(PartyInPath::Uuid("party"))))
        .route("/scoped/{party}", get(read).route_layer(scoped))
        .route("/other-scope/{party}", get(read).route_layer(other_scope))
        .route("/no-party", get(read).route_layer(may(PartyInPath::Org("organisation"))))
        .route("/no-permit", get(read))
        .layer(Extension(enforcement));
    Setting { key, point, routes }
}

/// A service whose decision point permits everything from level 3.
fn permitting() -> Setting {
    setting(Ok((Decision::Permit, vec![Obligation::MinimumAuthLevel(3)])))
}

struct Answer {
    status: StatusCode,
    decision: Option<String>,
    retry_after: Option<String>,
    body: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

impl Setting {
    /// Asks with a token that has these claims besides.
    async fn get(&self, path: &str, changes: &Value) -> Answer {
        self.send(path, Some(&self.key.sign(&claims(changes))), None).await
    }

    /// Asks as an organisation at level 3.
    async fn asked(&self, path: &str) -> Answer {
        self.get(path, &json!({"urn:altinn:authlevel": 3})).await
    }

    async fn send(&self, path: &str, token: Option<&str>, min_position: Option<&str>) -> Answer {
        let mut request = Request::builder().uri(path);
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(position) = min_position {
            request = request.header("fullmakt-min-position", position);
        }
        answered(&self.routes, request.body(Body::empty()).unwrap()).await
    }

    fn asked_about(&self) -> Vec<AccessQuestion> {
        self.point.asked.lock().unwrap().clone()
    }
}

async fn answered(routes: &Router, request: Request) -> Answer {
    let response = routes.clone().oneshot(request).await.unwrap();
    let text = |name: HeaderName| Some(response.headers().get(name)?.to_str().unwrap().to_owned());
    let (decision, retry_after) = (text(FULLMAKT_DECISION), text(header::RETRY_AFTER));
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec();
    Answer { status, decision, retry_after, body }
}

#[tokio::test]
async fn who_is_permitted_reaches_the_handler_and_the_answer_names_the_decision() {
    let setting = permitting();
    let answer = setting.asked("/org/319900128").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.decision, Some(ID.to_string()));
    assert_eq!(answer.body, ID.to_string().into_bytes());
    let asked = setting.asked_about();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].subject, Subject::Org("319900101".parse().unwrap()));
    assert_eq!((asked[0].action.as_str(), asked[0].resource.as_str()), ("read", "vat-return"));
    assert_eq!(asked[0].party, PartyRef::Org("319900128".parse().unwrap()));
    assert_eq!((asked[0].auth_level, asked[0].min_position), (Some(3), None));
}

#[tokio::test]
async fn the_party_is_read_from_the_path_by_whichever_name_the_route_has() {
    let setting = permitting();
    for (path, party) in [
        ("/number/50000004/x", PartyRef::Number(PartyNumber::new(50_000_004))),
        ("/org/319900128", PartyRef::Org("319900128".parse().unwrap())),
        (&format!("/uuid/{PARTY}"), PartyRef::Uuid(PARTY.parse::<Uuid>().unwrap().into())),
    ] {
        assert_eq!(setting.asked(path).await.status, StatusCode::OK, "{path}");
        assert_eq!(setting.asked_about().last().unwrap().party, party);
    }
}

#[tokio::test]
async fn a_party_that_cannot_be_read_is_refused_without_a_decision() {
    let setting = permitting();
    for path in ["/number/-1/x", "/org/319900129", "/org/x", "/uuid/1", "/no-party", "/org/%ff"] {
        let answer = setting.asked(path).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(answer.decision, None);
    }
    let body = setting.asked("/org/319900129").await.json();
    assert_eq!(body["errors"][0]["pointer"], "{organisation}");
    assert_eq!(setting.asked_about(), []);
}

#[tokio::test]
async fn everything_but_a_permit_is_refused_with_the_decision() {
    for decision in [Decision::Deny, Decision::NotApplicable, Decision::Indeterminate] {
        let setting = setting(Ok((decision, Vec::new())));
        let answer = setting.asked("/org/319900128").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{decision:?}");
        assert_eq!(answer.decision, Some(ID.to_string()));
    }
}

#[tokio::test]
async fn obligations_are_fulfilled_or_nobody_is_let_through() {
    let unknown = Obligation::Unknown("urn:other".to_owned());
    for (obligation, level, status) in [
        (Obligation::MinimumAuthLevel(3), json!(3), StatusCode::OK),
        (Obligation::MinimumAuthLevel(4), json!(3), StatusCode::FORBIDDEN),
        (Obligation::MinimumAuthLevel(1), json!(null), StatusCode::FORBIDDEN),
        (Obligation::MinimumAuthLevelOrg(4), json!(3), StatusCode::OK),
        (unknown, json!(4), StatusCode::FORBIDDEN),
    ] {
        let setting = setting(Ok((Decision::Permit, vec![obligation.clone()])));
        let answer = setting.get("/org/319900128", &json!({"urn:altinn:authlevel": level})).await;
        assert_eq!(answer.status, status, "{obligation:?}");
        assert_eq!(answer.decision, Some(ID.to_string()));
    }
    let org = json!({"urn:altinn:authlevel": 3, "urn:altinn:org": "skd"});
    let setting = setting(Ok((Decision::Permit, vec![Obligation::MinimumAuthLevelOrg(4)])));
    assert_eq!(setting.get("/org/319900128", &org).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn without_an_answer_nobody_is_let_through_and_may_try_again() {
    let not_fresh: fn() -> DecisionPointError = || DecisionPointError::NotFresh;
    let away: fn() -> DecisionPointError = || DecisionPointError::Unavailable("away".into());
    for (error, problem) in [(not_fresh, "not-fresh"), (away, "unavailable")] {
        let setting = setting(Err(error));
        let answer = setting.asked("/org/319900128").await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.retry_after.as_deref(), Some("1"));
        assert_eq!(answer.json()["type"], format!("/problems/{problem}"));
        assert_eq!(answer.decision, None);
    }
}

#[tokio::test]
async fn without_a_token_that_holds_nothing_is_asked() {
    let setting = permitting();
    let stranger = SigningKey::new("k1").sign(&claims(&json!({})));
    for token in [None, Some("x"), Some(stranger.as_str())] {
        // Not even whether the party could be read is said.
        for path in ["/org/319900128", "/org/x"] {
            let answer = setting.send(path, token, None).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{token:?}");
        }
    }
    assert_eq!(setting.get("/org/319900128", &json!({"exp": 1})).await.status, 401);
    assert_eq!(setting.asked_about(), []);
}

#[tokio::test]
async fn a_scope_that_is_needed_is_looked_at_before_the_decision_point_is_asked() {
    let setting = permitting();
    assert_eq!(setting.asked(&format!("/scoped/{PARTY}")).await.status, StatusCode::OK);
    assert_eq!(setting.asked_about().len(), 1);
    let answer = setting.asked(&format!("/other-scope/{PARTY}")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(answer.json()["type"], "/problems/missing-scope");
    assert_eq!(setting.asked("/other-scope/x").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(setting.asked_about().len(), 1);
}

#[tokio::test]
async fn the_position_that_the_caller_insists_on_is_passed_on() {
    let setting = permitting();
    let token = setting.key.sign(&claims(&json!({"urn:altinn:authlevel": 3})));
    let position = ConsistencyToken::new(LedgerId::new(Uuid::from_u128(1)), Position::new(5));
    let text = position.to_string();
    let answer = setting.send("/org/319900128", Some(&token), Some(&text)).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(setting.asked_about()[0].min_position, Some(position));
    let answer = setting.send("/org/319900128", Some(&token), Some("x")).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(setting.asked_about().len(), 1);
}

#[tokio::test]
async fn a_route_that_is_not_guarded_serves_nobody() {
    let setting = permitting();
    let answer = setting.asked("/no-permit").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    let may_read = Permit::new("read", "vat-return", PartyInPath::Org("organisation"));
    let routes = Router::new().route("/{organisation}", get(read).route_layer(may_read));
    let request = Request::builder().uri("/319900128").body(Body::empty()).unwrap();
    let answer = answered(&routes, request).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(setting.asked_about(), []);
}
