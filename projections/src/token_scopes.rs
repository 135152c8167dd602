//! Who owns a scope of tokens, who may have it, and who may use it for others.

use fullmakt_events::{
    OrgNumber,
    event::{
        TokenScopeDelegated, TokenScopeDelegationRevoked, TokenScopeEvent, TokenScopeGrantRevoked,
        TokenScopeGranted, TokenScopeRegistered,
    },
};

use crate::{EntityKey, Keyed, Place, ReadModel, sql::statements};

statements! { "token_scopes":
    /// Creates the table.
    CREATE = "create",
    /// Adds its keys and indexes.
    INDEX = "index",
    /// The rows of entities that still hold.
    LOAD = "load",
    /// Adds rows.
    INSERT = "insert",
    /// All rows of one scope.
    BY_SCOPE = "by_scope",
    /// Some rows by their keys.
    BY_ENTITIES = "by_entities",
}

/// What an organisation may do with a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScopeStanding {
    /// It has delegated it to a supplier.
    Delegates,
    /// It may have it.
    Has,
    /// It owns it, and decides who may have it.
    Owns,
}

/// One organisation's standing with a scope.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TokenScopeRow {
    /// The scope.
    pub scope: String,
    /// What the organisation may do with it.
    pub standing: ScopeStanding,
    /// The organisation.
    pub holder: OrgNumber,
    /// The organisation that acts for it, where it delegates.
    pub supplier: Option<OrgNumber>,
}

impl TokenScopeRow {
    /// The key of a scope: what all of its rows have in common.
    #[must_use]
    pub fn scope_key(scope: &str) -> EntityKey {
        EntityKey::of(&[scope])
    }

    /// The key of a scope's owner, of which there is one.
    #[must_use]
    pub fn owner_key(scope: &str) -> EntityKey {
        EntityKey::of(&[scope, "owner"])
    }

    /// The key of an organisation that may have a scope.
    #[must_use]
    pub fn holder_key(scope: &str, holder: OrgNumber) -> EntityKey {
        EntityKey::of(&[scope, "holder", &holder.to_string()])
    }

    /// The key of a delegation.
    #[must_use]
    pub fn delegation_key(scope: &str, holder: OrgNumber, supplier: OrgNumber) -> EntityKey {
        EntityKey::of(&[scope, "delegation", &holder.to_string(), &supplier.to_string()])
    }
}

/// What happens to a standing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenScopeChange {
    /// It holds from now on.
    Began(TokenScopeRow),
    /// It no longer holds.
    Ended,
}

/// The table `token_scopes`.
#[derive(Debug)]
pub struct TokenScopes;

impl ReadModel for TokenScopes {
    type Row = TokenScopeRow;
    type Change = TokenScopeChange;

    const NAME: &'static str = "token_scopes";
    const CREATE: crate::Statement = CREATE;
    const INDEX: crate::Statement = INDEX;
    const LOAD: crate::Statement = LOAD;
    const INSERT: crate::Statement = INSERT;

    fn apply(_row: Option<&TokenScopeRow>, change: &TokenScopeChange) -> Option<TokenScopeRow> {
        match change {
            TokenScopeChange::Began(row) => Some(row.clone()),
            TokenScopeChange::Ended => None,
        }
    }
}

pub(crate) fn project(event: &TokenScopeEvent, place: &Place) -> Keyed<TokenScopeChange> {
    let row = |scope: &String, standing, holder, supplier| {
        TokenScopeChange::Began(TokenScopeRow { scope: scope.clone(), standing, holder, supplier })
    };
    let (entity, change) = match event {
        TokenScopeEvent::Registered(registered) => {
            let TokenScopeRegistered { scope, owner } = registered;
            let owns = row(scope, ScopeStanding::Owns, *owner, None);
            (TokenScopeRow::owner_key(scope), owns)
        }
        TokenScopeEvent::Granted(TokenScopeGranted { scope, org }) => {
            let has = row(scope, ScopeStanding::Has, *org, None);
            (TokenScopeRow::holder_key(scope, *org), has)
        }
        TokenScopeEvent::GrantRevoked(TokenScopeGrantRevoked { scope, org }) => {
            (TokenScopeRow::holder_key(scope, *org), TokenScopeChange::Ended)
        }
        TokenScopeEvent::Delegated(TokenScopeDelegated { scope, consumer, supplier }) => {
            let delegates = row(scope, ScopeStanding::Delegates, *consumer, Some(*supplier));
            (TokenScopeRow::delegation_key(scope, *consumer, *supplier), delegates)
        }
        TokenScopeEvent::DelegationRevoked(revoked) => {
            let TokenScopeDelegationRevoked { scope, consumer, supplier } = revoked;
            let key = TokenScopeRow::delegation_key(scope, *consumer, *supplier);
            (key, TokenScopeChange::Ended)
        }
    };
    Keyed { entity, position: place.sequence.position, change }
}
