//! Issue 5: what an owner does with its system users: makes them, sees them, renames and deletes
//! them.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "who tells a story fails by panicking"
)]

use fullmakt_scenarios::{
    Answer, Client, FJORDTORG, KARI, Log, NORDVIK, OLA, Scenario4, VAT_RETURN, VENDOR, on_both_logs,
};
use reqwest::Method;
use serde_json::{Value, json};

const SYSTEM_USERS: &str = "/authentication/api/v1/systemuser";
const OF_THE_PORTAL: &str = "/accessmanagement/api/v1/systemuser";

on_both_logs! {
    an_owner_makes_a_system_user_that_has_all_that_its_system_has;
    nobody_makes_a_system_user_of_what_is_not_theirs_to_give;
    an_owner_renames_its_system_user;
    a_system_user_is_not_renamed_by_others_or_by_mistake;
    a_deletion_takes_back_exactly_what_was_given;
    a_deletion_that_is_refused_removes_nothing;
    the_changes_that_wait_for_an_answer_end_with_their_system_user;
    of_many_who_make_the_same_system_user_at_once_one_does;
}

async fn create(client: &Client, party: u32, body: &Value) -> Answer {
    client.post(&format!("{SYSTEM_USERS}/{party}/create"), body).await
}

async fn put(client: &Client, body: &Value) -> Answer {
    client.send(client.request(Method::PUT, SYSTEM_USERS).json(body)).await
}

fn right(action: &str) -> Value {
    let resource = json!([{ "id": "urn:altinn:resource", "value": VAT_RETURN }]);
    json!({ "action": action, "resource": resource })
}

/// Contract: S4, S8
async fn an_owner_makes_a_system_user_that_has_all_that_its_system_has(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let kari = story.system.person(KARI).await;
    let body = json!({ "integrationTitle": " Our shop ", "systemId": story.system_id });
    let path = format!("{SYSTEM_USERS}/{}/create", FJORDTORG.party);
    let post = || kari.request(Method::POST, &path).json(&body).header("Idempotency-Key", "one");
    let made = kari.send(post()).await.expect(200).json();
    let user = made["id"].as_str().unwrap().to_owned();
    for (field, value) in [
        ("integrationTitle", json!("Our shop")),
        ("systemId", json!(story.system_id)),
        ("reporteeOrgNo", json!(FJORDTORG.org)),
        ("externalRef", json!(FJORDTORG.org)),
        ("partyId", json!(FJORDTORG.party.to_string())),
        ("partyUuId", json!("a1000000-0000-4000-8000-000000000022")),
        ("supplierOrgno", json!(VENDOR)),
        ("supplierName", json!("")),
        ("isDeleted", json!(false)),
        ("userType", json!("standard")),
        ("accessPackages", json!([])),
    ] {
        assert_eq!(made[field], value, "{field}");
    }
    assert!(made["systemInternalId"].is_string() && made["created"].is_string(), "{made}");
    assert!(made.get("rights").is_none(), "{made}");

    // It has all that the system has, and can be used.
    for action in ["read", "write"] {
        assert_eq!(story.decision(&user, action, VAT_RETURN).await, "Permit", "{action}");
    }
    assert_ne!(story.decision(&user, "sign", VAT_RETURN).await, "Permit");
    story.token(FJORDTORG).await.expect(200);

    // It is seen where system users are.
    let list = format!("{SYSTEM_USERS}/{}", FJORDTORG.party);
    let listed = kari.get(&list).await.expect(200).json();
    assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");
    assert_eq!(listed[0]["id"], made["id"]);
    let shown = kari.get(&format!("{list}/{user}")).await.expect(200).json();
    assert_eq!(shown["rights"], json!([right("read"), right("write")]));
    for base in [SYSTEM_USERS, OF_THE_PORTAL] {
        let path = format!("{base}/{}/{user}/delegations", FJORDTORG.party);
        let given = kari.get(&path).await.expect(200).json();
        let rights = json!([right("read"), right("write")]);
        assert_eq!(given, json!({ "systemUserId": user, "rights": rights, "accessPackages": [] }));
    }
    let agents = format!("{SYSTEM_USERS}/agent/{}", FJORDTORG.party);
    assert_eq!(kari.get(&agents).await.expect(200).json(), json!([]));

    // Made once. The same command with its key is answered as before.
    let again = create(&kari, FJORDTORG.party, &body).await.expect(400);
    assert_eq!(again.code().as_deref(), Some("AUTH-00004"));
    let answered = kari.send(post()).await.expect(200).json();
    assert_eq!(answered["id"], made["id"]);

    // And the reference is taken for the vendor too.
    let asked = story.ask(FJORDTORG).await.expect(400);
    assert_eq!(asked.code().as_deref(), Some("AUTH-00004"));
    story
}

