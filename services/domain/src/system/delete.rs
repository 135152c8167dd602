//! Deleting a system.

use fullmakt_events::{
    StreamName,
    event::{ClientIdEvent, ClientIdReleased, SystemDeleted, SystemEvent},
};

use super::{System, SystemError};
use crate::{Authority, Outcome, decider::on};

/// Takes a system out of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeleteSystem {
    /// In what right.
    pub authority: Authority,
}

/// What a deletion makes happen, on the system's stream and on those of its client ids.
///
/// The system's own entry says which client ids it holds: they were claimed with it.
///
/// # Errors
/// When [`System`] refuses the command.
pub fn delete(system: &System, command: DeleteSystem) -> Result<Outcome, SystemError> {
    let mut outcome = Outcome::new();
    if let (Some(deleted), Some(definition)) = (decide(system, command)?, system.active()) {
        let event = SystemEvent::Deleted(deleted);
        outcome.extend(on(&StreamName::system(&definition.id), [event]));
        for client_id in &definition.client_ids {
            let released = ClientIdEvent::Released(ClientIdReleased {
                client_id: client_id.clone(),
                system: definition.id.clone(),
            });
            outcome.extend(on(&StreamName::client_id(client_id), [released]));
        }
    }
    Ok(outcome)
}

/// Decides a deletion; nothing where the system was deleted before.
pub(super) fn decide(
    system: &System,
    command: DeleteSystem,
) -> Result<Option<SystemDeleted>, SystemError> {
    system.of_owner(command.authority)?;
    Ok(system.active().map(|definition| SystemDeleted { id: definition.id.clone() }))
}
