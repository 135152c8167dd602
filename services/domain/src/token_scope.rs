//! Scopes of tokens that an organisation owns.
//!
//! An administrator registers a scope for its owner; the owner grants it to organisations; each of
//! those may delegate it to suppliers that act for it. A delegation counts only while the grant it
//! came from does, and nothing is copied: whoever asks whether a token may have a scope asks for
//! the whole chain as it is now.
//!
//! A scope that nobody registered is nobody's to guard: clients have it as they were registered.

mod error;

use std::collections::BTreeSet;

use fullmakt_events::{
    OrgNumber,
    event::{
        TokenScopeDelegated, TokenScopeDelegationRevoked, TokenScopeEvent, TokenScopeGrantRevoked,
        TokenScopeGranted, TokenScopeRegistered,
    },
};

pub use error::TokenScopeError;

use crate::{Authority, Decider, Recorded, Seen, token_client::is_scope};

/// The most grants and delegations of one scope: all are loaded to decide on one.
pub const HOLDERS_MAX: usize = 10_000;

/// The state of `token-scope/{scope}`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum TokenScope {
    /// Nobody owns the scope.
    #[default]
    Unregistered,
    /// Somebody does.
    Registered(RegisteredScope),
}

/// A scope that an organisation owns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredScope {
    /// Whose it is.
    pub owner: OrgNumber,
    /// The organisations that may have it, beside the owner.
    pub granted: BTreeSet<OrgNumber>,
    /// Consumers and the suppliers that may act for them. One counts while its consumer may have
    /// the scope.
    pub delegated: BTreeSet<(OrgNumber, OrgNumber)>,
}

/// Something asked of a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenScopeCommand {
    /// In what right.
    pub authority: Authority,
    /// The scope.
    pub scope: String,
    /// What is asked.
    pub change: TokenScopeChange,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenScopeChange {
    /// Let an organisation own it.
    Register {
        /// The owner.
        owner: OrgNumber,
    },
    /// Let an organisation have it.
    Grant {
        /// The organisation.
        org: OrgNumber,
    },
    /// Let an organisation have it no more.
    RevokeGrant {
        /// The organisation.
        org: OrgNumber,
    },
    /// Let a supplier act for a consumer with it.
    Delegate {
        /// Who may have it.
        consumer: OrgNumber,
        /// Who acts for it.
        supplier: OrgNumber,
    },
    /// Let a supplier act for a consumer with it no more.
    RevokeDelegation {
        /// Who may have it.
        consumer: OrgNumber,
        /// Who acted for it.
        supplier: OrgNumber,
    },
}

impl RegisteredScope {
    /// Whether an organisation may have the scope for itself.
    #[must_use]
    pub fn is_granted_to(&self, org: OrgNumber) -> bool {
        self.owner == org || self.granted.contains(&org)
    }

    /// Whether an organisation may have it, for itself or for a consumer.
    #[must_use]
    pub fn is_usable_by(&self, org: OrgNumber) -> bool {
        let mut consumers = self.delegated.iter().filter(|(_, supplier)| *supplier == org);
        self.is_granted_to(org) || consumers.any(|(consumer, _)| self.is_granted_to(*consumer))
    }
}

impl Decider for TokenScope {
    type Command = TokenScopeCommand;
    type Event = TokenScopeEvent;
    type Error = TokenScopeError;

    const CATEGORY: &'static str = "token-scope";

    fn decide(&self, command: &TokenScopeCommand) -> Result<Vec<TokenScopeEvent>, TokenScopeError> {
        let TokenScopeCommand { authority, scope, change } = command;
        let seen = || Seen::new(scope);
        match (self, *change) {
            (_, TokenScopeChange::Register { owner }) => self.register(command, owner),
            (
                Self::Unregistered,
                TokenScopeChange::Grant { .. }
                | TokenScopeChange::RevokeGrant { .. }
                | TokenScopeChange::Delegate { .. }
                | TokenScopeChange::RevokeDelegation { .. },
            ) => Err(TokenScopeError::Unknown { scope: seen() }),
            (
                Self::Registered(registered),
                TokenScopeChange::Grant { .. } | TokenScopeChange::RevokeGrant { .. },
            ) if !authority.covers(registered.owner) => {
                Err(TokenScopeError::NotOwner { scope: seen(), caller: *authority })
            }
            (Self::Registered(registered), TokenScopeChange::Grant { org }) => {
                registered.grant(scope, org)
            }
            (Self::Registered(registered), TokenScopeChange::RevokeGrant { org }) => {
                Ok(registered.revoke_grant(scope, org))
            }
            (Self::Registered(registered), TokenScopeChange::Delegate { consumer, supplier }) => {
                if !authority.covers(consumer) {
                    return Err(TokenScopeError::NotConsumer { consumer, caller: *authority });
                }
                registered.delegate(scope, consumer, supplier)
            }
            (
                Self::Registered(registered),
                TokenScopeChange::RevokeDelegation { consumer, supplier },
            ) => {
                // A supplier may give back what it was given.
                if !authority.covers(consumer) && !authority.covers(supplier) {
                    return Err(TokenScopeError::NotConsumer { consumer, caller: *authority });
                }
                Ok(registered.revoke_delegation(scope, consumer, supplier))
            }
        }
    }

