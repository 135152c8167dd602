//! Names of streams and the compact keys made of them.

use std::{fmt, str::FromStr};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    AccessListName, ChangeRequestId, ClientId, OrgNumber, OwnerCode, PartyId, PartyNumber,
    ResourceId, SystemId, SystemUserId,
};

/// What a key keeps as it is: the unreserved characters of RFC 3986 §2.3.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The name of a stream: a category and keys, `category/key/key`.
///
/// Keys are percent-encoded in one canonical way, so that a stream has one name only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct StreamName(String);

/// Why a text is not the name of a stream.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a stream name: a category, and keys that are percent-encoded canonically")]
pub struct StreamNameError(String);

impl StreamName {
    /// The most bytes a name may have.
    pub const BYTES_MAX: usize = 1024;
    /// The category of the streams that remember commands by their idempotency key.
    pub const COMMAND: &'static str = "command";

    /// The stream of this category with these keys. Keys are encoded, not refused.
    #[must_use]
    pub fn of(category: &str, keys: &[&str]) -> Self {
        let mut name = category.to_owned();
        for key in keys {
            name.push('/');
            name.extend(utf8_percent_encode(key, ENCODED));
        }
        Self(name)
    }

    /// The register's entry of a system.
    #[must_use]
    pub fn system(system: &SystemId) -> Self {
        Self::of("system", &[system.as_str()])
    }

    /// The claim of a token issuer's client id, which is compared without case.
    #[must_use]
    pub fn client_id(client: &ClientId) -> Self {
        Self::of("client-id", &[&client.folded()])
    }

    /// A client of our own token endpoint.
    #[must_use]
    pub fn token_client(client: &ClientId) -> Self {
        Self::of("token-client", &[&client.folded()])
    }

    /// A scope of tokens. Scopes are compared with case (RFC 6749 §3.3).
    #[must_use]
    pub fn token_scope(scope: &str) -> Self {
        Self::of("token-scope", &[scope])
    }

    /// The requests and system users of one system for one customer.
    #[must_use]
    pub fn agreement(system: &SystemId, customer: OrgNumber) -> Self {
        Self::of("agreement", &[system.as_str(), &customer.to_string()])
    }

    /// The claim of a change request's id, which callers choose.
    #[must_use]
    pub fn change_request(id: ChangeRequestId) -> Self {
        Self::of("change-request", &[&id.to_string()])
    }

    /// What a system user may do for one client.
    #[must_use]
    pub fn client_link(user: SystemUserId, client: PartyId) -> Self {
        Self::of("client-link", &[&user.to_string(), &client.to_string()])
    }

    /// What one party gives another.
    #[must_use]
    pub fn mandate(from: PartyId, to: PartyId) -> Self {
        Self::of("mandate", &[&from.to_string(), &to.to_string()])
    }

    /// A unit or person.
    #[must_use]
    pub fn party(party: PartyId) -> Self {
        Self::of("party", &[&party.to_string()])
    }

    /// The claim of an organisation number.
    #[must_use]
    pub fn org(org: OrgNumber) -> Self {
        Self::of("org", &[&org.to_string()])
    }

    /// The claim of an integer party id.
    #[must_use]
    pub fn party_number(number: PartyNumber) -> Self {
        Self::of("party-number", &[&number.to_string()])
    }

    /// A resource: its metadata and policy.
    #[must_use]
    pub fn resource(resource: &ResourceId) -> Self {
        Self::of("resource", &[resource.as_str()])
    }

    /// The rights of a party to a resource, in the rights registry.
    #[must_use]
    pub fn resource_right(resource: &ResourceId, party: PartyId) -> Self {
        Self::of("resource-right", &[resource.as_str(), &party.to_string()])
    }

    /// An access list of a service owner.
    #[must_use]
    pub fn access_list(owner: &OwnerCode, name: &AccessListName) -> Self {
        Self::of("access-list", &[owner.as_str(), name.as_str()])
    }

