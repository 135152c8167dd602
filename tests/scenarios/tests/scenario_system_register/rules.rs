//! The rules of the register: every code, wherever a system, its rights or its packages are written.

use fullmakt_scenarios::{SERVICE_OWNER, VAT_RETURN};
use serde_json::{Value, json};

use crate::story::{
    OTHER_VENDOR, PAYROLL, Story, VAT, VENDORS, codes, definition, right, succeeded, with,
};

const NOBODYS: &str = "urn:altinn:accesspackage:eksplisitt";
const SCOPE: &str = "demo-delegated-scope";
/// Invented, and valid.
const NATIONAL_NUMBER: &str = "12838549045";

/// Members of a system, and the one code that they are refused with.
fn broken() -> Vec<(&'static str, Value)> {
    let twice = |value: Value| json!([value, value]);
    vec![
        ("AUTH.VLD-00003", json!({ "rights": [right("no-such-resource", None)] })),
        ("AUTH.VLD-00004", json!({ "clientId": ["OTHERS-client"] })),
        ("AUTH.VLD-00005", json!({ "allowedRedirectUrls": ["http://smartcloud.example.no/"] })),
        ("AUTH.VLD-00005", json!({ "allowedRedirectUrls": ["/receipt"] })),
        ("AUTH.VLD-00006", json!({ "rights": twice(right(VAT_RETURN, Some("read"))) })),
        ("AUTH.VLD-00007", json!({ "accessPackages": twice(json!({ "urn": VAT })) })),
        ("AUTH.VLD-00008", json!({ "accessPackages": [{ "urn": "merverdiavgift" }] })),
        (
            "AUTH.VLD-00009",
            json!({ "rights": [{ "resource": [{ "id": "urn:altinn:app", "value": VAT_RETURN }] }] }),
        ),
        ("AUTH.VLD-00009", json!({ "rights": [{ "action": "read", "resource": [] }] })),
        ("AUTH.VLD-00011", json!({ "clientId": ["one-client", "One-Client"] })),
        ("AUTH.VLD-00017", json!({ "rights": [right(SCOPE, None)] })),
        ("AUTH.VLD-00018", json!({ "accessPackages": [{ "urn": PAYROLL }] })),
        ("FULLMAKT.VLD-00002", json!({ "clientId": ["a client"] })),
        (
            "FULLMAKT.VLD-00003",
            json!({ "clientId": (0..1001).map(|n| format!("c{n}")).collect::<Vec<_>>() }),
        ),
    ]
}

/// A system that could be registered beside the story's.
fn new(story: &Story) -> Value {
    with(definition(&format!("{}_2", story.id)), &json!({ "clientId": ["new-client"] }))
}

/// Another vendor has a system, and there is a resource that is not for systems.
async fn begin() -> Story {
    let story = Story::begin().await;
    let other = story.system.vendor(OTHER_VENDOR).await;
    let system = with(
        definition(&format!("{OTHER_VENDOR}_other")),
        &json!({ "clientId": ["others-client"] }),
    );
    other.post(VENDORS, &system).await.expect(200);

    let owner =
        story.system.organisation(SERVICE_OWNER, &["altinn:resourceregistry/resource.write"]);
    let titles = json!({ "nb": "Omfang", "nn": "Omfang", "en": "Scope" });
    let resource = json!({
        "identifier": SCOPE,
        "title": titles,
        "description": titles,
        "rightDescription": titles,
        "delegable": true,
        "visible": true,
        "status": "Completed",
        "hasCompetentAuthority": {
            "organization": SERVICE_OWNER,
            "orgcode": "demo",
            "name": titles,
        },
        "resourceType": "MaskinportenSchema",
    });
    let registry = "/resourceregistry/api/v1/resource";
    owner.await.post(registry, &resource).await.expect(201);
    story
}

/// Contract: R5, R6
#[tokio::test]
async fn every_broken_rule_has_its_code_at_registration_and_at_update() {
    let story = begin().await;
    let before = story.version().await;
    let new = new(&story);
    for (code, members) in broken() {
        let registered = story.vendor.post(VENDORS, &with(new.clone(), &members)).await;
        assert_eq!(codes(registered), [code], "{members}");
        let updated = story.update(&with(story.definition(), &members)).await;
        assert_eq!(codes(updated), [code], "{members}");
    }
    // What can be given to nobody breaks two rules where the system is visible.
    let nobodys = json!({ "accessPackages": [{ "urn": NOBODYS }] });
    let both = ["AUTH.VLD-00008", "AUTH.VLD-00018"];
    assert_eq!(codes(story.update(&with(story.definition(), &nobodys)).await), both);
    let hidden = with(with(story.definition(), &nobodys), &json!({ "isVisible": false }));
    assert_eq!(codes(story.update(&hidden).await), ["AUTH.VLD-00008"]);

    assert_eq!(story.version().await, before, "nothing was changed");
    let path = format!("{VENDORS}/{}_2", story.id);
    story.vendor.get(&path).await.expect(404);
    story.end();
}