    fn evolve(self, recorded: Recorded<'_, TokenScopeEvent>) -> Self {
        let mut registered = match (self, recorded.event) {
            (
                Self::Unregistered,
                TokenScopeEvent::Registered(TokenScopeRegistered { owner, .. }),
            ) => {
                let (owner, granted, delegated) = (*owner, BTreeSet::new(), BTreeSet::new());
                return Self::Registered(RegisteredScope { owner, granted, delegated });
            }
            (
                Self::Unregistered,
                TokenScopeEvent::Granted(_)
                | TokenScopeEvent::GrantRevoked(_)
                | TokenScopeEvent::Delegated(_)
                | TokenScopeEvent::DelegationRevoked(_),
            ) => return Self::Unregistered,
            (Self::Registered(registered), _) => registered,
        };
        match recorded.event {
            TokenScopeEvent::Registered(again) => registered.owner = again.owner,
            TokenScopeEvent::Granted(granted) => {
                registered.granted.insert(granted.org);
            }
            TokenScopeEvent::GrantRevoked(revoked) => {
                registered.granted.remove(&revoked.org);
            }
            TokenScopeEvent::Delegated(delegated) => {
                registered.delegated.insert((delegated.consumer, delegated.supplier));
            }
            TokenScopeEvent::DelegationRevoked(revoked) => {
                registered.delegated.remove(&(revoked.consumer, revoked.supplier));
            }
        }
        Self::Registered(registered)
    }
}

impl TokenScope {
    fn register(
        &self,
        command: &TokenScopeCommand,
        owner: OrgNumber,
    ) -> Result<Vec<TokenScopeEvent>, TokenScopeError> {
        let TokenScopeCommand { authority, scope, .. } = command;
        match authority {
            Authority::Administrator => {}
            Authority::Organization(_) => {
                return Err(TokenScopeError::NotAdministrator { caller: *authority });
            }
        }
        if !is_scope(scope) {
            return Err(TokenScopeError::ScopeForm { scope: Seen::new(scope) });
        }
        match self {
            Self::Unregistered => Ok(vec![TokenScopeEvent::Registered(TokenScopeRegistered {
                scope: scope.clone(),
                owner,
            })]),
            Self::Registered(registered) if registered.owner == owner => Ok(vec![]),
            Self::Registered(RegisteredScope { owner, .. }) => {
                Err(TokenScopeError::Exists { scope: Seen::new(scope), owner: *owner })
            }
        }
    }
}

impl RegisteredScope {
    fn grant(&self, scope: &str, org: OrgNumber) -> Result<Vec<TokenScopeEvent>, TokenScopeError> {
        if self.is_granted_to(org) {
            return Ok(vec![]);
        }
        self.check_room(scope)?;
        Ok(vec![TokenScopeEvent::Granted(TokenScopeGranted { scope: scope.to_owned(), org })])
    }

    /// What is not granted is already revoked. Owners have their scopes without a grant.
    fn revoke_grant(&self, scope: &str, org: OrgNumber) -> Vec<TokenScopeEvent> {
        let revoked = TokenScopeGrantRevoked { scope: scope.to_owned(), org };
        let is_granted = self.granted.contains(&org);
        is_granted.then_some(TokenScopeEvent::GrantRevoked(revoked)).into_iter().collect()
    }

    fn delegate(
        &self,
        scope: &str,
        consumer: OrgNumber,
        supplier: OrgNumber,
    ) -> Result<Vec<TokenScopeEvent>, TokenScopeError> {
        if consumer == supplier {
            return Err(TokenScopeError::ToItself { consumer });
        }
        if !self.is_granted_to(consumer) {
            return Err(TokenScopeError::NotGranted { scope: Seen::new(scope), consumer });
        }
        if self.delegated.contains(&(consumer, supplier)) {
            return Ok(vec![]);
        }
        self.check_room(scope)?;
        let scope = scope.to_owned();
        let delegated = TokenScopeDelegated { scope, consumer, supplier };
        Ok(vec![TokenScopeEvent::Delegated(delegated)])
    }

    fn revoke_delegation(
        &self,
        scope: &str,
        consumer: OrgNumber,
        supplier: OrgNumber,
    ) -> Vec<TokenScopeEvent> {
        let scope = scope.to_owned();
        let revoked = TokenScopeDelegationRevoked { scope, consumer, supplier };
        let is_delegated = self.delegated.contains(&(consumer, supplier));
        is_delegated.then_some(TokenScopeEvent::DelegationRevoked(revoked)).into_iter().collect()
    }

    fn check_room(&self, scope: &str) -> Result<(), TokenScopeError> {
        if self.granted.len() + self.delegated.len() < HOLDERS_MAX {
            return Ok(());
        }
        Err(TokenScopeError::TooMany { scope: Seen::new(scope) })
    }
}

#[cfg(test)]
mod tests;
