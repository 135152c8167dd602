//! Public keys as JWK (RFC 7517, RFC 7518 §6, RFC 8037).

use serde_json::{Map, Value};

use super::KeyError;
use crate::Seen;

/// The fewest bits of an RSA modulus (RFC 7518 §3.3).
pub const RSA_BITS_MIN: usize = 2048;

/// The members that only private and symmetric keys have.
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
/// Bits that one character of base64url holds.
const BITS_PER_CHAR: usize = 6;
const BITS_PER_BYTE: usize = 8;

/// The public key in a JWK: the members that make the key, with its id and use, and no others.
///
/// # Errors
/// When the JWK is not a public key of a supported type, has private members, or is meant for
/// something else.
pub fn public_key(kid: &str, jwk: &Map<String, Value>) -> Result<Map<String, Value>, KeyError> {
    if let Some(member) = PRIVATE_MEMBERS.into_iter().find(|member| jwk.contains_key(*member)) {
        return Err(KeyError::Private { member });
    }
    if let Some(other) = jwk.get("kid").filter(|other| other.as_str() != Some(kid)) {
        return Err(KeyError::KidDiffers { kid: seen(other) });
    }
    if let Some(found) = jwk.get("use").filter(|found| found.as_str() != Some("sig")) {
        return Err(KeyError::Use { found: seen(found) });
    }

    let kty = jwk.get("kty").and_then(Value::as_str).unwrap_or_default();
    let members: &[&'static str] = match kty {
        "RSA" => {
            check_modulus(jwk)?;
            &["n", "e"]
        }
        "EC" => {
            check_curve(jwk, &["P-256", "P-384"])?;
            &["crv", "x", "y"]
        }
        "OKP" => {
            check_curve(jwk, &["Ed25519"])?;
            &["crv", "x"]
        }
        other => return Err(KeyError::TypeUnsupported { kty: Seen::new(other) }),
    };
    let mut public = Map::new();
    for member in members {
        public.insert((*member).to_owned(), text(jwk, member)?.into());
    }
    public.insert("kty".to_owned(), kty.into());
    public.insert("kid".to_owned(), kid.into());
    public.insert("use".to_owned(), "sig".into());
    Ok(public)
}

fn check_modulus(jwk: &Map<String, Value>) -> Result<(), KeyError> {
    let modulus = text(jwk, "n")?;
    let bits = modulus.len() * BITS_PER_CHAR / BITS_PER_BYTE * BITS_PER_BYTE;
    if bits < RSA_BITS_MIN { Err(KeyError::TooShort { bits }) } else { Ok(()) }
}

fn check_curve(jwk: &Map<String, Value>, curves: &[&str]) -> Result<(), KeyError> {
    let crv = jwk.get("crv").and_then(Value::as_str).unwrap_or_default();
    if curves.contains(&crv) {
        Ok(())
    } else {
        Err(KeyError::CurveUnsupported { crv: Seen::new(crv) })
    }
}

/// A member in base64url without padding. The names of curves have its alphabet, too.
fn text<'a>(jwk: &'a Map<String, Value>, member: &'static str) -> Result<&'a str, KeyError> {
    let is_base64url = |text: &&str| {
        let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        !text.is_empty() && text.bytes().all(is_digit)
    };
    jwk.get(member).and_then(Value::as_str).filter(is_base64url).ok_or(KeyError::Member { member })
}

fn seen(value: &Value) -> Seen {
    value.as_str().map_or_else(|| Seen::new(&value.to_string()), Seen::new)
}
