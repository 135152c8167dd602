use aws_lc_rs::{encoding::AsDer, rsa, signature::KeyPair as _};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::json;

use super::*;
use crate::{
    KeySource,
    testing::{
        AUDIENCE, ISSUER, NOW, SigningKey, TestClock, claims, forged, key_set, trusted, verifier,
    },
};

/// What becomes of a token of the trusted issuer with these claims changed.
async fn outcome(changes: &Value) -> Result<Caller, TokenError> {
    let key = SigningKey::new("k1");
    verifier(&key).verify(&key.sign(&claims(changes))).await
}

#[tokio::test]
async fn a_good_token_holds() {
    let caller = outcome(&json!({})).await.unwrap();
    assert_eq!(caller.issuer, ISSUER);
    assert_eq!(caller.org.unwrap().to_string(), "319900101");
    for audience in [json!([AUDIENCE]), json!(["other", AUDIENCE])] {
        assert!(outcome(&json!({"aud": audience})).await.is_ok());
    }
}

#[tokio::test]
async fn a_token_is_good_for_its_lifetime_and_the_skew_but_no_longer() {
    for (changes, holds) in [
        (json!({"exp": NOW - 9}), true),
        (json!({"exp": NOW - 10}), false),
        (json!({"exp": NOW - 1_000_000}), false),
        (json!({"nbf": NOW + 10}), true),
        (json!({"nbf": NOW + 11}), false),
        (json!({"iat": NOW + 10}), true),
        (json!({"iat": NOW + 11}), false),
        (json!({"iat": NOW + 1_000_000}), false),
        (json!({"exp": f64::from(i32::MAX) + 0.5}), true),
        (json!({"iat": null}), true),
    ] {
        assert_eq!(outcome(&changes).await.is_ok(), holds, "{changes}");
    }
}

#[tokio::test]
async fn a_token_without_an_expiry_or_with_times_that_are_none_is_refused() {
    for changes in [
        json!({"exp": null}),
        json!({"exp": "2000000000"}),
        json!({"exp": 1e300}),
        json!({"nbf": "soon"}),
        json!({"iat": [1]}),
    ] {
        let error = outcome(&changes).await.unwrap_err();
        assert!(matches!(error, TokenError::Claim { .. }), "{changes}: {error:?}");
    }
}

#[tokio::test]
async fn a_token_for_others_is_refused() {
    for audience in [json!(null), json!("https://other.example/"), json!(["a", "b"]), json!(7)] {
        let error = outcome(&json!({"aud": audience})).await.unwrap_err();
        assert!(matches!(error, TokenError::Audience), "{audience}: {error:?}");
    }
}

#[tokio::test]
async fn another_issuer_is_refused_even_with_a_good_signature() {
    for issuer in [json!(null), json!("https://evil.example/"), json!(""), json!([ISSUER])] {
        let error = outcome(&json!({"iss": issuer})).await.unwrap_err();
        assert!(matches!(error, TokenError::Issuer(_)), "{issuer}: {error:?}");
    }
}

#[tokio::test]
async fn a_token_of_one_issuer_signed_with_the_key_of_another_is_refused() {
    let (one, two) = (SigningKey::new("k1"), SigningKey::new("k2"));
    let other = TrustedIssuer {
        issuer: "https://two.example/".to_owned(),
        ..trusted(KeySource::Inline(key_set(&[&two])))
    };
    let issuers = vec![trusted(KeySource::Inline(key_set(&[&one]))), other];
    let verifier = TokenVerifier::new(issuers, TestClock::new().clock()).unwrap();
    assert!(verifier.verify(&one.sign(&claims(&json!({})))).await.is_ok());
    let error = verifier.verify(&two.sign(&claims(&json!({})))).await.unwrap_err();
    assert!(matches!(error, TokenError::UnknownKey(_)), "{error:?}");
}

#[tokio::test]
async fn a_forged_signature_or_changed_claims_are_refused() {
    let (key, other) = (SigningKey::new("k1"), SigningKey::new("k1"));
    let verifier = verifier(&key);
    let good = key.sign(&claims(&json!({})));
    let error = verifier.verify(&other.sign(&claims(&json!({})))).await.unwrap_err();
    assert!(matches!(error, TokenError::Signature), "{error:?}");

    let parts: Vec<_> = good.split('.').collect();
    let changed = URL_SAFE_NO_PAD.encode(claims(&json!({"scope": "altinn:admin"})).to_string());
    let stolen = format!("{}.{changed}.{}", parts[0], parts[2]);
    assert!(matches!(verifier.verify(&stolen).await.unwrap_err(), TokenError::Signature));
    let unsigned = format!("{}.{}.", parts[0], parts[1]);
    assert!(matches!(verifier.verify(&unsigned).await.unwrap_err(), TokenError::Signature));
    assert!(verifier.verify(&good).await.is_ok());
}

