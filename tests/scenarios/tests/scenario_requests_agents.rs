//! A vendor asks for a system user that acts for its owner's clients.

#![expect(clippy::indexing_slicing, reason = "who tells a story fails by panicking")]

use fullmakt_scenarios::{
    FJORDTORG, KARI, Log, NORDVIK, OLA, on_both_logs,
    requests::{
        AGENT_REQUESTS, EVENTS, PAYROLL, REQUESTS, Requests, VAT, id, packages, right, undated,
    },
};
use serde_json::json;
use uuid::Uuid;

on_both_logs! {
    an_agent_is_asked_for_and_approved_by_somebody_without_its_packages;
}

/// Contract: Q2, Q4, Q6, Q8, Q10, Q11, Q12
async fn an_agent_is_asked_for_and_approved_by_somebody_without_its_packages(log: Log) -> Requests {
    let story = Requests::begin(log).await;
    let body = story.agent(FJORDTORG, "accountant");
    let asked = story.vendor.post(AGENT_REQUESTS, &body).await.expect(201);
    let request = id(&asked);
    let seen = asked.json();
    assert_eq!(seen["status"], "New");
    assert_eq!(seen["accessPackages"], packages(&[PAYROLL]));
    assert!(seen.get("rights").is_none(), "{seen}");
    assert!(seen["confirmUrl"].as_str().is_some_and(|url| url.contains("/agentrequest?id=")));

    let path = format!("{AGENT_REQUESTS}/{request}");
    assert_eq!(undated(&story.vendor.get(&path).await.expect(200)), undated(&asked));
    let by_reference =
        format!("{AGENT_REQUESTS}/byexternalref/{}/{}/accountant", story.system_id, FJORDTORG.org);
    assert_eq!(undated(&story.vendor.get(&by_reference).await.expect(200)), undated(&asked));

    let kari = story.system.person(KARI).await;
    let base = "/authentication/api/v1/systemuser/request/agent";
    let page = kari.get(&format!("{base}/{request}")).await.expect(200).json();
    assert_eq!(page["systemUserType"], "Agent");
    assert_eq!(page["partyId"], json!(FJORDTORG.party));
    assert_eq!(page["userMayEscalateButNotApprove"], false);
    let of_party = kari.get(&format!("{base}/{}/{request}", FJORDTORG.party)).await.expect(200);
    assert_eq!(undated(&of_party), undated(&asked));

    // What only an accountant has, a general manager cannot give, and need not have.
    let approved = story.answer(KARI, FJORDTORG, "request/agent", &request, "approve").await;
    assert_eq!(approved.expect(200).json(), json!(true));
    assert_eq!(story.vendor.get(&path).await.expect(200).json()["status"], "Accepted");
    assert!(!story.is_permitted(&request, "read", "demo-payroll-report").await);

    let again = story.answer(KARI, FJORDTORG, "request/agent", &request, "approve").await;
    assert_eq!(again.expect(409).code().as_deref(), Some("AUTH-00013"));
    let taken = story.vendor.post(AGENT_REQUESTS, &body).await.expect(400);
    assert_eq!(taken.code().as_deref(), Some("AUTH-00004"));
    story
}

/// Contract: Q2
#[tokio::test]
async fn the_rules_of_agents_have_their_codes() {
    let story = Requests::begin(Log::Postgres).await;
    for (urns, code, list) in [
        (&[][..], "AUTH-00058", None),
        (&[PAYROLL, "urn:altinn:accesspackage:jordbruk"], "AUTH-00063", Some("NotFoundPackages")),
        (&[PAYROLL, EVENTS], "AUTH-00065", Some("NotDelegablePackages")),
    ] {
        let mut body = story.agent(FJORDTORG, "rules");
        body["accessPackages"] = packages(urns);
        let refused = story.vendor.post(AGENT_REQUESTS, &body).await.expect(400);
        assert_eq!(refused.code().as_deref(), Some(code));
        if let Some(list) = list {
            assert_eq!(refused.json()[list], json!([urns[1]]));
        }
    }
    // What an agent may have, a standard system user may not, and the other way round.
    let mut standard = story.standard(FJORDTORG, "rules");
    standard["accessPackages"] = packages(&[PAYROLL, EVENTS]);
    let refused = story.vendor.post(REQUESTS, &standard).await.expect(400);
    assert_eq!(refused.code().as_deref(), Some("AUTH-00064"));
    assert_eq!(refused.json()["NotDelegablePackages"], json!([PAYROLL]));

    // One reference is one system user of either kind.
    story.asked("taken").await;
    let refused = story.vendor.post(AGENT_REQUESTS, &story.agent(FJORDTORG, "taken")).await;
    assert_eq!(refused.expect(400).code().as_deref(), Some("AUTH-00007"));
    story.end();
}

