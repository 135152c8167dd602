//! Scenario 4: an organisation reports its own data. The provider registers its system and asks the
//! customer; the customer's manager approves; the system gets a token and reports; the public API
//! gets Permit for exactly what was asked; the auditor sees how it came about.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "who tells a story fails by panicking"
)]

use fullmakt_scenarios::{FJORDTORG, KARI, Log, NORDVIK, OLA, Scenario4, VAT_RETURN, on_both_logs};
use serde_json::json;

on_both_logs! {
    scenario_4_an_organisation_reports_its_own_data;
    scenario_4_nothing_is_permitted_that_was_not_asked_for;
    scenario_4_another_organisations_manager_cannot_approve;
    scenario_4_nothing_is_permitted_before_approval_or_after_a_rejection;
    scenario_4_nothing_is_permitted_after_the_system_user_is_deleted;
    scenario_4_nothing_is_permitted_after_the_system_is_deleted;
    scenario_4_the_auditor_replays_how_it_came_about;
}

/// Contract: R5, Q1, Q3, Q12, T1, T2, L1
/// Differs: T1: every refusal has a code and a sentence of its own; the original has one message
/// for all causes.
async fn scenario_4_an_organisation_reports_its_own_data(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let request = story.asked().await;

    // The manager opens the confirmation page.
    let kari = story.system.person(KARI).await;
    let path = format!("/authentication/api/v1/systemuser/request/{request}");
    let page = kari.get(&path).await.expect(200).json();
    assert_eq!(page["partyId"], json!(FJORDTORG.party));
    assert_eq!(page["status"], "New");

    story.answer(KARI, FJORDTORG, &request, "approve").await.expect(200);
    let path = format!("/authentication/api/v1/systemuser/request/vendor/{request}");
    assert_eq!(story.vendor.get(&path).await.expect(200).json()["status"], "Accepted");

    // The system gets a token as the system user.
    let token = story.token(FJORDTORG).await.expect(200).json();
    assert_eq!(token["token_type"], "Bearer");

    // It reports, and the public API asks.
    assert_eq!(story.decision(&request, "read", VAT_RETURN).await, "Permit");
    story
}

async fn scenario_4_nothing_is_permitted_that_was_not_asked_for(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let user = story.approved().await;
    assert_eq!(story.decision(&user, "read", VAT_RETURN).await, "Permit");
    for (action, resource) in [
        ("write", VAT_RETURN),
        ("sign", VAT_RETURN),
        ("no-such-action", VAT_RETURN),
        ("read", "demo-payroll-report"),
    ] {
        let decision = story.decision(&user, action, resource).await;
        assert_ne!(decision, "Permit", "{action} {resource}");
    }
    let decision = story.decision_for(&user, "read", VAT_RETURN, NORDVIK).await;
    assert_ne!(decision, "Permit", "for another party");
    story.token(NORDVIK).await.expect(400);
    story
}

/// Contract: Q12
async fn scenario_4_another_organisations_manager_cannot_approve(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let request = story.asked().await;
    for (person, customer) in [(OLA, FJORDTORG), (OLA, NORDVIK)] {
        for verb in ["approve", "reject"] {
            story.answer(person, customer, &request, verb).await.expect(403);
        }
    }
    assert_ne!(story.decision(&request, "read", VAT_RETURN).await, "Permit");
    // The request waits as before: who may approve still can.
    story.answer(KARI, FJORDTORG, &request, "approve").await.expect(200);
    assert_eq!(story.decision(&request, "read", VAT_RETURN).await, "Permit");
    // And only once.
    let again = story.answer(KARI, FJORDTORG, &request, "approve").await.expect(409);
    assert_eq!(again.code().as_deref(), Some("AUTH-00013"));
    story
}

