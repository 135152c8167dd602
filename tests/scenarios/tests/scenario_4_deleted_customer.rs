//! Issue 4: the entity register deletes the customer.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "who tells a story fails by panicking"
)]

use fullmakt_scenarios::{
    FJORDTORG, KARI, Log, NORDVIK, OLA, Scenario4, VAT_RETURN, decision_request, on_both_logs,
};
use reqwest::Method;
use serde_json::json;

on_both_logs! {
    what_a_deleted_customer_gave_is_not_permitted_any_more_and_it_is_not_asked_again;
}

async fn what_a_deleted_customer_gave_is_not_permitted_any_more_and_it_is_not_asked_again(
    log: Log,
) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let user = story.approved().await;
    let unanswered = story.ask(NORDVIK).await.expect(201).json()["id"].clone();
    let unanswered = unanswered.as_str().expect("an id");
    assert_eq!(story.decision(&user, "read", VAT_RETURN).await, "Permit");

    let files = tempfile::tempdir().expect("a folder");
    let units = files.path().join("units.json");
    let deleted = [FJORDTORG, NORDVIK].map(|customer| {
        json!({
            "organisasjonsnummer": customer.org,
            "navn": "SLETTET AS",
            "organisasjonsform": { "kode": "AS" },
            "slettedato": "2026-08-01",
            "respons_klasse": "SlettetEnhet",
        })
    });
    std::fs::write(&units, json!(deleted).to_string()).expect("the file is written");
    story.system.run(&["import", "register", "--units", &units.display().to_string()]);
    // The server knows of the import when it knows of what came after.
    let client = json!({ "clientId": "another-client", "scopes": ["demo:vat.write"] });
    let after = story.vendor.post("/fullmakt/v1/token-clients", &client).await.expect(201);
    let api = story.system.public_api().await;
    let question = decision_request(&user, "read", VAT_RETURN, FJORDTORG.org);
    let ask = api.request(Method::POST, "/authorization/api/v1/authorize").json(&question);
    let answer = api.send(ask.header("Fullmakt-Min-Position", after.position())).await.expect(200);
    assert_eq!(answer.json()["response"][0]["decision"], "NotApplicable", "{answer:?}");

    // Its system user gets no token any more.
    assert_eq!(story.token(FJORDTORG).await.refusal(), "owner-deleted");

    // Nobody answers for it, and nobody is asked to.
    story.answer(OLA, NORDVIK, unanswered, "approve").await.expect(403);
    story.answer(KARI, FJORDTORG, &user, "reject").await.expect(403);
    let request = json!({
        "systemId": story.system_id,
        "partyOrgNo": FJORDTORG.org,
        "externalRef": "another",
        "rights": [{ "resource": [{ "id": "urn:altinn:resource", "value": VAT_RETURN }] }],
    });
    let path = "/authentication/api/v1/systemuser/request/vendor";
    let refused = story.vendor.post(path, &request).await.expect(400);
    assert_eq!(refused.code().as_deref(), Some("AUTH-00000"), "{refused:?}");
    assert!(refused.text().contains(FJORDTORG.org), "{refused:?}");
    story
}
