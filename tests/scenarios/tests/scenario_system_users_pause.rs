//! Issue 5: what the wire contract lacks. An owner renames, pauses and resumes a system user, and
//! the vendor of its system deletes one.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "who tells a story fails by panicking"
)]

use fullmakt_scenarios::{
    Answer, Client, FJORDTORG, KARI, Log, OLA, Scenario4, VAT_RETURN, VENDOR, on_both_logs,
};
use reqwest::Method;
use serde_json::json;

const OTHER_VENDOR: &str = "310010049";
const REQUEST_WRITE: &str = "altinn:authentication/systemuser.request.write";
const REQUEST_READ: &str = "altinn:authentication/systemuser.request.read";

on_both_logs! {
    nothing_is_permitted_to_a_paused_system_user_until_it_is_resumed;
    pausing_a_paused_system_user_writes_nothing;
    only_those_who_manage_its_owners_access_pause_a_system_user;
    a_change_can_insist_on_the_version_that_was_read;
    a_vendor_deletes_a_system_user_of_its_own_system_and_no_other;
}

fn of_user(user: &str) -> String {
    format!("/fullmakt/v1/system-users/{user}")
}

async fn patch(client: &Client, user: &str, title: &str, if_match: Option<&str>) -> Answer {
    let body = json!({ "integrationTitle": title });
    let mut request = client.request(Method::PATCH, &of_user(user)).json(&body);
    if let Some(version) = if_match {
        request = request.header("If-Match", version);
    }
    client.send(request).await
}

#[track_caller]
fn assert_problem(answer: &Answer, slug: &str) {
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.json()["type"], format!("/problems/{slug}"), "{answer:?}");
}

/// Contract: L1, T1
/// Differs: L1: a paused system user is not found.
async fn nothing_is_permitted_to_a_paused_system_user_until_it_is_resumed(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let user = story.approved().await;
    let kari = story.system.person(KARI).await;
    let issuer = story.system.organisation(VENDOR, &["altinn:maskinporten/systemuser.read"]).await;
    let lookup = format!(
        "/authentication/api/v1/systemuser/byExternalId?clientId={}&systemProviderOrgNo={VENDOR}\
         &systemUserOwnerOrgNo={}",
        story.client_id, FJORDTORG.org
    );
    story.token(FJORDTORG).await.expect(200);
    let found = issuer.get(&lookup).await.expect(200);
    assert_eq!(found.header("cache-control"), "no-store");
    assert_eq!(found.json()["productName"], json!(story.system_id));

    let paused = kari.post_nothing(&format!("{}/pause", of_user(&user))).await.expect(204);
    assert!(!paused.position().is_empty());
    assert_eq!(story.decision(&user, "read", VAT_RETURN).await, "NotApplicable");
    let refused = story.token(FJORDTORG).await.expect(400).json();
    assert_eq!(refused["error_code"], "system-user-paused", "{refused}");
    let absent = issuer.get(&lookup).await.expect(404);
    assert_eq!((absent.text().as_str(), absent.header("cache-control")), ("", "no-store"));
    let missing = issuer.get("/authentication/api/v1/systemuser/byExternalId").await.expect(400);
    assert_eq!((missing.text().as_str(), missing.header("cache-control")), ("", "no-store"));

    // Its owner and its vendor still see it, and what it was given.
    let list = format!("/authentication/api/v1/systemuser/{}", FJORDTORG.party);
    assert_eq!(kari.get(&list).await.expect(200).json()[0]["id"], json!(user));
    for client in [&kari, &story.vendor] {
        let shown = client.get(&of_user(&user)).await.expect(200).json();
        assert_eq!(shown["state"], "paused");
        assert_eq!(shown["delegated"][0]["action"], "read");
        assert_eq!(shown["owner"], json!(FJORDTORG.org));
    }

    kari.post_nothing(&format!("{}/resume", of_user(&user))).await.expect(204);
    assert_eq!(story.decision(&user, "read", VAT_RETURN).await, "Permit");
    story.token(FJORDTORG).await.expect(200);
    issuer.get(&lookup).await.expect(200);
    assert_eq!(kari.get(&of_user(&user)).await.expect(200).json()["state"], "active");
    story
}

