//! Bad input gets a clear problem, never a 500, and never a write.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "who tells a story fails by panicking"
)]

use fullmakt_scenarios::{Answer, Client, FJORDTORG, KARI, Log, NORDVIK, Scenario4};
use reqwest::{Method, header::CONTENT_TYPE};
use serde_json::json;
use uuid::Uuid;

const REQUEST: &str = "/authentication/api/v1/systemuser/request/vendor";
const REGISTER: &str = "/authentication/api/v1/systemregister/vendor";
const AUTHORIZE: &str = "/authorization/api/v1/authorize";

/// A problem that says what is wrong, and nothing of the inside.
#[track_caller]
fn problem(answer: &Answer, statuses: &[u16]) {
    assert!(statuses.contains(&answer.status), "{answer:?}");
    let text = answer.text();
    assert!(!text.is_empty(), "the answer says what is wrong");
    for inside in ["panicked", "src/", "postgres://", "SELECT "] {
        assert!(!text.contains(inside), "{text}");
    }
}

async fn send(client: &Client, path: &str, media_type: &str, body: Vec<u8>) -> Answer {
    let request = client.request(Method::POST, path).header(CONTENT_TYPE, media_type).body(body);
    client.send(request).await
}

/// Contract: Q1, R5
#[tokio::test]
async fn malformed_bodies_are_refused_with_a_reason() {
    let story = Scenario4::begin(Log::Postgres).await;
    let api = story.system.public_api().await;
    let count = commits(&story).await;
    for (client, path) in [(&story.vendor, REQUEST), (&story.vendor, REGISTER), (&api, AUTHORIZE)] {
        for body in [
            &b"{"[..],
            b"",
            b"[]",
            b"null",
            b"\"text\"",
            b"{\"systemId\":1e999}",
            b"{\"systemId\":\"\xff\xfe\"}",
            b"{\"rights\":{}}",
            b"{\"Request\":[]}",
            b"{\"Request\":{\"AccessSubject\":7}}",
        ] {
            let answer = send(client, path, "application/json", body.to_vec()).await;
            problem(&answer, &[400]);
        }
        let answer = send(client, path, "application/json", vec![b' '; (1 << 20) + 1]).await;
        problem(&answer, &[413]);
        let answer = send(client, path, "text/plain", b"{}".to_vec()).await;
        problem(&answer, &[400, 415]);
    }
    let deep = [b"{\"rights\":".repeat(20_000), b"1".to_vec()].concat();
    problem(&send(&story.vendor, REQUEST, "application/json", deep).await, &[400]);
    assert_eq!(commits(&story).await, count, "nothing was written");
}

/// Contract: Q1, R5
#[tokio::test]
async fn wrong_tokens_are_refused() {
    let story = Scenario4::begin(Log::Postgres).await;
    let forged = {
        // Another key than the issuer's signs the same claims.
        let key = fullmakt_scenarios::ClientKey::generate("forged");
        let claims = story.vendor.token().split('.').nth(1).unwrap().to_owned();
        let signed = key.sign(&json!({}));
        let (header, signature) =
            (signed.split('.').next().unwrap(), signed.split('.').nth(2).unwrap());
        format!("{header}.{claims}.{signature}")
    };
    let cut = story.vendor.token().split_at(story.vendor.token().len() - 4).0;
    for token in ["", "x", "a.b.c", cut, &forged, &"x".repeat(100_000)] {
        let answer = story.system.with_token(token).get(REGISTER).await;
        assert!([401, 431].contains(&answer.status), "{answer:?}");
    }
    story.system.anonymous().get(REGISTER).await.expect(401);

    // A right token without the scope, and one of another organisation.
    let reader = story.system.organisation("310010014", &["altinn:something/else"]).await;
    problem(&reader.get(REGISTER).await, &[403]);
    let other = story.system.vendor("310020028").await;
    let path = format!("{REGISTER}/{}", story.system_id);
    problem(&other.get(&path).await, &[403]);
    problem(&other.delete(&path).await, &[403]);
}

