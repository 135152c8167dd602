//! The version of a system: an `ETag` to read, and `If-Match` to write.

use reqwest::{Method, header::IF_MATCH};
use serde_json::json;

use crate::story::{OTHER_VENDOR, Story, VENDORS, codes, right, sentence, succeeded, with};

/// Contract: R4, R6, R9, R10
/// Differs: R4, R6, R9, R10: `ETag` and `If-Match` guard against lost updates.
#[tokio::test]
async fn a_change_is_made_only_to_the_version_that_was_read() {
    let story = Story::begin().await;
    let read = story.version().await;
    assert_eq!(read, "\"1\"");
    let hidden = with(story.definition(), &json!({ "isVisible": false }));
    succeeded(story.put_if("", &read, &hidden).await);
    for (rest, body) in
        [("", story.definition()), ("/rights", json!([])), ("/accesspackages", json!([]))]
    {
        let refused = story.put_if(rest, &read, &body).await.expect(412);
        assert!(refused.text().contains("\\\"2\\\""), "the present version: {refused:?}");
    }
    assert_eq!(story.changes().await, ["update", "create"]);
    assert_eq!(story.seen().await["isVisible"], json!(false));

    succeeded(story.put_if("/rights", "\"2\"", &json!([])).await);
    succeeded(story.put_if("/accesspackages", "\"1\", \"3\"", &json!([])).await);
    succeeded(story.put_if("", "*", &story.definition()).await);
    assert_eq!(story.version().await, "\"5\"");
    story.end();
}

#[tokio::test]
async fn each_change_makes_a_version_also_one_that_changes_nothing() {
    let story = Story::begin().await;
    for version in 2..5 {
        succeeded(story.update(&story.definition()).await);
        assert_eq!(story.version().await, format!("\"{version}\""));
    }
    assert_eq!(story.changes().await, ["update", "update", "update", "create"]);
    story.end();
}

#[tokio::test]
async fn a_version_is_looked_at_after_the_owner_and_before_the_body() {
    let story = Story::begin().await;
    let broken = json!([right("no-such-resource", None)]);
    story.put_if("/rights", "\"7\"", &broken).await.expect(412);
    assert_eq!(codes(story.put_if("/rights", "\"1\"", &broken).await), ["AUTH.VLD-00003"]);
    let other = story.system.vendor(OTHER_VENDOR).await;
    for (path, status) in [(story.path("/rights"), 403), (format!("{VENDORS}/unknown/rights"), 404)]
    {
        let put = other.request(Method::PUT, &path).json(&broken);
        other.send(put.header(IF_MATCH, "\"7\"")).await.expect(status);
    }
    for no_version in ["3", "W/\"1\"", "x"] {
        story.put_if("/rights", no_version, &json!([])).await.expect(400);
    }
    succeeded(story.vendor.delete(&story.path("")).await);
    story.put_if("/rights", "\"1\"", &json!([])).await.expect(412);
    sentence(story.put_if("/rights", "\"2\"", &json!([])).await, 400);
    story.end();
}

#[tokio::test]
async fn of_many_who_have_read_the_same_version_one_changes_it() {
    let story = Story::begin().await;
    let puts: Vec<_> = (0..6)
        .map(|n| {
            let put = story.vendor.request(Method::PUT, &story.path(""));
            let text = json!({ "nb": n.to_string(), "nn": "a", "en": "a" });
            let put = put.json(&with(story.definition(), &json!({ "name": text })));
            let (vendor, put) = (story.vendor.clone(), put.header(IF_MATCH, "\"1\""));
            tokio::spawn(async move { vendor.send(put).await.status })
        })
        .collect();
    let mut statuses = Vec::new();
    for put in puts {
        statuses.push(put.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412, 412, 412, 412, 412]);
    assert_eq!(story.changes().await, ["update", "create"]);
    story.end();
}
