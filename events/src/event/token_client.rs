//! Clients of our own token endpoint.

use serde::{Deserialize, Serialize};

use super::event_family;
use crate::{ClientId, OrgNumber, Timestamp};

event_family! {
    /// What happens to a client of our token endpoint on `token-client/{client_id}`.
    TokenClientEvent {
        Registered(TokenClientRegistered) = "token_client.registered" @ 1,
        KeyAdded(TokenKeyAdded) = "token_client.key_added" @ 1,
        KeyRetired(TokenKeyRetired) = "token_client.key_retired" @ 1,
        Deleted(TokenClientDeleted) = "token_client.deleted" @ 1,
    }
}

/// A client may ask for tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenClientRegistered {
    /// The client's id, the `iss` of its assertions.
    pub client_id: ClientId,
    /// The organisation whose client it is: the `consumer` of its tokens.
    pub owner: OrgNumber,
    /// The scopes it may ask for.
    pub scopes: Vec<String>,
}

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenKey {
    /// The key's id, the `kid` of the assertions signed with it.
    pub kid: String,
    /// The public key as a JWK (RFC 7517).
    pub jwk: serde_json::Map<String, serde_json::Value>,
    /// When it begins to count.
    pub valid_from: Timestamp,
    /// When it no longer counts; nothing means until it is retired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Timestamp>,
}

/// A client may sign with this key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenKeyAdded {
    /// The client.
    pub client_id: ClientId,
    /// The key.
    pub key: TokenKey,
}

/// A key no longer counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenKeyRetired {
    /// The client.
    pub client_id: ClientId,
    /// The key's id.
    pub kid: String,
}

/// A client gets no tokens any more. Its id is never used again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenClientDeleted {
    /// The client.
    pub client_id: ClientId,
}