#[tokio::test]
async fn the_algorithm_none_is_refused() {
    let verifier = verifier(&SigningKey::new("k1"));
    for algorithm in ["none", "None", "NONE", ""] {
        let header = json!({"alg": algorithm, "typ": "JWT", "kid": "k1"});
        let token = forged(&header, &claims(&json!({})), b"");
        let error = verifier.verify(&token).await.unwrap_err();
        assert!(matches!(error, TokenError::Malformed), "{algorithm}: {error:?}");
    }
}

/// The classic confusion: the public key, which everybody has, used as the secret of an HMAC.
#[tokio::test]
async fn a_public_key_used_as_an_hmac_secret_is_refused() {
    let pair = rsa::KeyPair::generate(rsa::KeySize::Rsa2048).unwrap();
    let public = pair.public_key();
    let set = json!({"keys": [{
        "kty": "RSA", "use": "sig", "kid": "r1",
        "n": URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero()),
        "e": URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero()),
    }]});
    let issuer = trusted(KeySource::Inline(set.to_string()));
    let verifier = TokenVerifier::new(vec![issuer], TestClock::new().clock()).unwrap();

    let token = |algorithm, key: &EncodingKey| {
        let mut header = Header::new(algorithm);
        header.kid = Some("r1".to_owned());
        encode(&header, &claims(&json!({})), key).unwrap()
    };
    let private = STANDARD.encode(pair.as_der().unwrap().as_ref());
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{private}\n-----END PRIVATE KEY-----\n");
    let rsa_key = EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap();
    assert!(verifier.verify(&token(Algorithm::RS256, &rsa_key)).await.is_ok());
    // Of the same key, but an algorithm that the issuer may not use.
    let error = verifier.verify(&token(Algorithm::RS512, &rsa_key)).await.unwrap_err();
    assert!(matches!(error, TokenError::Algorithm), "{error:?}");
    for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
        let secret = EncodingKey::from_secret(public.as_ref());
        let error = verifier.verify(&token(algorithm, &secret)).await.unwrap_err();
        assert!(matches!(error, TokenError::Algorithm), "{error:?}");
    }
}

#[tokio::test]
async fn a_symmetric_key_in_a_set_is_never_used() {
    let secret = b"01234567890123456789012345678901";
    let set = json!({"keys": [{"kty": "oct", "kid": "s", "k": URL_SAFE_NO_PAD.encode(secret)}]});
    let issuer = trusted(KeySource::Inline(set.to_string()));
    let verifier = TokenVerifier::new(vec![issuer], TestClock::new().clock()).unwrap();
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some("s".to_owned());
    let key = EncodingKey::from_secret(secret);
    let token = encode(&header, &claims(&json!({})), &key).unwrap();
    assert!(matches!(verifier.verify(&token).await.unwrap_err(), TokenError::Algorithm));
}

#[tokio::test]
async fn a_key_of_another_kind_than_the_algorithm_is_refused() {
    let key = SigningKey::new("k1");
    let header = json!({"alg": "RS256", "kid": "k1"});
    let error = verifier(&key).verify(&forged(&header, &claims(&json!({})), &[1; 64])).await;
    assert!(matches!(error.unwrap_err(), TokenError::Algorithm));
}

#[tokio::test]
async fn a_token_that_names_no_key_or_has_critical_extensions_is_refused() {
    let key = SigningKey::new("k1");
    let sign = |header: &Header| encode(header, &claims(&json!({})), &key.encoding).unwrap();
    let mut header = Header::new(Algorithm::ES256);
    let error = verifier(&key).verify(&sign(&header)).await.unwrap_err();
    assert!(matches!(error, TokenError::NoKeyId), "{error:?}");
    header.kid = Some("k1".to_owned());
    header.crit = Some(vec!["exp".to_owned()]);
    let error = verifier(&key).verify(&sign(&header)).await.unwrap_err();
    assert!(matches!(error, TokenError::CriticalExtension), "{error:?}");
}

