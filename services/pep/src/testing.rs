//! Keys and tokens for tests.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use fullmakt_events::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use crate::{Clock, IssuerProfile, KeySource, SignatureAlgorithm, TokenVerifier, TrustedIssuer};

pub(crate) const ISSUER: &str = "https://issuer.example/";
pub(crate) const AUDIENCE: &str = "https://fullmakt.example/";
pub(crate) const NOW: i64 = 1_800_000_000;

/// A key that signs with ES256.
pub(crate) struct SigningKey {
    pub id: &'static str,
    pub encoding: EncodingKey,
    pub jwk: Value,
}

impl SigningKey {
    pub(crate) fn new(id: &'static str) -> Self {
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref()).unwrap();
        let point = pair.public_key().as_ref();
        let jwk = json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": id,
            "x": URL_SAFE_NO_PAD.encode(&point[1..33]),
            "y": URL_SAFE_NO_PAD.encode(&point[33..]),
        });
        Self { id, encoding: EncodingKey::from_ec_der(document.as_ref()), jwk }
    }

    pub(crate) fn sign(&self, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(self.id.to_owned());
        encode(&header, claims, &self.encoding).unwrap()
    }
}

pub(crate) fn key_set(keys: &[&SigningKey]) -> String {
    json!({"keys": keys.iter().map(|key| &key.jwk).collect::<Vec<_>>()}).to_string()
}

/// A token of three parts with this header, these claims and this signature.
pub(crate) fn forged(header: &Value, claims: &Value, signature: &[u8]) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{}", part(header), part(claims), URL_SAFE_NO_PAD.encode(signature))
}

/// A clock that stands still until it is moved.
#[derive(Clone)]
pub(crate) struct TestClock(Arc<AtomicI64>);

impl TestClock {
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicI64::new(NOW)))
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn clock(&self) -> Clock {
        let seconds = Arc::clone(&self.0);
        Arc::new(move || Timestamp::from_millis(seconds.load(Ordering::SeqCst) * 1_000))
    }
}

pub(crate) fn trusted(keys: KeySource) -> TrustedIssuer {
    TrustedIssuer {
        issuer: ISSUER.to_owned(),
        profile: IssuerProfile::Platform,
        audiences: vec![AUDIENCE.to_owned()],
        keys,
        algorithms: [SignatureAlgorithm::Es256, SignatureAlgorithm::Rs256].into(),
    }
}

/// A verifier that trusts one issuer with this key.
pub(crate) fn verifier(key: &SigningKey) -> TokenVerifier {
    let issuer = trusted(KeySource::Inline(key_set(&[key])));
    TokenVerifier::new(vec![issuer], TestClock::new().clock()).unwrap()
}

/// Claims that hold now, with these laid over them; a `null` takes a claim away.
pub(crate) fn claims(changes: &Value) -> Value {
    let mut claims = json!({
        "iss": ISSUER, "aud": AUDIENCE, "iat": NOW - 10, "exp": NOW + 100,
        "scope": "altinn:a altinn:b", "client_id": "client-1",
        "consumer": {"authority": "iso6523-actorid-upis", "ID": "0192:319900101"},
    });
    let all = claims.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            all.remove(name);
        } else {
            all.insert(name.clone(), value.clone());
        }
    }
    claims
}
