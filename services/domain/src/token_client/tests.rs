use proptest::{collection::vec, prelude::*};
use serde_json::{Map, Value, json};

use fullmakt_events::event::{TokenKeyAdded, TokenKeyRetired};

use super::*;
use crate::scenario::{NOW, assert_laws_at, scenario};

mod keys;

const DAY: i64 = 24 * 60 * 60;

fn owner() -> OrgNumber {
    "991825827".parse().unwrap()
}

fn stranger() -> Authority {
    Authority::Organization("319900101".parse().unwrap())
}

fn client() -> ClientId {
    "smartcloud-1".parse().unwrap()
}

fn ask(change: TokenClientChange) -> TokenClientCommand {
    let authority = Authority::Organization(owner());
    TokenClientCommand { authority, client_id: client(), at: NOW, change }
}

fn by(authority: Authority, change: TokenClientChange) -> TokenClientCommand {
    TokenClientCommand { authority, ..ask(change) }
}

fn register_with(scopes: &[&str]) -> TokenClientChange {
    let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    TokenClientChange::Register { owner: owner(), scopes }
}

fn register() -> TokenClientChange {
    register_with(&["altinn:authentication/systemregister.write"])
}

fn retire(kid: &str) -> TokenClientChange {
    TokenClientChange::RetireKey { kid: kid.to_owned() }
}

fn registered() -> TokenClientEvent {
    TokenClientEvent::Registered(TokenClientRegistered {
        client_id: client(),
        owner: owner(),
        scopes: vec!["altinn:authentication/systemregister.write".to_owned()],
    })
}

fn object(value: Value) -> Map<String, Value> {
    let Value::Object(object) = value else { panic!("{value} is no object") };
    object
}

/// A key, as a client sends it and as it is kept.
fn key(kid: &str) -> TokenKey {
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": "abc", "kid": kid, "use": "sig" });
    TokenKey { kid: kid.to_owned(), jwk: object(jwk), valid_from: NOW, valid_to: None }
}

fn added(key: TokenKey) -> TokenClientEvent {
    TokenClientEvent::KeyAdded(TokenKeyAdded { client_id: client(), key })
}

fn retired(kid: &str) -> TokenClientEvent {
    let kid = kid.to_owned();
    TokenClientEvent::KeyRetired(TokenKeyRetired { client_id: client(), kid })
}

fn deleted() -> TokenClientEvent {
    TokenClientEvent::Deleted(TokenClientDeleted { client_id: client() })
}

#[test]
fn a_client_is_registered_with_its_scopes() {
    scenario::<TokenClient>([]).when(&ask(register())).then([registered()]);
}

#[test]
fn the_same_registration_is_already_so() {
    scenario::<TokenClient>([registered()]).when(&ask(register())).then_nothing();
}

#[test]
fn an_id_is_used_once_even_after_deletion() {
    let refusal = || TokenClientError::Exists { client_id: client() };
    scenario::<TokenClient>([registered()])
        .when(&ask(register_with(&["other"])))
        .then_refused(refusal());
    scenario::<TokenClient>([registered(), deleted()])
        .when(&ask(register()))
        .then_refused(refusal());
}

#[test]
fn scopes_are_needed_have_a_form_and_are_not_too_many() {
    scenario::<TokenClient>([])
        .when(&ask(register_with(&[])))
        .then_refused(TokenClientError::ScopeCount { count: 0 });
    scenario::<TokenClient>([])
        .when(&ask(register_with(&["a"; 201])))
        .then_refused(TokenClientError::ScopeCount { count: 201 });
    scenario::<TokenClient>([]).when(&ask(register_with(&["a"; 200]))).events();
    for scope in ["", "a b", "a\"b", "a\\b", "skatt-æ", "of-12838549045", &"a".repeat(256)] {
        scenario::<TokenClient>([])
            .when(&ask(register_with(&["fine", scope])))
            .then_refused(TokenClientError::ScopeForm { scope: Seen::new(scope) });
    }
}

#[test]
fn a_client_id_holds_no_national_identity_number() {
    let client_id = "client-12838549045".parse().unwrap();
    scenario::<TokenClient>([])
        .when(&TokenClientCommand { client_id, ..ask(register()) })
        .then_refused(TokenClientError::NationalNumber);
}

