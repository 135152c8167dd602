//! Deleted systems: what is left of them, and what is not.

use fullmakt_scenarios::{FJORDTORG, KARI, Log, Scenario4};
use serde_json::json;

use crate::story::{
    OTHER_VENDOR, REGISTER, Story, VENDORS, codes, right, sentence, succeeded, with,
};

/// Defect 12 of the wire contract's §9: a deletion answered 400 although it was carried out, where
/// the system had no client ids.
///
/// Contract: R11
/// Differs: R11: the answer is 200 also where the system had no client ids (defect 12).
#[tokio::test]
async fn a_system_without_client_ids_is_deleted_and_the_answer_says_so() {
    let story = Story::begin().await;
    succeeded(story.update(&with(story.definition(), &json!({ "clientId": [] }))).await);
    succeeded(story.vendor.delete(&story.path("")).await);
    assert_eq!(story.seen().await["isDeleted"], json!(true));
    story.end();
}

/// Defect 15 of the wire contract's §9: a deleted system still accepted requests.
#[tokio::test]
async fn a_deleted_system_takes_no_request() {
    let story = Scenario4::begin(Log::Postgres).await;
    let path = format!("{VENDORS}/{}", story.system_id);
    story.ask(FJORDTORG).await.expect(201);
    story.vendor.delete(&path).await.expect(200);
    let request = json!({
        "systemId": story.system_id,
        "partyOrgNo": FJORDTORG.org,
        "externalRef": "after the end",
        "rights": [right(fullmakt_scenarios::VAT_RETURN, Some("read"))],
    });
    let requests = "/authentication/api/v1/systemuser/request/vendor";
    let refused = story.vendor.post(requests, &request).await.expect(404);
    assert_eq!(refused.code().as_deref(), Some("AUTH-00011"));
    story.end();
}

/// Contract: R5, R6, R9, R10
#[tokio::test]
async fn nothing_of_a_deleted_system_can_be_changed_and_its_id_is_spent() {
    let story = Story::begin().await;
    let version = story.version().await;
    succeeded(story.vendor.delete(&story.path("")).await);
    let deleted = story.version().await;
    assert_ne!(deleted, version);

    for (rest, body) in
        [("", story.definition()), ("/rights", json!([])), ("/accesspackages", json!([]))]
    {
        for client in [&story.vendor, &story.administrator().await] {
            let text = sentence(client.put(&story.path(rest), &body).await, 400);
            assert!(text.contains(&story.id) && text.contains("deleted"), "{text}");
        }
    }
    let again = with(story.definition(), &json!({ "clientId": [] }));
    assert_eq!(codes(story.vendor.post(VENDORS, &again).await), ["AUTH.VLD-00002"]);
    // Deleted again, it is already so: the same answer, and nothing is recorded.
    succeeded(story.vendor.delete(&story.path("")).await);
    assert_eq!(story.version().await, deleted);
    assert_eq!(story.changes().await, ["delete", "create"]);
    story.end();
}

/// Contract: R1, R2, R3, R4
#[tokio::test]
async fn a_deleted_system_is_found_by_its_vendor_alone() {
    let story = Story::begin().await;
    let kari = story.system.person(KARI).await;
    let path = |rest: &str| format!("{REGISTER}/{}{rest}", story.id);
    kari.get(&path("")).await.expect(200);
    succeeded(story.vendor.delete(&story.path("")).await);

    let seen = with(story.definition(), &json!({ "isDeleted": true }));
    assert_eq!(story.seen().await, seen);
    kari.get(&path("")).await.expect(404);
    assert_eq!(kari.get(REGISTER).await.expect(200).json(), json!([]));
    assert_eq!(story.vendor.get(VENDORS).await.expect(200).json(), json!([]));
    // What it declared is still listed, as the contract has it.
    assert_eq!(kari.get(&path("/rights")).await.expect(200).json(), seen["rights"]);
    let packages = kari.get(&path("/accesspackages")).await.expect(200).json();
    assert_eq!(packages, seen["accessPackages"]);
    story.end();
}

/// Contract: R11
#[tokio::test]
async fn only_its_vendor_and_the_administrator_delete_a_system() {
    let story = Story::begin().await;
    let other = story.system.vendor(OTHER_VENDOR).await;
    other.delete(&story.path("")).await.expect(403);
    story.system.anonymous().delete(&story.path("")).await.expect(401);
    let unknown = other.delete(&format!("{VENDORS}/unknown")).await.expect(400).json();
    assert!(unknown["errors"]["systemId"][0].is_string(), "{unknown}");
    assert_eq!(story.changes().await, ["create"]);
    succeeded(story.administrator().await.delete(&story.path("")).await);
    assert_eq!(story.changes().await, ["delete", "create"]);
    story.end();
}