    /// One catalogue, for example of access packages.
    #[must_use]
    pub fn catalogue(name: &str) -> Self {
        Self::of("catalogue", &[name])
    }

    /// What was answered to a command with an idempotency key.
    #[must_use]
    pub fn command(key: uuid::Uuid) -> Self {
        Self::of(Self::COMMAND, &[&key.to_string()])
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the first slash.
    #[must_use]
    pub fn category(&self) -> &str {
        self.0.split('/').next().unwrap_or_default()
    }

    /// The keys, decoded.
    pub fn keys(&self) -> impl Iterator<Item = String> {
        self.0.split('/').skip(1).map(|key| percent_decode_str(key).decode_utf8_lossy().into())
    }

    /// The compact key of this stream.
    #[must_use]
    pub fn key(&self) -> StreamKey {
        let digest: [u8; 32] = Sha256::digest(self.0.as_bytes()).into();
        let mut key = [0; 16];
        key.copy_from_slice(digest.split_at(16).0);
        StreamKey(key)
    }
}

impl TryFrom<String> for StreamName {
    type Error = StreamNameError;

    fn try_from(text: String) -> Result<Self, StreamNameError> {
        let canonical = |key: &str| {
            let decoded = percent_decode_str(key).decode_utf8().ok()?;
            Some(utf8_percent_encode(&decoded, ENCODED).to_string() == key)
        };
        let mut parts = text.split('/');
        let category = parts.next().unwrap_or_default();
        let keys = parts.clone().count();
        let is_valid = text.len() <= Self::BYTES_MAX
            && !category.is_empty()
            && category.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
            && keys > 0
            && parts.all(|key| !key.is_empty() && canonical(key) == Some(true));
        if is_valid {
            Ok(Self(text))
        } else {
            Err(StreamNameError(text.chars().take(80).collect()))
        }
    }
}

impl FromStr for StreamName {
    type Err = StreamNameError;

    fn from_str(text: &str) -> Result<Self, StreamNameError> {
        text.to_owned().try_into()
    }
}

impl From<StreamName> for String {
    fn from(name: StreamName) -> Self {
        name.0
    }
}

impl fmt::Display for StreamName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The first 128 bits of the SHA-256 of a stream's name.
///
/// Part of the ledger's format: all processes map names to keys alike, and no caller can choose
/// names that collide.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct StreamKey([u8; 16]);

impl StreamKey {
    /// The key with these bytes, as it was stored.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes of the key.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl std::hash::Hash for StreamKey {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        state.write(&self.0);
    }
}

impl fmt::Debug for StreamKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_encoded_and_read_back() {
        let name = StreamName::of("agreement", &["991825827_smart/cloud æ", "310167980"]);
        assert_eq!(name.as_str(), "agreement/991825827_smart%2Fcloud%20%C3%A6/310167980");
        assert_eq!(name.category(), "agreement");
        assert_eq!(name.keys().collect::<Vec<_>>(), ["991825827_smart/cloud æ", "310167980"]);
        assert_eq!(name.as_str().parse::<StreamName>().unwrap(), name);
    }

    #[test]
    fn a_second_name_for_the_same_stream_is_refused() {
        for text in [
            "system/%41",
            "system/a%2fb",
            "system/a b",
            "System/a",
            "system",
            "system/",
            "system//a",
            "/a",
            "system/%FF",
            "system/%2",
        ] {
            assert!(text.parse::<StreamName>().is_err(), "{text}");
        }
        assert!(format!("system/{}", "a".repeat(1018)).parse::<StreamName>().is_err());
    }

    #[test]
    fn client_ids_that_differ_in_case_are_one_stream() {
        let upper = StreamName::client_id(&"ABC".parse().unwrap());
        assert_eq!(upper, StreamName::client_id(&"abc".parse().unwrap()));
        assert_eq!(upper.key(), StreamName::client_id(&"abc".parse().unwrap()).key());
        assert_ne!(upper.key(), StreamName::client_id(&"abd".parse().unwrap()).key());
    }
}
