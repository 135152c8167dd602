//! Scenario 7: a self-developed system. The organisation registers a system and a client for itself,
//! sends the request to itself and approves it; tokens and decisions are those of everybody else.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "who tells a story fails by panicking"
)]

use fullmakt_scenarios::{
    Customer, FJORDTORG, KARI, Log, NORDVIK, OLA, Provider, System, VAT_RETURN, on_both_logs,
};
use serde_json::json;

on_both_logs! {
    scenario_7_an_organisation_reports_with_a_system_of_its_own;
    scenario_7_registering_a_system_for_itself_gives_an_organisation_nothing_yet;
    scenario_7_a_self_developed_system_gets_nothing_beyond_its_request_and_its_organisation;
    scenario_7_only_the_organisations_own_manager_approves_and_ends_it;
}

/// [`FJORDTORG`] with a system of its own.
async fn begin(log: Log) -> (System, Provider) {
    let system = System::start(log).await;
    let own = Provider::register(&system, FJORDTORG.org, "own").await;
    (system, own)
}

/// The same, where [`KARI`] has approved: with the system user.
async fn approved(log: Log) -> (System, Provider, String) {
    let (system, own) = begin(log).await;
    let user = own.asked(FJORDTORG).await;
    system.answer(KARI, FJORDTORG, &user, "approve").await.expect(200);
    (system, own, user)
}

async fn scenario_7_an_organisation_reports_with_a_system_of_its_own(log: Log) -> System {
    let (system, own) = begin(log).await;
    let request = own.asked(FJORDTORG).await;

    // The manager finds it on the confirmation page, and approves.
    let path = format!("/authentication/api/v1/systemuser/request/{request}");
    let page = system.person(KARI).await.get(&path).await.expect(200).json();
    assert_eq!(page["systemId"], json!(own.system_id));
    assert_eq!(page["partyOrgNo"], json!(FJORDTORG.org));
    system.answer(KARI, FJORDTORG, &request, "approve").await.expect(200);

    // The token is the organisation's own, as its system user.
    let token = own.token(&system, FJORDTORG).await.expect(200).json();
    let token = token["access_token"].as_str().unwrap().to_owned();
    let exchange = "/authentication/api/v1/exchange/maskinporten";
    let exchanged = system.with_token(&token).get(exchange).await.expect(200).text();
    for token in [token, exchanged] {
        let claims = claims_of(&token);
        assert_eq!(claims["consumer"]["ID"], json!(format!("0192:{}", FJORDTORG.org)));
        let details = &claims["authorization_details"][0];
        assert_eq!(details["systemuser_org"], claims["consumer"]);
        assert_eq!(details["systemuser_id"], json!([request]));
        assert_eq!(details["system_id"], json!(own.system_id));
    }
    assert_eq!(system.decision(&request, "read", VAT_RETURN, FJORDTORG).await, "Permit");
    system
}

async fn scenario_7_registering_a_system_for_itself_gives_an_organisation_nothing_yet(
    log: Log,
) -> System {
    let (system, own) = begin(log).await;
    assert_eq!(own.token(&system, FJORDTORG).await.refusal(), "wrong-organisation");
    let request = own.asked(FJORDTORG).await;
    assert_eq!(own.token(&system, FJORDTORG).await.refusal(), "not-approved");
    assert_ne!(system.decision(&request, "read", VAT_RETURN, FJORDTORG).await, "Permit");
    // That the organisation asks is not that it approves.
    let path =
        format!("/authentication/api/v1/systemuser/request/{}/{request}/approve", FJORDTORG.party);
    own.organisation.post_nothing(&path).await.expect(403);
    assert_eq!(own.token(&system, FJORDTORG).await.refusal(), "not-approved");
    system
}

async fn scenario_7_a_self_developed_system_gets_nothing_beyond_its_request_and_its_organisation(
    log: Log,
) -> System {
    let (system, own, user) = approved(log).await;
    for (action, resource, customer) in [
        ("write", VAT_RETURN, FJORDTORG),
        ("sign", VAT_RETURN, FJORDTORG),
        ("read", "demo-payroll-report", FJORDTORG),
        ("read", VAT_RETURN, NORDVIK),
    ] {
        let decision = system.decision(&user, action, resource, customer).await;
        assert_ne!(decision, "Permit", "{action} {resource} {}", customer.org);
    }
    assert_eq!(own.token(&system, NORDVIK).await.refusal(), "wrong-organisation");
    system
}

async fn scenario_7_only_the_organisations_own_manager_approves_and_ends_it(log: Log) -> System {
    let (system, own) = begin(log).await;
    let user = own.asked(FJORDTORG).await;
    for customer in [FJORDTORG, NORDVIK] {
        system.answer(OLA, customer, &user, "approve").await.expect(403);
    }
    assert_eq!(own.token(&system, FJORDTORG).await.refusal(), "not-approved");
    system.answer(KARI, FJORDTORG, &user, "approve").await.expect(200);
    own.token(&system, FJORDTORG).await.expect(200);

    let path =
        |customer: Customer| format!("/authentication/api/v1/systemuser/{}/{user}", customer.party);
    system.person(OLA).await.delete(&path(FJORDTORG)).await.expect(403);
    own.token(&system, FJORDTORG).await.expect(200);
    system.person(KARI).await.delete(&path(FJORDTORG)).await.expect(202);
    assert_eq!(own.token(&system, FJORDTORG).await.refusal(), "wrong-organisation");
    assert_ne!(system.decision(&user, "read", VAT_RETURN, FJORDTORG).await, "Permit");
    system
}

/// What a token says, read by somebody who has it.
fn claims_of(token: &str) -> serde_json::Value {
    jsonwebtoken::dangerous::insecure_decode(token).unwrap().claims
}
