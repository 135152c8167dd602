//! The verification of tokens.

use std::{collections::HashMap, sync::Arc};

use fullmakt_events::Timestamp;
use jsonwebtoken::{Validation, dangerous::insecure_decode_claims, decode, decode_header};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    Caller, Clock, IssuerError, IssuerProfile, SignatureAlgorithm, TOKEN_BYTES_MAX, TokenError,
    TrustedIssuer, keys::Keys, token::seen,
};

/// How far an issuer's clock may be from ours (seconds).
pub const SKEW_SECONDS: i64 = 10;

/// Verifies tokens of the trusted issuers. Cheap to clone.
#[derive(Debug, Clone)]
pub struct TokenVerifier(Arc<Verifier>);

struct Verifier {
    bearer: HashMap<String, Issuer>,
    platform_access: HashMap<String, Issuer>,
    clock: Clock,
}

struct Issuer {
    trusted: TrustedIssuer,
    keys: Keys,
}

/// A token that holds: its signature, its times and its audience were checked.
#[derive(Debug, Clone, PartialEq)]
pub struct VerifiedToken {
    /// Who issued it.
    pub issuer: String,
    /// How far the issuer is believed.
    pub profile: IssuerProfile,
    /// All claims.
    pub claims: Map<String, Value>,
}

#[derive(Deserialize)]
struct Unverified {
    #[serde(default)]
    iss: Value,
}

impl TokenVerifier {
    /// A verifier that trusts these issuers, and no other.
    ///
    /// # Errors
    /// When an issuer is configured in a way that would not be safe.
    pub fn new(issuers: Vec<TrustedIssuer>, clock: Clock) -> Result<Self, IssuerError> {
        let mut verifier =
            Verifier { bearer: HashMap::new(), platform_access: HashMap::new(), clock };
        for trusted in issuers {
            trusted.validate()?;
            let keys = Keys::new(trusted.keys.clone(), Arc::clone(&verifier.clock));
            let name = trusted.issuer.clone();
            let of_same_use = match trusted.profile {
                IssuerProfile::Maskinporten | IssuerProfile::IdPorten | IssuerProfile::Platform => {
                    &mut verifier.bearer
                }
                IssuerProfile::PlatformAccess => &mut verifier.platform_access,
            };
            if of_same_use.insert(name.clone(), Issuer { trusted, keys }).is_some() {
                return Err(IssuerError::Twice(name));
            }
        }
        Ok(Self(Arc::new(verifier)))
    }

    /// Who calls with this bearer token.
    ///
    /// # Errors
    /// When the token does not hold, or does not say who calls.
    pub async fn verify(&self, token: &str) -> Result<Caller, TokenError> {
        Caller::from_token(&self.verify_claims(token).await?)
    }

    /// Checks a bearer token and gives its claims, for the exchange of tokens.
    ///
    /// # Errors
    /// When the token does not hold.
    pub async fn verify_claims(&self, token: &str) -> Result<VerifiedToken, TokenError> {
        self.0.check(&self.0.bearer, token).await
    }

    /// Which component of the platform calls with this token of a `PlatformAccessToken` header.
    ///
    /// # Errors
    /// When the token does not hold.
    pub async fn verify_platform(&self, token: &str) -> Result<Caller, TokenError> {
        Caller::from_token(&self.0.check(&self.0.platform_access, token).await?)
    }
}

impl Verifier {
    async fn check(
        &self,
        issuers: &HashMap<String, Issuer>,
        token: &str,
    ) -> Result<VerifiedToken, TokenError> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(TokenError::TooLarge);
        }
        let unverified: Unverified =
            insecure_decode_claims(token).map_err(|_| TokenError::Malformed)?;
        let header = decode_header(token).map_err(|_| TokenError::Malformed)?;
        let name = unverified.iss.as_str().unwrap_or_default();
        let issuer = issuers.get(name).ok_or_else(|| TokenError::Issuer(seen(name)))?;
        SignatureAlgorithm::of(header.alg)
            .filter(|algorithm| issuer.trusted.algorithms.contains(algorithm))
            .ok_or(TokenError::Algorithm)?;
        if header.crit.is_some() {
            return Err(TokenError::CriticalExtension);
        }
        let key_id = header.kid.ok_or(TokenError::NoKeyId)?;
        let key = issuer.keys.get(&key_id).await.map_err(TokenError::Keys)?;
        let key = key.ok_or_else(|| TokenError::UnknownKey(seen(&key_id)))?;
        if !key.is_for(header.alg) {
            return Err(TokenError::Algorithm);
        }
        // The signature is the library's to check; times and audience are checked below, by our
        // clock.
        let mut signature_only = Validation::new(header.alg);
        signature_only.required_spec_claims.clear();
        signature_only.validate_exp = false;
        signature_only.validate_aud = false;
        let verified = decode::<Map<String, Value>>(token, &key.decoding, &signature_only)
            .map_err(|_| TokenError::Signature)?;
        let claims = verified.claims;
        check_times(&claims, (self.clock)())?;
        check_audience(&claims, &issuer.trusted.audiences)?;
        Ok(VerifiedToken {
            issuer: issuer.trusted.issuer.clone(),
            profile: issuer.trusted.profile,
            claims,
        })
    }
}

fn check_times(claims: &Map<String, Value>, now: Timestamp) -> Result<(), TokenError> {
    let now = now.as_micros().div_euclid(1_000_000);
    let expires = seconds(claims, "exp")?
        .ok_or(TokenError::Claim { claim: "exp", wrong: "is missing: tokens must expire" })?;
    if now >= expires.saturating_add(SKEW_SECONDS) {
        return Err(TokenError::Expired);
    }
    for claim in ["nbf", "iat"] {
        if seconds(claims, claim)?.is_some_and(|from| now < from.saturating_sub(SKEW_SECONDS)) {
            return Err(TokenError::NotYetValid);
        }
    }
    Ok(())
}

/// A `NumericDate` (RFC 7519 §2), which may have a fraction.
fn seconds(claims: &Map<String, Value>, claim: &'static str) -> Result<Option<i64>, TokenError> {
    let Some(value) = claims.get(claim) else { return Ok(None) };
    let wrong = TokenError::Claim { claim, wrong: "is not a time" };
    if let Some(seconds) = value.as_i64() {
        return Ok(Some(seconds));
    }
    let fraction = value.as_f64().ok_or_else(|| wrong.clone())?;
    let whole: i64 = format!("{:.0}", fraction.floor()).parse().map_err(|_| wrong)?;
    Ok(Some(whole))
}

fn check_audience(claims: &Map<String, Value>, ours: &[String]) -> Result<(), TokenError> {
    if ours.is_empty() {
        return Ok(());
    }
    let is_ours = |value: &Value| {
        value.as_str().is_some_and(|audience| ours.iter().any(|our| our == audience))
    };
    let is_meant_for_us = match claims.get("aud") {
        Some(Value::Array(audiences)) => audiences.iter().any(is_ours),
        Some(audience) => is_ours(audience),
        None => false,
    };
    if is_meant_for_us { Ok(()) } else { Err(TokenError::Audience) }
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let trusted = self.bearer.values().chain(self.platform_access.values());
        formatter.debug_list().entries(trusted.map(|issuer| &issuer.trusted)).finish()
    }
}

#[cfg(test)]
mod tests;
