//! The key of a client of the token endpoint.

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::{KeyPair, KeySize, PublicKeyComponents},
    signature::KeyPair as _,
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use uuid::Uuid;

/// A key pair with its id.
pub struct ClientKey {
    kid: String,
    private: EncodingKey,
    public: Value,
}

impl ClientKey {
    /// A new key.
    pub fn generate(kid: &str) -> Self {
        let pair = KeyPair::generate(KeySize::Rsa2048).expect("a key pair");
        let der: Pkcs8V1Der<'_> = pair.as_der().expect("the key pair in DER");
        let pem = format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            STANDARD.encode(der.as_ref())
        );
        let components = PublicKeyComponents::<Vec<u8>>::from(pair.public_key());
        Self {
            kid: kid.to_owned(),
            private: EncodingKey::from_rsa_pem(pem.as_bytes()).expect("a key in PEM"),
            public: json!({
                "kty": "RSA",
                "use": "sig",
                "kid": kid,
                "n": URL_SAFE_NO_PAD.encode(&components.n),
                "e": URL_SAFE_NO_PAD.encode(&components.e),
            }),
        }
    }

    /// The key's id.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public key as a JWK.
    pub const fn jwk(&self) -> &Value {
        &self.public
    }

    /// An assertion of `client_id` to the issuer at `audience`, as the token endpoint wants it.
    pub fn assertion(
        &self,
        client_id: &str,
        audience: &str,
        scope: &str,
        details: Option<Value>,
    ) -> String {
        self.sign(&Self::claims(client_id, audience, scope, details))
    }

    /// The claims of such an assertion, for tests that bend them.
    pub fn claims(client_id: &str, audience: &str, scope: &str, details: Option<Value>) -> Value {
        let now = now();
        let mut claims = json!({
            "iss": client_id,
            "aud": audience,
            "scope": scope,
            "iat": now,
            "exp": now + 100,
            "jti": Uuid::new_v4(),
        });
        if let Some(details) = details {
            claims["authorization_details"] = details;
        }
        claims
    }

    /// Signs claims.
    pub fn sign(&self, claims: &Value) -> String {
        self.sign_as(&self.kid, claims)
    }

    /// Signs claims, and says that the key with another id did.
    pub fn sign_as(&self, kid: &str, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(kid.to_owned());
        jsonwebtoken::encode(&header, claims, &self.private).expect("the assertion is signed")
    }
}

/// Seconds since 1970, by this machine's clock: assertions are made outside of the system.
#[expect(clippy::disallowed_methods, reason = "clients have the clocks of their machines")]
fn now() -> u64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .expect("a clock after 1970")
        .as_secs()
}
