//! A vendor that asks again is told what is there, and whether it is what it asked for.

use fullmakt_scenarios::{
    Answer, FJORDTORG, KARI, Log, NORDVIK,
    requests::{
        AGENT_REQUESTS, REQUESTS, Requests, VAT, change_path, id, packages, right, undated,
    },
};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

async fn strict(story: &Requests, path: &str, body: &Value) -> Answer {
    let post = story.vendor.request(Method::POST, path).json(body);
    story.vendor.send(post.header("Prefer", "handling=strict")).await
}

/// Defect 10 of the wire contract's §9: whoever asked again for something else got 200 and what was
/// there, and could not see the difference.
///
/// Contract: Q1, Q2
/// Differs: Q1, Q2: the answer says in `Fullmakt-Existing` whether an existing request is the same;
/// with `Prefer: handling=strict` another one is 409 (defect 10).
#[tokio::test]
async fn a_repetition_says_whether_it_is_the_same_and_is_refused_where_the_caller_prefers_that() {
    let story = Requests::begin(Log::Postgres).await;
    for (path, first) in
        [(REQUESTS, story.standard(FJORDTORG, "a")), (AGENT_REQUESTS, story.agent(FJORDTORG, "b"))]
    {
        let asked = strict(&story, path, &first).await.expect(201);
        assert!(!asked.headers.contains_key("fullmakt-existing"));
        let same = strict(&story, path, &first).await.expect(200);
        assert_eq!(same.header("fullmakt-existing"), "same");
        assert_eq!(undated(&same), undated(&asked));

        let mut other = first.clone();
        other["accessPackages"] = packages(&[VAT]);
        other["redirectUrl"] = json!("https://wide.example.no/done");
        let kept = story.vendor.post(path, &other).await.expect(200);
        assert_eq!(kept.header("fullmakt-existing"), "different");
        assert_eq!(undated(&kept), undated(&asked));
        let refused = strict(&story, path, &other).await.expect(409);
        assert!(refused.text().contains("`accessPackages`, `redirectUrl`"), "{refused:?}");
    }
    story.answer(KARI, FJORDTORG, "request", &story.asked("c").await, "reject").await.expect(200);
    let rejected = story.vendor.post(REQUESTS, &story.standard(FJORDTORG, "c")).await.expect(200);
    assert_eq!(rejected.json()["status"], "Rejected");
    assert_eq!(rejected.header("fullmakt-existing"), "same");
    story.end();
}

/// Defect 22 of the wire contract's §9: `Location` leads to what the vendor may not read.
///
/// Contract: Q1, Q2, C1
/// Differs: Q1, Q2, C1: `Content-Location` is where the vendor can read it, beside the contract's
/// `Location` (defect 22).
#[tokio::test]
async fn what_was_asked_for_says_where_its_vendor_reads_it() {
    let story = Requests::begin(Log::Postgres).await;
    let user = story.approved("user").await;
    let change = json!({ "unwantedRights": [right("demo-vat-return", None)] });
    let path = change_path("", &Uuid::new_v4().to_string(), &user);
    for (path, body, contracts) in [
        (REQUESTS.to_owned(), story.standard(FJORDTORG, "a"), "request"),
        (AGENT_REQUESTS.to_owned(), story.agent(FJORDTORG, "b"), "request"),
        (path, change, "changerequest"),
    ] {
        let send = async || {
            let post = story.vendor.request(Method::POST, &path).json(&body);
            story.vendor.send(post.header("Idempotency-Key", path.as_str())).await
        };
        let asked = send().await.expect(201);
        let location = format!("/authentication/api/v1/systemuser/{contracts}/{}", id(&asked));
        assert!(asked.header("location").ends_with(&location), "{:?}", asked.headers);
        // The same from the answer that is remembered, and from what is there already.
        let remembered = send().await.expect(201);
        let existing = story.vendor.post(&path, &body).await.expect(200);
        for answer in [asked, remembered, existing] {
            let readable = answer.header("content-location");
            let read = story.vendor.get(readable).await.expect(200);
            assert_eq!(undated(&read), undated(&answer));
        }
    }
    story.end();
}

/// Contract: Q3, Q5
#[tokio::test]
async fn a_request_is_found_by_its_id_and_by_its_reference_and_by_its_vendor_alone() {
    let story = Requests::begin(Log::Postgres).await;
    let asked = story.asked("shop").await;
    let by_id = format!("{REQUESTS}/{asked}");
    let by_reference = |reference: &str| {
        let (system, customer) = (&story.system_id, FJORDTORG.org);
        format!("{REQUESTS}/byexternalref/{system}/{customer}/{reference}")
    };
    let request = story.vendor.get(&by_id).await.expect(200).json();
    assert_eq!(request["externalRef"], "shop");
    assert_eq!(request["escalated"], false);
    assert_eq!(story.vendor.get(&by_reference("shop")).await.expect(200).json(), request);
    story.vendor.get(&by_reference("other")).await.expect(404);
    let stranger = story.system.vendor(NORDVIK.org).await;
    for path in [by_id, by_reference("shop")] {
        stranger.get(&path).await.expect(404);
    }
    story.end();
}
