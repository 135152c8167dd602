//! The resources that access lists are connected with. As for members, the rows of a list that is
//! deleted stay, and questions ask whether the list is there.

use fullmakt_events::{AccessListId, ResourceId, Timestamp, event::AccessListEvent};

use crate::{EntityKey, Keyed, Place, ReadModel, sql::statements};

statements! { "access_list_resources":
    /// Creates the table.
    CREATE = "create",
    /// Adds its keys and indexes.
    INDEX = "index",
    /// The rows of entities that still hold.
    LOAD = "load",
    /// Adds rows.
    INSERT = "insert",
    /// The resources that a list that is there is connected with.
    BY_LIST = "by_list",
    /// The lists that are there and connected with a resource.
    BY_RESOURCE = "by_resource",
}

/// A resource that is open to the members of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessListResourceRow {
    /// The list.
    pub list: AccessListId,
    /// The resource.
    pub resource: ResourceId,
    /// The actions; none named means every action.
    pub actions: Vec<String>,
    /// When it was connected.
    pub created: Timestamp,
    /// When its actions were last changed.
    pub changed: Timestamp,
}

impl AccessListResourceRow {
    /// The key of a connection.
    #[must_use]
    pub fn key(list: AccessListId, resource: &ResourceId) -> EntityKey {
        EntityKey::of(&[&list.to_string(), resource.as_str()])
    }
}

/// What happens to a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccessListResourceChange {
    /// The resource is connected, with these actions.
    Connected(Box<AccessListResourceRow>),
    /// The resource is no longer connected.
    Disconnected,
}

/// The table `access_list_resources`.
#[derive(Debug)]
pub struct AccessListResources;

impl ReadModel for AccessListResources {
    type Row = AccessListResourceRow;
    type Change = AccessListResourceChange;

    const NAME: &'static str = "access_list_resources";
    const CREATE: crate::Statement = CREATE;
    const INDEX: crate::Statement = INDEX;
    const LOAD: crate::Statement = LOAD;
    const INSERT: crate::Statement = INSERT;

    fn apply(
        row: Option<&AccessListResourceRow>,
        change: &AccessListResourceChange,
    ) -> Option<AccessListResourceRow> {
        match change {
            AccessListResourceChange::Connected(connected) => Some(match row {
                Some(row) if row.actions == connected.actions => row.clone(),
                Some(row) => {
                    AccessListResourceRow { created: row.created, ..(**connected).clone() }
                }
                None => (**connected).clone(),
            }),
            AccessListResourceChange::Disconnected => None,
        }
    }
}

pub(crate) fn project(
    event: &AccessListEvent,
    place: &Place,
) -> Option<Keyed<AccessListResourceChange>> {
    let (list, resource, change) = match event {
        AccessListEvent::ResourceConnected(connected) => {
            let row = AccessListResourceRow {
                list: connected.id,
                resource: connected.resource.clone(),
                actions: connected.actions.clone(),
                created: place.ledger_time,
                changed: place.ledger_time,
            };
            let change = AccessListResourceChange::Connected(Box::new(row));
            (connected.id, &connected.resource, change)
        }
        AccessListEvent::ResourceDisconnected(disconnected) => {
            let change = AccessListResourceChange::Disconnected;
            (disconnected.id, &disconnected.resource, change)
        }
        AccessListEvent::Created(_)
        | AccessListEvent::Updated(_)
        | AccessListEvent::MembersAdded(_)
        | AccessListEvent::MembersRemoved(_)
        | AccessListEvent::Deleted(_) => return None,
    };
    let entity = AccessListResourceRow::key(list, resource);
    Some(Keyed { entity, position: place.sequence.position, change })
}