/// Contract: S4
async fn nobody_makes_a_system_user_of_what_is_not_theirs_to_give(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let (kari, ola) = (story.system.person(KARI).await, story.system.person(OLA).await);
    let body = json!({ "systemId": story.system_id });
    create(&ola, FJORDTORG.party, &body).await.expect(403);
    create(&story.vendor, FJORDTORG.party, &body).await.expect(403);
    create(&story.system.anonymous(), FJORDTORG.party, &body).await.expect(401);
    create(&kari, 99_999_999, &body).await.expect(403);

    let code = async |body: Value, status| {
        create(&kari, FJORDTORG.party, &body).await.expect(status).code()
    };
    let unknown = json!({ "systemId": format!("{VENDOR}_nothing") });
    assert_eq!(code(unknown, 404).await.as_deref(), Some("AUTH-00011"));
    assert_eq!(code(json!({ "systemId": "what" }), 404).await.as_deref(), Some("AUTH-00011"));
    let missing = create(&kari, FJORDTORG.party, &json!({})).await.expect(400);
    assert!(missing.json()["errors"]["SystemId"].is_array(), "{missing:?}");
    for (title, code) in
        [("x".repeat(256), "FULLMAKT.VLD-00004"), (KARI.number.to_owned(), "FULLMAKT.VLD-00001")]
    {
        let titled = json!({ "systemId": story.system_id, "integrationTitle": title });
        let refused = create(&kari, FJORDTORG.party, &titled).await.expect(400);
        assert_eq!(refused.json()["validationErrors"][0]["code"], code, "{refused:?}");
    }

    // A package that can only be passed on for clients is not for owners themselves.
    let mut system = story.definition();
    let id = format!("{VENDOR}_for-agents");
    system["id"] = json!(id);
    system["clientId"] = json!([]);
    system["isVisible"] = json!(false);
    let package = "urn:altinn:accesspackage:regnskapsforer-lonn";
    system["accessPackages"] = json!([{ "urn": package }]);
    let register = "/authentication/api/v1/systemregister/vendor";
    story.vendor.post(register, &system).await.expect(200);
    let refused = create(&kari, FJORDTORG.party, &json!({ "systemId": id })).await.expect(400);
    assert_eq!(refused.code().as_deref(), Some("AUTH-00064"), "{refused:?}");
    assert_eq!(refused.json()["NotDelegablePackages"], json!([package]));

    // Nothing came of any of it.
    let listed = kari.get(&format!("{SYSTEM_USERS}/{}", FJORDTORG.party)).await.expect(200);
    assert_eq!(listed.json(), json!([]));
    story
}

/// Defect 17 of the wire contract's §9: the route that changes a system user could not be used.
///
/// Contract: S7
/// Differs: S7: renames the system user, where the original cannot be called (defect 17).
async fn an_owner_renames_its_system_user(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let user = story.approved().await;
    let kari = story.system.person(KARI).await;
    let body = json!({
        "id": user,
        "partyId": FJORDTORG.party.to_string(),
        "reporteeOrgNo": FJORDTORG.org,
        "integrationTitle": "Kasse 1",
        "systemId": story.system_id,
    });
    let renamed = put(&kari, &body).await.expect(200);
    assert_eq!(renamed.json()["integrationTitle"], "Kasse 1");
    let shown = kari.get(&format!("{SYSTEM_USERS}/{}/{user}", FJORDTORG.party)).await.expect(200);
    let (mut shown, renamed) = (shown.json(), renamed.json());
    shown.as_object_mut().unwrap().remove("rights");
    assert_eq!(shown, renamed);
    let path = format!(
        "{SYSTEM_USERS}/vendor/byquery?system-id={}&orgno={}",
        story.system_id, FJORDTORG.org
    );
    let seen = story.vendor.get(&path).await.expect(200).json();
    assert_eq!(seen["integrationTitle"], "Kasse 1");
    // The party id may be a number, and what need not be said need not be right.
    let short = json!({ "id": user, "partyId": FJORDTORG.party, "integrationTitle": "Kasse 2" });
    assert_eq!(put(&kari, &short).await.expect(200).json()["integrationTitle"], "Kasse 2");
    // It is what it was.
    assert_eq!(story.decision(&user, "read", VAT_RETURN).await, "Permit");
    story.token(FJORDTORG).await.expect(200);
    story
}

