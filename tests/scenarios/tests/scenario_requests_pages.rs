//! Lists of requests page by page, while others ask and take back.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "who tells a story fails by panicking"
)]

use std::collections::BTreeSet;

use fullmakt_scenarios::{
    FJORDTORG, KARI, Log,
    requests::{AGENT_REQUESTS, CHANGE_REQUESTS, REQUESTS, Requests, id, right},
};
use reqwest::Method;
use serde_json::{Value, json};

/// How many requests one page has.
const PAGE: usize = 50;

/// The ids on all pages of a list, in their order.
async fn walk(story: &Requests, list: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut next = Some(format!("{list}/bysystem/{}", story.system_id));
    while let Some(path) = next {
        let page = story.vendor.get(&path).await.expect(200).json();
        let items = page["data"].as_array().unwrap();
        assert!(items.len() == PAGE || page["links"]["next"].is_null(), "a page is full, or last");
        ids.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        next = page["links"]["next"].as_str().map(str::to_owned);
    }
    ids
}

fn distinct(ids: &[String]) -> BTreeSet<&String> {
    ids.iter().collect()
}

/// Defect 5 of the wire contract's §9: at every border between two pages one request was lost.
///
/// Contract: Q7, Q8
/// Differs: Q7, Q8: no request is lost or repeated at the border of pages (defect 5). The token is
/// opaque.
#[tokio::test]
async fn nothing_is_lost_or_seen_twice_while_others_ask() {
    let story = Requests::begin(Log::Postgres).await;
    for (path, body) in
        [(REQUESTS, story.standard(FJORDTORG, "")), (AGENT_REQUESTS, story.agent(FJORDTORG, ""))]
    {
        // Asks for as many as that, one after the other.
        let ask = |name: &'static str, many: usize| {
            let (vendor, mut body) = (story.vendor.clone(), body.clone());
            tokio::spawn(async move {
                let mut ids = Vec::new();
                for number in 0..many {
                    body["externalRef"] = json!(format!("{path} {name} {number}"));
                    ids.push(id(&vendor.post(path, &body).await.expect(201)));
                }
                ids
            })
        };
        let before = ask("before", PAGE + 5).await.unwrap();
        assert_eq!(walk(&story, path).await, before, "in the order in which they were made");

        let meanwhile = ["one", "two", "three"].map(|name| ask(name, 20));
        while meanwhile.iter().any(|asked| !asked.is_finished()) {
            let seen = walk(&story, path).await;
            assert_eq!(distinct(&seen).len(), seen.len(), "nothing twice");
            assert_eq!(seen[..before.len()], before[..], "nothing of what was there is lost");
        }
        let mut all = before;
        for asked in meanwhile {
            all.extend(asked.await.unwrap());
        }
        let seen = walk(&story, path).await;
        assert_eq!((seen.len(), distinct(&seen)), (all.len(), distinct(&all)));

        // What is taken back vanishes, also where a page began after it.
        let (first, last_of_page) = (&seen[0], &seen[PAGE - 1]);
        let page = format!("{path}/bysystem/{}", story.system_id);
        let page = story.vendor.get(&page).await.expect(200).json();
        for gone in [first, last_of_page] {
            story.vendor.delete(&format!("{REQUESTS}/{gone}")).await.expect(202);
        }
        let next = page["links"]["next"].as_str().unwrap();
        let second = story.vendor.get(next).await.expect(200).json();
        assert_eq!(second["data"][0]["id"], json!(seen[PAGE]));
        assert_eq!(walk(&story, path).await.len(), all.len() - 2);
    }
    story.end();
}

/// Defect 6 of the wire contract's §9: every page of change requests was the first.
///
/// Contract: C4
/// Differs: C4: the token is honoured, so that pages end (defect 6).
#[tokio::test]
async fn pages_of_change_requests_come_to_an_end() {
    let story = Requests::begin(Log::Postgres).await;
    let user = story.approved("user").await;
    let change = json!({ "requiredRights": [right("demo-payroll-report", Some("read"))] });
    let mut asked = Vec::new();
    for _ in 0..PAGE + 3 {
        let request = id(&story.change(&user, &change).await.expect(201));
        story.answer(KARI, FJORDTORG, "changerequest", &request, "reject").await.expect(200);
        asked.push(request);
    }
    assert_eq!(walk(&story, CHANGE_REQUESTS).await, asked);
    story.end();
}

/// Contract: Q7
#[tokio::test]
async fn the_next_page_is_where_the_caller_reaches_this_installation() {
    let story = Requests::begin(Log::Postgres).await;
    for number in 0..=PAGE {
        story.asked(&number.to_string()).await;
    }
    let path = format!("{REQUESTS}/bysystem/{}", story.system_id);
    let next = async |headers: &[(&str, &str)]| {
        let get = story.vendor.request(Method::GET, &path);
        let get = headers.iter().fold(get, |get, (name, value)| get.header(*name, *value));
        let page = story.vendor.send(get).await.expect(200).json();
        page["links"]["next"].as_str().unwrap().to_owned()
    };
    let here = next(&[]).await;
    assert!(here.starts_with(&format!("{}{path}?token=", story.system.base())), "{here}");
    let there = next(&[
        ("X-Forwarded-Host", "inner.example, platform.example.no"),
        ("X-Forwarded-Proto", "http, https"),
    ])
    .await;
    let token = here.split_once('?').unwrap().1;
    assert_eq!(there, format!("https://platform.example.no{path}?{token}"));
    story.end();
}

/// Contract: Q7, Q8, C4
#[tokio::test]
async fn a_token_that_is_none_is_refused_and_named() {
    let story = Requests::begin(Log::Postgres).await;
    for list in [REQUESTS, AGENT_REQUESTS, CHANGE_REQUESTS] {
        let page = format!("{list}/bysystem/{}", story.system_id);
        for token in ["x", "WzFd", "bnVsbA", "IjAxOTciDQ", "%00", "W10"] {
            let refused = story.vendor.get(&format!("{page}?token={token}")).await.expect(400);
            let refused: Value = refused.json();
            assert!(!refused["errors"]["token"].is_null(), "{refused}");
        }
        let stranger = story.system.vendor("310020028").await;
        let foreign = stranger.get(&page).await.expect(404);
        assert_eq!(foreign.code().as_deref(), Some("AUTH-00011"));
        let unknown = story.vendor.get(&format!("{list}/bysystem/310010014_no")).await.expect(404);
        assert_eq!(unknown.code().as_deref(), Some("AUTH-00011"));
    }
    story.end();
}
