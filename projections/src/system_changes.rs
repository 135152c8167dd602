//! The change log of the system register.

use fullmakt_events::{
    Actor, ClientId, OrgNumber, PackageUrn, Right, SystemId, Timestamp,
    event::{SystemDefinition, SystemEvent},
};

use crate::{Keyed, Place, ReadModel, Sequence, SystemRow, sql::statements};

statements! { "system_changes":
    /// Creates the table.
    CREATE = "create",
    /// Adds its keys and indexes.
    INDEX = "index",
    /// The rows of entities that still hold.
    LOAD = "load",
    /// Adds rows.
    INSERT = "insert",
    /// All changes of a system, the newest first.
    OF_SYSTEM = "of_system",
}

/// One entry of the change log. It holds until the system is changed again; the log is all of them.
///
/// A commit is the outcome of one call, so that there is one entry a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemChangeRow {
    /// The system.
    pub system: SystemId,
    /// What was submitted.
    pub submitted: Submitted,
    /// The organisation that the token of the call was issued to. None was where the installation
    /// itself made the change.
    pub changed_by: Option<OrgNumber>,
    /// The client of the token issuer that called.
    pub client_id: Option<ClientId>,
    /// When.
    pub created: Timestamp,
    /// Where the change stands.
    pub changed: Sequence,
}

/// What was submitted with a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submitted {
    /// A system that was registered.
    Registration(Box<SystemDefinition>),
    /// What replaced all that was held of it.
    Update(Box<SystemDefinition>),
    /// What replaced its rights.
    Rights(Vec<Right>),
    /// What replaced its access packages.
    AccessPackages(Vec<PackageUrn>),
    /// Nothing: the system was deleted.
    Deletion,
}

/// The types of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SystemChangeType {
    /// The system was registered.
    Create,
    /// All that was held of it was replaced.
    Update,
    /// Its rights were replaced.
    RightsUpdate,
    /// Its access packages were replaced.
    AccessPackageUpdate,
    /// It was deleted.
    Delete,
}

impl Submitted {
    /// The type of the change.
    #[must_use]
    pub const fn change_type(&self) -> SystemChangeType {
        match self {
            Self::Registration(_) => SystemChangeType::Create,
            Self::Update(_) => SystemChangeType::Update,
            Self::Rights(_) => SystemChangeType::RightsUpdate,
            Self::AccessPackages(_) => SystemChangeType::AccessPackageUpdate,
            Self::Deletion => SystemChangeType::Delete,
        }
    }
}

/// The table `system_changes`.
#[derive(Debug)]
pub struct SystemChanges;

impl ReadModel for SystemChanges {
    type Row = SystemChangeRow;
    type Change = Box<SystemChangeRow>;

    const NAME: &'static str = "system_changes";
    const CREATE: crate::Statement = CREATE;
    const INDEX: crate::Statement = INDEX;
    const LOAD: crate::Statement = LOAD;
    const INSERT: crate::Statement = INSERT;

    fn apply(
        _row: Option<&SystemChangeRow>,
        change: &Box<SystemChangeRow>,
    ) -> Option<SystemChangeRow> {
        Some((**change).clone())
    }
}

/// The entry of an event, which an actor made happen: who that was is said by the event's commit.
pub(crate) fn project(
    event: &SystemEvent,
    place: &Place,
    actor: Option<&Actor>,
) -> Keyed<Box<SystemChangeRow>> {
    let (system, submitted) = match event {
        SystemEvent::Registered(registered) => {
            (&registered.system.id, Submitted::Registration(registered.system.clone()))
        }
        SystemEvent::Updated(updated) => {
            (&updated.system.id, Submitted::Update(updated.system.clone()))
        }
        SystemEvent::RightsReplaced(replaced) => {
            (&replaced.id, Submitted::Rights(replaced.rights.clone()))
        }
        SystemEvent::AccessPackagesReplaced(replaced) => {
            (&replaced.id, Submitted::AccessPackages(replaced.access_packages.clone()))
        }
        SystemEvent::Deleted(deleted) => (&deleted.id, Submitted::Deletion),
    };
    let row = SystemChangeRow {
        system: system.clone(),
        submitted,
        changed_by: actor.and_then(|actor| actor.org),
        client_id: actor.and_then(|actor| actor.client_id.clone()),
        created: place.ledger_time,
        changed: place.sequence,
    };
    Keyed {
        entity: SystemRow::key(system),
        position: place.sequence.position,
        change: Box::new(row),
    }
}
