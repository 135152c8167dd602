//! A vendor asks for other rights of a system user, and the customer answers.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "who tells a story fails by panicking"
)]

use fullmakt_scenarios::{
    EVA, FJORDTORG, KARI, Log, NORDVIK, OLA, on_both_logs,
    requests::{
        CHANGE_REQUESTS, EVENTS, PAYROLL, Requests, VAT, change_path, id, packages, right, undated,
    },
};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

on_both_logs! {
    a_change_gives_what_is_required_and_takes_what_is_unwanted;
}

const PAYROLL_REPORT: &str = "demo-payroll-report";
const VAT_RETURN: &str = "demo-vat-return";
const BASE: &str = "/authentication/api/v1/systemuser/changerequest";

fn nothing() -> Value {
    json!({
        "requiredRights": [],
        "unwantedRights": [],
        "requiredAccessPackages": [],
        "unwantedAccessPackages": [],
    })
}

/// `requiredRights` alone.
fn required(rights: &[Value]) -> Value {
    json!({ "requiredRights": rights })
}

/// Contract: C1, C2, C3, C6, C8
/// Differs: C3: the package lists are there (defect 19).
/// Differs: C8: what is both required and unwanted is gone afterwards, and an unwanted right that
/// names an action takes that action only.
async fn a_change_gives_what_is_required_and_takes_what_is_unwanted(log: Log) -> Requests {
    let story = Requests::begin(log).await;
    let user = story.approved("shop").await;
    assert!(story.is_permitted(&user, "read", VAT_RETURN).await);

    let correlation = Uuid::new_v4().to_string();
    let change = json!({
        "requiredRights": [right(PAYROLL_REPORT, Some("read"))],
        "unwantedRights": [right(VAT_RETURN, None)],
        "requiredAccessPackages": packages(&[EVENTS]),
        "redirectUrl": "https://wide.example.no/done?change=1",
    });
    let asked = story.change_as(&correlation, &user, &change).await.expect(201);
    let seen = asked.json();
    assert_eq!((&seen["id"], &seen["systemUserId"]), (&json!(correlation), &json!(user)));
    assert_eq!((&seen["status"], &seen["externalRef"]), (&json!("New"), &json!("shop")));
    assert!(seen["confirmUrl"].as_str().unwrap().contains("/changerequest?id="));
    let path = format!("{CHANGE_REQUESTS}/{correlation}");
    assert_eq!(undated(&story.vendor.get(&path).await.expect(200)), undated(&asked));
    // Defect 19 of the wire contract's §9: the packages were left out here.
    let by_reference =
        format!("{CHANGE_REQUESTS}/byexternalref/{}/{}/shop", story.system_id, FJORDTORG.org);
    let found = story.vendor.get(&by_reference).await.expect(200);
    assert_eq!(undated(&found), undated(&asked));
    assert_eq!(found.json()["requiredAccessPackages"], packages(&[EVENTS]));

    let kari = story.system.person(KARI).await;
    let page = kari.get(&format!("{BASE}/{correlation}")).await.expect(200).json();
    assert_eq!((&page["partyId"], &page["status"]), (&json!(FJORDTORG.party), &json!("New")));
    let of_party = kari.get(&format!("{BASE}/{}/{correlation}", FJORDTORG.party)).await;
    assert_eq!(undated(&of_party.expect(200)), undated(&asked));

    // Nothing has changed before it is approved.
    assert!(story.is_permitted(&user, "read", VAT_RETURN).await);
    assert!(!story.is_permitted(&user, "read", PAYROLL_REPORT).await);
    let approved = story.answer(KARI, FJORDTORG, "changerequest", &correlation, "approve").await;
    assert_eq!(approved.expect(200).json(), json!(true));
    assert!(!story.is_permitted(&user, "read", VAT_RETURN).await);
    assert!(story.is_permitted(&user, "read", PAYROLL_REPORT).await);
    assert!(!story.is_permitted(&user, "write", PAYROLL_REPORT).await);
    assert_eq!(story.vendor.get(&path).await.expect(200).json()["status"], "Accepted");

    let owned = format!("/authentication/api/v1/systemuser/{}/{user}", FJORDTORG.party);
    let owned = kari.get(&owned).await.expect(200).json();
    assert_eq!(owned["rights"], json!([right(PAYROLL_REPORT, Some("read"))]));
    assert_eq!(owned["accessPackages"], packages(&[EVENTS]));

    for verb in ["approve", "reject"] {
        let again = story.answer(KARI, FJORDTORG, "changerequest", &correlation, verb).await;
        assert_eq!(again.expect(409).code().as_deref(), Some("AUTH-00061"));
    }
    // Taken back, it vanishes, and what was changed stays.
    story.vendor.delete(&path).await.expect(202);
    story.vendor.get(&path).await.expect(404);
    assert!(story.is_permitted(&user, "read", PAYROLL_REPORT).await);
    story
}

