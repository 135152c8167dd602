//! The access lists of service owners.

use fullmakt_events::{AccessListId, AccessListName, OwnerCode, Timestamp, event::AccessListEvent};

use crate::{EntityKey, Keyed, Place, ReadModel, sql::statements};

statements! { "access_lists":
    /// Creates the table.
    CREATE = "create",
    /// Adds its keys and indexes.
    INDEX = "index",
    /// The rows of entities that still hold.
    LOAD = "load",
    /// Adds rows.
    INSERT = "insert",
    /// One list.
    BY_ENTITY = "by_entity",
    /// The lists of a service owner.
    BY_OWNER = "by_owner",
    /// The list of a service owner that has a name.
    BY_NAME = "by_name",
}

/// An access list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessListRow {
    /// The list.
    pub id: AccessListId,
    /// The service owner that keeps it.
    pub owner: OwnerCode,
    /// Its name among the owner's lists.
    pub name: AccessListName,
    /// What it is called.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// When it was created.
    pub created: Timestamp,
    /// When it was last called something else.
    pub changed: Timestamp,
}

/// What happens to a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccessListChange {
    /// It was created.
    Created(Box<AccessListRow>),
    /// It is called something else.
    Updated {
        /// What it is called.
        title: String,
        /// What it is for.
        description: String,
        /// When that was.
        at: Timestamp,
    },
    /// It is gone.
    Deleted,
}

/// The table `access_lists`.
#[derive(Debug)]
pub struct AccessLists;

impl ReadModel for AccessLists {
    type Row = AccessListRow;
    type Change = AccessListChange;

    const NAME: &'static str = "access_lists";
    const CREATE: crate::Statement = CREATE;
    const INDEX: crate::Statement = INDEX;
    const LOAD: crate::Statement = LOAD;
    const INSERT: crate::Statement = INSERT;

    fn apply(row: Option<&AccessListRow>, change: &AccessListChange) -> Option<AccessListRow> {
        match change {
            AccessListChange::Created(created) => Some((**created).clone()),
            AccessListChange::Updated { title, description, at } => row.map(|row| AccessListRow {
                title: title.clone(),
                description: description.clone(),
                changed: *at,
                ..row.clone()
            }),
            AccessListChange::Deleted => None,
        }
    }
}

pub(crate) fn project(event: &AccessListEvent, place: &Place) -> Option<Keyed<AccessListChange>> {
    let at = place.ledger_time;
    let (id, change) = match event {
        AccessListEvent::Created(created) => {
            let row = AccessListRow {
                id: created.id,
                owner: created.owner.clone(),
                name: created.name.clone(),
                title: created.title.clone(),
                description: created.description.clone(),
                created: at,
                changed: at,
            };
            (created.id, AccessListChange::Created(Box::new(row)))
        }
        AccessListEvent::Updated(updated) => {
            let (title, description) = (updated.title.clone(), updated.description.clone());
            (updated.id, AccessListChange::Updated { title, description, at })
        }
        AccessListEvent::Deleted(deleted) => (deleted.id, AccessListChange::Deleted),
        AccessListEvent::MembersAdded(_)
        | AccessListEvent::MembersRemoved(_)
        | AccessListEvent::ResourceConnected(_)
        | AccessListEvent::ResourceDisconnected(_) => return None,
    };
    Some(Keyed { entity: EntityKey::new(id.uuid()), position: place.sequence.position, change })
}
