//! No national identity number and no name of a person is in the ledger or the read models.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "who tells a story fails by panicking"
)]

mod log_bytes;

use fullmakt_domain::national_number;
use fullmakt_scenarios::{FJORDTORG, KARI, Log, OLA, Scenario4, System, VAT_RETURN};
use serde_json::json;

/// Names of the demonstration's persons.
const NAMES: [&str; 5] = ["KARI", "OLA", "SIRI", "PER ", "EVA"];

#[tokio::test]
async fn no_byte_of_the_ledger_names_a_person_on_postgres() {
    no_byte_of_the_ledger_names_a_person(Log::Postgres).await;
}

#[tokio::test]
async fn no_byte_of_the_ledger_names_a_person_on_kafka() {
    no_byte_of_the_ledger_names_a_person(Log::Kafka).await;
}

async fn no_byte_of_the_ledger_names_a_person(log: Log) {
    let story = Scenario4::begin(log).await;
    let user = story.approved().await;
    assert_eq!(story.decision(&user, "read", VAT_RETURN).await, "Permit");
    // A public API may name a person by number; the decision log has the party.
    let api = story.system.public_api().await;
    let question = json!({ "Request": {
        "AccessSubject": [{ "Attribute": [
            { "AttributeId": "urn:altinn:person:identifier-no", "Value": KARI.number }
        ]}],
        "Action": [{ "Attribute": [
            { "AttributeId": "urn:oasis:names:tc:xacml:1.0:action:action-id", "Value": "read" }
        ]}],
        "Resource": [{ "Attribute": [
            { "AttributeId": "urn:altinn:resource", "Value": VAT_RETURN },
            { "AttributeId": "urn:altinn:organization:identifier-no", "Value": FJORDTORG.org }
        ]}],
    }});
    let answer = api.post("/authorization/api/v1/authorize", &question).await.expect(200);
    assert_eq!(answer.json()["response"][0]["decision"], "Permit", "the general manager reads");
    // Where a number is not expected it is kept out, whatever stands around it.
    for (place, value) in [
        ("AccessSubject", OLA.number.to_owned()),
        ("Action", format!("read-{}", OLA.number)),
        ("Resource", format!("urn:altinn:person:{}", OLA.number)),
    ] {
        let mut question = question.clone();
        let attributes = question["Request"][place][0]["Attribute"].as_array_mut().unwrap();
        attributes.push(json!({ "AttributeId": "urn:example:note", "Value": value }));
        api.post("/authorization/api/v1/authorize", &question).await.expect(200);
    }
    let mut unknown = question.clone();
    unknown["Request"]["Resource"][0]["Attribute"][0]["Value"] = json!(KARI.number);
    api.post("/authorization/api/v1/authorize", &unknown).await.expect(200);

    let records = log_bytes::all(&story.system).await;
    assert!(records.len() > 20, "the ledger has the demonstration's commits");
    for bytes in &records {
        let text = String::from_utf8_lossy(bytes);
        assert_eq!(national_number::find(&text), None, "{text}");
        for name in NAMES {
            assert!(!text.contains(name), "{name}: {text}");
        }
    }
    // The same scan finds what must not be there.
    let named = format!("{user} {} {user}", OLA.number);
    assert!(national_number::find(&named).is_some());

    let decisions = log_bytes::decisions(&story.system).await;
    assert!(decisions.len() > 4, "decisions are logged");
    for bytes in &decisions {
        let text = String::from_utf8_lossy(bytes);
        assert_eq!(national_number::find(&text), None, "{text}");
    }
    no_answer_about_decisions_names_a_person(&story.system, decisions.len()).await;
}

/// The index has what the log has, and neither what it shows nor what is computed again has a number.
async fn no_answer_about_decisions_names_a_person(system: &System, logged: usize) {
    let auditor = system.auditor().await;
    let page = async || auditor.get("/fullmakt/v1/decisions?limit=1000").await.expect(200);
    let mut found = page().await;
    for _ in 0..1_000 {
        if found.json()["behind"] == 0 {
            break;
        }
        found = page().await;
    }
    assert_eq!(national_number::find(&found.text()), None);
    let found = found.json();
    let found = found["data"].as_array().unwrap();
    assert!(found.len() >= logged, "{} of {logged} are in the index", found.len());
    for record in found.iter().map(|found| &found["record"]) {
        for path in ["", "/reproduce"] {
            let path = format!("/fullmakt/v1/decisions/{}{path}", record["id"].as_str().unwrap());
            let text = auditor.get(&path).await.expect(200).text();
            assert_eq!(national_number::find(&text), None, "{text}");
        }
    }
}

#[tokio::test]
async fn free_text_with_a_national_number_is_refused_and_not_written() {
    let story = Scenario4::begin(Log::Postgres).await;
    let before = log_bytes::all(&story.system).await.len();
    let request = json!({
        "systemId": story.system_id,
        "partyOrgNo": FJORDTORG.org,
        "integrationTitle": format!("For {}", KARI.number),
        "rights": [{ "resource": [{ "id": "urn:altinn:resource", "value": VAT_RETURN }] }],
    });
    let path = "/authentication/api/v1/systemuser/request/vendor";
    let answer = story.vendor.post(path, &request).await.expect(400);
    assert!(!answer.text().contains(KARI.number), "{answer:?}");
    let written: Vec<_> = log_bytes::all(&story.system).await.split_off(before);
    for bytes in &written {
        let text = String::from_utf8_lossy(bytes);
        assert!(text.contains(r#""kind":"tick""#), "nothing but ticks: {text}");
    }
}
