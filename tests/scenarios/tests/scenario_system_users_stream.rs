//! Issue 5: how components of the platform keep up with all system users.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "who tells a story fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};

use fullmakt_scenarios::{
    Answer, Client, FJORDTORG, KARI, Log, SERVICE_OWNER, Scenario4, VAT_RETURN, on_both_logs,
};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

const SYSTEM_USERS: &str = "/authentication/api/v1/systemuser";
const STREAM: &str = "/authentication/api/v1/systemuser/internal/systemusers/stream";
const ADMIN: &str = "altinn:authentication/systemuser.admin";
/// Greater numbers are not exact for those who read JSON's numbers as 64-bit floating point.
const SAFE_MAX: u64 = (1 << 53) - 1;

on_both_logs! {
    the_stream_tells_of_every_system_user_where_it_changed_last;
    the_stream_misses_nothing_and_repeats_nothing_while_system_users_are_made;
    the_stream_is_for_components_of_the_platform;
    one_that_was_deleted_is_gone_and_so_is_one_that_never_was;
}

/// A component of the platform, which follows the stream from where it was.
struct Follower {
    client: Client,
    next: String,
    /// How often it was told of each system user, and what last.
    told: BTreeMap<String, (usize, Value)>,
    last: u64,
}

impl Follower {
    async fn of(story: &Scenario4) -> Self {
        let client = story.system.organisation(SERVICE_OWNER, &[ADMIN]).await;
        Self { client, next: STREAM.to_owned(), told: BTreeMap::new(), last: 0 }
    }

    /// Reads one page, checks what has to hold of every page, and says how many it has.
    async fn page(&mut self) -> usize {
        let page = self.client.get(&self.next).await.expect(200).json();
        let data = page["data"].as_array().unwrap();
        let number = |name: &str| page["stats"][name].as_u64().unwrap();
        let (start, end, max) = (number("pageStart"), number("pageEnd"), number("sequenceMax"));
        assert!(data.len() <= 100 && start <= end && end <= max && max <= SAFE_MAX, "{page}");
        let (Some(first), Some(last)) = (data.first(), data.last()) else {
            assert_eq!((start, end, &page["links"]), (max, max, &json!({})));
            return 0;
        };
        assert_eq!((&first["sequenceNo"], &last["sequenceNo"]), (&json!(start), &json!(end)));
        for user in data {
            let number = user["sequenceNo"].as_u64().unwrap();
            assert!(number > self.last, "{} after {}", number, self.last);
            self.last = number;
            let told = self.told.entry(user["id"].as_str().unwrap().to_owned()).or_default();
            *told = (told.0 + 1, user.clone());
        }
        page["links"]["next"].as_str().unwrap().clone_into(&mut self.next);
        data.len()
    }

    /// Reads up to an empty page.
    async fn catch_up(&mut self) {
        while self.page().await > 0 {}
    }
}

/// A system user of [`FJORDTORG`] with a reference.
async fn made((vendor, kari): (&Client, &Client), system: &str, reference: &str) -> String {
    let request = json!({
        "systemId": system,
        "partyOrgNo": FJORDTORG.org,
        "externalRef": reference,
        "rights": [{ "resource": [{ "id": "urn:altinn:resource", "value": VAT_RETURN }] }],
    });
    let path = format!("{SYSTEM_USERS}/request/vendor");
    let ask = || vendor.request(Method::POST, &path).json(&request);
    let asked = until_decided(vendor, || ask().header("Idempotency-Key", reference)).await;
    let id = asked.expect(201).json()["id"].as_str().unwrap().to_owned();
    let path = format!("{SYSTEM_USERS}/request/{}/{id}/approve", FJORDTORG.party);
    let approve = || kari.request(Method::POST, &path).header("Idempotency-Key", reference);
    until_decided(kari, approve).await.expect(200);
    id
}

/// Asks again with its key who is told that nothing was decided in time: where many write to one
/// stream on a slow machine, not everybody's turn comes within two seconds.
async fn until_decided(client: &Client, request: impl Fn() -> RequestBuilder) -> Answer {
    loop {
        let answer = client.send(request()).await;
        if answer.status != 503 {
            return answer;
        }
    }
}

