//! Which active system holds a client id.

use fullmakt_events::{ClientId, SystemId, event::ClientIdEvent};

use crate::{EntityKey, Keyed, Place, ReadModel, sql::statements};

statements! { "system_client_ids":
    /// Creates the table.
    CREATE = "create",
    /// Adds its keys and indexes.
    INDEX = "index",
    /// The rows of entities that still hold.
    LOAD = "load",
    /// Adds rows.
    INSERT = "insert",
}

/// A client id that a system holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemClientIdRow {
    /// The client id as the vendor wrote it.
    pub client_id: ClientId,
    /// The system.
    pub system: SystemId,
}

impl SystemClientIdRow {
    /// The key of a client id, which is compared without case.
    #[must_use]
    pub fn key(client_id: &ClientId) -> EntityKey {
        EntityKey::of(&[&client_id.folded()])
    }
}

/// What happens to a client id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SystemClientIdChange {
    /// A system holds it now.
    Claimed(SystemClientIdRow),
    /// It is free again.
    Released,
}

/// The table `system_client_ids`.
#[derive(Debug)]
pub struct SystemClientIds;

impl ReadModel for SystemClientIds {
    type Row = SystemClientIdRow;
    type Change = SystemClientIdChange;

    const NAME: &'static str = "system_client_ids";
    const CREATE: crate::Statement = CREATE;
    const INDEX: crate::Statement = INDEX;
    const LOAD: crate::Statement = LOAD;
    const INSERT: crate::Statement = INSERT;

    fn apply(
        _row: Option<&SystemClientIdRow>,
        change: &SystemClientIdChange,
    ) -> Option<SystemClientIdRow> {
        match change {
            SystemClientIdChange::Claimed(row) => Some(row.clone()),
            SystemClientIdChange::Released => None,
        }
    }
}

pub(crate) fn project(event: &ClientIdEvent, place: &Place) -> Keyed<SystemClientIdChange> {
    let (client_id, change) = match event {
        ClientIdEvent::Claimed(claimed) => {
            let row = SystemClientIdRow {
                client_id: claimed.client_id.clone(),
                system: claimed.system.clone(),
            };
            (&claimed.client_id, SystemClientIdChange::Claimed(row))
        }
        ClientIdEvent::Released(released) => (&released.client_id, SystemClientIdChange::Released),
    };
    Keyed { entity: SystemClientIdRow::key(client_id), position: place.sequence.position, change }
}
