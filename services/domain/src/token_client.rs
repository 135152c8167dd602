//! Clients of our own token endpoint and their public keys.
//!
//! ```text
//! Unregistered ── Registered ──▶ Active ── Deleted ──▶ Deleted (terminal)
//!                                │    ▲
//!                                └────┘ KeyAdded, KeyRetired
//! ```
//!
//! The id of a deleted client is never used again. A key counts from when it is valid until it is
//! no longer valid or retired; the id of such a key may be given to another.

mod active;
mod error;
mod key;

use std::collections::BTreeMap;

use fullmakt_events::{
    ClientId, OrgNumber, Timestamp,
    event::{TokenClientDeleted, TokenClientEvent, TokenClientRegistered, TokenKey},
};

pub use error::{KeyError, TokenClientError};
pub use key::{RSA_BITS_MIN, public_key};

use crate::{Authority, Decider, Recorded, Seen, national_number};

/// The most keys of a client that may be valid at once or later: enough to change keys everywhere,
/// few enough to try.
pub const ACTIVE_KEYS_MAX: usize = 10;
/// The most scopes of a client.
pub const SCOPES_MAX: usize = 200;
/// The most characters of a scope or key id.
pub const TOKEN_CHARS_MAX: usize = 255;

/// The state of `token-client/{client_id}`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum TokenClient {
    /// The id has never been used.
    #[default]
    Unregistered,
    /// The client may ask for tokens.
    Active(ActiveClient),
    /// The client gets no tokens any more.
    Deleted {
        /// Whose it was.
        owner: OrgNumber,
    },
}

/// A client that may ask for tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveClient {
    /// The client.
    pub client_id: ClientId,
    /// Whose it is.
    pub owner: OrgNumber,
    /// The scopes it may ask for.
    pub scopes: Vec<String>,
    /// Its keys, by their id.
    pub keys: BTreeMap<String, KeyState>,
}

/// A key of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyState {
    /// It counts while it is valid.
    Active(TokenKey),
    /// It no longer counts.
    Retired,
}

/// Something asked of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenClientCommand {
    /// In what right.
    pub authority: Authority,
    /// The client.
    pub client_id: ClientId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub change: TokenClientChange,
}

/// What may be asked of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenClientChange {
    /// Let it ask for tokens.
    Register {
        /// Whose it is to be.
        owner: OrgNumber,
        /// The scopes it may ask for.
        scopes: Vec<String>,
    },
    /// Let it sign with these keys as well, all of them or none. Of a JWK only the public key is
    /// kept.
    AddKeys(Vec<TokenKey>),
    /// Let it sign with this key no more.
    RetireKey {
        /// The key's id.
        kid: String,
    },
    /// Let it ask for tokens no more.
    Delete,
}

impl Decider for TokenClient {
    type Command = TokenClientCommand;
    type Event = TokenClientEvent;
    type Error = TokenClientError;

    const CATEGORY: &'static str = "token-client";

    fn decide(
        &self,
        command: &TokenClientCommand,
    ) -> Result<Vec<TokenClientEvent>, TokenClientError> {
        use TokenClientChange as Change;

        let TokenClientCommand { authority, client_id, at, change } = command;
        self.check_owner(*authority, change)?;
        match (self, change) {
            (Self::Unregistered, Change::Register { owner, scopes }) => {
                register(client_id, *owner, scopes)
            }
            (Self::Active(client), Change::Register { owner, scopes })
                if client.owner == *owner && client.scopes == *scopes =>
            {
                Ok(vec![])
            }
            (Self::Active(_) | Self::Deleted { .. }, Change::Register { .. }) => {
                Err(TokenClientError::Exists { client_id: client_id.clone() })
            }

            (Self::Active(client), Change::AddKeys(keys)) => client.add_keys(keys, *at),
            (Self::Active(client), Change::RetireKey { kid }) => client.retire_key(kid),
            (Self::Active(client), Change::Delete) => {
                let client_id = client.client_id.clone();
                Ok(vec![TokenClientEvent::Deleted(TokenClientDeleted { client_id })])
            }

            (Self::Deleted { .. }, Change::Delete) => Ok(vec![]),
            (
                Self::Unregistered | Self::Deleted { .. },
                Change::AddKeys(_) | Change::RetireKey { .. },
            )
            | (Self::Unregistered, Change::Delete) => Err(TokenClientError::Unknown),
        }
    }

    fn evolve(self, recorded: Recorded<'_, TokenClientEvent>) -> Self {
        match (self, recorded.event) {
            (
                Self::Unregistered | Self::Active(_) | Self::Deleted { .. },
                TokenClientEvent::Registered(registered),
            ) => Self::Active(ActiveClient {
                client_id: registered.client_id.clone(),
                owner: registered.owner,
                scopes: registered.scopes.clone(),
                keys: BTreeMap::new(),
            }),
            (Self::Active(mut client), TokenClientEvent::KeyAdded(added)) => {
                let key = added.key.clone();
                client.keys.insert(key.kid.clone(), KeyState::Active(key));
                Self::Active(client)
            }
            (Self::Active(mut client), TokenClientEvent::KeyRetired(retired)) => {
                client.keys.insert(retired.kid.clone(), KeyState::Retired);
                Self::Active(client)
            }
            (Self::Active(ActiveClient { owner, .. }), TokenClientEvent::Deleted(_)) => {
                Self::Deleted { owner }
            }
            (
                other @ (Self::Unregistered | Self::Deleted { .. }),
                TokenClientEvent::KeyAdded(_)
                | TokenClientEvent::KeyRetired(_)
                | TokenClientEvent::Deleted(_),
            ) => other,
        }
    }
}

impl TokenClient {
    /// Checks that the caller owns the client, or the one that it wants to register.
    fn check_owner(
        &self,
        caller: Authority,
        change: &TokenClientChange,
    ) -> Result<(), TokenClientError> {
        let owner = match (self, change) {
            (Self::Active(ActiveClient { owner, .. }) | Self::Deleted { owner }, _)
            | (Self::Unregistered, TokenClientChange::Register { owner, .. }) => *owner,
            (
                Self::Unregistered,
                TokenClientChange::AddKeys(_)
                | TokenClientChange::RetireKey { .. }
                | TokenClientChange::Delete,
            ) => return Ok(()),
        };
        if caller.covers(owner) { Ok(()) } else { Err(TokenClientError::NotOwner { caller }) }
    }
}

fn register(
    client_id: &ClientId,
    owner: OrgNumber,
    scopes: &[String],
) -> Result<Vec<TokenClientEvent>, TokenClientError> {
    if national_number::find(client_id.as_str()).is_some() {
        return Err(TokenClientError::NationalNumber);
    }
    if scopes.is_empty() || scopes.len() > SCOPES_MAX {
        return Err(TokenClientError::ScopeCount { count: scopes.len() });
    }
    let is_scope = |scope: &&String| is_token(scope) && national_number::find(scope).is_none();
    if let Some(scope) = scopes.iter().find(|scope| !is_scope(scope)) {
        return Err(TokenClientError::ScopeForm { scope: Seen::new(scope) });
    }
    Ok(vec![TokenClientEvent::Registered(TokenClientRegistered {
        client_id: client_id.clone(),
        owner,
        scopes: scopes.to_vec(),
    })])
}

/// Whether a text is a scope token by RFC 6749 §3.3: visible ASCII without `"` and `\`.
fn is_token(text: &str) -> bool {
    (1..=TOKEN_CHARS_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
}

#[cfg(test)]
mod tests;
