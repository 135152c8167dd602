//! What system users may do for the clients of their owners.

use fullmakt_events::{PackageUrn, PartyId, Right, SystemUserId, Validity, event::ClientLinkEvent};

use crate::{EntityKey, Keyed, Place, ReadModel, sql::statements};

statements! { "client_links":
    /// Creates the table.
    CREATE = "create",
    /// Adds its keys and indexes.
    INDEX = "index",
    /// The rows of entities that still hold.
    LOAD = "load",
    /// Adds rows.
    INSERT = "insert",
    /// What a system user may do for a client.
    BY_ENTITY = "by_entity",
    /// The clients of a system user.
    BY_SYSTEM_USER = "by_system_user",
    /// The system users of a client.
    BY_CLIENT = "by_client",
}

/// What a system user may do for one client, as far as the rest of the chain holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientLinkRow {
    /// The system user.
    pub system_user: SystemUserId,
    /// The client.
    pub client: PartyId,
    /// The access packages that it may use.
    pub access_packages: Vec<PackageUrn>,
    /// The single rights that it may use.
    pub rights: Vec<Right>,
    /// When it may.
    pub validity: Validity,
}

impl ClientLinkRow {
    /// The key of what a system user may do for a client.
    #[must_use]
    pub fn key(user: SystemUserId, client: PartyId) -> EntityKey {
        EntityKey::of(&[&user.to_string(), &client.to_string()])
    }
}

/// What happens to a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientLinkChange {
    /// The client was added.
    Added(Box<ClientLinkRow>),
    /// The system user may do this for the client, if it may do anything for it.
    Changed(Box<ClientLinkRow>),
    /// The client was removed.
    Removed,
}

/// The table `client_links`.
#[derive(Debug)]
pub struct ClientLinks;

impl ReadModel for ClientLinks {
    type Row = ClientLinkRow;
    type Change = ClientLinkChange;

    const NAME: &'static str = "client_links";
    const CREATE: crate::Statement = CREATE;
    const INDEX: crate::Statement = INDEX;
    const LOAD: crate::Statement = LOAD;
    const INSERT: crate::Statement = INSERT;

    fn apply(row: Option<&ClientLinkRow>, change: &ClientLinkChange) -> Option<ClientLinkRow> {
        match change {
            ClientLinkChange::Added(added) => Some((**added).clone()),
            ClientLinkChange::Changed(changed) => row.map(|_| (**changed).clone()),
            ClientLinkChange::Removed => None,
        }
    }
}

pub(crate) fn project(event: &ClientLinkEvent, place: &Place) -> Keyed<ClientLinkChange> {
    let (user, client, change) = match event {
        ClientLinkEvent::Added(added) => {
            let row = ClientLinkRow {
                system_user: added.system_user,
                client: added.client,
                access_packages: added.access_packages.clone(),
                rights: added.rights.clone(),
                validity: added.validity,
            };
            (added.system_user, added.client, ClientLinkChange::Added(Box::new(row)))
        }
        ClientLinkEvent::Changed(changed) => {
            let row = ClientLinkRow {
                system_user: changed.system_user,
                client: changed.client,
                access_packages: changed.access_packages.clone(),
                rights: changed.rights.clone(),
                validity: changed.validity,
            };
            (changed.system_user, changed.client, ClientLinkChange::Changed(Box::new(row)))
        }
        ClientLinkEvent::Removed(removed) => {
            (removed.system_user, removed.client, ClientLinkChange::Removed)
        }
    };
    Keyed { entity: ClientLinkRow::key(user, client), position: place.sequence.position, change }
}