/// Contract: S7
async fn a_system_user_is_not_renamed_by_others_or_by_mistake(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let user = story.approved().await;
    let (kari, ola) = (story.system.person(KARI).await, story.system.person(OLA).await);
    let with = |changes: Value| {
        let mut body = json!({
            "id": user, "partyId": FJORDTORG.party, "integrationTitle": "Kasse 1",
        });
        for (field, value) in changes.as_object().unwrap() {
            body[field] = value.clone();
        }
        body
    };
    // Neither in the owner's name nor in their own party's.
    put(&ola, &with(json!({}))).await.expect(403);
    let other = put(&ola, &with(json!({ "partyId": NORDVIK.party }))).await.expect(403);
    assert_eq!(other.code().as_deref(), Some("AUTH-00024"), "{other:?}");
    put(&story.vendor, &with(json!({}))).await.expect(403);
    let unknown = with(json!({ "id": "0192f0c8-3f1c-7b52-a5a3-0c5f2b1d9e77" }));
    let unknown = put(&kari, &unknown).await.expect(404);
    assert_eq!(unknown.code().as_deref(), Some("AUTH-00015"), "{unknown:?}");

    for (changes, field) in [
        (json!({ "systemId": format!("{VENDOR}_other") }), "SystemId"),
        (json!({ "reporteeOrgNo": NORDVIK.org }), "ReporteeOrgNo"),
        (json!({ "integrationTitle": null }), "IntegrationTitle"),
        (json!({ "id": null }), "Id"),
        (json!({ "partyId": null }), "PartyId"),
    ] {
        let refused = put(&kari, &with(changes)).await.expect(400);
        assert!(refused.json()["errors"][field].is_array(), "{field}: {refused:?}");
    }
    for title in ["", "   "] {
        let refused = put(&kari, &with(json!({ "integrationTitle": title }))).await.expect(400);
        let error = &refused.json()["validationErrors"][0];
        assert_eq!(error["code"], "FULLMAKT.VLD-00004", "{refused:?}");
        assert_eq!(error["paths"], json!(["/integrationTitle"]));
    }
    let shown = kari.get(&format!("{SYSTEM_USERS}/{}/{user}", FJORDTORG.party)).await.expect(200);
    assert_eq!(shown.json()["integrationTitle"], "Smartsky");
    story
}

/// Defect 18b of the wire contract's §9: what a deletion took back followed from what the system
/// listed by then, so that something could be left.
///
/// Contract: S5, S8
/// Differs: S5: takes back exactly what was given, whatever the system lists by then (defect 18b).
async fn a_deletion_takes_back_exactly_what_was_given(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let user = story.approved().await;
    // The system lists nothing any more.
    let system = format!("/authentication/api/v1/systemregister/vendor/{}", story.system_id);
    story.vendor.delete(&system).await.expect(200);
    assert_eq!(story.delete(&user).await.expect(202).json(), json!(1));

    let kari = story.system.person(KARI).await;
    let of_user = format!("{SYSTEM_USERS}/{}/{user}", FJORDTORG.party);
    for path in [of_user.clone(), format!("{of_user}/delegations")] {
        let gone = kari.get(&path).await.expect(404);
        assert_eq!(gone.code().as_deref(), Some("AUTH-00015"), "{gone:?}");
    }
    assert_ne!(story.decision(&user, "read", VAT_RETURN).await, "Permit");
    // One fact ended all of it, and it came alone.
    let auditor = story.system.auditor().await;
    let stream = format!("agreement%2F{}%2F{}", story.system_id, FJORDTORG.org);
    let commits = auditor.get(&format!("/fullmakt/v1/commits?stream={stream}")).await.expect(200);
    let events = &commits.json()["data"][0]["record"]["events"];
    assert_eq!(events.as_array().unwrap().len(), 1, "{events}");
    assert_eq!(events[0]["type"], "system_user.deleted");
    story
}