/// Contract: C1
/// Differs: C1: the system is looked up (AUTH-11) before the rights that depend on it.
#[tokio::test]
async fn the_checks_are_in_the_contracts_order() {
    let story = Requests::begin(Log::Postgres).await;
    let user = story.approved("shop").await;
    let agent = story.asked_for_agent("agent").await;
    story.answer(KARI, FJORDTORG, "request/agent", &agent, "approve").await.expect(200);
    let stranger = story.system.vendor("310020028").await;
    let nobody = Uuid::new_v4().to_string();
    let new = Uuid::new_v4().to_string();
    let strange = required(&[right("strange", None)]);

    for empty in ["", "x", "00000000-0000-0000-0000-000000000000"] {
        story.change_as(empty, &nobody, &strange).await.expect(400);
    }
    for unknown in [nobody.as_str(), "x", ""] {
        let refused = story.change_as(&new, unknown, &strange).await.expect(404);
        assert_eq!(refused.code().as_deref(), Some("AUTH-00015"));
    }
    let same = stranger.post(&change_path("", &user, &user), &strange).await.expect(400);
    assert!(same.text().contains("system user"), "{same:?}");
    stranger.post(&change_path("", &new, &user), &nothing()).await.expect(401);

    let idle = story.change_as(&new, &agent, &nothing()).await.expect(200).json();
    assert_eq!((&idle["status"], &idle["confirmUrl"]), (&json!("NoChangeNeeded"), &json!("")));
    story.vendor.get(&format!("{CHANGE_REQUESTS}/{new}")).await.expect(404);
    let refused = story.change_as(&new, &agent, &strange).await.expect(404);
    assert_eq!(refused.code().as_deref(), Some("AUTH-00015"));

    for (change, code) in [
        (strange, "AUTH-00001"),
        (
            json!({ "requiredAccessPackages": packages(&["urn:altinn:accesspackage:jordbruk"]) }),
            "AUTH-00063",
        ),
        (json!({ "requiredAccessPackages": packages(&[PAYROLL]) }), "AUTH-00064"),
        (
            json!({
                "unwantedRights": [right(VAT_RETURN, None)],
                "redirectUrl": "https://evil.example",
            }),
            "AUTH-00021",
        ),
    ] {
        for verify in ["", "/verify"] {
            let path = change_path(verify, &new, &user);
            let refused = story.vendor.post(&path, &change).await.expect(400);
            assert_eq!(refused.code().as_deref(), Some(code));
        }
    }

    let change = required(&[right(PAYROLL_REPORT, None)]);
    let asked = story.change_as(&new, &user, &change).await.expect(201);
    let existing = story.change_as(&new, &user, &change).await.expect(200);
    assert_eq!(undated(&existing), undated(&asked));
    assert_eq!(existing.header("fullmakt-existing"), "same");
    let refused = story.change(&user, &change).await.expect(400);
    assert_eq!(refused.code().as_deref(), Some("AUTH-00007"));
    // An id is used for ever, also by what was taken back.
    story.vendor.delete(&format!("{CHANGE_REQUESTS}/{new}")).await.expect(202);
    let refused = story.change_as(&new, &user, &change).await.expect(409);
    assert_eq!(refused.code().as_deref(), Some("AUTH-00061"));
    story.change(&user, &change).await.expect(201);
    story.end();
}

