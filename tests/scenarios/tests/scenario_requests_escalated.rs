//! Somebody who may not approve a request hands it to those who may, and they see what waits.

#![expect(clippy::unwrap_used, reason = "who tells a story fails by panicking")]

use fullmakt_scenarios::{
    Customer, EVA, FJORDTORG, KARI, Log, NORDVIK, OLA, Person,
    requests::{AGENT_REQUESTS, REQUESTS, Requests},
};
use serde_json::json;

const BASE: &str = "/authentication/api/v1/systemuser/request";

/// The ids of the requests that wait for a customer.
async fn waiting(story: &Requests, agent: &str, person: Person, customer: Customer) -> Vec<String> {
    let path = format!("{BASE}{agent}/{}/{}/pending", customer.party, customer.org);
    let listed = story.system.person(person).await.get(&path).await.expect(200).json();
    let ids = listed.as_array().unwrap().iter();
    ids.map(|request| request["id"].as_str().unwrap().to_owned()).collect()
}

/// Contract: Q11, Q13
/// Differs: Q3, Q5: `escalated` is told, also of standard requests (defect 19).
#[tokio::test]
async fn the_accountants_manager_escalates_what_the_customers_manager_approves() {
    let story = Requests::begin(Log::Postgres).await;
    let eva = story.system.person(EVA).await;
    let (standard, agent) = (story.asked("a").await, story.asked_for_agent("b").await);
    for (kind, what, request, vendors) in
        [("", "request", &standard, REQUESTS), ("/agent", "request/agent", &agent, AGENT_REQUESTS)]
    {
        let page = eva.get(&format!("{BASE}{kind}/{request}")).await.expect(200).json();
        assert_eq!(page["userMayEscalateButNotApprove"], true);
        assert_eq!(page["escalated"], false);
        story.answer(EVA, FJORDTORG, what, request, "approve").await.expect(403);

        for _ in 0..2 {
            let escalated = story.answer(EVA, FJORDTORG, what, request, "escalate").await;
            assert_eq!(escalated.expect(200).json(), json!(true));
        }
        let page = eva.get(&format!("{BASE}{kind}/{request}")).await.expect(200).json();
        assert_eq!((&page["escalated"], &page["status"]), (&json!(true), &json!("New")));
        // Defect 19 of the wire contract's §9: the vendor was not told.
        let seen = story.vendor.get(&format!("{vendors}/{request}")).await.expect(200).json();
        assert_eq!((&seen["escalated"], &seen["timedOut"]), (&json!(true), &json!(false)));

        assert_eq!(waiting(&story, kind, KARI, FJORDTORG).await, std::slice::from_ref(request));
        story.answer(KARI, FJORDTORG, what, request, "approve").await.expect(200);
        assert!(waiting(&story, kind, KARI, FJORDTORG).await.is_empty());
        let late = story.answer(EVA, FJORDTORG, what, request, "escalate").await.expect(409);
        assert_eq!(late.code().as_deref(), Some("AUTH-00013"));
    }
    story.end();
}

/// Defect 3 of the wire contract's §9: a request was escalated in the name of any party.
///
/// Contract: Q13
/// Differs: Q13: only a request of the party itself can be escalated (defect 3); one that was
/// answered, or has timed out, is 409 AUTH-13.
#[tokio::test]
async fn nobody_escalates_a_request_of_another_party() {
    let story = Requests::begin(Log::Postgres).await;
    let (standard, agent) = (story.asked("a").await, story.asked_for_agent("b").await);
    for (what, request, code) in
        [("request", &standard, "AUTH-00041"), ("request/agent", &agent, "AUTH-00042")]
    {
        // Ola represents Nordvik, and the request is Fjordtorg's.
        let refused = story.answer(OLA, NORDVIK, what, request, "escalate").await.expect(403);
        assert_eq!(refused.code().as_deref(), Some(code));
        // Ola does not represent Fjordtorg, and Eva does not represent Nordvik.
        story.answer(OLA, FJORDTORG, what, request, "escalate").await.expect(403);
        story.answer(EVA, NORDVIK, what, request, "escalate").await.expect(403);
    }
    let seen = story.vendor.get(&format!("{REQUESTS}/{standard}")).await.expect(200).json();
    assert_eq!(seen["escalated"], false);
    story.end();
}

/// Defect 4 of the wire contract's §9: a manager of any party saw what waits for any other.
///
/// Contract: Q15, Q16
/// Differs: Q15, Q16: the organisation number has to be the party's (defect 4), and requests that
/// have timed out are left out.
#[tokio::test]
async fn a_manager_sees_what_waits_for_its_own_party_only() {
    let story = Requests::begin(Log::Postgres).await;
    let standard = story.asked("a").await;
    let agent = story.asked_for_agent("b").await;
    let second = story.asked("c").await;
    assert_eq!(waiting(&story, "", KARI, FJORDTORG).await, [standard, second.clone()]);
    assert!(waiting(&story, "/agent", KARI, FJORDTORG).await.is_empty(), "it is not escalated");
    story.answer(EVA, FJORDTORG, "request/agent", &agent, "escalate").await.expect(200);
    assert_eq!(waiting(&story, "/agent", KARI, FJORDTORG).await, [agent]);
    assert!(waiting(&story, "", OLA, NORDVIK).await.is_empty());
    story.answer(KARI, FJORDTORG, "request", &second, "reject").await.expect(200);
    assert_eq!(waiting(&story, "", KARI, FJORDTORG).await.len(), 1);

    let ola = story.system.person(OLA).await;
    for (kind, code) in [("", "AUTH-00041"), ("/agent", "AUTH-00042")] {
        for org in [FJORDTORG.org, "no-number", "310010014"] {
            let path = format!("{BASE}{kind}/{}/{org}/pending", NORDVIK.party);
            assert_eq!(ola.get(&path).await.expect(403).code().as_deref(), Some(code));
        }
        let path = format!("{BASE}{kind}/{}/{}/pending", FJORDTORG.party, FJORDTORG.org);
        ola.get(&path).await.expect(403);
        story.system.person(EVA).await.get(&path).await.expect(403);
    }
    story.end();
}