/// Contract: R9, R10
#[tokio::test]
async fn every_broken_rule_of_rights_and_packages_has_its_code_where_they_are_replaced() {
    let story = begin().await;
    let before = story.version().await;
    let mut tried = 0;
    for (code, members) in broken() {
        for (member, rest) in [("rights", "/rights"), ("accessPackages", "/accesspackages")] {
            if let Some(body) = members.get(member) {
                let answer = story.vendor.put(&story.path(rest), body).await;
                assert_eq!(codes(answer), [code], "{members}");
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 8);
    assert_eq!(story.version().await, before, "nothing was changed");

    // What a visible system may not have, a hidden one may.
    let hidden = with(story.definition(), &json!({ "isVisible": false }));
    succeeded(story.update(&hidden).await);
    let payroll = json!([{ "urn": PAYROLL }]);
    succeeded(story.vendor.put(&story.path("/accesspackages"), &payroll).await);
    assert_eq!(
        codes(story.update(&with(story.definition(), &json!({ "accessPackages": payroll }))).await),
        ["AUTH.VLD-00018"]
    );
    story.end();
}

#[tokio::test]
async fn all_broken_rules_are_told_at_once_with_what_was_seen_and_where() {
    let story = begin().await;
    let members = json!({
        "rights": [right("no-such-resource", None)],
        "clientId": ["others-client"],
        "allowedRedirectUrls": ["ftp://a.example"],
    });
    let answer = story.update(&with(story.definition(), &members)).await;
    let problem = answer.expect(400).json();
    assert_eq!(problem["title"], "One or more validation errors occurred.");
    let told: Vec<_> = problem["validationErrors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| (error["paths"][0].as_str().unwrap(), error["detail"].as_str().unwrap()))
        .collect();
    for ((path, detail), (expected, seen)) in told.iter().zip([
        ("/registersystemrequest/rights/resource", "no-such-resource"),
        ("/registersystemrequest/clientid", "others-client"),
        ("/registersystemrequest/allowedredirecturls", "ftp://a.example"),
    ]) {
        assert_eq!(*path, expected);
        assert!(detail.contains(seen), "{detail}");
        assert!(!detail.contains(OTHER_VENDOR), "whose it is, is not the caller's to know");
    }
    assert_eq!(told.len(), 3);
    story.end();
}

/// Defect 13 of the wire contract's §9: 500 where a language was missing.
///
/// Contract: R5, R6
/// Differs: R5, R6: a missing language is 400 and named, where the original fails with 500 (defect
/// 13).
#[tokio::test]
async fn a_missing_language_is_named() {
    let story = Story::begin().await;
    let new = new(&story);
    for (members, paths) in [
        (json!({ "name": { "nb": "a", "en": "a" } }), vec!["/registersystemrequest/name/nn"]),
        (
            json!({ "description": { "nb": "a", "nn": "a", "en": " " } }),
            vec!["/registersystemrequest/description/en"],
        ),
        (
            json!({ "name": {}, "description": { "nb": null, "nn": "a", "en": "a" } }),
            vec![
                "/registersystemrequest/name/nb",
                "/registersystemrequest/name/nn",
                "/registersystemrequest/name/en",
                "/registersystemrequest/description/nb",
            ],
        ),
    ] {
        for answer in [
            story.vendor.post(VENDORS, &with(new.clone(), &members)).await,
            story.update(&with(story.definition(), &members)).await,
        ] {
            let problem = answer.expect(400).json();
            assert_eq!(problem["validationErrors"][0]["code"], "STD.VLD-00000");
            assert_eq!(problem["validationErrors"][0]["paths"], json!(paths));
        }
    }
    story.end();
}

/// Defect 14 of the wire contract's §9: an update did not check redirect URLs.
///
/// Contract: R6
/// Differs: R6: redirect URLs are checked as at registration (defect 14).
#[tokio::test]
async fn an_update_cannot_smuggle_in_a_redirect_url_that_a_registration_could_not() {
    let story = Story::begin().await;
    for url in ["http://evil.example", "//evil.example", "https://a@evil.example", "javascript:1"] {
        let members = json!({ "allowedRedirectUrls": [url] });
        let answer = story.update(&with(story.definition(), &members)).await;
        assert_eq!(codes(answer), ["AUTH.VLD-00005"], "{url}");
    }
    let kept = json!(["https://smartcloud.example.no/receipt"]);
    assert_eq!(story.seen().await["allowedRedirectUrls"], kept);
    story.end();
}

/// Contract: R5, R6
/// Differs: R5, R6: texts that hold a national identity number are refused.
#[tokio::test]
async fn a_national_identity_number_is_refused_in_every_text_and_not_repeated() {
    let story = Story::begin().await;
    let new = new(&story);
    let text = format!("for {NATIONAL_NUMBER}");
    let texts = json!({ "nb": "a", "nn": text, "en": "a" });
    for members in [
        json!({ "name": texts }),
        json!({ "description": texts }),
        json!({ "rights": [right(VAT_RETURN, Some(NATIONAL_NUMBER))] }),
        json!({ "accessPackages": [{ "urn": format!("urn:altinn:accesspackage:{NATIONAL_NUMBER}") }] }),
        json!({ "clientId": [NATIONAL_NUMBER] }),
        json!({ "allowedRedirectUrls": [format!("https://a.example/{NATIONAL_NUMBER}")] }),
    ] {
        let mut answers = vec![
            story.vendor.post(VENDORS, &with(new.clone(), &members)).await,
            story.update(&with(story.definition(), &members)).await,
        ];
        for (member, rest) in [("rights", "/rights"), ("accessPackages", "/accesspackages")] {
            if let Some(body) = members.get(member) {
                answers.push(story.vendor.put(&story.path(rest), body).await);
            }
        }
        for answer in answers {
            let said = answer.text();
            assert!(!said.contains(NATIONAL_NUMBER), "{said}");
            assert!(codes(answer).contains(&"FULLMAKT.VLD-00001".to_owned()), "{said}");
        }
    }
    story.end();
}
