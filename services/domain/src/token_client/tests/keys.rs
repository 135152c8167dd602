//! Which keys may be added, and when they count.

use super::*;

fn add(key: TokenKey) -> TokenClientCommand {
    add_all(vec![key])
}

fn add_all(keys: Vec<TokenKey>) -> TokenClientCommand {
    ask(TokenClientChange::AddKeys(keys))
}

fn of_jwk(jwk: Value) -> TokenKey {
    TokenKey { jwk: object(jwk), ..key("a") }
}

#[track_caller]
fn refused(key: TokenKey, reason: KeyError) {
    let kid = Seen::new(&key.kid);
    scenario::<TokenClient>([registered()])
        .when(&add(key))
        .then_refused(TokenClientError::KeyRefused { kid, reason });
}

fn rsa(modulus_chars: usize) -> Value {
    json!({ "kty": "RSA", "n": "A".repeat(modulus_chars), "e": "AQAB" })
}

fn ec() -> Value {
    json!({ "kty": "EC", "crv": "P-256", "x": "abc", "y": "def" })
}

#[test]
fn public_keys_of_three_types_are_added() {
    for jwk in [rsa(342), ec(), json!({ "kty": "OKP", "crv": "Ed25519", "x": "abc" })] {
        let events = scenario::<TokenClient>([registered()]).when(&add(of_jwk(jwk))).events();
        assert_eq!(events.len(), 1);
    }
}

#[test]
fn of_a_jwk_only_the_public_key_is_kept() {
    let mut jwk = object(ec());
    jwk.insert("x5c".to_owned(), json!(["certificate of somebody"]));
    let events =
        scenario::<TokenClient>([registered()]).when(&add(TokenKey { jwk, ..key("a") })).events();
    let [TokenClientEvent::KeyAdded(added)] = events.as_slice() else { panic!() };
    let mut expected = object(ec());
    expected.insert("kid".to_owned(), json!("a"));
    expected.insert("use".to_owned(), json!("sig"));
    assert_eq!(added.key.jwk, expected);
}

#[test]
fn a_private_or_symmetric_key_is_refused_by_its_member() {
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
        let mut jwk = object(ec());
        jwk.insert(member.to_owned(), json!("secret"));
        refused(TokenKey { jwk, ..key("a") }, KeyError::Private { member });
    }
    refused(of_jwk(json!({ "kty": "oct" })), KeyError::TypeUnsupported { kty: Seen::new("oct") });
}

#[test]
fn a_key_is_complete_strong_and_for_signatures() {
    for (jwk, reason) in [
        (json!({}), KeyError::TypeUnsupported { kty: Seen::new("") }),
        (rsa(341), KeyError::TooShort { bits: 2040 }),
        (json!({ "kty": "RSA", "n": "A".repeat(342) }), KeyError::Member { member: "e" }),
        (json!({ "kty": "RSA", "e": "AQAB" }), KeyError::Member { member: "n" }),
        (
            json!({ "kty": "EC", "crv": "P-256", "x": "a+b", "y": "c" }),
            KeyError::Member { member: "x" },
        ),
        (json!({ "kty": "EC", "crv": "P-256", "x": "a" }), KeyError::Member { member: "y" }),
        (
            json!({ "kty": "EC", "crv": "secp256k1", "x": "a", "y": "b" }),
            KeyError::CurveUnsupported { crv: Seen::new("secp256k1") },
        ),
        (
            json!({ "kty": "EC", "crv": "P-521", "x": "a", "y": "b" }),
            KeyError::CurveUnsupported { crv: Seen::new("P-521") },
        ),
        (
            json!({ "kty": "OKP", "crv": "X25519", "x": "a" }),
            KeyError::CurveUnsupported { crv: Seen::new("X25519") },
        ),
        (json!({ "kty": "RSA", "use": "enc" }), KeyError::Use { found: Seen::new("enc") }),
        (json!({ "kty": "RSA", "kid": "b" }), KeyError::KidDiffers { kid: Seen::new("b") }),
    ] {
        refused(of_jwk(jwk), reason);
    }
}

#[test]
fn a_key_id_has_a_form() {
    for kid in ["", "a b", "æ", "key-of-12838549045", &"a".repeat(256)] {
        refused(key(kid), KeyError::KidForm);
    }
}

