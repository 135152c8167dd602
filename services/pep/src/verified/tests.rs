use serde_json::json;

use super::*;
use crate::{
    KeyRing, KeySource, PublicKey, TokenVerifier, TrustedIssuer,
    testing::{NOW, SigningKey, TestClock, claims, key_set, trusted},
};

/// Keys of this process that a test gives and takes.
#[derive(Debug, Default)]
struct Ring(Mutex<Vec<(String, PublicKey)>>);

impl Ring {
    fn has(&self, keys: &[&SigningKey]) {
        let keys = keys
            .iter()
            .map(|key| (key.id.to_owned(), PublicKey::from_jwk(&key.jwk).expect("a public key")));
        *self.0.lock().unwrap() = keys.collect();
    }
}

impl KeyRing for Ring {
    fn public_key(&self, kid: &str) -> Option<PublicKey> {
        let keys = self.0.lock().unwrap();
        keys.iter().find(|(id, _)| id == kid).map(|(_, key)| key.clone())
    }
}

struct Setting {
    ring: Arc<Ring>,
    clock: TestClock,
    verifier: TokenVerifier,
}

fn setting(keys: &[&SigningKey]) -> Setting {
    let ring = Arc::new(Ring::default());
    ring.has(keys);
    let clock = TestClock::new();
    let source = KeySource::InProcess(crate::InProcessKeys(ring.clone()));
    let verifier = TokenVerifier::new(vec![trusted(source)], clock.clock()).unwrap();
    Setting { ring, clock, verifier }
}

#[tokio::test]
async fn a_token_is_remembered_and_says_the_same_each_time() {
    let key = SigningKey::new("k1");
    let Setting { verifier, .. } = setting(&[&key]);
    let token = key.sign(&claims(&json!({})));
    let first = verifier.verify(&token).await.unwrap();
    assert_eq!(verifier.kept(), 1);
    assert_eq!(verifier.verify(&token).await.unwrap(), first);
    assert_eq!(verifier.verify_claims(&token).await.unwrap().claims["client_id"], "client-1");
    assert_eq!(verifier.kept(), 1);
}

#[tokio::test]
async fn a_token_whose_key_was_withdrawn_is_refused_although_it_was_remembered() {
    let key = SigningKey::new("k1");
    let Setting { ring, verifier, .. } = setting(&[&key]);
    let token = key.sign(&claims(&json!({})));
    assert!(verifier.verify(&token).await.is_ok());
    ring.has(&[]);
    let error = verifier.verify(&token).await.unwrap_err();
    assert!(matches!(error, TokenError::UnknownKey(_)), "{error:?}");
    assert_eq!(verifier.kept(), 0);
}

#[tokio::test]
async fn a_key_that_took_the_id_of_another_does_not_vouch_for_its_tokens() {
    let (old, new) = (SigningKey::new("k1"), SigningKey::new("k1"));
    let Setting { ring, verifier, .. } = setting(&[&old]);
    let token = old.sign(&claims(&json!({})));
    assert!(verifier.verify(&token).await.is_ok());
    ring.has(&[&new]);
    assert!(matches!(verifier.verify(&token).await.unwrap_err(), TokenError::Signature));
    assert!(verifier.verify(&new.sign(&claims(&json!({})))).await.is_ok());
}

#[tokio::test]
async fn a_key_that_was_narrowed_to_another_algorithm_ends_what_it_signed() {
    let key = SigningKey::new("k1");
    let mut narrowed = SigningKey::new("k1");
    narrowed.jwk = key.jwk.clone();
    narrowed.jwk["alg"] = json!("ES384");
    let Setting { ring, verifier, .. } = setting(&[&key]);
    let token = key.sign(&claims(&json!({})));
    assert!(verifier.verify(&token).await.is_ok());
    ring.has(&[&narrowed]);
    assert!(matches!(verifier.verify(&token).await.unwrap_err(), TokenError::Algorithm));
}

#[tokio::test]
async fn another_key_that_comes_or_goes_ends_nothing() {
    let (one, two) = (SigningKey::new("k1"), SigningKey::new("k2"));
    let Setting { ring, verifier, .. } = setting(&[&one]);
    let token = one.sign(&claims(&json!({})));
    assert!(verifier.verify(&token).await.is_ok());
    ring.has(&[&two, &one]);
    assert!(verifier.verify(&token).await.is_ok());
    ring.has(&[&one]);
    assert!(verifier.verify(&token).await.is_ok());
}

