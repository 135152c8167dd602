//! What customers and vendors see of the register.

use std::slice::from_ref;

use fullmakt_scenarios::{KARI, VAT_RETURN, VENDOR};
use serde_json::{Value, json};

use crate::story::{
    OTHER_VENDOR, REGISTER, Story, VAT, VENDORS, definition, right, sentence, with,
};

fn ids(systems: &Value) -> Vec<String> {
    let systems = systems.as_array().unwrap();
    systems.iter().map(|system| system["systemId"].as_str().unwrap().to_owned()).collect()
}

/// Contract: R1, R3
#[tokio::test]
async fn customers_find_visible_systems_and_know_hidden_ones_by_their_ids() {
    let story = Story::begin().await;
    let other = story.system.vendor(OTHER_VENDOR).await;
    let hidden_id = format!("{OTHER_VENDOR}_hidden");
    let hidden = with(definition(&hidden_id), &json!({ "clientId": [], "isVisible": false }));
    other.post(VENDORS, &hidden).await.expect(200);
    let kari = story.system.person(KARI).await;

    let found = kari.get(REGISTER).await.expect(200).json();
    assert_eq!(ids(&found), from_ref(&story.id));
    assert_eq!(
        found[0],
        json!({
            "systemId": story.id,
            "systemVendorOrgNumber": VENDOR,
            "systemVendorOrgName": "",
            "name": story.definition()["name"],
            "description": story.definition()["description"],
            "rights": [right(VAT_RETURN, Some("read"))],
            "accessPackages": [{ "urn": VAT }],
            "isVisible": true,
        })
    );
    let known = kari.get(&format!("{REGISTER}/{hidden_id}")).await.expect(200).json();
    assert_eq!(known["isVisible"], json!(false));
    kari.get(&format!("{REGISTER}/{VENDOR}_unknown")).await.expect(404);
    story.end();
}

/// Contract: R2, R4
#[tokio::test]
async fn a_vendor_lists_its_own_systems_only() {
    let story = Story::begin().await;
    let other = story.system.vendor(OTHER_VENDOR).await;
    let hidden_id = format!("{OTHER_VENDOR}_hidden");
    let hidden = with(definition(&hidden_id), &json!({ "clientId": [], "isVisible": false }));
    other.post(VENDORS, &hidden).await.expect(200);
    let found = story.vendor.get(VENDORS).await.expect(200).json();
    assert_eq!(ids(&found), from_ref(&story.id));
    assert_eq!(ids(&other.get(VENDORS).await.expect(200).json()), [hidden_id]);
    other.get(&story.path("")).await.expect(403);
    story.administrator().await.get(&story.path("")).await.expect(200);
    let unknown = story.vendor.get(&format!("{VENDORS}/{VENDOR}_unknown")).await;
    assert!(sentence(unknown, 404).contains(&format!("{VENDOR}_unknown")));
    story.end();
}

#[tokio::test]
async fn the_scope_of_a_vendor_opens_no_page_of_customers_and_theirs_none_of_vendors() {
    let story = Story::begin().await;
    let kari = story.system.person(KARI).await;
    let of_customers =
        ["", "/rights", "/accesspackages"].map(|rest| format!("{REGISTER}/{}{rest}", story.id));
    for path in of_customers.iter().map(String::as_str).chain([REGISTER]) {
        story.vendor.get(path).await.expect(403);
        story.system.anonymous().get(path).await.expect(401);
        kari.get(path).await.expect(200);
    }
    for path in [VENDORS.to_owned(), story.path(""), story.path("/changelog")] {
        kari.get(&path).await.expect(403);
        story.system.anonymous().get(&path).await.expect(401);
        story.vendor.get(&path).await.expect(200);
    }
    story.end();
}

/// Contract: R7, R8
#[tokio::test]
async fn rights_are_also_written_in_the_old_form_of_apps_and_unknown_systems_have_none() {
    let story = Story::begin().await;
    let kari = story.system.person(KARI).await;
    let path = |id: &str, rest: &str| format!("{REGISTER}/{id}/{rest}");
    let rights = kari.get(&path(&story.id, "rights?useOldFormatForApp=true")).await.expect(200);
    // No app: nothing to be written in another form.
    assert_eq!(rights.json(), json!([right(VAT_RETURN, Some("read"))]));
    for rest in ["rights", "accesspackages"] {
        let answer = kari.get(&path(&format!("{VENDOR}_unknown"), rest)).await.expect(200);
        assert_eq!(answer.json(), json!([]));
    }
    story.end();
}
