//! Signing keys are rotated by command while servers run: all of them follow, nobody's token is
//! refused while it may be valid, and a key that was taken back is believed no more.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by panicking")]

use fullmakt_operations::eventually;
use fullmakt_scenarios::{Client, Log, Scenario4, System, VENDOR};
use serde_json::Value;

/// An installation whose servers issue in one name, wherever they listen.
async fn begin() -> Scenario4 {
    let mut system = System::prepare(Log::Postgres).await;
    system.set("FULLMAKT_TOKENS__ISSUER", "https://tokens.example/");
    system.serve().await;
    Scenario4::on(system).await
}

/// The ids of the published keys.
async fn published(client: &Client) -> Vec<String> {
    let set = client.get("/jwks").await.expect(200);
    assert_eq!(set.header("cache-control"), "max-age=300");
    let set = set.json();
    let kids = set["keys"].as_array().unwrap().iter();
    kids.map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

/// The states of all keys, as the command prints them.
fn states(system: &System) -> Vec<(String, String)> {
    let output = system.run(&["keys", "list", "--json"]);
    let keys: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let keys = keys.as_array().unwrap().iter();
    keys.map(|key| (text(&key["kid"]), text(&key["state"]))).collect()
}

/// What a command says that is refused.
fn refusal(system: &System, arguments: &[&str]) -> String {
    let output = system.command(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn signed_by(token: &str) -> String {
    jsonwebtoken::decode_header(token).unwrap().kid.unwrap()
}

#[tokio::test]
async fn running_servers_follow_a_rotation_and_tokens_hold_over_it() {
    let story = begin().await;
    let other = story.system.another_server().await;
    let request = story.asked().await;
    let [(first, _)] = states(&story.system).try_into().unwrap();

    // The next key is published by both, and neither signs with it.
    story.system.run(&["keys", "rotate"]);
    let [_, (second, state)] = states(&story.system).try_into().unwrap();
    assert_eq!(state, "waits");
    let both = [first.clone(), second.clone()];
    for server in [&story.system.anonymous(), &other.anonymous()] {
        eventually("the next key is published", async || published(server).await == both).await;
    }
    assert_eq!(signed_by(story.system.vendor(VENDOR).await.token()), first);
    let refused = refusal(&story.system, &["keys", "rotate"]);
    assert!(refused.contains(&format!("key `{second}` waits already")), "{refused}");

    // It is taken back, and another one signs at once.
    story.system.run(&["keys", "retire", &second]);
    story.system.run(&["keys", "rotate", "--after", "0"]);
    let [_, (third, state)] = states(&story.system).try_into().unwrap();
    assert_eq!(state, "signs");
    let signs = async || signed_by(story.system.vendor(VENDOR).await.token()) == third;
    eventually("the new key signs", signs).await;

    // What either signed is believed by both servers.
    let path = format!("/authentication/api/v1/systemuser/request/vendor/{request}");
    let new = story.system.vendor(VENDOR).await;
    for token in [story.vendor.token(), new.token()] {
        for server in [&story.system.anonymous(), &other.anonymous()] {
            let with_token = Client::new(server.base(), Some(token));
            with_token.get(&path).await.expect(200);
        }
    }

    // The key that signs is not taken back; the old one is, and what it signed is refused.
    let refused = refusal(&story.system, &["keys", "retire", &third]);
    assert!(refused.contains("rotate the keys first"), "{refused}");
    let refused = refusal(&story.system, &["keys", "retire", "none"]);
    assert!(refused.contains("there is no key `none`"), "{refused}");
    story.system.run(&["keys", "retire", &first]);
    for server in [&story.system.anonymous(), &other.anonymous()] {
        let old = Client::new(server.base(), Some(story.vendor.token()));
        let is_refused = async || old.get(&path).await.status == 401;
        eventually("the old key is believed no more", is_refused).await;
        Client::new(server.base(), Some(new.token())).get(&path).await.expect(200);
        assert_eq!(published(server).await, [third.as_str()]);
    }
    story.end();
}

#[tokio::test]
async fn a_rotation_survives_a_restart_and_the_doctor_says_which_key_signs() {
    let mut story = begin().await;
    story.system.run(&["keys", "rotate", "--after", "0"]);
    story.system.stop();
    let doctor = story.system.command(&["doctor"]).output().unwrap();
    let said = String::from_utf8(doctor.stdout).unwrap();
    let [(first, checks), (second, signs)] = states(&story.system).try_into().unwrap();
    assert_eq!((checks.as_str(), signs.as_str()), ("checks", "signs"));
    assert!(said.contains(&format!("{first} signs no more")), "{said}");
    assert!(said.contains(&format!("{second} signs since")), "{said}");

    story.system.serve().await;
    assert_eq!(published(&story.system.anonymous()).await, [first, second.clone()]);
    let vendor = story.system.vendor(VENDOR).await;
    assert_eq!(signed_by(vendor.token()), second);
    // A token from before the restart, by the old key.
    let vendor = Client::new(story.system.base(), Some(story.vendor.token()));
    let path = format!("/authentication/api/v1/systemregister/vendor/{}", story.system_id);
    vendor.delete(&path).await.expect(200);
}
