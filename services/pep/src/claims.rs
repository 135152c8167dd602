//! Reading the claims of a verified token. What is there but cannot be read refuses the token: to
//! pass over it would be to take the caller for somebody else.

use fullmakt_events::OrgNumber;
use serde_json::{Map, Value};

use crate::{IssuerProfile, TokenError};

/// Scopes: the standard claim, before which the platform's own issuers may put their own.
pub fn scopes(
    claims: &Map<String, Value>,
    profile: IssuerProfile,
) -> Result<Vec<String>, TokenError> {
    let claim = match profile {
        IssuerProfile::Platform if claims.contains_key(PLATFORM_SCOPE) => PLATFORM_SCOPE,
        IssuerProfile::Platform
        | IssuerProfile::Maskinporten
        | IssuerProfile::IdPorten
        | IssuerProfile::PlatformAccess => "scope",
    };
    let text = text(claims, claim)?.unwrap_or_default();
    Ok(text.split_ascii_whitespace().map(str::to_owned).collect())
}

const PLATFORM_SCOPE: &str = "urn:altinn:scope";

/// A claim that is a text.
pub(crate) fn text(
    claims: &Map<String, Value>,
    claim: &'static str,
) -> Result<Option<String>, TokenError> {
    match claims.get(claim) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(TokenError::Claim { claim, wrong: "is not a text" }),
    }
}

/// A claim that is a whole number, or one as text.
pub(crate) fn number<T: TryFrom<u64>>(
    claims: &Map<String, Value>,
    claim: &'static str,
) -> Result<Option<T>, TokenError> {
    let value = match claims.get(claim) {
        None | Some(Value::Null) => return Ok(None),
        Some(value) => value,
    };
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok());
    let number = number.and_then(|number| T::try_from(number).ok());
    number.map(Some).ok_or(TokenError::Claim { claim, wrong: "is not a number in range" })
}

/// A claim that is an organisation: `{"authority":"iso6523-actorid-upis","ID":"0192:…"}`.
pub(crate) fn organisation(
    claims: &Map<String, Value>,
    claim: &'static str,
) -> Result<Option<OrgNumber>, TokenError> {
    match claims.get(claim) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => organisation_in(value, claim).map(Some),
    }
}

/// The organisation in this value, which may be JSON in a text, as exchanged tokens have it.
pub(crate) fn organisation_in(value: &Value, claim: &'static str) -> Result<OrgNumber, TokenError> {
    let wrong =
        || TokenError::Claim { claim, wrong: "does not name an organisation as `0192:…`" };
    let value = unwrapped(value, claim)?;
    let members = value.as_object().ok_or_else(wrong)?;
    let authority = members.get("authority");
    if authority.is_some_and(|authority| authority != "iso6523-actorid-upis") {
        return Err(wrong());
    }
    let id = members.get("ID").or_else(|| members.get("id")).and_then(Value::as_str);
    id.and_then(|id| OrgNumber::from_iso6523(id).ok()).ok_or_else(wrong)
}

/// The value, or the JSON in it if it is a text.
pub(crate) fn unwrapped(value: &Value, claim: &'static str) -> Result<Value, TokenError> {
    match value {
        Value::String(text) => serde_json::from_str(text)
            .map_err(|_| TokenError::Claim { claim, wrong: "is a text that is not JSON" }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Ok(value.clone())
        }
    }
}
