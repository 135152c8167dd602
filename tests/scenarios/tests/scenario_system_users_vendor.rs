//! Issue 5: how a vendor finds the system users of its systems.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "who tells a story fails by panicking"
)]

use std::collections::BTreeSet;

use fullmakt_scenarios::{
    Client, FJORDTORG, KARI, Log, NORDVIK, OLA, Scenario4, VAT_RETURN, VENDOR, on_both_logs,
};
use reqwest::Method;
use serde_json::{Value, json};

const OTHER_VENDOR: &str = "310010049";
const SYSTEM_USERS: &str = "/authentication/api/v1/systemuser";
const REGISTER_WRITE: &str = "altinn:authentication/systemregister.write";
const REQUEST_WRITE: &str = "altinn:authentication/systemuser.request.write";
const REQUEST_READ: &str = "altinn:authentication/systemuser.request.read";

on_both_logs! {
    a_vendor_finds_a_system_user_by_what_names_it;
    a_vendor_reads_all_system_users_of_a_system_each_once;
    reading_needs_no_scope_to_write;
}

fn by_query(story: &Scenario4, owner: &str, reference: Option<&str>) -> String {
    let reference = reference.map(|text| format!("&external-ref={text}")).unwrap_or_default();
    format!("{SYSTEM_USERS}/vendor/byquery?system-id={}&orgno={owner}{reference}", story.system_id)
}

/// A system user of [`FJORDTORG`] with a reference.
async fn made(story: &Scenario4, kari: &Client, reference: &str) -> String {
    let request = json!({
        "systemId": story.system_id,
        "partyOrgNo": FJORDTORG.org,
        "externalRef": reference,
        "rights": [{ "resource": [{ "id": "urn:altinn:resource", "value": VAT_RETURN }] }],
    });
    let path = format!("{SYSTEM_USERS}/request/vendor");
    let asked = story.vendor.post(&path, &request).await.expect(201).json();
    let id = asked["id"].as_str().unwrap().to_owned();
    let path = format!("{SYSTEM_USERS}/request/{}/{id}/approve", FJORDTORG.party);
    kari.post_nothing(&path).await.expect(200);
    id
}

/// Contract: V1
async fn a_vendor_finds_a_system_user_by_what_names_it(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let kari = story.system.person(KARI).await;
    let till = made(&story, &kari, "till 1").await;
    let own = story.approved().await;

    let found = story.vendor.get(&by_query(&story, FJORDTORG.org, None)).await.expect(200).json();
    assert_eq!(
        found,
        json!({
            "id": own,
            "integrationTitle": "Smartsky",
            "systemId": story.system_id,
            "reporteeOrgNo": FJORDTORG.org,
            "created": found["created"],
            "isDeleted": false,
            "supplierName": "",
            "supplierOrgno": VENDOR,
            "externalRef": FJORDTORG.org,
            "userType": "standard",
        })
    );
    let named = by_query(&story, FJORDTORG.org, Some("till%201"));
    assert_eq!(story.vendor.get(&named).await.expect(200).json()["id"], json!(till));
    let empty = by_query(&story, FJORDTORG.org, Some(""));
    assert_eq!(story.vendor.get(&empty).await.expect(200).json()["id"], json!(own));

    // What is not there, is named otherwise, or is another vendor's is not found.
    let unknown = async |client: &Client, path: String| {
        let answer = client.get(&path).await.expect(404);
        assert_eq!(answer.code().as_deref(), Some("AUTH-00015"), "{path}: {answer:?}");
    };
    unknown(&story.vendor, by_query(&story, NORDVIK.org, None)).await;
    unknown(&story.vendor, by_query(&story, "310010023", None)).await;
    unknown(&story.vendor, by_query(&story, FJORDTORG.org, Some("Till%201"))).await;
    let other = story.system.organisation(OTHER_VENDOR, &[REQUEST_WRITE]).await;
    unknown(&other, by_query(&story, FJORDTORG.org, None)).await;
    story.delete(&till).await.expect(202);
    unknown(&story.vendor, named).await;

    for (query, field) in [
        (format!("orgno={}", FJORDTORG.org), "system-id"),
        (format!("system-id={}", story.system_id), "orgno"),
    ] {
        let path = format!("{SYSTEM_USERS}/vendor/byquery?{query}");
        let refused = story.vendor.get(&path).await.expect(400);
        assert!(refused.json()["errors"][field].is_array(), "{refused:?}");
    }
    story
}

