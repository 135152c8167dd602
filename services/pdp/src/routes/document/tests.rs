use axum::{body::Bytes, extract::State, http::StatusCode as HttpStatus};
use fullmakt_events::event::{RegistryRequired, ResourceEvent};
use fullmakt_http::{Language, RawBody};
use fullmakt_ledger::Fold;
use fullmakt_pep::{Authenticated, PlatformOrBearer, TokenVerifier};
use fullmakt_readstore::testing::TestDatabase;
use fullmakt_vault::Vault;
use http_body_util::BodyExt;
use serde_json::{Value, json};

use super::*;
use crate::{
    GenerationFold,
    routes::{authorize::authorize, decision::decision},
    testing::{
        COMPANY_ORG, Manner, PAYROLL_REPORT, Tape, VAT_OWNER, VAT_RETURN, caller, decisions, fold,
        now, records, system_user,
    },
};

const PLAIN: &str = "altinn:authorization/authorize";
const ADMIN: &str = "altinn:authorization/authorize.admin";
const NUMBER: &str = "12838549045";
/// As many as the longest document of these tests asks for.
const BATCH_MAX: usize = 5;

/// The decision endpoints, with the log of their decisions.
struct Setting {
    state: PdpState,
    tape: Tape,
    _database: TestDatabase,
    _keys: tempfile::TempDir,
}

async fn setting() -> Setting {
    setting_of(&fold()).await
}

async fn setting_of(fold: &GenerationFold) -> Setting {
    let database = TestDatabase::create();
    let keys = tempfile::tempdir().unwrap();
    let vault = Vault::open(database.database().pool().unwrap(), keys.path()).await.unwrap();
    let tape = Tape::new(Manner::Takes).await;
    let decisions = decisions(fold, &tape).await;
    let verifier = TokenVerifier::new(Vec::new(), std::sync::Arc::new(now)).unwrap();
    let state = PdpState { decisions, vault, verifier, batch_max: BATCH_MAX };
    Setting { state, tape, _database: database, _keys: keys }
}

impl Setting {
    async fn authorize(&self, caller: Caller, body: &Value) -> (HttpStatus, Value) {
        let answer = authorize(
            State(self.state.clone()),
            Authenticated(caller),
            MinPosition(None),
            RequestId::make(),
            Explain { detail: None, language: Language::English },
            raw(body),
        );
        read(answer.await).await
    }

    async fn decision(&self, caller: Caller, body: &Value) -> (HttpStatus, Value) {
        let answer = decision(
            State(self.state.clone()),
            PlatformOrBearer(caller),
            MinPosition(None),
            RequestId::make(),
            Explain { detail: None, language: Language::English },
            raw(body),
        );
        read(answer.await).await
    }
}

fn raw(body: &Value) -> RawBody {
    RawBody { bytes: Bytes::from(body.to_string()), media_type: "application/json".to_owned() }
}

async fn read(answer: Result<Response, Problem>) -> (HttpStatus, Value) {
    let response = answer.into_response();
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap())
}

fn attributes(id: &str, attributes: &[(&str, &str)]) -> Value {
    let attribute = |(id, value): &(&str, &str)| json!({"AttributeId": id, "Value": value});
    json!({"Id": id, "Attribute": attributes.iter().map(attribute).collect::<Vec<_>>()})
}

fn resource(id: &str, resource: &str) -> Value {
    let party = ("urn:altinn:organization:identifier-no", COMPANY_ORG);
    attributes(id, &[("urn:altinn:resource", resource), party])
}

fn action(id: &str, action: &str) -> Value {
    attributes(id, &[("urn:oasis:names:tc:xacml:1.0:action:action-id", action)])
}

/// Whether the general manager may do this.
fn asks(resource_id: &str, action_id: &str) -> Value {
    json!({"Request": {
        "AccessSubject": [attributes("s1", &[("urn:altinn:userid", "50001")])],
        "Action": [action("a1", action_id)],
        "Resource": [resource("r1", resource_id)],
    }})
}