/// Contract: C1
/// Differs: C1: a list that is `null` is empty, where the original fails with 500.
#[tokio::test]
async fn a_list_that_is_null_or_left_out_is_empty() {
    let story = Requests::begin(Log::Postgres).await;
    let user = story.approved("shop").await;
    let null = json!({
        "requiredRights": null,
        "unwantedRights": null,
        "requiredAccessPackages": null,
        "unwantedAccessPackages": null,
        "redirectUrl": null,
    });
    for empty in [null, json!({}), nothing()] {
        let idle = story.change(&user, &empty).await.expect(200).json();
        assert_eq!(idle["status"], "NoChangeNeeded");
        assert_eq!(idle["requiredRights"], json!([]));
    }
    story.end();
}

#[tokio::test]
async fn a_vendor_can_ask_what_a_change_would_come_to_without_asking_the_customer() {
    let story = Requests::begin(Log::Postgres).await;
    let user = story.approved("shop").await;
    let correlation = Uuid::new_v4().to_string();
    let verify = change_path("/verify", &correlation, &user);
    let change = json!({
        "requiredRights": [right(VAT_RETURN, Some("read")), right(PAYROLL_REPORT, Some("read"))],
        "unwantedRights": [right("strange", None)],
        "requiredAccessPackages": packages(&[VAT]),
        "unwantedAccessPackages": packages(&[EVENTS]),
    });
    let told = story.vendor.post(&verify, &change).await.expect(200).json();
    assert_eq!((&told["status"], &told["confirmUrl"]), (&json!("New"), &json!("")));
    assert_eq!(told["requiredRights"], json!([right(PAYROLL_REPORT, Some("read"))]));
    assert_eq!(told["requiredAccessPackages"], packages(&[VAT]));
    assert_eq!(told["unwantedRights"], json!([]));
    assert_eq!(told["unwantedAccessPackages"], json!([]));
    let idle = required(&[right(VAT_RETURN, Some("read"))]);
    let told = story.vendor.post(&verify, &idle).await.expect(200).json();
    assert_eq!(told["status"], "NoChangeNeeded");

    // Nothing was written: the id is free, and nothing waits.
    story.vendor.get(&format!("{CHANGE_REQUESTS}/{correlation}")).await.expect(404);
    story.change_as(&correlation, &user, &change).await.expect(201);
    let there = story.vendor.post(&verify, &change).await.expect(200);
    assert_eq!(there.header("fullmakt-existing"), "same");
    story.end();
}

/// Defects 1 and 2 of the wire contract's §9: any vendor deleted a change request, and a manager of
/// any party decided it.
///
/// Contract: C2, C3, C5, C6, C7, C8, C9
/// Differs: C5: only the vendor that asked can delete (defect 1).
/// Differs: C8, C9: only the party that was asked decides (defect 2).
#[tokio::test]
async fn only_those_concerned_read_answer_and_delete_a_change_request() {
    let story = Requests::begin(Log::Postgres).await;
    let user = story.approved("shop").await;
    let change = required(&[right(PAYROLL_REPORT, None)]);
    let request = id(&story.change(&user, &change).await.expect(201));
    let path = format!("{CHANGE_REQUESTS}/{request}");
    for verb in ["approve", "reject"] {
        let refused = story.answer(OLA, NORDVIK, "changerequest", &request, verb).await.expect(403);
        assert_eq!(refused.code().as_deref(), Some("AUTH-00041"));
        for person in [OLA, EVA] {
            story.answer(person, FJORDTORG, "changerequest", &request, verb).await.expect(403);
        }
    }
    let stranger = story.system.vendor("310020028").await;
    for refused in [stranger.get(&path).await, stranger.delete(&path).await] {
        assert_eq!(refused.expect(404).code().as_deref(), Some("AUTH-00011"));
    }
    let by_reference =
        format!("{CHANGE_REQUESTS}/byexternalref/{}/{}/shop", story.system_id, FJORDTORG.org);
    stranger.get(&by_reference).await.expect(404);
    let ola = story.system.person(OLA).await;
    let page = ola.get(&format!("{BASE}/{request}")).await.expect(403);
    assert_eq!(page.code().as_deref(), Some("AUTH-00066"));
    ola.get(&format!("{BASE}/{}/{request}", NORDVIK.party)).await.expect(404);
    assert_eq!(story.vendor.get(&path).await.expect(200).json()["status"], "New");

    let rejected = format!(
        "/accessmanagement/api/v1/systemuser/changerequest/{}/{request}/reject",
        FJORDTORG.party
    );
    story.system.person(KARI).await.post_nothing(&rejected).await.expect(200);
    assert_eq!(story.vendor.get(&path).await.expect(200).json()["status"], "Rejected");
    assert!(!story.is_permitted(&user, "read", PAYROLL_REPORT).await);
    story.end();
}

