//! What the stories have in common: an auditor who reads all that was decided.

use std::collections::BTreeMap;

use fullmakt_scenarios::{Answer, Client, System};
use serde_json::Value;

pub const DECISIONS: &str = "/fullmakt/v1/decisions";

/// Where a decision is.
pub fn of(id: &str) -> String {
    format!("{DECISIONS}/{id}")
}

/// Where a decision is computed again.
pub fn reproduce(id: &str) -> String {
    format!("{DECISIONS}/{id}/reproduce")
}

/// The decision's id, as its record has it.
pub fn id(found: &Value) -> &str {
    found["record"]["id"].as_str().expect("a record has an id")
}

/// All that answers a search, page by page, newest first. What is in the log when one begins is
/// waited for.
pub async fn search(client: &Client, query: &str) -> Vec<Value> {
    settled(client).await;
    let mut found = Vec::new();
    let mut next = Some(format!("{DECISIONS}?limit=7&{query}"));
    while let Some(path) = next {
        let page = client.get(&path).await.expect(200).json();
        let data = page["data"].as_array().expect("a page has decisions");
        assert!(data.len() <= 7, "{page}");
        found.extend(data.iter().cloned());
        next = page["links"]["next"].as_str().map(str::to_owned);
    }
    found
}

/// Waits until the index has what the log has.
async fn settled(client: &Client) {
    for _ in 0..1_000 {
        let page = client.get(&format!("{DECISIONS}?limit=1")).await.expect(200).json();
        if page["behind"] == 0 {
            return;
        }
    }
    panic!("the index does not catch up");
}

/// Has every decision computed again, and counts how often each outcome is found. Only what named
/// nothing that is known, and so was not computed in the first place, is not verifiable.
pub async fn reproduce_all(system: &System) -> BTreeMap<String, usize> {
    let auditor = system.auditor().await;
    let mut reasons = BTreeMap::new();
    for found in search(&auditor, "").await {
        let record = &found["record"];
        let answer = auditor.get(&reproduce(id(&found))).await.expect(200).json();
        let expected = if record["kind"] == "undecided" { "unverifiable" } else { "match" };
        assert_eq!(answer["outcome"], expected, "{answer}\n{record}");
        assert_eq!(answer["position"], record["position"], "{answer}");
        let reason = record["reason"].as_str().unwrap_or("delegation");
        *reasons.entry(reason.to_owned()).or_default() += 1;
    }
    reasons
}

/// The answer says that there is no such thing.
#[track_caller]
pub fn assert_not_found(answer: Answer) {
    assert_eq!(answer.expect(404).json()["type"], "/problems/not-found");
}
