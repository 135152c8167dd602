use jsonwebtoken::{DecodingKey, Validation, jwk::JwkSet};

use super::*;

fn claims() -> Map<String, Value> {
    json!({ "iss": "a", "exp": 4_000_000_000_u64 }).as_object().unwrap().clone()
}

#[test]
fn a_second_process_finds_the_key_that_the_first_made() {
    let folder = tempfile::tempdir().unwrap();
    let first = SigningKeys::open(folder.path()).unwrap();
    let second = SigningKeys::open(folder.path()).unwrap();
    assert_eq!(first.jwks(), second.jwks());
    let mode = fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left");
}

#[test]
fn processes_that_begin_at_once_share_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let barrier = std::sync::Barrier::new(6);
    let found: Vec<Value> = std::thread::scope(|scope| {
        let open = || {
            barrier.wait();
            SigningKeys::open(folder.path()).unwrap().jwks().clone()
        };
        let processes: Vec<_> = (0..6).map(|_| scope.spawn(open)).collect();
        processes.into_iter().map(|process| process.join().unwrap()).collect()
    });
    assert!(found.iter().all(|jwks| *jwks == found[0]), "{found:?}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left");
}

#[test]
fn the_public_keys_have_nothing_private() {
    let folder = tempfile::tempdir().unwrap();
    let keys = SigningKeys::open(folder.path()).unwrap();
    let members: Vec<&String> = keys.jwks()["keys"][0].as_object().unwrap().keys().collect();
    assert_eq!(members, ["alg", "e", "kid", "kty", "n", "use"]);
    assert!(!format!("{keys:?}").contains("PRIVATE"));
}

#[test]
fn what_is_signed_is_checked_with_the_public_key_and_no_other() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (one, two) =
        (SigningKeys::open(one.path()).unwrap(), SigningKeys::open(two.path()).unwrap());
    let token = one.sign(&claims()).unwrap();
    let check = |keys: &SigningKeys| {
        let set: JwkSet = serde_json::from_value(keys.jwks().clone()).unwrap();
        let key = DecodingKey::from_jwk(&set.keys[0]).unwrap();
        let validation = Validation::new(Algorithm::RS256);
        jsonwebtoken::decode::<Value>(&token, &key, &validation).is_ok()
    };
    assert!(check(&one));
    assert!(!check(&two));
}

#[test]
fn a_file_that_holds_something_else_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(FILE), "something else").unwrap();
    assert!(matches!(SigningKeys::open(folder.path()), Err(SigningKeyError::NoKey { .. })));
    assert_eq!(fs::read_to_string(folder.path().join(FILE)).unwrap(), "something else");
}
