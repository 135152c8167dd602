//! Rights and access packages are replaced, not merged.

use fullmakt_scenarios::{KARI, Log, Scenario4, VAT_RETURN, VENDOR};
use serde_json::{Value, json};

use crate::story::{
    OTHER_VENDOR, PAYROLL_REPORT, REGISTER, Story, VAT, VENDORS, right, sentence, succeeded,
};

const SKATT: &str = "urn:altinn:accesspackage:skatt-naering";

/// Contract: R9
#[tokio::test]
async fn rights_are_replaced_and_all_else_stays() {
    let story = Story::begin().await;
    let kari = story.system.person(KARI).await;
    let before = story.seen().await;
    for rights in [
        json!([right(PAYROLL_REPORT, Some("read")), right(PAYROLL_REPORT, Some("write"))]),
        json!([right(VAT_RETURN, None)]),
        json!([]),
    ] {
        succeeded(story.vendor.put(&story.path("/rights"), &rights).await);
        let mut expected = before.clone();
        expected["rights"] = rights.clone();
        assert_eq!(story.seen().await, expected);
        let seen = kari.get(&format!("{REGISTER}/{}/rights", story.id)).await.expect(200).json();
        assert_eq!(seen, rights);
    }
    story.end();
}

/// Contract: R10
#[tokio::test]
async fn access_packages_are_replaced_and_all_else_stays() {
    let story = Story::begin().await;
    let kari = story.system.person(KARI).await;
    let before = story.seen().await;
    for packages in
        [json!([{ "urn": SKATT }]), json!([{ "urn": SKATT }, { "urn": VAT }]), json!([])]
    {
        succeeded(story.vendor.put(&story.path("/accesspackages"), &packages).await);
        let mut expected = before.clone();
        expected["accessPackages"] = packages.clone();
        assert_eq!(story.seen().await, expected);
        let path = format!("{REGISTER}/{}/accesspackages", story.id);
        assert_eq!(kari.get(&path).await.expect(200).json(), packages);
    }
    story.end();
}

/// Defect 11 of the wire contract's §9: 500 for an unknown system.
///
/// Contract: R9, R10
/// Differs: R9, R10: an unknown system is 404, where the original fails with 500 (defect 11).
#[tokio::test]
async fn nothing_of_an_unknown_system_is_replaced() {
    let story = Story::begin().await;
    let other = story.system.vendor(OTHER_VENDOR).await;
    for client in [&story.vendor, &other] {
        for rest in ["/rights", "/accesspackages"] {
            for id in [format!("{VENDOR}_unknown"), "x".to_owned(), "a%20b".to_owned()] {
                let path = format!("{VENDORS}/{id}{rest}");
                let text = sentence(client.put(&path, &json!([])).await, 404);
                assert!(text.contains(&id.replace("%20", " ")), "{text}");
            }
        }
    }
    story.end();
}

#[tokio::test]
async fn nothing_of_another_vendors_system_is_replaced_but_by_the_administrator() {
    let story = Story::begin().await;
    let other = story.system.vendor(OTHER_VENDOR).await;
    let administrator = story.administrator().await;
    for rest in ["/rights", "/accesspackages"] {
        // Not even its rules are told.
        let broken: Value = json!([{ "resource": [], "urn": "x" }]);
        for body in [json!([]), broken] {
            let refused = other.put(&story.path(rest), &body).await.expect(403);
            assert!(!refused.text().contains("VLD"), "{refused:?}");
        }
        succeeded(administrator.put(&story.path(rest), &json!([])).await);
    }
    assert_eq!(story.changes().await, ["accesspackageupdate", "rightsupdate", "create"]);
    story.end();
}

/// The chain is checked when it is used: what the system no longer declares, nobody may do with it.
#[tokio::test]
async fn what_a_system_no_longer_declares_is_not_permitted_until_it_declares_it_again() {
    let story = Scenario4::begin(Log::Postgres).await;
    let user = story.approved().await;
    assert_eq!(story.decision(&user, "read", VAT_RETURN).await, "Permit");
    let path = format!("{VENDORS}/{}", story.system_id);
    let rights = format!("{path}/rights");

    succeeded(story.vendor.put(&rights, &json!([right(PAYROLL_REPORT, None)])).await);
    assert_ne!(story.decision(&user, "read", VAT_RETURN).await, "Permit");
    succeeded(story.vendor.put(&rights, &json!([right(VAT_RETURN, Some("read"))])).await);
    assert_eq!(story.decision(&user, "read", VAT_RETURN).await, "Permit");

    let mut definition = story.definition();
    definition["rights"] = json!([]);
    succeeded(story.vendor.put(&path, &definition).await);
    assert_ne!(story.decision(&user, "read", VAT_RETURN).await, "Permit");
    succeeded(story.vendor.put(&path, &story.definition()).await);
    assert_eq!(story.decision(&user, "read", VAT_RETURN).await, "Permit");
    // What was never given is not given by being declared.
    let wider = json!([right(VAT_RETURN, None), right(PAYROLL_REPORT, None)]);
    succeeded(story.vendor.put(&rights, &wider).await);
    assert_ne!(story.decision(&user, "read", PAYROLL_REPORT).await, "Permit");
    story.end();
}
