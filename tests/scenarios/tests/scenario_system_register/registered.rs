//! Registering a system.

use fullmakt_scenarios::VENDOR;
use serde_json::json;

use crate::story::{OTHER_VENDOR, Story, VENDORS, codes, definition, right, with};

/// Contract: R5
#[tokio::test]
async fn a_registration_answers_with_the_internal_id_alone() {
    let story = Story::begin().await;
    let answer = story.vendor.post(VENDORS, &definition(&format!("{VENDOR}_b"))).await;
    // The client id is the first system's.
    assert_eq!(codes(answer), ["AUTH.VLD-00004"]);
    let second = with(definition(&format!("{VENDOR}_b")), &json!({ "clientId": [] }));
    let answer = story.vendor.post(VENDORS, &second).await.expect(200);
    let id: uuid::Uuid = answer.json().as_str().unwrap().parse().unwrap();
    let log = story.vendor.get(&format!("{VENDORS}/{VENDOR}_b/changelog")).await.expect(200);
    assert_eq!(log.json()[0]["systemInternalId"], json!(id));
    story.end();
}

/// The contract's order: the form of the vendor first, then whose system it is, then all rules.
///
/// Contract: R5
#[tokio::test]
async fn a_registration_is_checked_in_the_contracts_order() {
    let story = Story::begin().await;
    let other = story.system.vendor(OTHER_VENDOR).await;
    let mut system = with(
        definition(&format!("{VENDOR}_new system")),
        &json!({ "vendor": { "ID": VENDOR }, "rights": [right("no-such-resource", None)] }),
    );
    assert_eq!(codes(other.post(VENDORS, &system).await), ["AUTH.VLD-00000"]);
    system["vendor"] = json!({ "ID": format!("0192:{VENDOR}") });
    let refused = other.post(VENDORS, &system).await.expect(403);
    assert!(!refused.text().contains("VLD"), "{refused:?}");
    assert_eq!(
        codes(story.vendor.post(VENDORS, &system).await),
        ["AUTH.VLD-00003", "AUTH.VLD-00004", "AUTH.VLD-00013"]
    );
    let administrator = story.administrator().await;
    assert_eq!(codes(administrator.post(VENDORS, &system).await).len(), 3);
    system["rights"] = json!([]);
    system["id"] = json!(format!("{VENDOR}_new"));
    system["clientId"] = json!([]);
    other.post(VENDORS, &system).await.expect(403);
    administrator.post(VENDORS, &system).await.expect(200);
    story.end();
}

#[tokio::test]
async fn a_system_id_begins_with_its_vendor_has_no_spaces_and_is_used_once() {
    let story = Story::begin().await;
    for (id, code) in [
        (format!("{OTHER_VENDOR}_smartcloud"), "AUTH.VLD-00001"),
        ("smartcloud".to_owned(), "AUTH.VLD-00001"),
        (String::new(), "AUTH.VLD-00001"),
        (format!("{VENDOR}_smart cloud"), "AUTH.VLD-00013"),
        (story.id.clone(), "AUTH.VLD-00002"),
    ] {
        let system = with(story.definition(), &json!({ "id": id, "clientId": [] }));
        assert_eq!(codes(story.vendor.post(VENDORS, &system).await), [code], "{id}");
    }
    story.end();
}

#[tokio::test]
async fn nobody_registers_without_the_scope_or_an_organisation() {
    let story = Story::begin().await;
    let system = definition(&format!("{VENDOR}_b"));
    story.system.anonymous().post(VENDORS, &system).await.expect(401);
    let reader = story.system.organisation(VENDOR, &["altinn:authentication/systemregister.read"]);
    reader.await.post(VENDORS, &system).await.expect(403);
    let path = format!(
        "/test-tokens/api/GetPersonalToken?pid={}&scopes=altinn:authentication/systemregister.write",
        fullmakt_scenarios::KARI.number
    );
    let token = story.system.anonymous().get(&path).await.expect(200).text();
    let person = story.system.with_token(&token);
    person.post(VENDORS, &system).await.expect(403);
    person.get(VENDORS).await.expect(403);
    person.get(&story.path("/changelog")).await.expect(403);
    person.put(&story.path(""), &story.definition()).await.expect(403);
    story.end();
}
