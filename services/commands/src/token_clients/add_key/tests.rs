use fullmakt_domain::{
    Decider,
    token_client::{ActiveClient, KeyState, TokenClientError},
};

use super::*;

const SECOND: i64 = 1000;

fn at(second: i64) -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000 + second * SECOND)
}

fn jwk(x: &str) -> Map<String, Value> {
    let members = [("kty", "EC"), ("crv", "P-256"), ("x", x), ("y", "def")];
    members.map(|(name, value)| (name.to_owned(), value.into())).into_iter().collect()
}

fn asked(x: &str, valid_from: Option<Timestamp>) -> AddKeys {
    AddKeys {
        authority: Authority::Administrator,
        client_id: "client".parse().unwrap(),
        asked: AskedKeys::One(("a".to_owned(), jwk(x))),
        valid_from,
        valid_to: Some(at(100)),
    }
}

fn client(keys: &[TokenKey]) -> TokenClient {
    let state = |key: &TokenKey| (key.kid.clone(), KeyState::Active(key.clone()));
    TokenClient::Active(ActiveClient {
        client_id: "client".parse().unwrap(),
        owner: "310010014".parse().unwrap(),
        scopes: vec!["a:b".to_owned()],
        keys: keys.iter().map(state).collect(),
    })
}

/// The key as it is after the client was asked at this time.
fn added(client: &TokenClient, asked: &AddKeys, at: Timestamp) -> TokenKey {
    let command = add(client, asked, at);
    let events = client.decide(&command).unwrap();
    let [fullmakt_events::event::TokenClientEvent::KeyAdded(added)] = events.as_slice() else {
        panic!("{events:?}")
    };
    added.key.clone()
}

fn add(client: &TokenClient, asked: &AddKeys, at: Timestamp) -> TokenClientCommand {
    let AskedKeys::One(named) = &asked.asked else { panic!("one key") };
    TokenClientCommand {
        authority: Authority::Administrator,
        client_id: "client".parse().unwrap(),
        at,
        change: TokenClientChange::AddKeys(vec![asked.key(named, client, at)]),
    }
}

#[test]
fn a_key_counts_at_once_unless_it_says_when() {
    assert_eq!(added(&client(&[]), &asked("abc", None), at(5)).valid_from, at(5));
    let early = Timestamp::default();
    assert_eq!(added(&client(&[]), &asked("abc", Some(early)), at(5)).valid_from, early);
}

#[test]
fn a_key_that_counts_already_is_added_again_without_effect() {
    let asked = asked("abc", None);
    let client = client(&[added(&client(&[]), &asked, at(5))]);
    assert_eq!(client.decide(&add(&client, &asked, at(9))), Ok(vec![]));
}

#[test]
fn another_key_does_not_take_the_place_of_one_that_counts() {
    let client = client(&[added(&client(&[]), &asked("abc", None), at(5))]);
    let refused = client.decide(&add(&client, &asked("ghi", None), at(9))).unwrap_err();
    assert!(matches!(refused, TokenClientError::KeyRefused { .. }));
}

#[test]
fn a_key_in_the_place_of_one_that_is_over_begins_anew() {
    let client = client(&[added(&client(&[]), &asked("abc", None), at(5))]);
    let later = AddKeys { valid_to: None, ..asked("abc", None) };
    assert_eq!(added(&client, &later, at(200)).valid_from, at(200));
}

fn body(value: Value) -> AddTokenKeys {
    serde_json::from_value(value).unwrap()
}

#[test]
fn one_key_or_a_set_is_asked_for() {
    let one = AskedKeys::read(&body(json!({ "kid": "a", "jwk": jwk("abc") }))).unwrap();
    assert!(matches!(one, AskedKeys::One((kid, _)) if kid == "a"));
    let set = json!({ "keys": [{ "kid": "a" }, { "kid": "b" }] });
    let AskedKeys::Set(set) = AskedKeys::read(&body(set)).unwrap() else { panic!("a set") };
    assert_eq!(set.iter().map(|(kid, _)| kid.as_str()).collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn what_is_neither_one_key_nor_a_set_is_refused_by_what_is_missing() {
    for (asked, pointer) in [
        (json!({}), "/jwk"),
        (json!({ "kid": "a" }), "/jwk"),
        (json!({ "jwk": jwk("abc") }), "/kid"),
        (json!({ "keys": [] }), "/keys"),
        (json!({ "keys": [{ "kid": "a" }, { "kty": "EC" }] }), "/keys/1/kid"),
        (json!({ "keys": [{ "kid": "a" }], "kid": "a" }), "/keys"),
        (json!({ "keys": [{ "kid": "a" }], "kid": "a", "jwk": jwk("abc") }), "/keys"),
    ] {
        let Err(problem) = AskedKeys::read(&body(asked.clone())) else { panic!("{asked}") };
        assert_eq!(problem.errors()[0].pointer, pointer, "{asked}: {problem:?}");
    }
}
