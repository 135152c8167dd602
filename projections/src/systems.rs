//! The system register.

use fullmakt_events::{
    SystemId, SystemInternalId, Timestamp,
    event::{SystemDefinition, SystemEvent},
};

use crate::{EntityKey, Keyed, Place, ReadModel, sql::statements};

statements! { "systems":
    /// Creates the table.
    CREATE = "create",
    /// Adds its keys and indexes.
    INDEX = "index",
    /// The rows of entities that still hold.
    LOAD = "load",
    /// Adds rows.
    INSERT = "insert",
    /// One system.
    BY_ENTITY = "by_entity",
    /// The systems of one vendor that are not deleted.
    BY_VENDOR = "by_vendor",
    /// The systems that customers can find.
    VISIBLE = "visible",
    /// The active system that holds a client id.
    BY_CLIENT_ID = "by_client_id",
}

/// A system of the register; a deleted one keeps its entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemRow {
    /// The system.
    pub system: SystemId,
    /// The register's internal id of it.
    pub internal_id: SystemInternalId,
    /// Whether it has left the register.
    pub is_deleted: bool,
    /// When it was registered.
    pub created: Timestamp,
    /// What the register holds of it.
    pub definition: SystemDefinition,
}

impl SystemRow {
    /// The key of a system.
    #[must_use]
    pub fn key(system: &SystemId) -> EntityKey {
        EntityKey::of(&[system.as_str()])
    }
}

/// What happens to a system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SystemChange {
    /// It entered the register.
    Registered(Box<SystemRow>),
    /// It left the register.
    Deleted,
}

/// The table `systems`.
#[derive(Debug)]
pub struct Systems;

impl ReadModel for Systems {
    type Row = SystemRow;
    type Change = SystemChange;

    const NAME: &'static str = "systems";
    const CREATE: crate::Statement = CREATE;
    const INDEX: crate::Statement = INDEX;
    const LOAD: crate::Statement = LOAD;
    const INSERT: crate::Statement = INSERT;

    fn apply(row: Option<&SystemRow>, change: &SystemChange) -> Option<SystemRow> {
        match change {
            SystemChange::Registered(registered) => Some((**registered).clone()),
            SystemChange::Deleted => row.map(|row| SystemRow { is_deleted: true, ..row.clone() }),
        }
    }
}

pub(crate) fn project(event: &SystemEvent, place: &Place) -> Keyed<SystemChange> {
    let (system, change) = match event {
        SystemEvent::Registered(registered) => {
            let definition = (*registered.system).clone();
            let row = SystemRow {
                system: definition.id.clone(),
                internal_id: registered.internal_id,
                is_deleted: false,
                created: place.ledger_time,
                definition,
            };
            (&registered.system.id, SystemChange::Registered(Box::new(row)))
        }
        SystemEvent::Deleted(deleted) => (&deleted.id, SystemChange::Deleted),
    };
    Keyed { entity: SystemRow::key(system), position: place.sequence.position, change }
}
