//! Updates: all that is held of a system is replaced.

use fullmakt_scenarios::{VAT_RETURN, VENDOR};
use reqwest::Method;
use serde_json::{Value, json};

use crate::story::{
    OTHER_VENDOR, PAYROLL, PAYROLL_REPORT, REGISTER, Story, VENDORS, codes, right, sentence,
    succeeded, with,
};

/// Another system in all that can be another.
fn another(story: &Story) -> Value {
    with(
        story.definition(),
        &json!({
            "name": { "nb": "Ny sky", "nn": "Ny sky (nn)", "en": "New cloud" },
            "description": { "nb": "Lønn", "nn": "Løn", "en": "Payroll" },
            "rights": [right(PAYROLL_REPORT, None)],
            "accessPackages": [{ "urn": PAYROLL }],
            "clientId": ["new-client"],
            "isVisible": false,
            "allowedRedirectUrls": [],
        }),
    )
}

#[tokio::test]
async fn an_update_replaces_all_that_was_held_and_nothing_else() {
    let story = Story::begin().await;
    let sibling = with(
        story.definition(),
        &json!({ "id": format!("{VENDOR}_sibling"), "clientId": ["sibling-client"] }),
    );
    story.vendor.post(VENDORS, &sibling).await.expect(200);
    succeeded(story.update(&another(&story)).await);

    let expected = with(another(&story), &json!({ "isDeleted": false }));
    assert_eq!(story.seen().await, expected);
    let seen = story.vendor.get(&format!("{VENDORS}/{VENDOR}_sibling")).await.expect(200).json();
    assert_eq!(seen, with(sibling, &json!({ "isDeleted": false })));

    // Customers do not find it any more, and see what it is where they know of it.
    let kari = story.system.person(fullmakt_scenarios::KARI).await;
    let found = kari.get(REGISTER).await.expect(200).json();
    let ids: Vec<_> = found.as_array().unwrap().iter().map(|s| s["systemId"].clone()).collect();
    assert_eq!(ids, [json!(format!("{VENDOR}_sibling"))]);
    let known = kari.get(&format!("{REGISTER}/{}", story.id)).await.expect(200).json();
    assert_eq!(known["name"]["en"], "New cloud");
    assert_eq!(known["rights"], json!([right(PAYROLL_REPORT, None)]));
    story.end();
}

#[tokio::test]
async fn what_an_update_leaves_out_is_empty_afterwards_and_the_system_visible() {
    let story = Story::begin().await;
    succeeded(story.update(&another(&story)).await);
    let mut bare = story.definition();
    for member in ["rights", "accessPackages", "clientId", "isVisible", "allowedRedirectUrls"] {
        bare.as_object_mut().unwrap().remove(member);
    }
    succeeded(story.update(&bare).await);
    let seen = story.seen().await;
    for member in ["rights", "accessPackages", "clientId", "allowedRedirectUrls"] {
        assert_eq!(seen[member], json!([]), "{member}");
    }
    assert_eq!(seen["isVisible"], json!(true));
    story.end();
}

#[tokio::test]
async fn an_update_is_read_as_generously_as_a_registration() {
    let story = Story::begin().await;
    let body = json!({
        "ID": format!(" {} ", story.id),
        "Vendor": { "id": format!("0192:{VENDOR}"), "authority": "iso6523-actorid-upis" },
        "NAME": { "NB": " a ", "nn": "b", "en": "c" },
        "description": { "nb": "a", "nn": "b", "en": "c" },
        "softDeleted": true,
        "clientid": [" new-client "],
        "rights": null,
    });
    succeeded(story.update(&body).await);
    let seen = story.seen().await;
    assert_eq!(seen["name"], json!({ "nb": "a", "nn": "b", "en": "c" }));
    assert_eq!(seen["clientId"], json!(["new-client"]));
    assert_eq!(seen["isDeleted"], json!(false));
    story.end();
}