/// Contract: F1
async fn the_stream_tells_of_every_system_user_where_it_changed_last(log: Log) -> Scenario4 {
    const COUNT: usize = 102;
    let story = Scenario4::begin(log).await;
    let mut follower = Follower::of(&story).await;
    assert_eq!(follower.page().await, 0);
    let kari = story.system.person(KARI).await;
    let mut ids = Vec::new();
    for number in 0..COUNT {
        let reference = format!("till-{number}");
        ids.push(made((&story.vendor, &kari), &story.system_id, &reference).await);
    }
    assert_eq!(follower.page().await, 100);
    assert_eq!(follower.page().await, 2);
    let end = follower.next.clone();
    assert_eq!(follower.page().await, 0);
    assert_eq!(follower.next, end);
    let in_order: Vec<&str> = {
        let mut told: Vec<&Value> = follower.told.values().map(|(_, user)| user).collect();
        told.sort_by_key(|user| user["sequenceNo"].as_u64());
        told.iter().map(|user| user["id"].as_str().unwrap()).collect()
    };
    assert_eq!(in_order, ids);
    let (_, user) = &follower.told[&ids[0]];
    assert_eq!(
        *user,
        json!({
            "id": ids[0],
            "partyOrgNo": FJORDTORG.org,
            "partyId": FJORDTORG.party.to_string(),
            "integrationTitle": "Smartsky",
            "isDeleted": false,
            "lastChanged": user["created"],
            "created": user["created"],
            "sequenceNo": user["sequenceNo"],
            "systemUserType": "standard",
        })
    );

    // Whatever changes moves to the end, and what is deleted stays as a tombstone.
    let own = |user: &str| format!("/fullmakt/v1/system-users/{user}");
    let title = json!({ "integrationTitle": "Kasse 1" });
    let rename = kari.request(Method::PATCH, &own(&ids[0])).json(&title);
    kari.send(rename).await.expect(204);
    kari.post_nothing(&format!("{}/pause", own(&ids[1]))).await.expect(204);
    story.delete(&ids[2]).await.expect(202);
    story.vendor.delete(&own(&ids[3])).await.expect(204);
    assert_eq!(follower.page().await, 4);
    assert_eq!(follower.told[&ids[0]].1["integrationTitle"], "Kasse 1");
    for (id, is_deleted) in [(0, false), (1, false), (2, true), (3, true)] {
        let (times, user) = &follower.told[&ids[id]];
        assert_eq!((*times, &user["isDeleted"]), (2, &json!(is_deleted)), "{user}");
        assert!(user["lastChanged"].as_str() > user["created"].as_str(), "{user}");
    }
    // Who begins anew is told of each once.
    let mut anew = Follower::of(&story).await;
    anew.catch_up().await;
    assert_eq!(anew.told.len(), COUNT);
    assert!(anew.told.values().all(|(times, _)| *times == 1));
    assert_eq!(anew.last, follower.last);
    story
}

/// Contract: F1
async fn the_stream_misses_nothing_and_repeats_nothing_while_system_users_are_made(
    log: Log,
) -> Scenario4 {
    const CLIENTS: usize = 6;
    const EACH: usize = 12;
    let story = Scenario4::begin(log).await;
    let mut follower = Follower::of(&story).await;
    let kari = story.system.person(KARI).await;
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let (vendor, kari, system) =
                (story.vendor.clone(), kari.clone(), story.system_id.clone());
            tokio::spawn(async move {
                let mut ids = Vec::new();
                for number in 0..EACH {
                    let reference = format!("{client}-{number}");
                    ids.push(made((&vendor, &kari), &system, &reference).await);
                }
                ids
            })
        })
        .collect();
    // It reads all the while, and a last time when all are there.
    while clients.iter().any(|client| !client.is_finished()) {
        follower.page().await;
    }
    let mut ids = BTreeSet::new();
    for client in clients {
        ids.extend(client.await.unwrap_or_else(|error| panic!("{error}")));
    }
    follower.catch_up().await;
    assert_eq!(ids.len(), CLIENTS * EACH);
    assert_eq!(follower.told.keys().cloned().collect::<BTreeSet<_>>(), ids);
    let repeated: Vec<_> = follower.told.iter().filter(|(_, (times, _))| *times != 1).collect();
    assert!(repeated.is_empty(), "{repeated:?}");
    story
}

/// Contract: F1, F2
async fn the_stream_is_for_components_of_the_platform(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let user = story.approved().await;
    let one = format!("{SYSTEM_USERS}/internal/systemusers/{user}");
    let anonymous = story.system.anonymous();
    let generator = "/test-tokens/api/GetPlatformAccessToken?app=register";
    let component = anonymous.get(generator).await.expect(200).text();
    for path in [STREAM, &one] {
        let with = async |client: &Client, token: &str| -> Answer {
            let get = client.request(Method::GET, path);
            client.send(get.header("PlatformAccessToken", token)).await
        };
        with(&anonymous, &component).await.expect(200);
        anonymous.get(path).await.expect(401);
        story.vendor.get(path).await.expect(403);
        story.system.person(KARI).await.get(path).await.expect(403);
        // A token of the one kind does not count as one of the other.
        let admin = story.system.organisation(SERVICE_OWNER, &[ADMIN]).await;
        admin.get(path).await.expect(200);
        with(&anonymous, admin.token()).await.expect(401);
        with(&admin, "what").await.expect(401);
        story.system.with_token(&component).get(path).await.expect(401);
    }
    let refused = story.system.organisation(SERVICE_OWNER, &[ADMIN]).await;
    let refused = refused.get(&format!("{STREAM}?token=what")).await.expect(400);
    assert!(refused.json()["errors"]["token"].is_array(), "{refused:?}");
    story
}

/// Defect 20 of the wire contract's §9: one that never was is gone just as one that was deleted.
/// Our own route tells the two apart.
///
/// Contract: F2
async fn one_that_was_deleted_is_gone_and_so_is_one_that_never_was(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let user = story.approved().await;
    let admin = story.system.organisation(SERVICE_OWNER, &[ADMIN]).await;
    let one = |id: &str| format!("{SYSTEM_USERS}/internal/systemusers/{id}");
    let shown = admin.get(&one(&user)).await.expect(200).json();
    let page = admin.get(STREAM).await.expect(200).json();
    assert_eq!(page["data"], json!([shown]));

    story.delete(&user).await.expect(202);
    let unknown = "0192f0c8-3f1c-7b52-a5a3-0c5f2b1d9e77";
    for id in [&user, unknown, "what"] {
        assert_eq!(admin.get(&one(id)).await.expect(410).text(), "");
    }
    let own = |id: &str| format!("/fullmakt/v1/system-users/{id}");
    story.vendor.get(&own(&user)).await.expect(410);
    story.vendor.get(&own(unknown)).await.expect(404);
    let page = admin.get(STREAM).await.expect(200).json();
    assert_eq!(page["data"][0]["isDeleted"], json!(true));
    story
}