/// Defect 7 of the wire contract's §9: a change was written piece by piece.
///
/// Contract: C8
/// Differs: C8: a change happens as a whole or not at all (defect 7).
#[tokio::test]
async fn a_change_of_which_one_part_is_refused_changes_nothing() {
    let story = Requests::begin(Log::Postgres).await;
    let user = story.approved("shop").await;
    let change = json!({
        "requiredRights": [
            right(PAYROLL_REPORT, Some("read")),
            right(VAT_RETURN, Some("no-such-action")),
        ],
        "unwantedRights": [right(VAT_RETURN, Some("read"))],
        "requiredAccessPackages": packages(&[EVENTS]),
    });
    let request = id(&story.change(&user, &change).await.expect(201));
    let refused = story.answer(KARI, FJORDTORG, "changerequest", &request, "approve").await;
    assert_eq!(refused.expect(403).code().as_deref(), Some("AUTH-00014"));
    assert!(story.is_permitted(&user, "read", VAT_RETURN).await);
    assert!(!story.is_permitted(&user, "read", PAYROLL_REPORT).await);
    let seen = story.vendor.get(&format!("{CHANGE_REQUESTS}/{request}")).await.expect(200).json();
    assert_eq!(seen["status"], "New");
    story.end();
}

/// Contract: C8, C9
#[tokio::test]
async fn many_answers_at_once_make_one() {
    let story = Requests::begin(Log::Postgres).await;
    let user = story.approved("shop").await;
    let change = required(&[right(PAYROLL_REPORT, Some("read"))]);
    let request = id(&story.change(&user, &change).await.expect(201));
    let kari = story.system.person(KARI).await;
    let answers: Vec<_> = (0..8)
        .map(|number| {
            let verb = if number % 2 == 0 { "approve" } else { "reject" };
            let path = format!("{BASE}/{}/{request}/{verb}", FJORDTORG.party);
            let kari = kari.clone();
            tokio::spawn(async move { (verb, kari.post_nothing(&path).await) })
        })
        .collect();
    let mut decided = Vec::new();
    for answer in answers {
        let (verb, answer) = answer.await.unwrap();
        assert!([200, 409].contains(&answer.status), "{answer:?}");
        decided.extend((answer.status == 200).then_some(verb));
    }
    assert_eq!(decided.len(), 1, "{decided:?}");
    let is_approved = decided == ["approve"];
    assert_eq!(story.is_permitted(&user, "read", PAYROLL_REPORT).await, is_approved);
    story.end();
}

/// Contract: C1
/// Differs: C1: the answer says in `Fullmakt-Existing` whether an existing change request is the
/// same; with `Prefer: handling=strict` another one is 409.
#[tokio::test]
async fn a_change_request_with_another_body_is_refused_where_the_caller_prefers_that() {
    let story = Requests::begin(Log::Postgres).await;
    let user = story.approved("shop").await;
    let correlation = Uuid::new_v4().to_string();
    let first = required(&[right(PAYROLL_REPORT, Some("read"))]);
    let other = required(&[right(PAYROLL_REPORT, Some("write"))]);
    story.change_as(&correlation, &user, &first).await.expect(201);
    let kept = story.change_as(&correlation, &user, &other).await.expect(200);
    assert_eq!(kept.header("fullmakt-existing"), "different");
    assert_eq!(kept.json()["requiredRights"], first["requiredRights"]);
    let post = story.vendor.request(Method::POST, &change_path("", &correlation, &user));
    let strict = post.json(&other).header("Prefer", "handling=strict");
    let refused = story.vendor.send(strict).await.expect(409);
    assert!(refused.text().contains("`requiredRights`"), "{refused:?}");
    story.end();
}
