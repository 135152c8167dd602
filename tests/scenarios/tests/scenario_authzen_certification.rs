//! The certification scenario of the AuthZEN Authorization API 1.0, every level of it.
//!
//! Each check names the section of the scenario that it is of. The fixture is loaded as any
//! installation would load its own: the entities by `fullmakt import entities`, the policy as that of
//! a resource named `record`.
//!
//! What cannot be checked against a server of a test is TLS itself (`c-5`, 1): in production a proxy
//! ends it. That addresses in the metadata are HTTPS addresses is checked as behind such a proxy.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "who tells a story fails by panicking"
)]

use fullmakt_scenarios::{
    Answer,
    authzen::{Pdp, names},
};
use reqwest::Method;
use serde_json::{Value, json};

const EVALUATION: &str = "/access/v1/evaluation";

fn user(id: &str) -> Value {
    json!({ "type": "user", "id": id })
}

fn user_with(id: &str, role: &str) -> Value {
    json!({ "type": "user", "id": id, "properties": { "role": role } })
}

fn record(id: &str) -> Value {
    json!({ "type": "record", "id": id })
}

fn record_with(id: &str, status: &str) -> Value {
    json!({ "type": "record", "id": id, "properties": { "status": status } })
}

fn action(name: &str) -> Value {
    json!({ "name": name })
}

fn question(subject: &Value, name: &str, resource: &Value) -> Value {
    json!({ "subject": subject, "action": action(name), "resource": resource })
}

fn context() -> Value {
    json!({ "time": "2025-06-27T18:03-07:00", "ip": "192.168.1.1" })
}

fn with(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

fn without(mut body: Value, pointer: &str) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name).unwrap();
    body
}

/// `c-2-3` and `c-5`, 2: what every decision looks like.
fn is_decision(answer: &Answer) {
    assert_eq!(answer.header("content-type"), "application/json");
    let body = answer.json();
    assert!(body["decision"].is_boolean(), "{body}");
    assert!(body.get("context").is_none_or(Value::is_object), "{body}");
}

#[tokio::test]
async fn basic_core_and_properties_are_decided_as_the_fixture_says() {
    let pdp = Pdp::begin().await;
    let delete = |soft: bool| {
        let body = question(&user("alice"), "delete", &record("record-1"));
        with(body, "action", json!({ "name": "delete", "properties": { "soft": soft } }))
    };
    let read = question(&user("alice"), "read", &record("record-1"));
    let more = json!({
        "subject": { "type": "user", "id": "alice",
                     "properties": { "department": "Sales", "role": "manager" } },
        "action": { "name": "read", "properties": { "method": "GET" } },
        "resource": { "type": "record", "id": "record-1",
                      "properties": { "status": "active", "owner": "bob" } },
    });
    let unknown = with(read.clone(), "foo", json!("bar"));
    let unknown = with(unknown, "futureField", json!({ "nested": true }));
    let (alice, bob, first) = (user("alice"), user("bob"), record("record-1"));
    let archived = record_with("record-2", "archived");
    for (section, body, decision) in [
        ("c-2-2-1", read.clone(), true),
        ("c-2-2-2", question(&bob, "write", &first), false),
        ("c-2-2-3", with(read.clone(), "context", context()), true),
        ("c-2-2-4", question(&alice, "write", &archived), false),
        ("c-2-2-5", question(&user_with("bob", "admin"), "write", &archived), true),
        ("c-2-2-6", delete(true), true),
        ("c-2-2-7", delete(false), false),
        ("c-2-2-8", more, true),
        ("c-2-2-9", unknown, true),
        ("c-1-4, 2", question(&alice, "write", &first), true),
        ("c-1-4, 3", question(&bob, "read", &first), true),
    ] {
        let answer = pdp.evaluate(&body).await.expect(200);
        is_decision(&answer);
        assert_eq!(answer.json()["decision"], decision, "{section}: {answer:?}");
    }
    // c-2-6
    for _ in 0..5 {
        assert!(pdp.decision(&read).await);
    }
    pdp.end();
}

