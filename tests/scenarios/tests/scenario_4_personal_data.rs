//! No national identity number and no name of a person is in the ledger or the read models.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "who tells a story fails by panicking"
)]

mod log_bytes;

use fullmakt_domain::national_number;
use fullmakt_scenarios::{FJORDTORG, KARI, Log, OLA, Scenario4, VAT_RETURN};
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
    assert!(!decisions.is_empty(), "decisions are logged");
    for bytes in &decisions {
        let text = String::from_utf8_lossy(bytes);
        assert_eq!(national_number::find(&text), None, "{text}");
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