/// Contract: Q14
async fn scenario_4_nothing_is_permitted_before_approval_or_after_a_rejection(
    log: Log,
) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let request = story.asked().await;
    assert_ne!(story.decision(&request, "read", VAT_RETURN).await, "Permit");
    story.token(FJORDTORG).await.expect(400);

    story.answer(KARI, FJORDTORG, &request, "reject").await.expect(200);
    assert_ne!(story.decision(&request, "read", VAT_RETURN).await, "Permit");
    story.token(FJORDTORG).await.expect(400);
    story.answer(KARI, FJORDTORG, &request, "approve").await.expect(409);
    story
}

/// Contract: S5
async fn scenario_4_nothing_is_permitted_after_the_system_user_is_deleted(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let user = story.approved().await;
    story.token(FJORDTORG).await.expect(200);
    assert_eq!(story.delete(&user).await.expect(202).json(), json!(1));
    assert_ne!(story.decision(&user, "read", VAT_RETURN).await, "Permit");
    story.token(FJORDTORG).await.expect(400);
    assert_eq!(story.delete(&user).await.expect(404).json(), json!(0));
    // The customer can be asked again, and the old system user stays without rights.
    let again = story.approved().await;
    assert_ne!(again, user);
    assert_eq!(story.decision(&again, "read", VAT_RETURN).await, "Permit");
    assert_ne!(story.decision(&user, "read", VAT_RETURN).await, "Permit");
    story
}

async fn scenario_4_nothing_is_permitted_after_the_system_is_deleted(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let user = story.approved().await;
    let path = format!("/authentication/api/v1/systemregister/vendor/{}", story.system_id);
    let answer = story.vendor.delete(&path).await.expect(200);
    assert_eq!(answer.json(), json!({ "succeeded": true }));
    assert_ne!(story.decision(&user, "read", VAT_RETURN).await, "Permit");
    story.token(FJORDTORG).await.expect(400);
    // A deleted system can ask nobody any more.
    let asked = story.ask(NORDVIK).await.expect(404);
    assert_eq!(asked.code().as_deref(), Some("AUTH-00011"));
    // Its id is spent.
    story.register().await.expect(400);
    story
}

async fn scenario_4_the_auditor_replays_how_it_came_about(log: Log) -> Scenario4 {
    let mut story = Scenario4::begin(log).await;
    let user = story.approved().await;
    let stream = format!("agreement/{}/{}", story.system_id, FJORDTORG.org);

    let auditor = story.system.auditor().await;
    let path = format!("/fullmakt/v1/commits?stream={}", stream.replace('/', "%2F"));
    let commits = auditor.get(&path).await.expect(200).json();
    let kinds: Vec<String> = commits["data"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|commit| commit["record"]["events"].as_array().unwrap().clone())
        .map(|event| event["type"].as_str().unwrap().to_owned())
        .collect();
    for kind in
        ["system_user_request.created", "system_user_request.approved", "system_user.created"]
    {
        assert!(kinds.iter().any(|own| own == kind), "{kind}: {kinds:?}");
    }
    // The approval says who allowed it.
    let approval = commits["data"]
        .as_array()
        .unwrap()
        .iter()
        .find(|commit| commit["record"]["events"][0]["type"] == "system_user_request.approved");
    let approval = &approval.unwrap()["record"];
    assert_eq!(approval["actor"]["kind"], "person");
    assert!(approval["authorization"]["decision"].is_string(), "{approval}");

    let replayed = story.system.run(&["replay", "--stream", &stream]);
    let replayed = String::from_utf8(replayed.stdout).unwrap();
    assert!(replayed.contains("system_user.created"), "{replayed}");
    assert!(replayed.contains(&user), "{replayed}");

    // Read models made anew are equal to those that served, and the system goes on with them.
    story.system.run(&["rebuild"]);
    assert_eq!(story.decision(&user, "read", VAT_RETURN).await, "Permit");
    story.system.stop();
    story.system.serve().await;
    assert_eq!(story.decision(&user, "read", VAT_RETURN).await, "Permit");
    story.token(FJORDTORG).await.expect(200);
    story
}
