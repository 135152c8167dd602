//! The system register's entry of one system.
//!
//! ```text
//! Unregistered ── Registered ──▶ Active ── Deleted ──▶ Deleted (terminal)
//! ```
//!
//! The id of a deleted system is never used again. Its client ids may be: they are claimed in the
//! commit that registers it and released in the one that deletes it.

mod claim;
mod error;
mod register;

use fullmakt_events::{
    StreamName, SystemInternalId,
    event::{ClientIdEvent, ClientIdReleased, SystemDefinition, SystemDeleted, SystemEvent},
};

pub use claim::{ClaimClientId, ClientIdClaim, ClientIdError};
pub use error::{SystemError, Violation};
pub use register::{RegisterSystem, RegistrationFacts, SystemSubmission};

use crate::{Authority, Decider, Outcome, Recorded, decider::on};

/// The state of `system/{system_id}`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum System {
    /// The id has never been used.
    #[default]
    Unregistered,
    /// The system is in the register.
    Active(RegisteredSystem),
    /// The system has left the register.
    Deleted(RegisteredSystem),
}

/// A system as it is, or was, registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredSystem {
    /// The register's internal id of it.
    pub internal_id: SystemInternalId,
    /// What was registered.
    pub definition: Box<SystemDefinition>,
}

/// What may be asked of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SystemCommand {
    /// Enter a system.
    Register(Box<RegisterSystem>),
    /// Take it out.
    Delete(DeleteSystem),
}

/// Takes a system out of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeleteSystem {
    /// In what right.
    pub authority: Authority,
}

/// What a registration makes happen, on the system's stream and on those of its client ids.
///
/// # Errors
/// When [`System`] refuses the command.
pub fn register(system: &System, command: &RegisterSystem) -> Result<Outcome, SystemError> {
    let mut outcome = Outcome::new();
    for event in register::decide(system, command)? {
        let definition = match &event {
            SystemEvent::Registered(registered) => registered.system.clone(),
            SystemEvent::Deleted(_) => continue,
        };
        outcome.extend(on(&StreamName::system(&definition.id), [event]));
        for client_id in &definition.client_ids {
            let claim =
                ClaimClientId { client_id: client_id.clone(), system: definition.id.clone() };
            let claimed = command.facts.claim(client_id).decide(&claim)?;
            outcome.extend(on(&StreamName::client_id(client_id), claimed));
        }
    }
    Ok(outcome)
}

/// What a deletion makes happen, on the system's stream and on those of its client ids.
///
/// The system's own entry says which client ids it holds: they were claimed with it.
///
/// # Errors
/// When [`System`] refuses the command.
pub fn delete(system: &System, command: DeleteSystem) -> Result<Outcome, SystemError> {
    let mut outcome = Outcome::new();
    for event in decide_delete(system, command)? {
        let registered = match system {
            System::Active(registered) => registered,
            System::Unregistered | System::Deleted(_) => continue,
        };
        let definition = &registered.definition;
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

impl System {
    /// The system, while it is in the register.
    #[must_use]
    pub fn active(&self) -> Option<&SystemDefinition> {
        match self {
            Self::Active(registered) => Some(&registered.definition),
            Self::Unregistered | Self::Deleted(_) => None,
        }
    }
}

impl System {
    /// The system, deleted or not.
    #[must_use]
    pub const fn registered(&self) -> Option<&RegisteredSystem> {
        match self {
            Self::Active(registered) | Self::Deleted(registered) => Some(registered),
            Self::Unregistered => None,
        }
    }
}

impl Decider for System {
    type Command = SystemCommand;
    type Event = SystemEvent;
    type Error = SystemError;

    const CATEGORY: &'static str = "system";

    fn decide(&self, command: &SystemCommand) -> Result<Vec<SystemEvent>, SystemError> {
        match command {
            SystemCommand::Register(command) => register::decide(self, command),
            SystemCommand::Delete(command) => decide_delete(self, *command),
        }
    }

    fn evolve(self, recorded: Recorded<'_, SystemEvent>) -> Self {
        match (self, recorded.event) {
            (
                Self::Unregistered | Self::Active(_) | Self::Deleted(_),
                SystemEvent::Registered(registered),
            ) => Self::Active(RegisteredSystem {
                internal_id: registered.internal_id,
                definition: registered.system.clone(),
            }),
            (Self::Active(registered) | Self::Deleted(registered), SystemEvent::Deleted(_)) => {
                Self::Deleted(registered)
            }
            (Self::Unregistered, SystemEvent::Deleted(_)) => Self::Unregistered,
        }
    }
}

fn decide_delete(system: &System, command: DeleteSystem) -> Result<Vec<SystemEvent>, SystemError> {
    match system {
        System::Unregistered => Err(SystemError::Unknown),
        System::Active(registered) | System::Deleted(registered)
            if !command.authority.covers(registered.definition.vendor) =>
        {
            Err(SystemError::NotOwner {
                vendor: registered.definition.vendor,
                caller: command.authority,
            })
        }
        System::Active(registered) => {
            Ok(vec![SystemEvent::Deleted(SystemDeleted { id: registered.definition.id.clone() })])
        }
        System::Deleted(_) => Ok(vec![]),
    }
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
