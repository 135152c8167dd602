//! The resource rights registry.

use fullmakt_events::event::{RegistryRight, ResourceRightEvent};

use crate::{EntityKey, Keyed, Place, ReadModel, sql::statements};

statements! { "resource_rights":
    /// Creates the table.
    CREATE = "create",
    /// Adds its keys and indexes.
    INDEX = "index",
    /// The rows of entities that still hold.
    LOAD = "load",
    /// Adds rows.
    INSERT = "insert",
    /// One right.
    BY_ENTITY = "by_entity",
    /// The rights to a resource.
    BY_RESOURCE = "by_resource",
    /// The rights of a party.
    BY_PARTY = "by_party",
}

/// A right of a party to a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceRightRow {
    /// The right.
    pub right: RegistryRight,
}

/// What happens to a right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResourceRightChange {
    /// It was granted.
    Granted(Box<RegistryRight>),
    /// It is this one from now on, if it is there.
    Updated(Box<RegistryRight>),
    /// It is no more.
    Revoked,
}

/// The table `resource_rights`.
#[derive(Debug)]
pub struct ResourceRights;

impl ReadModel for ResourceRights {
    type Row = ResourceRightRow;
    type Change = ResourceRightChange;

    const NAME: &'static str = "resource_rights";
    const CREATE: crate::Statement = CREATE;
    const INDEX: crate::Statement = INDEX;
    const LOAD: crate::Statement = LOAD;
    const INSERT: crate::Statement = INSERT;

    fn apply(
        row: Option<&ResourceRightRow>,
        change: &ResourceRightChange,
    ) -> Option<ResourceRightRow> {
        match change {
            ResourceRightChange::Granted(right) => {
                Some(ResourceRightRow { right: (**right).clone() })
            }
            ResourceRightChange::Updated(right) => {
                row.map(|_| ResourceRightRow { right: (**right).clone() })
            }
            ResourceRightChange::Revoked => None,
        }
    }
}

pub(crate) fn project(event: &ResourceRightEvent, place: &Place) -> Keyed<ResourceRightChange> {
    let (id, change) = match event {
        ResourceRightEvent::Granted(granted) => {
            (granted.right.id, ResourceRightChange::Granted(Box::new(granted.right.clone())))
        }
        ResourceRightEvent::Updated(updated) => {
            (updated.right.id, ResourceRightChange::Updated(Box::new(updated.right.clone())))
        }
        ResourceRightEvent::Revoked(revoked) => (revoked.id, ResourceRightChange::Revoked),
    };
    Keyed { entity: EntityKey::new(id.uuid()), position: place.sequence.position, change }
}