#[test]
fn a_stranger_changes_nothing_and_an_administrator_everything() {
    let changes = || [register(), TokenClientChange::AddKeys(vec![key("a")]), retire("a")];
    let delete = || TokenClientChange::Delete;
    for change in changes().into_iter().chain([delete()]) {
        for history in [vec![registered(), added(key("a"))], vec![registered(), deleted()]] {
            scenario::<TokenClient>(history)
                .when(&by(stranger(), change.clone()))
                .then_refused(TokenClientError::NotOwner { caller: stranger() });
        }
    }
    scenario::<TokenClient>([])
        .when(&by(stranger(), register()))
        .then_refused(TokenClientError::NotOwner { caller: stranger() });
    let all = |change| by(Authority::Administrator, change);
    scenario::<TokenClient>([]).when(&all(register())).then([registered()]);
    scenario::<TokenClient>([registered()]).when(&all(delete())).then([deleted()]);
}

#[test]
fn what_is_not_registered_cannot_be_changed() {
    for change in
        [TokenClientChange::AddKeys(vec![key("a")]), retire("a"), TokenClientChange::Delete]
    {
        scenario::<TokenClient>([]).when(&ask(change)).then_refused(TokenClientError::Unknown);
    }
    for change in [TokenClientChange::AddKeys(vec![key("a")]), retire("a")] {
        scenario::<TokenClient>([registered(), deleted()])
            .when(&ask(change))
            .then_refused(TokenClientError::Unknown);
    }
}

#[test]
fn a_client_deleted_twice_is_already_gone() {
    let delete = || ask(TokenClientChange::Delete);
    scenario::<TokenClient>([registered()]).when(&delete()).then([deleted()]);
    scenario::<TokenClient>([registered(), deleted()]).when(&delete()).then_nothing();
}

#[test]
fn a_key_is_retired_and_then_already_so() {
    let history = [registered(), added(key("a"))];
    scenario::<TokenClient>(history.clone()).when(&ask(retire("a"))).then([retired("a")]);
    let [first, second] = history;
    let history = [first, second, retired("a")];
    scenario::<TokenClient>(history.clone()).when(&ask(retire("a"))).then_nothing();
    scenario::<TokenClient>(history)
        .when(&ask(retire("b")))
        .then_refused(TokenClientError::KeyUnknown { kid: Seen::new("b") });
}

fn any_command() -> impl Strategy<Value = TokenClientCommand> {
    let authorities = prop_oneof![
        4 => Just(Authority::Organization(owner())),
        1 => Just(stranger()),
        1 => Just(Authority::Administrator),
    ];
    let kids = prop_oneof![Just("a"), Just("b")];
    (authorities, 0..8_u8, kids, 0..3_i64).prop_map(|(authority, choice, kid, days)| {
        by(
            authority,
            match choice {
                0 => register(),
                1 => register_with(&["other"]),
                2..=4 => TokenClientChange::AddKeys(vec![
                    TokenKey {
                        valid_to: (days > 0).then(|| NOW.plus_seconds(days * DAY)),
                        ..key(kid)
                    };
                    usize::from(choice) - 1
                ]),
                5 | 6 => retire(kid),
                _ => TokenClientChange::Delete,
            },
        )
    })
}

proptest! {
    #[test]
    fn a_client_keeps_the_laws_and_once_deleted_stays_deleted(
        commands in vec((0..DAY, any_command()), 0..20)
    ) {
        let mut at = NOW;
        let mut history = Vec::new();
        for (seconds, command) in commands {
            at = at.plus_seconds(seconds);
            history.push((at, TokenClientCommand { at, ..command }));
        }
        let commands = history.iter().map(|(at, command)| (*at, command));
        assert_laws_at::<TokenClient>(commands, |at, before, _, after| {
            match before {
                TokenClient::Deleted { .. } => assert_eq!(before, after),
                TokenClient::Unregistered | TokenClient::Active(_) => {}
            }
            if let TokenClient::Active(client) = after {
                assert!(client.keys_at(at).count() <= ACTIVE_KEYS_MAX);
            }
        });
    }
}
