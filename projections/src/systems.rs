//! The system register.

use fullmakt_events::{
    PackageUrn, Right, SystemId, SystemInternalId, Timestamp,
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
    /// The version of its stream: how many events it has.
    pub version: u64,
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
    Registered {
        /// The register's internal id of it.
        internal_id: SystemInternalId,
        /// When.
        at: Timestamp,
        /// What the register holds of it.
        definition: Box<SystemDefinition>,
    },
    /// The register holds something else of it.
    Updated(Box<SystemDefinition>),
    /// It has other rights.
    RightsReplaced(Vec<Right>),
    /// It has other access packages.
    AccessPackagesReplaced(Vec<PackageUrn>),
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
        let version = row.map_or(0, |row| row.version) + 1;
        let changed = |change: &dyn Fn(&mut SystemRow)| {
            row.map(|row| {
                let mut row = SystemRow { version, ..row.clone() };
                change(&mut row);
                row
            })
        };
        match change {
            SystemChange::Registered { internal_id, at, definition } => Some(SystemRow {
                system: definition.id.clone(),
                internal_id: *internal_id,
                is_deleted: false,
                created: *at,
                version,
                definition: (**definition).clone(),
            }),
            SystemChange::Updated(definition) => {
                changed(&|row| row.definition.clone_from(definition))
            }
            SystemChange::RightsReplaced(rights) => {
                changed(&|row| row.definition.rights.clone_from(rights))
            }
            SystemChange::AccessPackagesReplaced(packages) => {
                changed(&|row| row.definition.access_packages.clone_from(packages))
            }
            SystemChange::Deleted => changed(&|row| row.is_deleted = true),
        }
    }
}

pub(crate) fn project(event: &SystemEvent, place: &Place) -> Keyed<SystemChange> {
    let (system, change) = match event {
        SystemEvent::Registered(registered) => {
            let change = SystemChange::Registered {
                internal_id: registered.internal_id,
                at: place.ledger_time,
                definition: registered.system.clone(),
            };
            (&registered.system.id, change)
        }
        SystemEvent::Updated(updated) => {
            (&updated.system.id, SystemChange::Updated(updated.system.clone()))
        }
        SystemEvent::RightsReplaced(replaced) => {
            (&replaced.id, SystemChange::RightsReplaced(replaced.rights.clone()))
        }
        SystemEvent::AccessPackagesReplaced(replaced) => {
            let packages = replaced.access_packages.clone();
            (&replaced.id, SystemChange::AccessPackagesReplaced(packages))
        }
        SystemEvent::Deleted(deleted) => (&deleted.id, SystemChange::Deleted),
    };
    Keyed { entity: SystemRow::key(system), position: place.sequence.position, change }
}
