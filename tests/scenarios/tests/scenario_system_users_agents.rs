//! Issue 5: system users that act for their owner's clients, as owner and vendor see them.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "who tells a story fails by panicking"
)]

use fullmakt_scenarios::{
    FJORDTORG, KARI, Log, NORDVIK, OLA, SERVICE_OWNER, Scenario4, VENDOR, on_both_logs,
};
use serde_json::json;

const SYSTEM_USERS: &str = "/authentication/api/v1/systemuser";
const OF_THE_PORTAL: &str = "/accessmanagement/api/v1/systemuser";
const PACKAGE: &str = "urn:altinn:accesspackage:regnskapsforer-lonn";
/// The UUIDs of [`FJORDTORG`] and [`NORDVIK`].
const FACILITATOR: &str = "a1000000-0000-4000-8000-000000000022";
const OTHER_PARTY: &str = "a1000000-0000-4000-8000-000000000030";

on_both_logs! {
    one_that_acts_for_clients_is_listed_apart_and_shown_with_all;
    one_that_acts_for_clients_is_deleted_by_its_own_route_after_all_checks;
    one_that_acts_for_clients_is_paused_and_deleted_as_any_other;
}

/// A system whose packages can be passed on for clients, and a system user of [`FJORDTORG`].
async fn approved(story: &Scenario4) -> String {
    let mut system = story.definition();
    let id = format!("{VENDOR}_for-agents");
    system["id"] = json!(id);
    system["clientId"] = json!(["agent-client"]);
    system["isVisible"] = json!(false);
    system["accessPackages"] = json!([{ "urn": PACKAGE }]);
    story.vendor.post("/authentication/api/v1/systemregister/vendor", &system).await.expect(200);
    let request = json!({
        "systemId": id,
        "partyOrgNo": FJORDTORG.org,
        "accessPackages": [{ "urn": PACKAGE }],
    });
    let path = format!("{SYSTEM_USERS}/request/vendor/agent");
    let asked = story.vendor.post(&path, &request).await.expect(201).json();
    let id = asked["id"].as_str().unwrap().to_owned();
    let path = format!("{SYSTEM_USERS}/request/agent/{}/{id}/approve", FJORDTORG.party);
    story.system.person(KARI).await.post_nothing(&path).await.expect(200);
    id
}

fn deletion(party: u32, user: &str, facilitator: &str) -> String {
    format!("{SYSTEM_USERS}/agent/{party}/{user}?facilitatorId={facilitator}")
}

/// Contract: S1, S2, S3
async fn one_that_acts_for_clients_is_listed_apart_and_shown_with_all(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let standard = story.approved().await;
    let agent = approved(&story).await;
    let kari = story.system.person(KARI).await;
    for base in [SYSTEM_USERS, OF_THE_PORTAL] {
        let agents = format!("{base}/agent/{}", FJORDTORG.party);
        let listed = kari.get(&agents).await.expect(200).json();
        assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");
        assert_eq!((&listed[0]["id"], &listed[0]["userType"]), (&json!(agent), &json!("agent")));
        assert_eq!(listed[0]["accessPackages"], json!([{ "urn": PACKAGE }]));
        let standards = format!("{base}/{}", FJORDTORG.party);
        let listed = kari.get(&standards).await.expect(200).json();
        assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");
        assert_eq!(listed[0]["id"], json!(standard));
        let shown = kari.get(&format!("{base}/{}/{agent}", FJORDTORG.party)).await.expect(200);
        assert_eq!(shown.json()["rights"], json!([]));
    }
    story
        .system
        .person(OLA)
        .await
        .get(&format!("{SYSTEM_USERS}/agent/{}", FJORDTORG.party))
        .await
        .expect(403);

    let system = format!("{VENDOR}_for-agents");
    let path = format!("{SYSTEM_USERS}/vendor/bysystem/{system}");
    let listed = story.vendor.get(&path).await.expect(200).json();
    assert_eq!(listed["data"][0]["userType"], "agent");
    let issuer = story.system.organisation(VENDOR, &["altinn:maskinporten/systemuser.read"]).await;
    let lookup = format!(
        "{SYSTEM_USERS}/byExternalId?clientId=agent-client&systemProviderOrgNo={VENDOR}\
         &systemUserOwnerOrgNo={}",
        FJORDTORG.org
    );
    assert_eq!(issuer.get(&lookup).await.expect(200).json()["id"], json!(agent));
    let admin = ["altinn:authentication/systemuser.admin"];
    let admin = story.system.organisation(SERVICE_OWNER, &admin).await;
    let path = format!("{SYSTEM_USERS}/internal/systemusers/{agent}");
    assert_eq!(admin.get(&path).await.expect(200).json()["systemUserType"], "agent");
    story
}

/// Defect 16 of the wire contract's §9: the request was removed before any of these checks.
///
/// Contract: S6
/// Differs: S6: nothing is removed before all checks are made (defect 16).
async fn one_that_acts_for_clients_is_deleted_by_its_own_route_after_all_checks(
    log: Log,
) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let agent = approved(&story).await;
    let (kari, ola) = (story.system.person(KARI).await, story.system.person(OLA).await);
    ola.delete(&deletion(FJORDTORG.party, &agent, FACILITATOR)).await.expect(403);
    for (client, path, status, code) in [
        (&ola, deletion(NORDVIK.party, &agent, OTHER_PARTY), 403, "AUTH-00024"),
        (&kari, deletion(FJORDTORG.party, &agent, OTHER_PARTY), 400, "AUTH-00039"),
        (&kari, format!("{SYSTEM_USERS}/{}/{agent}", FJORDTORG.party), 400, "AUTH-00036"),
    ] {
        let refused = client.delete(&path).await.expect(status);
        assert_eq!(refused.code().as_deref(), Some(code), "{path}: {refused:?}");
    }
    let request = format!("{SYSTEM_USERS}/request/vendor/agent/{agent}");
    assert_eq!(story.vendor.get(&request).await.expect(200).json()["status"], "Accepted");

    let deleted = kari.delete(&deletion(FJORDTORG.party, &agent, FACILITATOR)).await.expect(200);
    assert_eq!(deleted.text(), "");
    let gone = kari.delete(&deletion(FJORDTORG.party, &agent, FACILITATOR)).await.expect(404);
    assert_eq!(gone.code().as_deref(), Some("AUTH-00015"), "{gone:?}");
    story.vendor.get(&request).await.expect(404);
    let agents = format!("{SYSTEM_USERS}/agent/{}", FJORDTORG.party);
    assert_eq!(kari.get(&agents).await.expect(200).json(), json!([]));
    story
}

async fn one_that_acts_for_clients_is_paused_and_deleted_as_any_other(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let agent = approved(&story).await;
    let kari = story.system.person(KARI).await;
    let own = format!("/fullmakt/v1/system-users/{agent}");
    kari.post_nothing(&format!("{own}/pause")).await.expect(204);
    let shown = kari.get(&own).await.expect(200).json();
    assert_eq!((&shown["state"], &shown["userType"]), (&json!("paused"), &json!("agent")));
    kari.delete(&own).await.expect(204);
    kari.get(&own).await.expect(410);
    story
}