async fn pausing_a_paused_system_user_writes_nothing(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let user = story.approved().await;
    let kari = story.system.person(KARI).await;
    let auditor = story.system.auditor().await;
    let stream = format!("agreement%2F{}%2F{}", story.system_id, FJORDTORG.org);
    let commits = async || {
        let path = format!("/fullmakt/v1/commits?stream={stream}&verdict=admitted");
        auditor.get(&path).await.expect(200).json()["data"].as_array().unwrap().len()
    };
    let before = commits().await;
    for _ in 0..3 {
        kari.post_nothing(&format!("{}/pause", of_user(&user))).await.expect(204);
        patch(&kari, &user, " Kasse 1 ", None).await.expect(204);
    }
    assert_eq!(commits().await, before + 2);
    for _ in 0..3 {
        kari.post_nothing(&format!("{}/resume", of_user(&user))).await.expect(204);
    }
    assert_eq!(commits().await, before + 3);
    let shown = kari.get(&of_user(&user)).await.expect(200).json();
    assert_eq!(
        (&shown["state"], &shown["integrationTitle"]),
        (&json!("active"), &json!("Kasse 1"))
    );
    story
}

async fn only_those_who_manage_its_owners_access_pause_a_system_user(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let user = story.approved().await;
    let (kari, ola) = (story.system.person(KARI).await, story.system.person(OLA).await);
    for verb in ["pause", "resume"] {
        let path = format!("{}/{verb}", of_user(&user));
        assert_problem(&ola.post_nothing(&path).await.expect(403), "forbidden");
        assert_problem(&story.vendor.post_nothing(&path).await.expect(403), "forbidden");
        story.system.anonymous().post_nothing(&path).await.expect(401);
        for unknown in ["0192f0c8-3f1c-7b52-a5a3-0c5f2b1d9e77", "what"] {
            let path = format!("{}/{verb}", of_user(unknown));
            assert_problem(&kari.post_nothing(&path).await.expect(404), "not-found");
        }
    }
    // A system user manages nobody, not even itself.
    let token = story.token(FJORDTORG).await.expect(200).json();
    let itself = story.system.with_token(token["access_token"].as_str().unwrap());
    let pause = format!("{}/pause", of_user(&user));
    assert_problem(&itself.post_nothing(&pause).await.expect(403), "forbidden");
    assert_problem(&itself.delete(&of_user(&user)).await.expect(403), "forbidden");
    assert_problem(&itself.get(&of_user(&user)).await.expect(403), "forbidden");
    assert_problem(&patch(&ola, &user, "Mine", None).await.expect(403), "forbidden");
    assert_problem(&ola.get(&of_user(&user)).await.expect(403), "forbidden");
    let refused = patch(&kari, &user, "  ", None).await.expect(400);
    assert_problem(&refused, "invalid-input");
    assert_eq!(refused.json()["errors"][0]["pointer"], "/integrationTitle");
    assert_problem(&patch(&kari, &user, KARI.number, None).await.expect(400), "invalid-input");
    assert_eq!(story.decision(&user, "read", VAT_RETURN).await, "Permit");

    // What is deleted is told from what never was.
    story.delete(&user).await.expect(202);
    let paused = kari.post_nothing(&format!("{}/pause", of_user(&user))).await.expect(410);
    assert_problem(&paused, "gone");
    assert_problem(&kari.get(&of_user(&user)).await.expect(410), "gone");
    assert_problem(&story.vendor.get(&of_user(&user)).await.expect(410), "gone");
    let other = story.system.organisation(OTHER_VENDOR, &[REQUEST_READ]).await;
    assert_problem(&other.get(&of_user(&user)).await.expect(404), "not-found");
    story
}