/// Defect 16 of the wire contract's §9: the request was removed before it was checked whose the
/// system user was, and of which kind.
async fn a_deletion_that_is_refused_removes_nothing(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let user = story.approved().await;
    let (kari, ola) = (story.system.person(KARI).await, story.system.person(OLA).await);
    let facilitator = "facilitatorId=a1000000-0000-4000-8000-000000000022";
    let agent = |party: u32| format!("{SYSTEM_USERS}/agent/{party}/{user}?{facilitator}");

    ola.delete(&agent(FJORDTORG.party)).await.expect(403);
    for path in [agent(NORDVIK.party), format!("{SYSTEM_USERS}/{}/{user}", NORDVIK.party)] {
        let refused = ola.delete(&path).await.expect(403);
        assert_eq!(refused.code().as_deref(), Some("AUTH-00024"), "{refused:?}");
    }
    let refused = kari.delete(&agent(FJORDTORG.party)).await.expect(400);
    assert_eq!(refused.code().as_deref(), Some("AUTH-00034"), "{refused:?}");
    let path = format!("{SYSTEM_USERS}/agent/{}/{user}", FJORDTORG.party);
    let refused = kari.delete(&path).await.expect(400);
    assert!(refused.json()["errors"]["facilitatorId"].is_array(), "{refused:?}");
    let unknown = "0192f0c8-3f1c-7b52-a5a3-0c5f2b1d9e77";
    let path = format!("{SYSTEM_USERS}/agent/{}/{unknown}?{facilitator}", FJORDTORG.party);
    let refused = kari.delete(&path).await.expect(404);
    assert_eq!(refused.code().as_deref(), Some("AUTH-00015"), "{refused:?}");

    // System user and request are there, and go on.
    let path = format!("{SYSTEM_USERS}/request/vendor/{user}");
    assert_eq!(story.vendor.get(&path).await.expect(200).json()["status"], "Accepted");
    assert_eq!(story.decision(&user, "read", VAT_RETURN).await, "Permit");
    let of_the_portal = format!("{OF_THE_PORTAL}/{}/{user}", FJORDTORG.party);
    assert_eq!(kari.delete(&of_the_portal).await.expect(202).json(), json!(1));
    let gone = story.vendor.get(&path).await.expect(404);
    assert_eq!(gone.code().as_deref(), Some("AUTH-00010"));
    story
}

async fn the_changes_that_wait_for_an_answer_end_with_their_system_user(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let user = story.approved().await;
    let correlation = "0192f0c8-3f1c-7b52-a5a3-0c5f2b1d9e01";
    let changes = format!("{SYSTEM_USERS}/changerequest/vendor");
    let ask = format!("{changes}?correlation-id={correlation}&system-user-id={user}");
    let change = json!({
        "requiredRights": [right("write")],
        "unwantedRights": [],
        "requiredAccessPackages": [],
        "unwantedAccessPackages": [],
    });
    story.vendor.post(&ask, &change).await.expect(201);
    let asked = format!("{changes}/{correlation}");
    assert_eq!(story.vendor.get(&asked).await.expect(200).json()["status"], "New");

    story.delete(&user).await.expect(202);
    story.vendor.get(&asked).await.expect(404);
    let kari = story.system.person(KARI).await;
    let approve = format!("{SYSTEM_USERS}/changerequest/{}/{correlation}/approve", FJORDTORG.party);
    kari.post_nothing(&approve).await.expect(404);
    assert_ne!(story.decision(&user, "write", VAT_RETURN).await, "Permit");
    // Both ended in one commit.
    let auditor = story.system.auditor().await;
    let path = "/fullmakt/v1/commits?event_type=system_user.deleted";
    let commits = auditor.get(path).await.expect(200).json();
    let events = commits["data"][0]["record"]["events"].as_array().unwrap();
    let types: Vec<&Value> = events.iter().map(|event| &event["type"]).collect();
    assert_eq!(types, ["system_user_change.withdrawn", "system_user.deleted"]);
    story
}

async fn of_many_who_make_the_same_system_user_at_once_one_does(log: Log) -> Scenario4 {
    const CLIENTS: usize = 6;
    let story = Scenario4::begin(log).await;
    let kari = story.system.person(KARI).await;
    let body = json!({ "systemId": story.system_id });
    let tasks: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (kari, body) = (kari.clone(), body.clone());
            tokio::spawn(async move { create(&kari, FJORDTORG.party, &body).await })
        })
        .collect();
    let mut made = 0;
    for task in tasks {
        let answer = task.await.unwrap();
        if answer.status == 200 {
            made += 1;
        } else {
            let answer = answer.expect(400);
            assert_eq!(answer.code().as_deref(), Some("AUTH-00004"), "{answer:?}");
        }
    }
    assert_eq!(made, 1);
    let list = format!("{SYSTEM_USERS}/{}", FJORDTORG.party);
    let listed = kari.get(&list).await.expect(200).json();
    assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");
    story
}
