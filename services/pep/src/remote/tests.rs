use std::sync::{Arc, Mutex};

use axum::{Json, Router, http, response::IntoResponse, routing::post};
use fullmakt_events::{DecisionId, LedgerId, PartyId, PartyNumber, Position, SystemUserId};
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::{Decision, Obligation, PartyRef, Subject};

const DECISION: Uuid = Uuid::from_u128(7);
const ASK: Uuid = Uuid::from_u128(8);

fn position() -> ConsistencyToken {
    ConsistencyToken::new(LedgerId::new(Uuid::from_u128(1)), Position::new(9))
}

/// What a decision point on this machine answers, and what it was asked.
#[derive(Clone)]
struct Elsewhere {
    answer: Arc<Mutex<(u16, HeaderMap, Value)>>,
    asked: Arc<Mutex<Vec<(HeaderMap, Value)>>>,
    point: RemotePoint,
    token: Arc<watch::Sender<String>>,
}

impl Elsewhere {
    async fn start() -> Self {
        let answer = Arc::new(Mutex::new((200, headers(), permit())));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (given, noted) = (Arc::clone(&answer), Arc::clone(&asked));
        let authorize = post(async move |headers: http::HeaderMap, Json(body): Json<Value>| {
            noted.lock().unwrap().push((headers, body));
            let (status, headers, body) = given.lock().unwrap().clone();
            (http::StatusCode::from_u16(status).unwrap(), headers, Json(body)).into_response()
        });
        let routes = Router::new().route("/under/authorization/api/v1/authorize", authorize);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/under", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        let (token, read) = watch::channel("token-1".to_owned());
        let point = RemotePoint::new(&address.parse().unwrap(), read).unwrap();
        Self { answer, asked, point, token: Arc::new(token) }
    }

    fn answers(&self, status: u16, headers: HeaderMap, body: Value) {
        *self.answer.lock().unwrap() = (status, headers, body);
    }

    async fn decide(&self) -> Result<AccessAnswer, DecisionPointError> {
        self.point.decide(question()).await
    }

    fn last_asked(&self) -> (HeaderMap, Value) {
        self.asked.lock().unwrap().last().unwrap().clone()
    }
}

fn headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(FULLMAKT_POSITION, position().to_string().parse().unwrap());
    headers.insert(FULLMAKT_DECISION, DECISION.to_string().parse().unwrap());
    headers
}

fn result(decision: &str, obligations: &Value) -> Value {
    json!({"decision": decision, "obligations": obligations, "status": {}, "category": null})
}

fn permit() -> Value {
    let level = json!({"attributeId": "a", "value": "3", "issuer": null,
        "category": "urn:altinn:minimum-authenticationlevel"});
    let obligations = json!([{"id": "o", "attributeAssignment": [level]}]);
    json!({"response": [result("Permit", &obligations)]})
}

fn question() -> AccessQuestion {
    AccessQuestion {
        subject: Subject::SystemUser(SystemUserId::new(Uuid::from_u128(3))),
        action: "read".to_owned(),
        resource: "vat-return".parse().unwrap(),
        party: PartyRef::Org("319900128".parse().unwrap()),
        auth_level: Some(3),
        min_position: None,
        ask_id: DecisionId::new(ASK),
    }
}

#[tokio::test]
async fn a_permit_comes_with_its_decision_its_position_and_its_obligations() {
    let elsewhere = Elsewhere::start().await;
    let answer = elsewhere.decide().await.unwrap();
    let expected = AccessAnswer {
        decision: Decision::Permit,
        decision_id: DecisionId::new(DECISION),
        position: Position::new(9),
        streams: Vec::new(),
        obligations: vec![Obligation::MinimumAuthLevel(3)],
        reason: String::new(),
    };
    assert_eq!(answer, expected);
}

#[tokio::test]
async fn it_is_asked_in_the_words_of_the_contract_with_the_newest_token() {
    let elsewhere = Elsewhere::start().await;
    elsewhere.decide().await.unwrap();
    let (headers, body) = elsewhere.last_asked();
    assert_eq!(headers["authorization"], "Bearer token-1");
    assert_eq!(headers["x-request-id"], ASK.to_string());
    assert!(!headers.contains_key(FULLMAKT_MIN_POSITION));
    let request = &body["Request"];
    let attribute = |category: &str, index: usize| {
        let attribute = &request[category][0]["Attribute"][index];
        (attribute["AttributeId"].clone(), attribute["Value"].clone())
    };
    let user = Uuid::from_u128(3).to_string();
    assert_eq!(attribute("AccessSubject", 0), ("urn:altinn:systemuser:uuid".into(), user.into()));
    assert_eq!(attribute("Resource", 0), ("urn:altinn:resource".into(), "vat-return".into()));
    let org = "urn:altinn:organization:identifier-no";
    assert_eq!(attribute("Resource", 1), (org.into(), "319900128".into()));
    let action = "urn:oasis:names:tc:xacml:1.0:action:action-id";
    assert_eq!(attribute("Action", 0), (action.into(), "read".into()));

    elsewhere.token.send("token-2".to_owned()).unwrap();
    let asked = AccessQuestion { min_position: Some(position()), ..question() };
    elsewhere.point.decide(asked).await.unwrap();
    let (headers, _) = elsewhere.last_asked();
    assert_eq!(headers["authorization"], "Bearer token-2");
    assert_eq!(headers[FULLMAKT_MIN_POSITION], position().to_string());
}

