//! Client ids: claimed and released with the system, compared without case.

use std::collections::BTreeSet;

use fullmakt_scenarios::{FJORDTORG, Log, Scenario4, VENDOR};
use serde_json::{Value, json};

use crate::story::{OTHER_VENDOR, Story, VENDORS, codes, definition, succeeded, with};

fn of_other(clients: &[&str]) -> Value {
    with(definition(&format!("{OTHER_VENDOR}_other")), &json!({ "clientId": clients }))
}

/// Contract: R5, R6
/// Differs: R5, R6: client ids are compared without case everywhere.
#[tokio::test]
async fn a_client_id_is_held_until_an_update_leaves_it_out() {
    let story = Story::begin().await;
    let other = story.system.vendor(OTHER_VENDOR).await;
    let taken = ["AUTH.VLD-00004"];
    assert_eq!(codes(other.post(VENDORS, &of_other(&["smartcloud-CLIENT"])).await), taken);
    other.post(VENDORS, &of_other(&["others-client"])).await.expect(200);
    let path = format!("{VENDORS}/{OTHER_VENDOR}_other");

    // Kept in another spelling, beside a new one: still held.
    let kept = json!({ "clientId": ["SMARTCLOUD-client", "second-client"] });
    succeeded(story.update(&with(story.definition(), &kept)).await);
    for client in ["Smartcloud-Client", "SMARTCLOUD-CLIENT", "Second-Client"] {
        assert_eq!(codes(other.put(&path, &of_other(&[client])).await), taken, "{client}");
    }
    assert_eq!(story.seen().await["clientId"], kept["clientId"]);

    // Left out: free for another, and no more to be had back.
    let left = json!({ "clientId": ["second-client"] });
    succeeded(story.update(&with(story.definition(), &left)).await);
    succeeded(other.put(&path, &of_other(&["Smartcloud-Client", "others-client"])).await);
    assert_eq!(codes(story.update(&story.definition()).await), taken);
    assert_eq!(story.seen().await["clientId"], left["clientId"]);

    // Replacing rights and packages leaves the client ids alone.
    succeeded(story.vendor.put(&story.path("/rights"), &json!([])).await);
    succeeded(story.vendor.put(&story.path("/accesspackages"), &json!([])).await);
    assert_eq!(codes(other.put(&path, &of_other(&["second-client"])).await), taken);

    // All left out, and at last deleted.
    succeeded(other.put(&path, &of_other(&[])).await);
    succeeded(story.update(&story.definition()).await);
    story.vendor.delete(&story.path("")).await.expect(200);
    succeeded(other.put(&path, &of_other(&["smartcloud-client", "second-client"])).await);
    story.end();
}

#[tokio::test]
async fn one_client_id_goes_to_one_system_however_many_ask_at_once() {
    let story = Story::begin().await;
    let ids: Vec<String> = (0..6).map(|n| format!("{VENDOR}_racer-{n}")).collect();
    for id in &ids {
        let system = with(definition(id), &json!({ "clientId": [] }));
        story.vendor.post(VENDORS, &system).await.expect(200);
    }
    let spelled = ["the-CLIENT", "The-Client", "the-client"];
    let updates: Vec<_> = ids
        .iter()
        .zip(spelled.iter().cycle())
        .map(|(id, client)| {
            let system = with(definition(id), &json!({ "clientId": [client] }));
            let (vendor, path) = (story.vendor.clone(), format!("{VENDORS}/{id}"));
            tokio::spawn(async move { vendor.put(&path, &system).await })
        })
        .collect();
    let mut winners = 0;
    for update in updates {
        let answer = update.await.unwrap();
        if answer.status == 200 {
            winners += 1;
        } else {
            assert_eq!(codes(answer), ["AUTH.VLD-00004"]);
        }
    }
    assert_eq!(winners, 1);
    let mut holders = BTreeSet::new();
    for id in &ids {
        let seen = story.vendor.get(&format!("{VENDORS}/{id}")).await.expect(200).json();
        if seen["clientId"] != json!([]) {
            holders.insert(id);
        }
    }
    assert_eq!(holders.len(), 1);
    story.end();
}

/// A token is for the client of the system as it is now.
#[tokio::test]
async fn a_client_that_an_update_leaves_out_gets_no_more_tokens() {
    let story = Scenario4::begin(Log::Postgres).await;
    story.approved().await;
    story.token(FJORDTORG).await.expect(200);
    let path = format!("{VENDORS}/{}", story.system_id);
    let clients = |clients: &[&str]| with(story.definition(), &json!({ "clientId": clients }));

    succeeded(story.vendor.put(&path, &clients(&["another-client"])).await);
    story.token(FJORDTORG).await.expect(400);
    let upper = story.client_id.to_uppercase();
    succeeded(story.vendor.put(&path, &clients(&["another-client", &upper])).await);
    story.token(FJORDTORG).await.expect(200);
    succeeded(story.vendor.put(&path, &clients(&[&story.client_id])).await);
    story.token(FJORDTORG).await.expect(200);
    succeeded(story.vendor.put(&path, &clients(&[])).await);
    story.token(FJORDTORG).await.expect(400);
    story.end();
}
