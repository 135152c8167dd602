//! The change log: one entry for each call that changed a system, the newest first.

use fullmakt_scenarios::{Log, VAT_RETURN, VENDOR, on_both_logs};
use reqwest::Method;
use serde_json::json;

use crate::story::{
    OTHER_VENDOR, PAYROLL_REPORT, Story, VAT, VENDORS, right, sentence, succeeded, with,
};

on_both_logs! {
    a_system_is_registered_changed_and_deleted_and_every_call_is_in_its_change_log;
}

/// Contract: R5, R6, R9, R10, R11, R12
async fn a_system_is_registered_changed_and_deleted_and_every_call_is_in_its_change_log(
    log: Log,
) -> Story {
    let story = Story::on(log).await;
    let hidden = with(story.definition(), &json!({ "isVisible": false, "clientId": [] }));
    let rights = json!([right(PAYROLL_REPORT, None), right(VAT_RETURN, Some("read"))]);
    let packages = json!([{ "urn": VAT }]);
    succeeded(story.update(&hidden).await);
    succeeded(story.vendor.put(&story.path("/rights"), &rights).await);
    succeeded(story.vendor.put(&story.path("/accesspackages"), &packages).await);
    succeeded(story.vendor.delete(&story.path("")).await);

    let log = story.log().await;
    let told: Vec<_> = log
        .iter()
        .map(|entry| (entry["changeType"].as_str().unwrap(), entry["changedData"].clone()))
        .collect();
    assert_eq!(
        told,
        [
            // A deletion submits nothing.
            ("delete", json!(null)),
            ("accesspackageupdate", packages),
            ("rightsupdate", rights),
            ("update", hidden),
            ("create", story.definition()),
        ]
    );
    let first = &log[0];
    for entry in &log {
        assert_eq!(entry["systemInternalId"], first["systemInternalId"]);
        assert_eq!(entry["changedByOrgNumber"], VENDOR);
        assert_eq!(entry["clientId"], format!("test-{VENDOR}"));
        assert!(entry["created"].as_str().unwrap().ends_with('Z'), "{entry}");
    }
    assert!(first.get("changedData").is_none(), "what is nothing is left out");
    let times: Vec<_> = log.iter().map(|entry| entry["created"].as_str().unwrap()).collect();
    assert!(times.is_sorted_by(|newer, older| newer >= older), "{times:?}");
    story
}

/// Contract: R12
#[tokio::test]
async fn the_change_log_says_who_called_also_where_it_was_not_the_vendor() {
    let story = Story::begin().await;
    succeeded(story.administrator().await.put(&story.path("/rights"), &json!([])).await);
    let log = story.log().await;
    let by: Vec<_> = log.iter().map(|entry| entry["changedByOrgNumber"].clone()).collect();
    assert_eq!(by, [json!("310090018"), json!(VENDOR)]);
    story.end();
}

/// Contract: R12
#[tokio::test]
async fn what_was_refused_or_asked_twice_with_one_key_is_not_in_the_change_log() {
    let story = Story::begin().await;
    let other = story.system.vendor(OTHER_VENDOR).await;
    let broken = json!([right("no-such-resource", None)]);
    story.vendor.put(&story.path("/rights"), &broken).await.expect(400);
    other.put(&story.path("/rights"), &json!([])).await.expect(403);
    other.delete(&story.path("")).await.expect(403);
    for _ in 0..2 {
        let put = story.vendor.request(Method::PUT, &story.path("/rights")).json(&json!([]));
        succeeded(story.vendor.send(put.header("Idempotency-Key", "once")).await);
    }
    assert_eq!(story.changes().await, ["rightsupdate", "create"]);
    // Without a key, each call is an entry.
    for _ in 0..2 {
        succeeded(story.vendor.put(&story.path("/rights"), &json!([])).await);
    }
    assert_eq!(story.changes().await, ["rightsupdate", "rightsupdate", "rightsupdate", "create"]);
    story.end();
}

/// Contract: R12
#[tokio::test]
async fn the_change_log_is_its_vendors_and_the_administrators() {
    let story = Story::begin().await;
    let other = story.system.vendor(OTHER_VENDOR).await;
    let path = story.path("/changelog");
    let refused = other.get(&path).await.expect(403);
    assert!(!refused.text().contains("Smartsky"), "{refused:?}");
    story.system.anonymous().get(&path).await.expect(401);
    story.administrator().await.get(&path).await.expect(200);
    for client in [&story.vendor, &other] {
        let unknown = client.get(&format!("{VENDORS}/{VENDOR}_unknown/changelog")).await;
        let text = sentence(unknown, 404);
        assert!(text.contains(&format!("{VENDOR}_unknown")), "{text}");
    }
    story.end();
}

#[tokio::test]
async fn the_change_log_can_be_asked_for_as_fresh_as_a_change() {
    let story = Story::begin().await;
    let changed = story.vendor.put(&story.path("/rights"), &json!([])).await.expect(200);
    let get = story.vendor.request(Method::GET, &story.path("/changelog"));
    let get = get.header("Fullmakt-Min-Position", changed.position());
    let log = story.vendor.send(get).await.expect(200);
    assert_eq!(log.json().as_array().unwrap().len(), 2);
    story.end();
}