async fn a_change_can_insist_on_the_version_that_was_read(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let user = story.approved().await;
    let kari = story.system.person(KARI).await;
    let read = kari.get(&of_user(&user)).await.expect(200);
    let version = read.header("etag").to_owned();
    patch(&kari, &user, "Kasse 1", Some(&version)).await.expect(204);
    let late = patch(&kari, &user, "Kasse 2", Some(&version)).await.expect(412);
    assert_problem(&late, "precondition-failed");
    assert_eq!(kari.get(&of_user(&user)).await.expect(200).json()["integrationTitle"], "Kasse 1");
    patch(&kari, &user, "Kasse 3", Some("*")).await.expect(204);
    // Another system user of the same customer does not change this one's version.
    let version = kari.get(&of_user(&user)).await.expect(200).header("etag").to_owned();
    let create = "/authentication/api/v1/systemuser/request/vendor";
    let request = json!({
        "systemId": story.system_id,
        "partyOrgNo": FJORDTORG.org,
        "externalRef": "another",
        "rights": [{ "resource": [{ "id": "urn:altinn:resource", "value": VAT_RETURN }] }],
    });
    let asked = story.vendor.post(create, &request).await.expect(201).json();
    story.answer(KARI, FJORDTORG, asked["id"].as_str().unwrap(), "approve").await.expect(200);
    let pause = kari.request(Method::POST, &format!("{}/pause", of_user(&user)));
    kari.send(pause.header("If-Match", &version)).await.expect(204);
    let delete =
        |version: &str| kari.request(Method::DELETE, &of_user(&user)).header("If-Match", version);
    kari.send(delete(&version)).await.expect(412);
    let version = kari.get(&of_user(&user)).await.expect(200).header("etag").to_owned();
    kari.send(delete(&version)).await.expect(204);
    story
}

async fn a_vendor_deletes_a_system_user_of_its_own_system_and_no_other(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let user = story.approved().await;
    let other = story.system.organisation(OTHER_VENDOR, &[REQUEST_WRITE]).await;
    assert_problem(&other.delete(&of_user(&user)).await.expect(404), "not-found");
    let reader = story.system.organisation(VENDOR, &[REQUEST_READ]).await;
    assert_problem(&reader.delete(&of_user(&user)).await.expect(403), "missing-scope");
    let ola = story.system.person(OLA).await;
    assert_problem(&ola.delete(&of_user(&user)).await.expect(403), "forbidden");
    assert_eq!(story.decision(&user, "read", VAT_RETURN).await, "Permit");

    story.vendor.delete(&of_user(&user)).await.expect(204);
    assert_ne!(story.decision(&user, "read", VAT_RETURN).await, "Permit");
    story.token(FJORDTORG).await.expect(400);
    let path = format!("/authentication/api/v1/systemuser/request/vendor/{user}");
    assert_eq!(story.vendor.get(&path).await.expect(404).code().as_deref(), Some("AUTH-00010"));
    let kari = story.system.person(KARI).await;
    let list = format!("/authentication/api/v1/systemuser/{}", FJORDTORG.party);
    assert_eq!(kari.get(&list).await.expect(200).json(), json!([]));
    // Again it is so already, for those whom it concerns.
    story.vendor.delete(&of_user(&user)).await.expect(204);
    kari.delete(&of_user(&user)).await.expect(204);
    assert_problem(&other.delete(&of_user(&user)).await.expect(404), "not-found");

    // The ledger says that the vendor did, and no person.
    let auditor = story.system.auditor().await;
    let commits =
        auditor.get("/fullmakt/v1/commits?event_type=system_user.deleted").await.expect(200);
    let commit = &commits.json()["data"][0]["record"];
    assert_eq!(commit["actor"]["kind"], "system_provider");
    assert_eq!(commit["actor"]["org"], json!(VENDOR));
    assert_eq!(commit["events"][0]["data"], json!({ "id": user }));

    // The customer can be asked again.
    let again = story.approved().await;
    assert_ne!(again, user);
    story
}
