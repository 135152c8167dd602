//! Scopes of tokens that somebody owns: who may have them, and who may use them for others.

use serde::{Deserialize, Serialize};

use super::event_family;
use crate::OrgNumber;

event_family! {
    /// What happens to a scope on `token-scope/{scope}`.
    TokenScopeEvent {
        Registered(TokenScopeRegistered) = "token_scope.registered" @ 1,
        Granted(TokenScopeGranted) = "token_scope.granted" @ 1,
        GrantRevoked(TokenScopeGrantRevoked) = "token_scope.grant_revoked" @ 1,
        Delegated(TokenScopeDelegated) = "token_scope.delegated" @ 1,
        DelegationRevoked(TokenScopeDelegationRevoked) = "token_scope.delegation_revoked" @ 1,
    }
}

/// An organisation owns a scope, and decides who may have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenScopeRegistered {
    /// The scope.
    pub scope: String,
    /// Whose it is.
    pub owner: OrgNumber,
}

/// An organisation may have tokens with a scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenScopeGranted {
    /// The scope.
    pub scope: String,
    /// The organisation.
    pub org: OrgNumber,
}

/// An organisation may no longer have tokens with a scope, nor may whoever it delegated it to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenScopeGrantRevoked {
    /// The scope.
    pub scope: String,
    /// The organisation.
    pub org: OrgNumber,
}

/// A supplier may have tokens with a scope for a consumer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenScopeDelegated {
    /// The scope.
    pub scope: String,
    /// The organisation that may have the scope, and the `consumer` of the tokens.
    pub consumer: OrgNumber,
    /// The organisation that acts for it, and the `supplier` of the tokens.
    pub supplier: OrgNumber,
}

/// A supplier may no longer have tokens with a scope for a consumer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenScopeDelegationRevoked {
    /// The scope.
    pub scope: String,
    /// The organisation that may have the scope.
    pub consumer: OrgNumber,
    /// The organisation that acted for it.
    pub supplier: OrgNumber,
}
