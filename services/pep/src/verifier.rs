//! The verification of tokens.

use std::{collections::HashMap, sync::Arc};

use fullmakt_events::Timestamp;
use jsonwebtoken::{Validation, dangerous::insecure_decode_claims, decode, decode_header};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    Caller, Clock, IssuerError, IssuerProfile, SignatureAlgorithm, TOKEN_BYTES_MAX, TokenError,
    TrustedIssuer, VerifiedToken,
    keys::Keys,
    token::seen,
    verified::{TokenDigest, Verified, VerifiedTokens},
};

/// How far an issuer's clock may be from ours (seconds).
pub const SKEW_SECONDS: i64 = 10;

/// Verifies tokens of the trusted issuers. Cheap to clone.
#[derive(Debug, Clone)]
pub struct TokenVerifier(Arc<Verifier>);

struct Verifier {
    bearer: Issuers,
    platform_access: Issuers,
    clock: Clock,
}

/// The issuers that are trusted for one use. What holds for one is not taken for another.
#[derive(Default)]
struct Issuers {
    by_name: HashMap<String, Issuer>,
    verified: VerifiedTokens,
}

struct Issuer {
    trusted: TrustedIssuer,
    keys: Keys,
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
            Verifier { bearer: Issuers::default(), platform_access: Issuers::default(), clock };
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
            if of_same_use.by_name.insert(name.clone(), Issuer { trusted, keys }).is_some() {
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
        self.0.check(&self.0.bearer, token).await?.caller()
    }

    /// Checks a bearer token and gives its claims, for the exchange of tokens.
    ///
    /// # Errors
    /// When the token does not hold.
    pub async fn verify_claims(&self, token: &str) -> Result<VerifiedToken, TokenError> {
        Ok(self.0.check(&self.0.bearer, token).await?.token.clone())
    }

    /// Which component of the platform calls with this token of a `PlatformAccessToken` header.
    ///
    /// # Errors
    /// When the token does not hold.
    pub async fn verify_platform(&self, token: &str) -> Result<Caller, TokenError> {
        self.0.check(&self.0.platform_access, token).await?.caller()
    }
}

#[cfg(test)]
impl TokenVerifier {
    /// How many bearer tokens are remembered.
    pub(crate) fn kept(&self) -> usize {
        self.0.bearer.verified.len()
    }
}

impl Verifier {
    async fn check(&self, issuers: &Issuers, token: &str) -> Result<Arc<Verified>, TokenError> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(TokenError::TooLarge);
        }
        let digest = TokenDigest::of(token);
        if let Some(verified) = issuers.verified.get(&digest) {
            if self.still_holds(issuers, &verified).await {
                return Ok(verified);
            }
            // Checking it afresh says what has become of it.
            issuers.verified.forget(&digest);
        }
        let verified = Arc::new(self.check_afresh(issuers, token).await?);
        issuers.verified.keep(digest, token, &verified);
        Ok(verified)
    }

    /// Whether a token whose signature was checked before still holds: its issuer has the very key
    /// that signed it, and it is within its times. Only what cannot change is remembered.
    async fn still_holds(&self, issuers: &Issuers, verified: &Verified) -> bool {
        let Some(issuer) = issuers.by_name.get(&verified.token.issuer) else { return false };
        let key = issuer.keys.get(&verified.key_id).await.ok().flatten();
        key.is_some_and(|key| {
            key.thumbprint == verified.thumbprint && key.is_for(verified.algorithm)
        }) && check_times(&verified.token.claims, (self.clock)()).is_ok()
    }

    async fn check_afresh(&self, issuers: &Issuers, token: &str) -> Result<Verified, TokenError> {
        let unverified: Unverified =
            insecure_decode_claims(token).map_err(|_| TokenError::Malformed)?;
        let header = decode_header(token).map_err(|_| TokenError::Malformed)?;
        let name = unverified.iss.as_str().unwrap_or_default();
        let issuer = issuers.by_name.get(name).ok_or_else(|| TokenError::Issuer(seen(name)))?;
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
        let token = VerifiedToken {
            issuer: issuer.trusted.issuer.clone(),
            profile: issuer.trusted.profile,
            claims,
        };
        Ok(Verified::new(token, key_id, header.alg, key.thumbprint))
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
        let trusted = self.bearer.by_name.values().chain(self.platform_access.by_name.values());
        formatter.debug_list().entries(trusted.map(|issuer| &issuer.trusted)).finish()
    }
}

#[cfg(test)]
mod tests;
