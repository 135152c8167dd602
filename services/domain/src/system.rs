//! The system register's entry of one system.
//!
//! ```text
//! Unregistered ── Registered ──▶ Active ── Deleted ──▶ Deleted (terminal)
//!                                ▲    │
//!                                └────┘ Updated, RightsReplaced, AccessPackagesReplaced
//! ```
//!
//! The id of a deleted system is never used again. Its client ids may be: they are claimed in the
//! commit that registers it or adds them, and released in the one that removes them or deletes it.

mod claim;
mod delete;
mod error;
mod register;
mod replace;
mod rules;
mod submission;
mod update;

use fullmakt_events::{
    SystemInternalId,
    event::{SystemDefinition, SystemEvent},
};

pub use claim::{ClaimClientId, ClientIdClaim, ClientIdError};
pub use delete::{DeleteSystem, delete};
pub use error::{SystemError, Violation};
pub use register::{RegisterSystem, register};
pub use replace::{ReplaceAccessPackages, ReplaceRights};
pub use submission::{SystemFacts, SystemSubmission};
pub use update::{UpdateSystem, update};

use crate::{Authority, Decider, Recorded};

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
    /// Replace all that is held of it.
    Update(Box<UpdateSystem>),
    /// Replace its rights.
    ReplaceRights(ReplaceRights),
    /// Replace its access packages.
    ReplaceAccessPackages(ReplaceAccessPackages),
    /// Take it out.
    Delete(DeleteSystem),
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

    /// The system, deleted or not, for somebody who may change it.
    ///
    /// # Errors
    /// When no system has ever had the id, or it is another vendor's.
    pub fn of_owner(&self, authority: Authority) -> Result<&RegisteredSystem, SystemError> {
        match self {
            Self::Unregistered => Err(SystemError::Unknown),
            Self::Active(registered) | Self::Deleted(registered) => {
                let vendor = registered.definition.vendor;
                if authority.covers(vendor) {
                    Ok(registered)
                } else {
                    Err(SystemError::NotOwner { vendor, caller: authority })
                }
            }
        }
    }

    /// The system, if it can still be changed.
    fn in_register(&self) -> Result<&SystemDefinition, SystemError> {
        match self {
            Self::Unregistered => Err(SystemError::Unknown),
            Self::Active(registered) => Ok(&registered.definition),
            Self::Deleted(registered) => {
                Err(SystemError::Deleted { id: registered.definition.id.clone() })
            }
        }
    }

    /// The same entry with its definition changed; deleted if it was.
    fn changed(self, change: impl FnOnce(&mut SystemDefinition)) -> Self {
        match self {
            Self::Unregistered => Self::Unregistered,
            Self::Active(mut registered) => {
                change(&mut registered.definition);
                Self::Active(registered)
            }
            Self::Deleted(mut registered) => {
                change(&mut registered.definition);
                Self::Deleted(registered)
            }
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
        Ok(match command {
            SystemCommand::Register(command) => {
                register::decide(self, command)?.map(SystemEvent::Registered).into_iter().collect()
            }
            SystemCommand::Update(command) => {
                vec![SystemEvent::Updated(update::decide(self, command)?)]
            }
            SystemCommand::ReplaceRights(command) => {
                vec![SystemEvent::RightsReplaced(replace::decide_rights(self, command)?)]
            }
            SystemCommand::ReplaceAccessPackages(command) => {
                let replaced = replace::decide_access_packages(self, command)?;
                vec![SystemEvent::AccessPackagesReplaced(replaced)]
            }
            SystemCommand::Delete(command) => {
                delete::decide(self, *command)?.map(SystemEvent::Deleted).into_iter().collect()
            }
        })
    }

    fn evolve(self, recorded: Recorded<'_, SystemEvent>) -> Self {
        match recorded.event {
            SystemEvent::Registered(registered) => Self::Active(RegisteredSystem {
                internal_id: registered.internal_id,
                definition: registered.system.clone(),
            }),
            SystemEvent::Updated(updated) => {
                self.changed(|definition| definition.clone_from(&updated.system))
            }
            SystemEvent::RightsReplaced(replaced) => {
                self.changed(|definition| definition.rights.clone_from(&replaced.rights))
            }
            SystemEvent::AccessPackagesReplaced(replaced) => self.changed(|definition| {
                definition.access_packages.clone_from(&replaced.access_packages);
            }),
            SystemEvent::Deleted(_) => match self {
                Self::Unregistered => Self::Unregistered,
                Self::Active(registered) | Self::Deleted(registered) => Self::Deleted(registered),
            },
        }
    }
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