fn decisions_of(answer: &Value) -> Vec<&str> {
    let results = answer["response"].as_array().unwrap();
    results.iter().map(|result| result["decision"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn what_is_no_json_is_refused_with_its_place() {
    let setting = setting().await;
    let deep = "[".repeat(200);
    for (bytes, place) in [
        (&b"{\"Request\": {]"[..], "line 1, column 14"),
        (b"{\"Request\": \"\xff\"}", "after 13 bytes"),
        (b"", "line 1, column 0"),
        (deep.as_bytes(), "line 1, column 128"),
    ] {
        let answer = decision(
            State(setting.state.clone()),
            PlatformOrBearer(caller(Some(VAT_OWNER), &["altinn:authorization/authorize.admin"])),
            MinPosition(None),
            RequestId::make(),
            Explain { detail: None, language: Language::English },
            RawBody { bytes: Bytes::copy_from_slice(bytes), media_type: "application/json".into() },
        );
        let (status, answer) = read(answer.await).await;
        assert_eq!(status, HttpStatus::BAD_REQUEST, "{answer}");
        assert_eq!(answer["type"], "/problems/malformed-request", "{answer}");
        assert!(answer["detail"].as_str().unwrap().contains(place), "{answer}");
    }
    assert!(setting.tape.records().await.is_empty(), "what was not asked is not logged");
}

#[tokio::test]
async fn the_plain_scope_asks_about_resources_of_its_own_organisation_only() {
    let setting = setting().await;
    let owner = || caller(Some(VAT_OWNER), &[PLAIN]);
    let (status, answer) = setting.authorize(owner(), &asks(VAT_RETURN, "sign")).await;
    assert_eq!((status, decisions_of(&answer)), (HttpStatus::OK, vec!["Permit"]));

    let (status, answer) = setting.authorize(owner(), &asks(PAYROLL_REPORT, "read")).await;
    assert_eq!(status, HttpStatus::FORBIDDEN);
    assert!(answer.get("response").is_none());

    // One resource of another's is enough to refuse all, and nothing was decided of it.
    let mut both = asks(VAT_RETURN, "sign");
    both["Request"]["Resource"] =
        json!([resource("r1", VAT_RETURN), resource("r2", PAYROLL_REPORT)]);
    both["Request"]["MultiRequests"] = json!({"RequestReference": [
        {"ReferenceId": ["s1", "a1", "r1"]}, {"ReferenceId": ["s1", "a1", "r2"]},
    ]});
    let (status, _) = setting.authorize(owner(), &both).await;
    assert_eq!(status, HttpStatus::FORBIDDEN);
    assert_eq!(setting.tape.records().await.len(), 1);

    let (status, answer) = setting.authorize(caller(None, &[ADMIN]), &both).await;
    assert_eq!((status, decisions_of(&answer)), (HttpStatus::OK, vec!["Permit", "NotApplicable"]));
}

#[tokio::test]
async fn another_resource_cannot_be_hidden_behind_ones_own() {
    let setting = setting().await;
    for (own, other) in [(VAT_RETURN, PAYROLL_REPORT), (PAYROLL_REPORT, VAT_RETURN)] {
        let mut hidden = asks(own, "read");
        hidden["Request"]["Resource"][0]["Attribute"]
            .as_array_mut()
            .unwrap()
            .push(json!({"AttributeId": "urn:altinn:resource", "Value": other}));
        let owner = caller(Some(VAT_OWNER), &[PLAIN]);
        let (status, answer) = setting.authorize(owner, &hidden).await;
        assert_eq!((status, decisions_of(&answer)), (HttpStatus::OK, vec!["Indeterminate"]));
    }
    // In capitals it is the same resource.
    let capitals = asks(&PAYROLL_REPORT.to_uppercase(), "read");
    let (status, _) = setting.authorize(caller(Some(VAT_OWNER), &[PLAIN]), &capitals).await;
    assert_eq!(status, HttpStatus::FORBIDDEN);
}

#[tokio::test]
async fn scopes_are_needed_and_an_organisation_for_the_plain_one() {
    let setting = setting().await;
    let asked = asks(VAT_RETURN, "sign");
    for stranger in
        [caller(Some(VAT_OWNER), &[]), caller(Some(VAT_OWNER), &["other"]), caller(None, &[PLAIN])]
    {
        let (status, _) = setting.authorize(stranger, &asked).await;
        assert_eq!(status, HttpStatus::FORBIDDEN);
    }
    let (status, _) = setting.decision(caller(Some(VAT_OWNER), &[PLAIN]), &asked).await;
    assert_eq!(status, HttpStatus::FORBIDDEN);
    let (status, answer) = setting.decision(caller(None, &[ADMIN]), &asked).await;
    assert_eq!((status, decisions_of(&answer)), (HttpStatus::OK, vec!["Permit"]));
    assert_eq!(setting.tape.records().await.len(), 1);
}

#[tokio::test]
async fn several_requests_are_answered_in_their_order_on_one_position_and_all_are_logged() {
    let setting = setting().await;
    let user = system_user().to_string();
    let asked = json!({"Request": {
        "AccessSubject": [
            attributes("s1", &[("urn:altinn:userid", "50001")]),
            attributes("s2", &[("urn:altinn:systemuser:uuid", &user)]),
            attributes("s3", &[("urn:altinn:systemuser:uuid", &user), ("urn:altinn:userid", "50001")]),
        ],
        "Action": [action("a1", "sign"), action("a2", "read")],
        "Resource": [resource("r1", VAT_RETURN)],
        "MultiRequests": {"RequestReference": [
            {"ReferenceId": ["s2", "a2", "r1"]},
            {"ReferenceId": ["s1", "a1", "r1"]},
            {"ReferenceId": ["s1", "a1", "r9"]},
            {"ReferenceId": ["s3", "a1", "r1"]},
            {"ReferenceId": ["s2", "a1", "r1"]},
        ]},
    }});
    let (status, answer) = setting.authorize(caller(None, &[ADMIN]), &asked).await;
    assert_eq!(status, HttpStatus::OK);
    let expected = ["NotApplicable", "Permit", "Indeterminate", "Indeterminate", "Permit"];
    assert_eq!(decisions_of(&answer), expected);

    let logged = setting.tape.records().await;
    let mut reasons: Vec<_> =
        logged.iter().map(|record| record["reason"].as_str().unwrap()).collect();
    reasons.sort_unstable();
    assert_eq!(
        reasons,
        [
            "nothing-permits",
            "policy-permits",
            "reference-not-known",
            "right-permits",
            "subject-not-identified"
        ]
    );
    let position = &logged[0]["position"];
    assert!(logged.iter().all(|record| &record["position"] == position));
}

#[tokio::test]
async fn what_is_refused_for_want_of_a_right_in_the_registry_is_logged() {
    let mut fold = fold();
    let required = RegistryRequired { id: VAT_RETURN.parse().unwrap() };
    fold.apply(&records(100, vec![ResourceEvent::RegistryRequired(required).into()]));
    let setting = setting_of(&fold).await;
    let (status, answer) =
        setting.decision(caller(None, &[ADMIN]), &asks(VAT_RETURN, "sign")).await;
    assert_eq!((status, decisions_of(&answer)), (HttpStatus::OK, vec!["Deny"]));
    let logged = setting.tape.records().await;
    let [record] = logged.as_slice() else { panic!("{logged:?}") };
    assert_eq!(record["decision"], "Deny");
    assert_eq!(record["reason"], "registry-right-missing");
    assert_eq!(record["position"], 100);
}

#[tokio::test]
async fn more_requests_than_may_be_are_refused_and_none_is_decided() {
    let setting = setting().await;
    let ask = async |requests: usize| {
        let mut asked = asks(VAT_RETURN, "sign");
        let reference = json!({"ReferenceId": ["s1", "a1", "r1"]});
        asked["Request"]["MultiRequests"] = json!({"RequestReference": vec![reference; requests]});
        setting.authorize(caller(None, &[ADMIN]), &asked).await.0
    };
    assert_eq!(ask(BATCH_MAX).await, HttpStatus::OK);
    assert_eq!(ask(BATCH_MAX + 1).await, HttpStatus::BAD_REQUEST);
    assert_eq!(setting.tape.records().await.len(), BATCH_MAX);
}

#[tokio::test]
async fn what_is_not_known_is_indeterminate() {
    let setting = setting().await;
    let admin = || caller(None, &[ADMIN]);
    let mut unknown_party = asks(VAT_RETURN, "sign");
    unknown_party["Request"]["Resource"] = json!([attributes(
        "r1",
        &[("urn:altinn:resource", VAT_RETURN), ("urn:altinn:partyid", "9")]
    )]);
    let mut unknown_subject = asks(VAT_RETURN, "sign");
    unknown_subject["Request"]["AccessSubject"] =
        json!([attributes("s1", &[("urn:altinn:userid", "9")])]);
    for asked in [unknown_party, unknown_subject, asks("no-such-resource", "sign")] {
        let (status, answer) = setting.authorize(admin(), &asked).await;
        assert_eq!((status, decisions_of(&answer)), (HttpStatus::OK, vec!["Indeterminate"]));
    }
    assert_eq!(setting.tape.records().await.len(), 3);
}

#[tokio::test]
async fn a_number_where_none_was_expected_is_neither_logged_nor_repeated() {
    let setting = setting().await;
    let hostile = |place: &str| {
        let mut body = asks(VAT_RETURN, "read");
        let request = &mut body["Request"];
        let text = "http://www.w3.org/2001/XMLSchema#string";
        let more = json!({"AttributeId": "urn:example:ssn", "Value": NUMBER, "DataType": text});
        match place {
            "subject" => {
                request["AccessSubject"][0]["Attribute"].as_array_mut().unwrap().push(more);
            }
            "environment" => request["Environment"] = json!([{ "Attribute": [more] }]),
            "action" => request["Action"] = json!([action("a1", NUMBER)]),
            "resource" => request["Resource"] = json!([resource("r1", NUMBER)]),
            "party" => {
                let of = attributes(
                    "r1",
                    &[
                        ("urn:altinn:resource", VAT_RETURN),
                        ("urn:altinn:organization:identifier-no", NUMBER),
                    ],
                );
                request["Resource"] = json!([of]);
            }
            _ => {
                request["AccessSubject"] =
                    json!([attributes("s1", &[("urn:altinn:userid", NUMBER)])]);
            }
        }
        body
    };
    for place in ["subject", "environment", "action", "resource", "party", "user"] {
        let admin = caller(Some(VAT_OWNER), &[ADMIN]);
        let (status, answer) = setting.decision(admin, &hostile(place)).await;
        assert_eq!(status, HttpStatus::OK, "{place}: {answer}");
        let logged = setting.tape.records().await;
        let last = logged.iter().max_by_key(|record| record["id"].to_string()).unwrap();
        assert!(!last.to_string().contains(NUMBER), "{place}: {last}");
        assert!(last["withheld"].as_u64() > Some(0), "{place}: {last}");
    }
    // What cannot be read is told, without the number.
    let mut body = asks(VAT_RETURN, "read");
    body["Request"]["Action"][0]["Attribute"][0]["DataType"] = json!(NUMBER);
    let (status, answer) = setting.decision(caller(Some(VAT_OWNER), &[ADMIN]), &body).await;
    assert_eq!(status, HttpStatus::BAD_REQUEST);
    assert!(!answer.to_string().contains(NUMBER), "{answer}");
}

#[tokio::test]
async fn persons_are_not_named_by_number_inside_and_no_number_is_logged() {
    let setting = setting().await;
    let mut asked = asks(VAT_RETURN, "sign");
    asked["Request"]["AccessSubject"] =
        json!([attributes("s1", &[("urn:altinn:person:identifier-no", NUMBER)])]);
    let (status, answer) = setting.decision(caller(None, &[ADMIN]), &asked).await;
    assert_eq!((status, decisions_of(&answer)), (HttpStatus::OK, vec!["Indeterminate"]));
    let (status, answer) = setting.authorize(caller(None, &[ADMIN]), &asked).await;
    assert_eq!((status, decisions_of(&answer)), (HttpStatus::OK, vec!["Indeterminate"]));

    // In an attribute of which nobody knows that it names a person.
    let attributes = [("urn:altinn:userid", "50001"), ("urn:example:who", NUMBER)];
    asked["Request"]["AccessSubject"] = json!([self::attributes("s1", &attributes)]);
    let (status, answer) = setting.authorize(caller(None, &[ADMIN]), &asked).await;
    assert_eq!((status, decisions_of(&answer)), (HttpStatus::OK, vec!["Permit"]));
    let logged = setting.tape.records().await;
    assert_eq!(logged.len(), 3);
    assert!(logged.iter().all(|record| !record.to_string().contains(NUMBER)));
}

#[tokio::test]
async fn without_a_log_there_is_no_answer() {
    let setting = setting().await;
    setting.tape.becomes(Manner::Refuses);
    let (status, answer) =
        setting.authorize(caller(None, &[ADMIN]), &asks(VAT_RETURN, "sign")).await;
    assert_eq!(status, HttpStatus::SERVICE_UNAVAILABLE);
    assert!(answer.get("response").is_none());
}

#[tokio::test]
async fn a_body_that_is_no_request_is_refused() {
    let setting = setting().await;
    for body in [json!([]), json!({}), json!({"Request": 1}), json!("x")] {
        let (status, _) = setting.authorize(caller(None, &[ADMIN]), &body).await;
        assert_eq!(status, HttpStatus::BAD_REQUEST, "{body}");
    }
    assert!(setting.tape.records().await.is_empty());
}