#[tokio::test]
async fn a_key_set_that_was_read_again_without_the_key_ends_what_it_signed() {
    let (one, two) = (SigningKey::new("k1"), SigningKey::new("k2"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jwks.json");
    let serve = |keys: &[&SigningKey]| std::fs::write(&path, key_set(keys)).unwrap();
    serve(&[&one, &two]);
    let clock = TestClock::new();
    let issuers = vec![trusted(KeySource::File(path.clone()))];
    let verifier = TokenVerifier::new(issuers, clock.clock()).unwrap();
    let token = |key: &SigningKey| key.sign(&claims(&json!({"exp": NOW + 10_000})));
    let (of_one, of_two) = (token(&one), token(&two));
    assert!(verifier.verify(&of_one).await.is_ok());
    assert!(verifier.verify(&of_two).await.is_ok());
    serve(&[&two]);
    // As long as a set is used before it is read again.
    clock.advance(301);
    let error = verifier.verify(&of_one).await.unwrap_err();
    assert!(matches!(error, TokenError::UnknownKey(_)), "{error:?}");
    assert!(verifier.verify(&of_two).await.is_ok());
}

#[tokio::test]
async fn a_remembered_token_expires_all_the_same() {
    let key = SigningKey::new("k1");
    let Setting { clock, verifier, .. } = setting(&[&key]);
    let token = key.sign(&claims(&json!({"exp": NOW + 100})));
    clock.advance(109);
    assert!(verifier.verify(&token).await.is_ok());
    clock.advance(1);
    assert!(matches!(verifier.verify(&token).await.unwrap_err(), TokenError::Expired));
    assert_eq!(verifier.kept(), 0);
}

#[tokio::test]
async fn a_remembered_token_does_not_hold_before_its_time_when_the_clock_is_set_back() {
    let key = SigningKey::new("k1");
    let Setting { clock, verifier, .. } = setting(&[&key]);
    let token = key.sign(&claims(&json!({"nbf": NOW})));
    assert!(verifier.verify(&token).await.is_ok());
    clock.advance(-1_000);
    assert!(matches!(verifier.verify(&token).await.unwrap_err(), TokenError::NotYetValid));
}

#[tokio::test]
async fn a_failure_is_not_remembered() {
    let key = SigningKey::new("k1");
    let Setting { ring, clock, verifier } = setting(&[]);
    let token = key.sign(&claims(&json!({"nbf": NOW + 100})));
    assert!(matches!(verifier.verify(&token).await.unwrap_err(), TokenError::UnknownKey(_)));
    ring.has(&[&key]);
    assert!(matches!(verifier.verify(&token).await.unwrap_err(), TokenError::NotYetValid));
    assert_eq!(verifier.kept(), 0);
    clock.advance(100);
    assert!(verifier.verify(&token).await.is_ok());
}

#[tokio::test]
async fn a_token_that_differs_in_one_character_is_another() {
    let key = SigningKey::new("k1");
    let Setting { verifier, .. } = setting(&[&key]);
    let token = key.sign(&claims(&json!({})));
    assert!(verifier.verify(&token).await.is_ok());
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let first = if signature.starts_with('A') { "B" } else { "A" };
    let rest: String = signature.chars().skip(1).collect();
    let forged = format!("{signed}.{first}{rest}");
    assert!(matches!(verifier.verify(&forged).await.unwrap_err(), TokenError::Signature));
    assert!(verifier.verify(&token).await.is_ok());
}

#[tokio::test]
async fn what_was_remembered_for_one_use_does_not_hold_for_another() {
    let key = SigningKey::new("k1");
    let component = TrustedIssuer {
        issuer: "platform".to_owned(),
        profile: IssuerProfile::PlatformAccess,
        ..trusted(KeySource::Inline(key_set(&[&key])))
    };
    let verifier = TokenVerifier::new(vec![component], TestClock::new().clock()).unwrap();
    let token = key.sign(&claims(&json!({"iss": "platform"})));
    assert!(verifier.verify_platform(&token).await.is_ok());
    assert!(matches!(verifier.verify(&token).await.unwrap_err(), TokenError::Issuer(_)));
}

#[tokio::test]
async fn no_more_tokens_are_remembered_than_the_limit_and_large_ones_are_not() {
    let key = SigningKey::new("k1");
    let tokens = VerifiedTokens::default();
    let verified = |token: &str| {
        let claims = Map::new();
        let issuer = "i".to_owned();
        let held = VerifiedToken { issuer, profile: IssuerProfile::Platform, claims };
        let key_id = token.to_owned();
        Arc::new(Verified::new(held, key_id, Algorithm::ES256, Arc::from("")))
    };
    for number in 0..=TOKENS_MAX.get() {
        let token = number.to_string();
        tokens.keep(TokenDigest::of(&token), &token, &verified(&token));
    }
    assert_eq!(tokens.len(), TOKENS_MAX.get());
    assert!(tokens.get(&TokenDigest::of("0")).is_none(), "the oldest gave way");
    assert!(tokens.get(&TokenDigest::of("1")).is_some());

    let Setting { verifier, .. } = setting(&[&key]);
    let large = key.sign(&claims(&json!({"padding": "a".repeat(TOKEN_KEPT_BYTES_MAX)})));
    assert!(verifier.verify(&large).await.is_ok());
    assert_eq!(verifier.kept(), 0);
}
