//! The parameters of the generator of test tokens.

use serde::Deserialize;
use uuid::Uuid;

/// For an organisation's token.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EnterpriseQuery {
    /// The organisation number.
    pub(crate) org_no: String,
    /// The short code of a service owner.
    pub(crate) org: Option<String>,
    /// The scopes, separated by spaces or commas.
    pub(crate) scopes: Option<String>,
    /// For how many seconds the token is valid.
    pub(crate) ttl: Option<u64>,
}

/// For a person's token: one of the first three.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PersonalQuery {
    /// The national identity number.
    pub(crate) pid: Option<String>,
    /// The party.
    pub(crate) party_uuid: Option<Uuid>,
    /// The integer party id.
    pub(crate) party_id: Option<u32>,
    /// The scopes, separated by spaces or commas; `altinn:portal/enduser` if left out.
    pub(crate) scopes: Option<String>,
    /// How surely the person is authenticated, 0 to 4.
    pub(crate) auth_lvl: Option<u8>,
    /// For how many seconds the token is valid.
    pub(crate) ttl: Option<u64>,
}

/// For a component's token.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlatformAccessQuery {
    /// The component's name.
    pub(crate) app: String,
    /// For how many seconds the token is valid.
    pub(crate) ttl: Option<u64>,
}

/// Scopes as a token has them, separated by spaces.
pub(crate) fn scopes(text: &str) -> String {
    let scopes = text.split([' ', ',']).filter(|scope| !scope.is_empty());
    scopes.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_separated_by_spaces_or_commas() {
        assert_eq!(scopes("a:b, c:d e:f,"), "a:b c:d e:f");
        assert_eq!(scopes(""), "");
    }
}
