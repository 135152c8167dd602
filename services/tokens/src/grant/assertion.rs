//! The client assertion: who signed it, for whom, and whether it holds now.

use fullmakt_events::{Timestamp, event::TokenKey};
use fullmakt_projections::TokenClientRow;
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation, dangerous::insecure_decode_claims, decode, decode_header,
    errors::ErrorKind, jwk::Jwk,
};
use serde::Deserialize;
use serde_json::{Number, Value};

use crate::{TokenState, details::SystemUserDetails, oauth_error::seen, refusal::Refusal};

/// The longest that an assertion may be valid, in seconds.
const LIFETIME_SECONDS_MAX: u64 = 120;
/// How far the clock of the client's machine may be from ours, in seconds.
const SKEW_SECONDS: u64 = 10;
/// The most bytes of an assertion.
const ASSERTION_BYTES_MAX: usize = 16 * 1024;
/// The most bytes of an assertion's id.
const JTI_BYTES_MAX: usize = 512;

/// An assertion that holds.
#[derive(Debug)]
pub(super) struct Assertion {
    pub(super) jti: String,
    pub(super) scopes: Vec<String>,
    pub(super) details: Option<SystemUserDetails>,
    pub(super) expires_at: Timestamp,
}

#[derive(Debug, Deserialize)]
struct Claims {
    #[serde(default)]
    aud: Value,
    iat: Option<Number>,
    exp: Option<Number>,
    nbf: Option<Number>,
    jti: Option<String>,
    scope: Option<String>,
    authorization_details: Option<Value>,
}

#[derive(Debug, Deserialize)]
struct IssuerClaim {
    iss: Option<String>,
}

/// The client that an assertion says it is of, before anything is checked.
pub(super) fn issuer(assertion: &str) -> Result<String, Refusal> {
    if assertion.len() > ASSERTION_BYTES_MAX {
        return Err(Refusal::Malformed("it is too long"));
    }
    insecure_decode_claims::<IssuerClaim>(assertion)
        .map_err(|_| Refusal::Malformed("it cannot be read"))?
        .iss
        .ok_or(Refusal::Missing("iss"))
}

impl Assertion {
    /// Checks an assertion of this client.
    pub(super) fn check(
        state: &TokenState,
        client: &TokenClientRow,
        assertion: &str,
    ) -> Result<Self, Refusal> {
        let header =
            decode_header(assertion).map_err(|_| Refusal::Malformed("its header is none"))?;
        if header.crit.is_some() {
            return Err(Refusal::CriticalExtension);
        }
        let kid = header.kid.ok_or(Refusal::NoKeyId)?;
        let key = key(client, &kid, (state.clock)())?;
        if !fits(&key, header.alg) {
            return Err(Refusal::Algorithm(seen(&kid)));
        }
        let decoding = DecodingKey::from_jwk(&key).map_err(|_| Refusal::Algorithm(seen(&kid)))?;
        // The signature is the library's to check; times and audience are checked below, by our
        // clock and with a reason each.
        let mut signature_only = Validation::new(header.alg);
        signature_only.required_spec_claims.clear();
        signature_only.validate_exp = false;
        signature_only.validate_aud = false;
        let claims = decode::<Claims>(assertion, &decoding, &signature_only)
            .map_err(|error| {
                // Claims are read only after the signature was checked.
                if matches!(error.kind(), ErrorKind::Json(_)) {
                    Refusal::Malformed("a claim is not of the type it should be")
                } else {
                    Refusal::Signature(seen(&kid))
                }
            })?
            .claims;
        let names_us = match &claims.aud {
            Value::String(audience) => state.issuers.is_audience(audience),
            Value::Array(audiences) => audiences
                .iter()
                .filter_map(Value::as_str)
                .any(|audience| state.issuers.is_audience(audience)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
        };
        if !names_us {
            return Err(Refusal::Audience(state.issuers.maskinporten.clone()));
        }
        let expires = in_time(&claims, state.now_seconds())?;
        let jti = claims.jti.filter(|jti| !jti.is_empty() && jti.len() <= JTI_BYTES_MAX);
        let scope = claims.scope.unwrap_or_default();
        Ok(Self {
            jti: jti.ok_or(Refusal::Missing("jti"))?,
            scopes: scope.split_ascii_whitespace().map(str::to_owned).collect(),
            details: SystemUserDetails::read(claims.authorization_details.as_ref())?,
            expires_at: Timestamp::default()
                .plus_seconds(i64::try_from(expires).unwrap_or(i64::MAX)),
        })
    }
}

/// When the assertion expires, if it holds now.
fn in_time(claims: &Claims, now: u64) -> Result<u64, Refusal> {
    let issued = seconds(claims.iat.as_ref())?.ok_or(Refusal::Missing("iat"))?;
    let expires = seconds(claims.exp.as_ref())?.ok_or(Refusal::Missing("exp"))?;
    let begins = seconds(claims.nbf.as_ref())?.unwrap_or(issued);
    if expires < issued {
        return Err(Refusal::Malformed("it expires before it was issued"));
    }
    if expires.saturating_add(SKEW_SECONDS) <= now {
        return Err(Refusal::Expired);
    }
    if issued.max(begins) > now.saturating_add(SKEW_SECONDS) {
        return Err(Refusal::NotYet);
    }
    let lifetime = expires.saturating_sub(issued);
    if lifetime > LIFETIME_SECONDS_MAX {
        return Err(Refusal::TooLong(lifetime));
    }
    Ok(expires)
}

/// A time in seconds since 1970 (RFC 7519 §2). A fraction counts as the whole second.
fn seconds(time: Option<&Number>) -> Result<Option<u64>, Refusal> {
    let Some(time) = time else { return Ok(None) };
    let fraction = || format!("{:.0}", time.as_f64()?.ceil()).parse().ok();
    let whole = time.as_u64().or_else(fraction);
    whole.map(Some).ok_or(Refusal::Malformed("`iat`, `exp` and `nbf` have to be times in seconds"))
}

/// The client's key with this id, if it counts now.
fn key(client: &TokenClientRow, kid: &str, now: Timestamp) -> Result<Jwk, Refusal> {
    let unknown = || Refusal::UnknownKey { client: client.client_id.to_string(), kid: seen(kid) };
    let key: &TokenKey = client.keys.iter().find(|key| key.kid == kid).ok_or_else(unknown)?;
    if key.valid_to.is_some_and(|until| until <= now) {
        return Err(Refusal::ExpiredKey { client: client.client_id.to_string(), kid: seen(kid) });
    }
    // Keys begin to count by the ledger's clock, which may be a little ahead of this machine's.
    if key.valid_from > now.plus_seconds(i64::try_from(SKEW_SECONDS).unwrap_or_default()) {
        return Err(Refusal::EarlyKey { client: client.client_id.to_string(), kid: seen(kid) });
    }
    serde_json::from_value(Value::Object(key.jwk.clone())).map_err(|_| unknown())
}

/// Whether a key can be used with an algorithm. Symmetric ones never: whoever can check an
/// assertion must not be able to make one.
fn fits(key: &Jwk, algorithm: Algorithm) -> bool {
    use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve};

