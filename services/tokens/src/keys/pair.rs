//! One key pair of ours (RSA, RS256).

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::{KeyPair, KeySize, PublicKeyComponents},
    signature::KeyPair as _,
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use fullmakt_pep::PublicKey;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

const PEM_BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const PEM_END: &str = "-----END PRIVATE KEY-----";
const PEM_LINE: usize = 64;

/// A key pair.
pub(super) struct SigningKey {
    kid: String,
    private: EncodingKey,
    jwk: Value,
    public: PublicKey,
}

impl SigningKey {
    /// A new key pair, as a text for a file: PKCS#8 in PEM.
    pub(super) fn generate() -> Option<String> {
        let pair = KeyPair::generate(KeySize::Rsa2048).ok()?;
        let der: Pkcs8V1Der<'_> = pair.as_der().ok()?;
        Some(pem(der.as_ref()))
    }

    /// The key pair in such a text; nothing if there is none.
    pub(super) fn read(pem: &str) -> Option<Self> {
        let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let pair = KeyPair::from_pkcs8(&STANDARD.decode(base64).ok()?).ok()?;
        let public = PublicKeyComponents::<Vec<u8>>::from(pair.public_key());
        let kid = hex::encode(Sha256::digest(&public.n).split_at(8).0);
        let jwk = json!({
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": kid,
            "n": URL_SAFE_NO_PAD.encode(&public.n),
            "e": URL_SAFE_NO_PAD.encode(&public.e),
        });
        let private = EncodingKey::from_rsa_pem(pem.as_bytes()).ok()?;
        let public = PublicKey::from_jwk(&jwk)?;
        Some(Self { kid, private, jwk, public })
    }

    /// The key's id: a part of the hash of its modulus.
    pub(super) fn kid(&self) -> &str {
        &self.kid
    }

    /// The public key as a JWK (RFC 7517).
    pub(super) const fn jwk(&self) -> &Value {
        &self.jwk
    }

    /// The public key, to check signatures with.
    pub(super) const fn public(&self) -> &PublicKey {
        &self.public
    }

    pub(super) fn sign(
        &self,
        claims: &Map<String, Value>,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.kid.clone());
        jsonwebtoken::encode(&header, claims, &self.private)
    }
}

fn pem(der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    let mut pem = format!("{PEM_BEGIN}\n");
    for (index, character) in base64.chars().enumerate() {
        if index > 0 && index % PEM_LINE == 0 {
            pem.push('\n');
        }
        pem.push(character);
    }
    format!("{pem}\n{PEM_END}\n")
}