#[tokio::test]
async fn what_is_no_request_is_a_bad_request() {
    let pdp = Pdp::begin().await;
    let whole = question(&user("alice"), "read", &record("record-1"));
    // c-2-4-1, c-2-4-2, c-5, 3
    for pointer in [
        "/subject",
        "/action",
        "/resource",
        "/subject/type",
        "/subject/id",
        "/action/name",
        "/resource/type",
        "/resource/id",
    ] {
        let answer = pdp.evaluate(&without(whole.clone(), pointer)).await.expect(400);
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer, "{answer:?}");
    }
    // c-2-4-3, c-2-4-4, c-2-4-5
    for (media_type, body) in [
        ("text/plain", whole.to_string()),
        ("application/x-www-form-urlencoded", whole.to_string()),
        ("application/json", "{\"subject\":".to_owned()),
        ("application/json", String::new()),
    ] {
        let post = pdp.client.request(Method::POST, EVALUATION).body(body);
        pdp.client.send(post.header("content-type", media_type)).await.expect(400);
    }
    // c-2-4-6
    pdp.evaluate(&with(whole.clone(), "subject", json!("alice"))).await.expect(400);
    pdp.evaluate(&with(whole, "action", json!({ "name": 123 }))).await.expect(400);
    pdp.end();
}

#[tokio::test]
async fn the_id_of_a_request_is_echoed() {
    let pdp = Pdp::begin().await;
    let body = question(&user("alice"), "read", &record("record-1"));
    // c-2-5-1, c-5, 4
    let id = "bfe9eb29-ab87-4ca3-be83-a1d5d8305716";
    let search = with(body.clone(), "subject", json!({ "type": "user" }));
    for (path, body, status) in [
        (EVALUATION, &body, 200),
        ("/access/v1/evaluations", &body, 200),
        ("/access/v1/search/subject", &search, 200),
        (EVALUATION, &json!({}), 400),
    ] {
        let post = pdp.client.request(Method::POST, path).json(body);
        let answer = pdp.client.send(post.header("X-Request-ID", id)).await.expect(status);
        assert_eq!(answer.header("x-request-id"), id);
    }
    // c-2-5-2
    assert!(!pdp.evaluate(&body).await.expect(200).header("x-request-id").is_empty());
    pdp.end();
}

#[tokio::test]
async fn batch_core_and_properties_are_decided_in_their_order() {
    let pdp = Pdp::begin().await;
    let (alice, bob, first) = (user("alice"), user("bob"), record("record-1"));
    let (active, archived) =
        (record_with("record-1", "active"), record_with("record-2", "archived"));
    // c-3-2-1, c-3-3
    let structure = json!({
        "subject": alice, "action": action("read"),
        "evaluations": [{ "resource": first }, { "resource": record("record-2") }],
    });
    assert_eq!(pdp.decisions(&structure).await.len(), 2);
    for (section, body, decisions) in [
        (
            "c-3-2-2",
            json!({
                "subject": bob, "resource": first,
                "evaluations": [{ "action": action("read") }, { "action": action("write") }],
            }),
            [true, false],
        ),
        (
            "c-3-2-3",
            json!({
                "subject": alice, "action": action("write"),
                "evaluations": [{ "resource": active }, { "resource": archived }],
            }),
            [true, false],
        ),
        (
            "c-3-2-4",
            json!({
                "action": action("write"), "resource": archived,
                "evaluations": [{ "subject": alice }, { "subject": user_with("bob", "admin") }],
            }),
            [false, true],
        ),
        (
            "c-3-2-5",
            json!({ "evaluations": [
                question(&alice, "read", &first), question(&bob, "write", &first),
            ] }),
            [true, false],
        ),
        (
            "c-3-2-7",
            json!({
                "subject": alice, "action": action("write"), "resource": active,
                "evaluations": [{}, { "resource": archived }],
            }),
            [true, false],
        ),
    ] {
        assert_eq!(pdp.decisions(&body).await, decisions, "{section}");
    }
    // c-3-2-6
    let inherited = json!({
        "subject": alice, "action": action("read"), "context": { "time": "2025-06-27T18:03-07:00" },
        "evaluations": [
            { "resource": first },
            { "resource": record("record-2"),
              "context": { "time": "2025-06-27T19:00-07:00", "source": "batch-override" } },
        ],
    });
    assert_eq!(pdp.decisions(&inherited).await.len(), 2);
    pdp.end();
}