/// Contract: Q3, Q4, Q12
#[tokio::test]
async fn routes_of_one_kind_do_not_answer_requests_of_the_other() {
    let story = Requests::begin(Log::Postgres).await;
    let (standard, agent) = (story.asked("a").await, story.asked_for_agent("b").await);
    story.vendor.get(&format!("{REQUESTS}/{agent}")).await.expect(404);
    story.vendor.get(&format!("{AGENT_REQUESTS}/{standard}")).await.expect(404);
    for (what, request, status, code) in [
        ("request", &agent, 404, "AUTH-00010"),
        ("request/agent", &standard, 400, "AUTH-00025"),
        ("request/agent", &Uuid::new_v4().to_string(), 404, "AUTH-00030"),
        ("request/agent", &"no-id".to_owned(), 404, "AUTH-00030"),
    ] {
        for verb in ["approve", "reject", "escalate"] {
            let refused = story.answer(KARI, FJORDTORG, what, request, verb).await.expect(status);
            assert_eq!(refused.code().as_deref(), Some(code), "{what} {verb}");
        }
    }
    let rejected = story.answer(KARI, FJORDTORG, "request/agent", &agent, "reject").await;
    assert_eq!(rejected.expect(200).json(), json!(true));
    // The customer's own pages call the same operations under another path.
    let path = format!(
        "/accessmanagement/api/v1/systemuser/request/agent/{}/{agent}/approve",
        FJORDTORG.party
    );
    let kari = story.system.person(KARI).await;
    assert_eq!(kari.post_nothing(&path).await.expect(409).code().as_deref(), Some("AUTH-00013"));
    story.end();
}

/// Contract: Q4, Q6, Q10, Q12, Q14
/// Differs: Q9: only the vendor that asked can delete (defect 1).
#[tokio::test]
async fn another_party_and_another_vendor_cannot_answer_read_or_delete() {
    let story = Requests::begin(Log::Postgres).await;
    let request = story.asked_for_agent("mine").await;
    for verb in ["approve", "reject"] {
        let refused = story.answer(OLA, NORDVIK, "request/agent", &request, verb).await.expect(403);
        assert_eq!(refused.code().as_deref(), Some("AUTH-00042"));
        story.answer(OLA, FJORDTORG, "request/agent", &request, verb).await.expect(403);
    }
    let stranger = story.system.vendor("310020028").await;
    let path = format!("{AGENT_REQUESTS}/{request}");
    assert_eq!(stranger.get(&path).await.expect(404).code().as_deref(), Some("AUTH-00011"));
    let ola = story.system.person(OLA).await;
    let base = "/authentication/api/v1/systemuser/request/agent";
    let page = ola.get(&format!("{base}/{request}")).await.expect(403);
    assert_eq!(page.code().as_deref(), Some("AUTH-00066"));
    ola.get(&format!("{base}/{}/{request}", NORDVIK.party)).await.expect(404);
    story.vendor.get(&path).await.expect(200);
    story.end();
}