/// A page has 50: here are two borders of pages.
///
/// Contract: V2
async fn a_vendor_reads_all_system_users_of_a_system_each_once(log: Log) -> Scenario4 {
    const COUNT: usize = 101;
    let story = Scenario4::begin(log).await;
    let kari = story.system.person(KARI).await;
    let mut made_in_order = Vec::new();
    for number in 0..COUNT {
        made_in_order.push(made(&story, &kari, &format!("till-{number}")).await);
    }
    let first = format!("{SYSTEM_USERS}/vendor/bysystem/{}", story.system_id);
    let mut next = Some(first.clone());
    let mut listed: Vec<String> = Vec::new();
    let mut sizes = Vec::new();
    while let Some(path) = next {
        let get = story.vendor.request(Method::GET, &path);
        // Behind a proxy, links are those that the client can follow.
        let get = get.header("X-Forwarded-Host", "platform.example.no");
        let page = story.vendor.send(get.header("X-Forwarded-Proto", "https")).await;
        let page = page.expect(200).json();
        let ids = page["data"].as_array().unwrap().iter();
        listed.extend(ids.map(|user| user["id"].as_str().unwrap().to_owned()));
        sizes.push(page["data"].as_array().unwrap().len());
        next = page["links"]["next"].as_str().map(|link| {
            let path = link.strip_prefix("https://platform.example.no").unwrap();
            assert!(path.starts_with(&format!("{first}?token=")), "{link}");
            path.to_owned()
        });
        // What happens between two pages moves nothing on those that follow.
        if let [user, ..] = listed.as_slice() {
            let path = format!("/fullmakt/v1/system-users/{user}/pause");
            kari.post_nothing(&path).await.expect(204);
        }
    }
    assert_eq!(sizes, [50, 50, 1]);
    assert_eq!(listed, made_in_order);

    // A deleted one is left out, also where a page begins after it.
    story.delete(&made_in_order[49]).await.expect(202);
    let page: Value = story.vendor.get(&first).await.expect(200).json();
    let ids: BTreeSet<_> =
        page["data"].as_array().unwrap().iter().map(|user| user["id"].to_string()).collect();
    assert_eq!(ids.len(), 50);
    assert!(!ids.contains(&json!(made_in_order[49]).to_string()));
    let refused = story.vendor.get(&format!("{first}?token=what")).await.expect(400);
    assert!(refused.json()["errors"]["token"].is_array(), "{refused:?}");
    story
}

/// Defect 21 of the wire contract's §9: to find one needs a scope to write requests, and to list
/// them one to write the register. Both still do, and the scope to read requests does as well.
///
/// Contract: V1, V2
/// Differs: V1, V2: the scope for reading requests opens them too (defect 21).
async fn reading_needs_no_scope_to_write(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let user = story.approved().await;
    let find = by_query(&story, FJORDTORG.org, None);
    let list = format!("{SYSTEM_USERS}/vendor/bysystem/{}", story.system_id);
    for (scope, finds, lists) in [
        (REQUEST_READ, 200, 200),
        (REQUEST_WRITE, 200, 403),
        (REGISTER_WRITE, 403, 200),
        ("altinn:authentication/systemregister.admin", 403, 200),
        ("altinn:maskinporten/systemuser.read", 403, 403),
    ] {
        let vendor = story.system.organisation(VENDOR, &[scope]).await;
        vendor.get(&find).await.expect(finds);
        let listed = vendor.get(&list).await.expect(lists);
        if lists == 200 {
            assert_eq!(listed.json()["data"][0]["id"], json!(user), "{scope}");
        }
    }
    // Persons have no organisation, and other vendors no such system.
    for path in [&find, &list] {
        story.system.person(OLA).await.get(path).await.expect(403);
        story.system.anonymous().get(path).await.expect(401);
    }
    for system in [story.system_id.clone(), format!("{VENDOR}_nothing"), "what".to_owned()] {
        let other = story.system.organisation(OTHER_VENDOR, &[REQUEST_READ]).await;
        let path = format!("{SYSTEM_USERS}/vendor/bysystem/{system}");
        let unknown = other.get(&path).await.expect(404);
        assert_eq!(unknown.code().as_deref(), Some("AUTH-00011"), "{unknown:?}");
    }
    story
}
