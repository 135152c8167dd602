//! Commands with an idempotency key are carried out once; readers get the position they insist on.

use fullmakt_scenarios::{FJORDTORG, Log, Scenario4, VAT_RETURN, decision_request};
use reqwest::Method;
use serde_json::{Value, json};

const REQUEST: &str = "/authentication/api/v1/systemuser/request/vendor";

fn request(story: &Scenario4, reference: &str) -> Value {
    json!({
        "systemId": story.system_id,
        "partyOrgNo": FJORDTORG.org,
        "externalRef": reference,
        "rights": [{ "resource": [{ "id": "urn:altinn:resource", "value": VAT_RETURN }] }],
    })
}

#[tokio::test]
async fn the_same_key_and_body_are_carried_out_once_and_answered_alike() {
    let story = Scenario4::begin(Log::Postgres).await;
    let send = async |key: &str, body: &Value| {
        let post = story.vendor.request(Method::POST, REQUEST).json(body);
        story.vendor.send(post.header("Idempotency-Key", key)).await
    };
    let first = send("key-1", &request(&story, "a")).await.expect(201);
    let again = send("key-1", &request(&story, "a")).await.expect(201);
    assert_eq!(first.json(), again.json(), "the answer of the first");
    assert_eq!(first.header("location"), again.header("location"));

    // Another body under the same key is refused, and not carried out.
    send("key-1", &request(&story, "b")).await.expect(422);
    let other = send("key-2", &request(&story, "b")).await.expect(201);
    assert_ne!(other.json()["id"], first.json()["id"]);

    // Without a key the contract's own rule counts: the same request is found.
    story.vendor.post(REQUEST, &request(&story, "a")).await.expect(200);
    story.end();
}

/// Contract: Q1
/// Differs: Q1: requests for one system, customer and reference cannot be doubled by a race (defect
/// 8).
#[tokio::test]
async fn many_at_once_with_one_reference_make_one_request() {
    let story = Scenario4::begin(Log::Postgres).await;
    let body = request(&story, "race");
    let posts = (0..16).map(|_| {
        let (vendor, body) = (story.vendor.clone(), body.clone());
        tokio::spawn(async move { vendor.post(REQUEST, &body).await })
    });
    let mut created = 0;
    let mut ids = std::collections::BTreeSet::new();
    for post in posts.collect::<Vec<_>>() {
        let answer = post.await.unwrap();
        assert!([200, 201].contains(&answer.status), "{answer:?}");
        created += usize::from(answer.status == 201);
        ids.insert(answer.json()["id"].as_str().unwrap().to_owned());
    }
    assert_eq!((created, ids.len()), (1, 1));
    story.end();
}

#[tokio::test]
async fn a_reader_gets_the_position_that_a_command_answered() {
    let story = Scenario4::begin(Log::Postgres).await;
    let user = story.approved().await;
    let api = story.system.public_api().await;
    let question = decision_request(&user, "read", VAT_RETURN, FJORDTORG.org);
    let ask = async |position: &str| {
        let post = api.request(Method::POST, "/authorization/api/v1/authorize").json(&question);
        api.send(post.header("Fullmakt-Min-Position", position)).await
    };
    let deleted = story.delete(&user).await.expect(202);
    let position = deleted.position().to_owned();
    let answer = ask(&position).await.expect(200);
    assert_ne!(answer.json()["response"][0]["decision"], "Permit");
    let number = |token: &str| token.rsplit_once(':').unwrap().1.parse::<u64>().unwrap();
    assert!(number(answer.position()) >= number(&position));

    // A position of another ledger, one that does not exist, and what is none.
    let ledger = position.split_once(':').unwrap().0.to_owned();
    ask(&format!("{ledger}:999999999")).await.expect(400);
    ask("00000000-0000-4000-8000-000000000000:1").await.expect(400);
    ask("yesterday").await.expect(400);

    let path = "/authentication/api/v1/systemregister/vendor";
    let read = story.vendor.request(Method::GET, path);
    let read = story.vendor.send(read.header("Fullmakt-Min-Position", &position)).await;
    assert!(number(read.expect(200).position()) >= number(&position));
    story.end();
}