    let curve = |wanted: EllipticCurve| matches!(&key.algorithm, AlgorithmParameters::EllipticCurve(own) if own.curve == wanted);
    match algorithm {
        Algorithm::RS256
        | Algorithm::RS384
        | Algorithm::RS512
        | Algorithm::PS256
        | Algorithm::PS384
        | Algorithm::PS512 => matches!(key.algorithm, AlgorithmParameters::RSA(_)),
        Algorithm::ES256 => curve(EllipticCurve::P256),
        Algorithm::ES384 => curve(EllipticCurve::P384),
        Algorithm::EdDSA => matches!(key.algorithm, AlgorithmParameters::OctetKeyPair(_)),
        // Symmetric ones, and those that this release does not know.
        Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512 | _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_800_000_000;

    fn claims(iat: Option<u64>, exp: Option<u64>, nbf: Option<u64>) -> Claims {
        Claims {
            aud: Value::Null,
            iat: iat.map(Number::from),
            exp: exp.map(Number::from),
            nbf: nbf.map(Number::from),
            jti: None,
            scope: None,
            authorization_details: None,
        }
    }

    #[test]
    fn an_assertion_holds_within_its_time_and_the_skew() {
        for (iat, exp) in
            [(NOW, NOW + 120), (NOW - 119, NOW + 1), (NOW + 10, NOW + 130), (NOW - 129, NOW - 9)]
        {
            assert_eq!(in_time(&claims(Some(iat), Some(exp), None), NOW), Ok(exp), "{iat} {exp}");
        }
    }

    #[test]
    fn an_assertion_is_refused_for_each_cause_by_itself() {
        let refused = |iat, exp, nbf| in_time(&claims(iat, exp, nbf), NOW).unwrap_err();
        assert_eq!(refused(None, Some(NOW), None), Refusal::Missing("iat"));
        assert_eq!(refused(Some(NOW), None, None), Refusal::Missing("exp"));
        assert_eq!(refused(Some(NOW - 100), Some(NOW - 10), None), Refusal::Expired);
        assert_eq!(refused(Some(NOW + 11), Some(NOW + 20), None), Refusal::NotYet);
        assert_eq!(refused(Some(NOW), Some(NOW + 20), Some(NOW + 11)), Refusal::NotYet);
        assert_eq!(refused(Some(NOW), Some(NOW + 121), None), Refusal::TooLong(121));
        let backwards = Refusal::Malformed("it expires before it was issued");
        assert_eq!(refused(Some(NOW + 5), Some(NOW + 4), None), backwards);
    }

    #[test]
    fn times_may_have_fractions_and_are_never_before_1970() {
        let read = |text: &str| seconds(Some(&serde_json::from_str(text).unwrap()));
        assert_eq!(read("1800000000.25"), Ok(Some(1_800_000_001)));
        assert_eq!(read("18e8"), Ok(Some(1_800_000_000)));
        assert_eq!(seconds(None), Ok(None));
        for wrong in ["-1", "-1.5", "1e300"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
