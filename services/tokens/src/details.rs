//! `authorization_details` (RFC 9396) of a system user.

use fullmakt_events::OrgNumber;
use serde_json::Value;

use crate::refusal::Refusal;

/// Whose system user a client asks for a token as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SystemUserDetails {
    pub(crate) owner: OrgNumber,
    /// Nothing means the owner's organisation number.
    pub(crate) external_ref: Option<String>,
}

/// The most characters of an external reference.
const EXTERNAL_REF_CHARS_MAX: usize = 255;

impl SystemUserDetails {
    /// Reads the claim; nothing where the client asks as its organisation.
    pub(crate) fn read(claim: Option<&Value>) -> Result<Option<Self>, Refusal> {
        let details = match claim {
            None | Some(Value::Null) => return Ok(None),
            Some(claim) => claim.as_array().ok_or(Refusal::Details("it has to be an array"))?,
        };
        let [detail] = details.as_slice() else {
            return Err(Refusal::Details("it has to have exactly one element"));
        };
        if detail.get("type").and_then(Value::as_str) != Some("urn:altinn:systemuser") {
            return Err(Refusal::Details("its `type` has to be `urn:altinn:systemuser`"));
        }
        let org = detail.get("systemuser_org");
        let org = org.ok_or(Refusal::Details("it has no `systemuser_org`"))?;
        let authority = org.get("authority").and_then(Value::as_str);
        if authority.is_some_and(|authority| authority != "iso6523-actorid-upis") {
            return Err(Refusal::Details(
                "the `authority` of `systemuser_org` has to be `iso6523-actorid-upis`",
            ));
        }
        let id = org.get("ID").or_else(|| org.get("id")).and_then(Value::as_str);
        let owner = id.and_then(|id| OrgNumber::from_iso6523(id).ok()).ok_or(Refusal::Details(
            "the `ID` of `systemuser_org` has to be `0192:` and a number",
        ))?;
        let external_ref = match detail.get("externalRef") {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.chars().count() <= EXTERNAL_REF_CHARS_MAX => {
                Some(text.clone()).filter(|text| !text.is_empty())
            }
            Some(_) => return Err(Refusal::Details("`externalRef` has to be a short text")),
        };
        Ok(Some(Self { owner, external_ref }))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(claim: &Value) -> Result<Option<SystemUserDetails>, Refusal> {
        SystemUserDetails::read(Some(claim))
    }

    fn details(org: &Value) -> Value {
        json!([{ "type": "urn:altinn:systemuser", "systemuser_org": org }])
    }

    #[test]
    fn one_organisation_is_read_in_either_spelling() {
        for org in [
            json!({ "authority": "iso6523-actorid-upis", "ID": "0192:310010022" }),
            json!({ "id": "0192:310010022" }),
        ] {
            let read = read(&details(&org)).unwrap().unwrap();
            assert_eq!(read.owner.to_string(), "310010022");
            assert_eq!(read.external_ref, None);
        }
        assert_eq!(SystemUserDetails::read(None), Ok(None));
    }

    #[test]
    fn anything_else_is_refused_and_never_read_as_nothing() {
        let org = json!({ "ID": "0192:310010022" });
        let mut other_type = details(&org);
        other_type[0]["type"] = json!("urn:altinn:consent");
        let mut reference = details(&org);
        reference[0]["externalRef"] = json!(7);
        for claim in [
            json!([]),
            json!({}),
            json!("urn:altinn:systemuser"),
            json!([details(&org)[0], details(&org)[0]]),
            details(&json!({ "ID": "310010022" })),
            details(&json!({ "ID": "0192:310010023" })),
            details(&json!({ "authority": "other", "ID": "0192:310010022" })),
            json!([{ "type": "urn:altinn:systemuser" }]),
            other_type,
            reference,
        ] {
            assert!(read(&claim).is_err(), "{claim}");
        }
    }
}