/// The contract's order: unknown, not the owner, another vendor, another id, deleted, the rules.
///
/// Contract: R6
#[tokio::test]
async fn an_update_is_checked_in_the_contracts_order() {
    let story = Story::begin().await;
    let other = story.system.vendor(OTHER_VENDOR).await;
    story.vendor.delete(&story.path("")).await.expect(200);
    let mut body = with(
        story.definition(),
        &json!({
            "id": format!("{VENDOR}_another"),
            "vendor": { "ID": format!("0192:{OTHER_VENDOR}") },
            "rights": [right("no-such-resource", None)],
        }),
    );
    for unknown in [format!("{VENDOR}_unknown"), "no%20id".to_owned()] {
        let text = sentence(other.put(&format!("{VENDORS}/{unknown}"), &body).await, 404);
        assert!(text.contains("no system"), "{text}");
    }
    let refused = other.put(&story.path(""), &body).await.expect(403);
    assert!(!refused.text().contains("no-such-resource"), "{refused:?}");
    let text = sentence(story.update(&body).await, 404);
    assert!(text.contains(&format!("0192:{OTHER_VENDOR}")), "{text}");
    body["vendor"] = json!({ "ID": format!("0192:{VENDOR}") });
    assert_eq!(codes(story.update(&body).await), ["AUTH.VLD-00012"]);
    body["id"] = json!(story.id);
    let text = sentence(story.update(&body).await, 400);
    assert!(text.contains("deleted"), "{text}");
    assert_eq!(story.changes().await, ["delete", "create"]);
    story.end();
}

#[tokio::test]
async fn an_update_of_an_active_system_gets_as_far_as_its_rules() {
    let story = Story::begin().await;
    let body = with(story.definition(), &json!({ "rights": [right("no-such-resource", None)] }));
    assert_eq!(codes(story.update(&body).await), ["AUTH.VLD-00003"]);
    let administrator = story.administrator().await;
    assert_eq!(codes(administrator.put(&story.path(""), &body).await), ["AUTH.VLD-00003"]);
    let body = with(story.definition(), &json!({ "rights": [right(VAT_RETURN, None)] }));
    succeeded(administrator.put(&story.path(""), &body).await);
    assert_eq!(story.seen().await["rights"], json!([right(VAT_RETURN, None)]));
    story.end();
}

#[tokio::test]
async fn an_update_without_the_scope_is_refused_before_anything_is_told() {
    let story = Story::begin().await;
    let reader = story.system.organisation(VENDOR, &["altinn:authentication/systemregister.read"]);
    let reader = reader.await;
    let array = json!([]);
    for (rest, body) in
        [("", &story.definition()), ("/rights", &array), ("/accesspackages", &array)]
    {
        story.system.anonymous().put(&story.path(rest), body).await.expect(401);
        reader.put(&story.path(rest), body).await.expect(403);
        reader.put(&format!("{VENDORS}/unknown{rest}"), body).await.expect(403);
    }
    assert_eq!(story.changes().await, ["create"]);
    story.end();
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_refused_and_changes_nothing() {
    let story = Story::begin().await;
    for rest in ["", "/rights", "/accesspackages"] {
        for body in ["", "{", "null", "7", "{\"rights\":7}", "[7]", "[{\"resource\":[{}]}]", "[[]]"]
        {
            let put = story.vendor.request(Method::PUT, &story.path(rest));
            let put = put.header("content-type", "application/json").body(body);
            let answer = story.vendor.send(put).await;
            assert_eq!(answer.status, 400, "{rest} {body}: {answer:?}");
        }
    }
    assert_eq!(story.changes().await, ["create"]);
    story.end();
}

#[tokio::test]
async fn an_update_with_a_key_is_carried_out_once() {
    let story = Story::begin().await;
    let send = async |body: &Value| {
        let put = story.vendor.request(Method::PUT, &story.path("")).json(body);
        story.vendor.send(put.header("Idempotency-Key", "key-1")).await
    };
    succeeded(send(&another(&story)).await);
    succeeded(story.update(&story.definition()).await);
    succeeded(send(&another(&story)).await);
    send(&story.definition()).await.expect(422);
    // The repeated one was not carried out again.
    assert_eq!(story.seen().await["name"]["en"], "Smartcloud");
    assert_eq!(story.changes().await, ["update", "update", "create"]);
    story.end();
}