#[tokio::test]
async fn subjects_and_parties_are_named_by_what_the_question_has() {
    let elsewhere = Elsewhere::start().await;
    let (uuid, org) = (Uuid::from_u128(5), "319900128");
    let party = PartyId::new(uuid);
    let (uuid_id, org_id) = ("urn:altinn:party:uuid", "urn:altinn:organization:identifier-no");
    for (subject, id, value) in [
        (Subject::Person(party), uuid_id, uuid.to_string()),
        (Subject::Org(org.parse().unwrap()), org_id, org.to_owned()),
    ] {
        elsewhere.point.decide(AccessQuestion { subject, ..question() }).await.unwrap();
        let (_, body) = elsewhere.last_asked();
        let expected = json!({"AttributeId": id, "Value": value});
        assert_eq!(body["Request"]["AccessSubject"][0]["Attribute"], json!([expected]));
    }
    for (party, id, value) in [
        (PartyRef::Uuid(party), uuid_id, uuid.to_string()),
        (PartyRef::Number(PartyNumber::new(5)), "urn:altinn:partyid", "5".to_owned()),
    ] {
        elsewhere.point.decide(AccessQuestion { party, ..question() }).await.unwrap();
        let (_, body) = elsewhere.last_asked();
        let expected = json!({"AttributeId": id, "Value": value});
        assert_eq!(body["Request"]["Resource"][0]["Attribute"][1], expected);
    }
}

#[tokio::test]
async fn the_other_decisions_are_read_and_unknown_obligations_are_kept() {
    let elsewhere = Elsewhere::start().await;
    for (name, decision) in [
        ("Deny", Decision::Deny),
        ("NotApplicable", Decision::NotApplicable),
        ("Indeterminate", Decision::Indeterminate),
    ] {
        elsewhere.answers(200, headers(), json!({"response": [result(name, &json!(null))]}));
        assert_eq!(elsewhere.decide().await.unwrap().decision, decision);
    }
    let obligations = json!([{"id": "urn:other", "attributeAssignment": []}]);
    elsewhere.answers(200, headers(), json!({"response": [result("Permit", &obligations)]}));
    let answer = elsewhere.decide().await.unwrap();
    assert_eq!(answer.obligations, [Obligation::Unknown("urn:other".to_owned())]);
}

#[tokio::test]
async fn what_is_not_exactly_one_decision_is_no_answer() {
    let elsewhere = Elsewhere::start().await;
    let one = result("Permit", &json!(null));
    let huge = json!({"response": [one], "padding": "a".repeat(ANSWER_BYTES_MAX)});
    for (status, body) in [
        (200, json!({"response": []})),
        (200, json!({"response": [one, one]})),
        (200, json!({"response": [result("permit", &json!(null))]})),
        (200, json!({"response": [result("Permit", &json!("none"))]})),
        (200, json!({"Response": [one]})),
        (200, json!("Permit")),
        (200, huge),
        (201, permit()),
        (303, permit()),
        (403, permit()),
        (500, permit()),
    ] {
        elsewhere.answers(status, headers(), body.clone());
        let answer = elsewhere.decide().await;
        assert!(matches!(answer, Err(DecisionPointError::Unavailable(_))), "{status}: {answer:?}");
    }
    for name in [FULLMAKT_POSITION, FULLMAKT_DECISION] {
        let mut headers = headers();
        headers.insert(&name, "x".parse().unwrap());
        elsewhere.answers(200, headers.clone(), permit());
        assert!(elsewhere.decide().await.is_err(), "{name}");
        headers.remove(&name);
        elsewhere.answers(200, headers, permit());
        assert!(elsewhere.decide().await.is_err(), "{name}");
    }
}

#[tokio::test]
async fn why_there_is_no_decision_is_told_apart() {
    let elsewhere = Elsewhere::start().await;
    let problem = |slug: &str| json!({"type": format!("/problems/{slug}"), "title": ""});
    elsewhere.answers(503, HeaderMap::new(), problem("not-fresh"));
    assert!(matches!(elsewhere.decide().await, Err(DecisionPointError::NotFresh)));
    for slug in ["another-ledger", "position-beyond-end"] {
        elsewhere.answers(400, HeaderMap::new(), problem(slug));
        assert!(matches!(elsewhere.decide().await, Err(DecisionPointError::NoSuchPosition)));
    }
    elsewhere.answers(503, HeaderMap::new(), problem("unavailable"));
    assert!(matches!(elsewhere.decide().await, Err(DecisionPointError::Unavailable(_))));
}

#[tokio::test]
async fn a_decision_point_that_is_away_is_no_answer() {
    let (_token, read) = watch::channel(String::new());
    let point = RemotePoint::new(&"http://127.0.0.1:1/".parse().unwrap(), read).unwrap();
    let answer = point.decide(question()).await;
    assert!(matches!(answer, Err(DecisionPointError::Unavailable(_))), "{answer:?}");
}

#[test]
fn an_address_that_is_none_or_where_others_could_listen_is_refused() {
    let at = |address: &str| {
        let (_token, read) = watch::channel(String::new());
        RemotePoint::new(&address.parse().unwrap(), read).map(|_| ())
    };
    for address in ["https://fullmakt.example.no", "https://a.example/under", "http://127.0.0.1:80"]
    {
        assert!(at(address).is_ok(), "{address}");
    }
    for address in ["http://fullmakt.example.no/", "mailto:somebody@example.no"] {
        assert!(matches!(at(address), Err(RemotePointError::Insecure(_))), "{address}");
    }
}