#[test]
fn a_key_is_valid_for_some_time_at_least() {
    for valid_to in [NOW, NOW.plus_seconds(-1)] {
        refused(TokenKey { valid_to: Some(valid_to), ..key("a") }, KeyError::NeverValid);
    }
    let short = TokenKey { valid_to: Some(NOW.plus_micros(1)), ..key("a") };
    scenario::<TokenClient>([registered()]).when(&add(short.clone())).then([added(short)]);
}

#[test]
fn a_key_id_is_taken_while_its_key_is_not_over() {
    let until_tomorrow = TokenKey { valid_to: Some(NOW.plus_seconds(DAY)), ..key("a") };
    let client = scenario::<TokenClient>([registered(), added(until_tomorrow.clone())]);
    client.when(&add(until_tomorrow)).then_nothing();
    client.when(&add(key("a"))).then_refused(TokenClientError::KeyRefused {
        kid: Seen::new("a"),
        reason: KeyError::KidTaken,
    });
    let tomorrow = TokenClientCommand { at: NOW.plus_seconds(DAY), ..add(key("a")) };
    client.when(&tomorrow).then([added(key("a"))]);

    scenario::<TokenClient>([registered(), added(key("a")), retired("a")])
        .when(&add(key("a")))
        .then([added(key("a"))]);
}

#[test]
fn there_is_a_limit_to_the_keys_that_are_not_over() {
    let keys = |count: usize| {
        (0..count).map(|number| added(key(&format!("k{number}")))).collect::<Vec<_>>()
    };
    let with = |keys: Vec<TokenClientEvent>| {
        scenario::<TokenClient>([registered()].into_iter().chain(keys))
    };
    with(keys(9)).when(&add(key("one-more"))).then([added(key("one-more"))]);
    with(keys(10)).when(&add(key("one-more"))).then_refused(TokenClientError::KeyRefused {
        kid: Seen::new("one-more"),
        reason: KeyError::TooMany,
    });
    let mut one_is_retired = keys(10);
    one_is_retired.push(retired("k3"));
    with(one_is_retired).when(&add(key("one-more"))).then([added(key("one-more"))]);
}

#[test]
fn a_key_counts_from_its_first_moment_up_to_its_last() {
    let valid_from = NOW.plus_seconds(DAY);
    let valid_to = Some(NOW.plus_seconds(2 * DAY));
    let later = TokenKey { valid_from, valid_to, ..key("later") };
    let history = [registered(), added(key("always")), added(later), added(key("never"))];
    let client = scenario::<TokenClient>(history.into_iter().chain([retired("never")]));
    client.when_all(|client| {
        let TokenClient::Active(client) = client else { panic!("{client:?}") };
        let kids = |seconds: i64| {
            let at = NOW.plus_seconds(seconds);
            client.keys_at(at).map(|key| key.kid.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(kids(0), ["always"]);
        assert_eq!(kids(DAY - 1), ["always"]);
        assert_eq!(kids(DAY), ["always", "later"]);
        assert_eq!(kids(2 * DAY - 1), ["always", "later"]);
        assert_eq!(kids(2 * DAY), ["always"]);
    });
}

#[test]
fn keys_of_a_set_are_added_together() {
    let later = TokenKey { valid_from: NOW.plus_seconds(DAY), ..key("b") };
    scenario::<TokenClient>([registered()])
        .when(&add_all(vec![key("a"), later.clone()]))
        .then([added(key("a")), added(later.clone())]);
    // What the client has already is passed over.
    scenario::<TokenClient>([registered(), added(key("a"))])
        .when(&add_all(vec![key("a"), later.clone(), later.clone()]))
        .then([added(later)]);
}

#[test]
fn of_a_set_with_one_key_that_is_refused_none_is_added() {
    let refused = |keys: Vec<TokenKey>, kid: &str, reason: KeyError| {
        let nine = (0..9).map(|number| added(key(&format!("k{number}"))));
        scenario::<TokenClient>([registered()].into_iter().chain(nine))
            .when(&add_all(keys))
            .then_refused(TokenClientError::KeyRefused { kid: Seen::new(kid), reason });
    };
    refused(vec![key("a"), key("b")], "b", KeyError::TooMany);
    let never = TokenKey { valid_to: Some(NOW), ..key("b") };
    refused(vec![key("a"), never], "b", KeyError::NeverValid);
    let other = TokenKey { valid_to: Some(NOW.plus_seconds(DAY)), ..key("a") };
    refused(vec![key("a"), other], "a", KeyError::KidTaken);
}
