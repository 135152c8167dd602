//! Clients of our token endpoint, with their keys.

use fullmakt_events::{
    ClientId, OrgNumber,
    event::{TokenClientEvent, TokenKey},
};

use crate::{EntityKey, Keyed, Place, ReadModel, sql::statements};

statements! { "token_clients":
    /// Creates the table.
    CREATE = "create",
    /// Adds its keys and indexes.
    INDEX = "index",
    /// The rows of entities that still hold.
    LOAD = "load",
    /// Adds rows.
    INSERT = "insert",
    /// One client.
    BY_ENTITY = "by_entity",
}

/// A client of our token endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenClientRow {
    /// The client.
    pub client_id: ClientId,
    /// The organisation whose client it is.
    pub owner: OrgNumber,
    /// The scopes it may ask for.
    pub scopes: Vec<String>,
    /// Its keys that are not retired, in the order in which they were added. When each counts is
    /// for the reader to see.
    pub keys: Vec<TokenKey>,
}

impl TokenClientRow {
    /// The key of a client, whose id is compared without case.
    #[must_use]
    pub fn key(client_id: &ClientId) -> EntityKey {
        EntityKey::of(&[&client_id.folded()])
    }
}

/// What happens to a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenClientChange {
    /// It may ask for tokens.
    Registered(Box<TokenClientRow>),
    /// It may sign with one more key, or with another one of the same id.
    KeyAdded(Box<TokenKey>),
    /// It may no longer sign with the key of this id.
    KeyRetired(String),
    /// It gets no tokens any more.
    Deleted,
}

/// The table `token_clients`.
#[derive(Debug)]
pub struct TokenClients;

impl ReadModel for TokenClients {
    type Row = TokenClientRow;
    type Change = TokenClientChange;

    const NAME: &'static str = "token_clients";
    const CREATE: crate::Statement = CREATE;
    const INDEX: crate::Statement = INDEX;
    const LOAD: crate::Statement = LOAD;
    const INSERT: crate::Statement = INSERT;

    fn apply(row: Option<&TokenClientRow>, change: &TokenClientChange) -> Option<TokenClientRow> {
        match change {
            TokenClientChange::Registered(registered) => Some((**registered).clone()),
            TokenClientChange::KeyAdded(key) => row.map(|row| {
                let mut row = without_key(row, &key.kid);
                row.keys.push((**key).clone());
                row
            }),
            TokenClientChange::KeyRetired(kid) => row.map(|row| without_key(row, kid)),
            TokenClientChange::Deleted => None,
        }
    }
}

fn without_key(row: &TokenClientRow, kid: &str) -> TokenClientRow {
    let mut row = row.clone();
    row.keys.retain(|key| key.kid != kid);
    row
}

pub(crate) fn project(event: &TokenClientEvent, place: &Place) -> Keyed<TokenClientChange> {
    let (client_id, change) = match event {
        TokenClientEvent::Registered(registered) => {
            let row = TokenClientRow {
                client_id: registered.client_id.clone(),
                owner: registered.owner,
                scopes: registered.scopes.clone(),
                keys: Vec::new(),
            };
            (&registered.client_id, TokenClientChange::Registered(Box::new(row)))
        }
        TokenClientEvent::KeyAdded(added) => {
            (&added.client_id, TokenClientChange::KeyAdded(Box::new(added.key.clone())))
        }
        TokenClientEvent::KeyRetired(retired) => {
            (&retired.client_id, TokenClientChange::KeyRetired(retired.kid.clone()))
        }
        TokenClientEvent::Deleted(deleted) => (&deleted.client_id, TokenClientChange::Deleted),
    };
    Keyed { entity: TokenClientRow::key(client_id), position: place.sequence.position, change }
}