#[tokio::test]
async fn a_batch_answers_its_failures_and_is_one_question_without_evaluations() {
    let pdp = Pdp::begin().await;
    // c-3-4-1
    let failing = json!({
        "subject": user("alice"), "action": action("read"),
        "options": { "evaluations_semantic": "execute_all" },
        "evaluations": [{ "resource": record("record-1") }, {}],
    });
    let answer = pdp.evaluations(&failing).await.expect(200).json();
    let decisions = answer["evaluations"].as_array().unwrap();
    assert_eq!(decisions.len(), 2);
    assert_eq!(
        (&decisions[0]["decision"], &decisions[1]["decision"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(decisions[1]["context"]["error"]["status"], 400, "{answer}");
    // c-3-4-2, c-3-4-3
    let single = question(&user("alice"), "read", &record("record-1"));
    for body in [single.clone(), with(single, "evaluations", json!([]))] {
        let answer = pdp.evaluations(&body).await.expect(200);
        is_decision(&answer);
        assert_eq!(answer.json()["decision"], true);
    }
    pdp.end();
}

fn has(found: &[String], wanted: &[&str]) -> bool {
    wanted.iter().all(|wanted| found.iter().any(|found| found == wanted))
}

#[tokio::test]
async fn search_core_and_properties_find_what_the_fixture_says() {
    let pdp = Pdp::begin().await;
    let typed = |kind: &str| json!({ "type": kind });
    let readers = question(&typed("user"), "read", &record("record-1"));
    let readable = question(&user("alice"), "read", &typed("record"));
    let possible = json!({ "subject": user("alice"), "resource": record("record-1") });
    let admin = user_with("bob", "admin");
    let archived = record_with("record-2", "archived");
    for (section, what, body, wanted) in [
        ("c-4-2-1", "subject", readers.clone(), vec!["alice", "bob"]),
        ("c-4-2-2", "subject", with(readers.clone(), "context", context()), vec!["alice", "bob"]),
        (
            "c-4-2-3",
            "subject",
            with(readers.clone(), "subject", user("alice")),
            vec!["alice", "bob"],
        ),
        ("c-4-2-4", "subject", question(&typed("user"), "write", &archived), vec!["bob"]),
        ("c-4-3-1", "resource", readable.clone(), vec!["record-1"]),
        ("c-4-3-2", "resource", with(readable.clone(), "context", context()), vec!["record-1"]),
        (
            "c-4-3-3",
            "resource",
            with(readable.clone(), "resource", record("record-1")),
            vec!["record-1"],
        ),
        ("c-4-3-4", "resource", question(&admin, "write", &typed("record")), vec!["record-2"]),
        ("c-4-4-1", "action", possible.clone(), vec!["read", "write"]),
        ("c-4-4-2", "action", with(possible, "context", context()), vec!["read", "write"]),
        ("c-4-4-3", "action", json!({ "subject": admin, "resource": archived }), vec!["write"]),
    ] {
        let answer = pdp.search(what, &body).await.expect(200);
        assert_eq!(answer.header("content-type"), "application/json");
        let found = names(&answer);
        assert!(has(&found, &wanted), "{section}: {found:?}");
        let kinds = answer.json();
        for result in kinds["results"].as_array().unwrap() {
            match what {
                "subject" => assert_eq!(result["type"], "user", "{section}"),
                "resource" => assert_eq!(result["type"], "record", "{section}"),
                _ => assert!(result["name"].is_string(), "{section}"),
            }
        }
    }
    // An id of what is searched for and a context change nothing.
    let plain = pdp.found("subject", &readers).await;
    for body in
        [with(readers.clone(), "context", context()), with(readers, "subject", user("alice"))]
    {
        assert_eq!(pdp.found("subject", &body).await, plain);
    }
    let plain = pdp.found("resource", &readable).await;
    for body in [
        with(readable.clone(), "context", context()),
        with(readable, "resource", record("record-2")),
    ] {
        assert_eq!(pdp.found("resource", &body).await, plain);
    }
    pdp.end();
}

#[tokio::test]
async fn searches_have_pages() {
    let pdp = Pdp::begin().await;
    let readers = question(&json!({ "type": "user" }), "read", &record("record-1"));
    // c-4-5-1
    let first = pdp.search("subject", &with(readers.clone(), "page", json!({ "limit": 1 }))).await;
    let page = first.expect(200).json();
    assert_eq!(page["results"].as_array().unwrap().len(), 1);
    assert_eq!(page["page"]["count"], 1);
    let token = page["page"]["next_token"].as_str().unwrap();
    assert!(!token.is_empty());
    // c-4-5-2: the token alone is enough.
    let next =
        pdp.search("subject", &with(readers.clone(), "page", json!({ "token": token }))).await;
    let last = next.expect(200).json();
    assert_eq!(last["results"], json!([{ "type": "user", "id": "bob" }]));
    assert_eq!(last["page"]["next_token"], "", "c-4-5-3");
    let whole = pdp.search("subject", &with(readers, "page", json!({}))).await.expect(200);
    assert_eq!((names(&whole).len(), &whole.json()["page"]["next_token"]), (2, &json!("")));
    pdp.end();
}

#[tokio::test]
async fn searches_of_what_is_not_known_find_nothing_and_are_no_errors() {
    let pdp = Pdp::begin().await;
    let (alice, first) = (user("alice"), record("record-1"));
    let typed = |kind: &str| json!({ "type": kind });
    for (what, body) in [
        // c-4-6-1
        ("action", json!({ "subject": user("nonexistent-user"), "resource": first })),
        ("action", json!({ "subject": alice, "resource": record("nonexistent") })),
        ("resource", question(&user("nonexistent-user"), "read", &typed("record"))),
        ("subject", question(&typed("user"), "read", &record("nonexistent"))),
        // c-4-6-2
        ("subject", question(&typed("spaceship"), "read", &first)),
        ("resource", question(&alice, "read", &typed("spaceship"))),
        ("resource", question(&alice, "read", &typed("Space Ship"))),
        ("action", json!({ "subject": alice, "resource": { "type": "spaceship", "id": "1" } })),
        ("action", json!({ "subject": { "type": "spaceship", "id": "1" }, "resource": first })),
        ("subject", question(&typed("user"), "read", &json!({ "type": "spaceship", "id": "1" }))),
    ] {
        let found = pdp.found(what, &body).await;
        assert!(found.is_empty(), "{what} {body}: {found:?}");
    }
    pdp.end();
}

#[tokio::test]
async fn searches_that_lack_something_are_bad_requests() {
    let pdp = Pdp::begin().await;
    let (alice, first) = (user("alice"), record("record-1"));
    let typed = |kind: &str| json!({ "type": kind });
    for (what, body) in [
        // c-4-7-1
        ("subject", json!({ "subject": typed("user"), "resource": first })),
        ("resource", json!({ "action": action("read"), "resource": typed("record") })),
        ("action", json!({ "subject": alice })),
        // c-4-7-2
        ("subject", question(&typed("user"), "read", &typed("record"))),
        ("resource", question(&typed("user"), "read", &typed("record"))),
        ("action", json!({ "subject": typed("user"), "resource": first })),
        ("action", json!({ "subject": alice, "resource": typed("record") })),
    ] {
        pdp.search(what, &body).await.expect(400);
    }
    pdp.end();
}

#[tokio::test]
async fn the_metadata_say_where_everything_is() {
    let pdp = Pdp::begin().await;
    let anybody = pdp.system.anonymous();
    // c-6, as seen through a proxy that ends TLS.
    let get = anybody.request(Method::GET, "/.well-known/authzen-configuration");
    let get = get.header("X-Forwarded-Host", "pdp.example.no").header("X-Forwarded-Proto", "https");
    let answer = anybody.send(get).await.expect(200);
    assert_eq!(answer.header("content-type"), "application/json");
    let base = "https://pdp.example.no";
    assert_eq!(
        answer.json(),
        json!({
            "policy_decision_point": base,
            "access_evaluation_endpoint": format!("{base}/access/v1/evaluation"),
            "access_evaluations_endpoint": format!("{base}/access/v1/evaluations"),
            "search_subject_endpoint": format!("{base}/access/v1/search/subject"),
            "search_resource_endpoint": format!("{base}/access/v1/search/resource"),
            "search_action_endpoint": format!("{base}/access/v1/search/action"),
        })
    );
    // Every address that they name is there.
    let here = anybody.get("/.well-known/authzen-configuration").await.expect(200).json();
    assert_eq!(here["policy_decision_point"], pdp.system.base());
    for (name, address) in here.as_object().unwrap() {
        if name.ends_with("_endpoint") {
            pdp.client.post(address.as_str().unwrap(), &json!({})).await.expect(400);
        }
    }
    pdp.end();
}