#[tokio::test]
async fn a_key_that_the_token_brings_along_is_not_used() {
    let (key, own) = (SigningKey::new("k1"), SigningKey::new("k9"));
    let mut header = Header::new(Algorithm::ES256);
    header.kid = Some("k9".to_owned());
    header.jwk = Some(serde_json::from_value(own.jwk.clone()).unwrap());
    header.jku = Some("http://127.0.0.1:1/".to_owned());
    let token = encode(&header, &claims(&json!({})), &own.encoding).unwrap();
    let error = verifier(&key).verify(&token).await.unwrap_err();
    assert!(matches!(error, TokenError::UnknownKey(_)), "{error:?}");
}

#[tokio::test]
async fn what_is_no_token_is_refused() {
    let verifier = verifier(&SigningKey::new("k1"));
    for text in ["", "a", "a.b", "a.b.c", "a.b.c.d", "....", "e30.e30.", "\u{1F600}.b.c"] {
        let error = verifier.verify(text).await.unwrap_err();
        let is_refused = matches!(error, TokenError::Malformed | TokenError::Issuer(_));
        assert!(is_refused, "{text}: {error:?}");
    }
}

#[tokio::test]
async fn a_giant_token_is_refused_unread() {
    let key = SigningKey::new("k1");
    let giant = key.sign(&claims(&json!({"padding": "a".repeat(TOKEN_BYTES_MAX)})));
    let error = verifier(&key).verify(&giant).await.unwrap_err();
    assert!(matches!(error, TokenError::TooLarge), "{error:?}");
    let large = key.sign(&claims(&json!({"padding": "a".repeat(8_000)})));
    assert!(verifier(&key).verify(&large).await.is_ok());
}

#[tokio::test]
async fn platform_tokens_and_bearer_tokens_are_not_taken_for_each_other() {
    let key = SigningKey::new("k1");
    let platform = TrustedIssuer {
        issuer: "platform".to_owned(),
        profile: IssuerProfile::PlatformAccess,
        audiences: Vec::new(),
        ..trusted(KeySource::Inline(key_set(&[&key])))
    };
    let issuers = vec![platform, trusted(KeySource::Inline(key_set(&[&key])))];
    let verifier = TokenVerifier::new(issuers, TestClock::new().clock()).unwrap();
    let token = key.sign(&claims(&json!({"iss": "platform", "urn:altinn:app": "register"})));
    let caller = verifier.verify_platform(&token).await.unwrap();
    assert_eq!(caller.kind, fullmakt_events::ActorKind::Platform);
    assert_eq!(caller.app.as_deref(), Some("register"));
    assert!(matches!(verifier.verify(&token).await.unwrap_err(), TokenError::Issuer(_)));
    let bearer = key.sign(&claims(&json!({})));
    assert!(matches!(verifier.verify_platform(&bearer).await.unwrap_err(), TokenError::Issuer(_)));
}

#[test]
fn an_unsafe_configuration_is_refused() {
    let clock = || TestClock::new().clock();
    let of = |change: &dyn Fn(&mut TrustedIssuer)| {
        let mut issuer = trusted(KeySource::Inline(String::new()));
        change(&mut issuer);
        TokenVerifier::new(vec![issuer], clock()).map(|_| ())
    };
    assert_eq!(of(&|_| {}), Ok(()));
    assert_eq!(of(&|issuer| issuer.issuer.clear()), Err(IssuerError::Unnamed));
    assert!(matches!(of(&|issuer| issuer.algorithms.clear()), Err(IssuerError::NoAlgorithm(_))));
    for (url, is_safe) in [
        ("https://a.example/jwks", true),
        ("http://127.0.0.1:8080/jwks", true),
        ("http://[::1]/jwks", true),
        ("http://localhost/jwks", true),
        ("http://a.example/jwks", false),
        ("http://localhost.example/jwks", false),
        ("http://10.0.0.1/jwks", false),
        ("ftp://127.0.0.1/jwks", false),
    ] {
        let outcome = of(&|issuer| issuer.keys = KeySource::Url(url.parse().unwrap()));
        assert_eq!(outcome.is_ok(), is_safe, "{url}");
    }
    let twice = vec![trusted(KeySource::Inline(String::new())); 2];
    assert!(matches!(TokenVerifier::new(twice, clock()), Err(IssuerError::Twice(_))));
    for name in ["HS256", "none", "rs256", ""] {
        assert!(name.parse::<SignatureAlgorithm>().is_err(), "{name}");
    }
    assert_eq!("RS256".parse(), Ok(SignatureAlgorithm::Rs256));
    assert_eq!(SignatureAlgorithm::EdDsa.name().parse(), Ok(SignatureAlgorithm::EdDsa));
}