#[tokio::test]
async fn unknown_ids_and_other_parties_ids_are_told_apart_from_success() {
    let story = Scenario4::begin(Log::Postgres).await;
    let request = story.asked().await;
    let other_vendor = story.system.vendor("310020028").await;
    let kari = story.system.person(KARI).await;

    let path = |id: &str| format!("{REQUEST}/{id}");
    for id in ["not-an-id", &Uuid::new_v4().to_string(), "%00", "..%2F..%2Fetc"] {
        problem(&story.vendor.get(&path(id)).await, &[400, 404]);
        problem(&story.vendor.delete(&path(id)).await, &[400, 404]);
    }
    // Another vendor learns that the request is not its own, and cannot take it back.
    let foreign = other_vendor.get(&path(&request)).await.expect(404);
    assert_eq!(foreign.code().as_deref(), Some("AUTH-00011"));
    other_vendor.delete(&path(&request)).await.expect(404);
    story.vendor.get(&path(&request)).await.expect(200);

    for party in ["x", "-1", "99999999999999999999", "1"] {
        let path = format!("/authentication/api/v1/systemuser/request/{party}/{request}/approve");
        problem(&kari.post_nothing(&path).await, &[400, 403, 404]);
    }
    // Kari manages Fjordtorg's access, and not Nordvik's.
    let path = format!("/authentication/api/v1/systemuser/{}", NORDVIK.party);
    problem(&kari.get(&path).await, &[403]);
    let path = format!("/authentication/api/v1/systemuser/{}", FJORDTORG.party);
    assert_eq!(kari.get(&path).await.expect(200).json(), json!([]));

    problem(&story.vendor.get("/no/such/path").await, &[404]);
    let answer = story.vendor.send(story.vendor.request(Method::PATCH, REQUEST)).await;
    problem(&answer, &[405]);
}

#[tokio::test]
async fn what_cannot_be_decided_is_indeterminate_and_never_permit() {
    let story = Scenario4::begin(Log::Postgres).await;
    let user = story.approved().await;
    let api = story.system.public_api().await;
    let action = json!([{ "Attribute": [
        { "AttributeId": "urn:oasis:names:tc:xacml:1.0:action:action-id", "Value": "read" }
    ]}]);
    let resource = |attributes: serde_json::Value| json!([{ "Attribute": attributes }]);
    let named = json!({ "AttributeId": "urn:altinn:resource", "Value": "demo-vat-return" });
    let party =
        json!({ "AttributeId": "urn:altinn:partyid", "Value": FJORDTORG.party.to_string() });
    let subject = json!({ "AttributeId": "urn:altinn:systemuser:uuid", "Value": user });
    for (subjects, resources) in [
        // A system user together with somebody else.
        (
            json!([subject, { "AttributeId": "urn:altinn:userid", "Value": "50130260" }]),
            json!([named, party]),
        ),
        // No such party, no such resource, no resource, no number.
        (json!([subject]), json!([named, { "AttributeId": "urn:altinn:partyid", "Value": "1" }])),
        (
            json!([subject]),
            json!([{ "AttributeId": "urn:altinn:resource", "Value": "no-such-resource" }, party]),
        ),
        (json!([subject]), json!([party])),
        (
            json!([{ "AttributeId": "urn:altinn:systemuser:uuid", "Value": "x" }]),
            json!([named, party]),
        ),
        (
            json!([{ "AttributeId": "urn:altinn:person:identifier-no", "Value": "11111111111" }]),
            json!([named, party]),
        ),
    ] {
        let request = json!({ "Request": {
            "AccessSubject": [{ "Attribute": subjects }],
            "Action": action,
            "Resource": resource(resources.clone()),
        }});
        let answer = api.post(AUTHORIZE, &request).await.expect(200);
        let decision = answer.json()["response"][0]["decision"].clone();
        assert_eq!(decision, "Indeterminate", "{request}");
    }
}

/// How many commits there are.
async fn commits(story: &Scenario4) -> usize {
    let auditor = story.system.auditor().await;
    let answer = auditor.get("/fullmakt/v1/commits?order=newest").await.expect(200).json();
    let all = answer["data"].as_array().unwrap();
    all.iter().filter(|commit| commit["record"]["events"].is_array()).count()
}