/// Defect 1 of the wire contract's §9: any vendor deleted any request whose id it knew.
///
/// Contract: Q9
#[tokio::test]
async fn only_its_vendor_takes_a_request_back_and_frees_its_reference() {
    let story = Requests::begin(Log::Postgres).await;
    let stranger = story.system.vendor("310020028").await;
    for (request, readable) in
        [(story.asked("one").await, REQUESTS), (story.asked_for_agent("two").await, AGENT_REQUESTS)]
    {
        let path = format!("{REQUESTS}/{request}");
        assert_eq!(stranger.delete(&path).await.expect(404).code().as_deref(), Some("AUTH-00011"));
        story.vendor.get(&format!("{readable}/{request}")).await.expect(200);
        story.vendor.delete(&path).await.expect(202);
        story.vendor.get(&format!("{readable}/{request}")).await.expect(404);
        story.vendor.delete(&path).await.expect(404);
    }
    story.asked("two").await;
    story.asked_for_agent("one").await;
    story.end();
}

/// Defect 15 of the wire contract's §9: a deleted system still took requests.
///
/// Contract: Q1, Q2, Q12
/// Differs: Q1, Q2: a deleted system takes no request: 404 AUTH-11 (defect 15).
#[tokio::test]
async fn a_deleted_system_takes_no_request_and_none_of_its_requests_is_approved() {
    let story = Requests::begin(Log::Postgres).await;
    let (standard, agent) = (story.asked("a").await, story.asked_for_agent("b").await);
    story.system_is_deleted().await;
    for (path, body) in
        [(REQUESTS, story.standard(FJORDTORG, "c")), (AGENT_REQUESTS, story.agent(FJORDTORG, "c"))]
    {
        let refused = story.vendor.post(path, &body).await.expect(404);
        assert_eq!(refused.code().as_deref(), Some("AUTH-00011"));
    }
    for (what, request) in [("request", standard), ("request/agent", agent)] {
        let refused = story.answer(KARI, FJORDTORG, what, &request, "approve").await.expect(404);
        assert_eq!(refused.code().as_deref(), Some("AUTH-00011"));
        story.answer(KARI, FJORDTORG, what, &request, "reject").await.expect(200);
    }
    story.end();
}

/// Defect 8 of the wire contract's §9: nothing kept a reference unique but a look before writing.
///
/// Contract: Q1, Q2
#[tokio::test]
async fn many_at_once_of_both_kinds_with_one_reference_make_one_request() {
    let story = Requests::begin(Log::Postgres).await;
    let posts: Vec<_> = (0..12)
        .map(|number| {
            let vendor = story.vendor.clone();
            let (path, body) = if number % 2 == 0 {
                (REQUESTS, story.standard(FJORDTORG, "race"))
            } else {
                (AGENT_REQUESTS, story.agent(FJORDTORG, "race"))
            };
            tokio::spawn(async move { vendor.post(path, &body).await })
        })
        .collect();
    let mut statuses = Vec::new();
    for post in posts {
        statuses.push(post.await.expect("the vendor asks").status);
    }
    statuses.sort_unstable();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 5, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 400).count(), 6, "{statuses:?}");
    story.end();
}

/// Defect 7 of the wire contract's §9: an approval was written piece by piece.
///
/// Contract: Q12
/// Differs: Q12: an approval happens as a whole or not at all (defect 7).
#[tokio::test]
async fn an_approval_that_is_refused_leaves_nothing() {
    let story = Requests::begin(Log::Postgres).await;
    let mut body = story.standard(FJORDTORG, "whole");
    body["rights"] = json!([
        right("demo-payroll-report", Some("read")),
        right("demo-vat-return", Some("no-such-action")),
    ]);
    body["accessPackages"] = packages(&[VAT]);
    let request = id(&story.vendor.post(REQUESTS, &body).await.expect(201));
    let refused = story.answer(KARI, FJORDTORG, "request", &request, "approve").await.expect(403);
    assert_eq!(refused.code().as_deref(), Some("AUTH-00014"));
    let seen = story.vendor.get(&format!("{REQUESTS}/{request}")).await.expect(200).json();
    assert_eq!(seen["status"], "New");
    let kari = story.system.person(KARI).await;
    let users = format!("/authentication/api/v1/systemuser/{}", FJORDTORG.party);
    assert_eq!(kari.get(&users).await.expect(200).json(), json!([]));
    assert!(!story.is_permitted(&request, "read", "demo-payroll-report").await);
    story.end();
}
