//! Resources of the resource registry and their policies.
//!
//! ```text
//! Unregistered ── Created ──▶ Registered ── PolicyPublished ─┐
//!                               ▲                            │
//!                               └────────────────────────────┘
//! ```
//!
//! Whether a policy can be read is decided before it gets here; a policy is known by its hash.

mod create;
mod error;

use fullmakt_events::event::{PolicyPublished, ResourceDefinition, ResourceEvent};

pub use create::CreateResource;
pub use error::{ResourceError, ResourceField, ResourceViolation};

use crate::{Authority, Decider, Recorded, national_number};

/// The state of `resource/{resource_id}`.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Resource {
    /// The registry does not have it.
    #[default]
    Unregistered,
    /// The registry has it.
    Registered(RegisteredResource),
}

/// A resource in the registry.
#[derive(Debug, Clone, PartialEq)]
pub struct RegisteredResource {
    /// What the registry holds of it.
    pub definition: ResourceDefinition,
    /// Its policy.
    pub policy: Policy,
}

/// The policy of a resource, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Policy {
    /// It has none.
    Missing,
    /// It has this one.
    Published {
        /// The SHA-256 of the policy's bytes, hexadecimal.
        hash: String,
    },
}

/// What may be asked of the registry.
#[derive(Debug, Clone, PartialEq)]
pub enum ResourceCommand {
    /// Enter a resource.
    Create(Box<CreateResource>),
    /// Publish its policy.
    PublishPolicy(PublishPolicy),
}

/// Publishes the policy of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishPolicy {
    /// In what right.
    pub authority: Authority,
    /// The SHA-256 of the policy's bytes, hexadecimal.
    pub hash: String,
    /// The policy, XACML 3.0.
    pub xml: String,
}

impl Resource {
    /// What the registry holds of the resource, if it has it.
    #[must_use]
    pub fn definition(&self) -> Option<&ResourceDefinition> {
        match self {
            Self::Unregistered => None,
            Self::Registered(resource) => Some(&resource.definition),
        }
    }
}

impl Decider for Resource {
    type Command = ResourceCommand;
    type Event = ResourceEvent;
    type Error = ResourceError;

    const CATEGORY: &'static str = "resource";

    fn decide(&self, command: &ResourceCommand) -> Result<Vec<ResourceEvent>, ResourceError> {
        match (self, command) {
            (Self::Unregistered | Self::Registered(_), ResourceCommand::Create(command)) => {
                create::decide(self, command)
            }
            (Self::Unregistered, ResourceCommand::PublishPolicy(_)) => Err(ResourceError::Unknown),
            (Self::Registered(resource), ResourceCommand::PublishPolicy(command)) => {
                decide_policy(resource, command)
            }
        }
    }

    fn evolve(self, recorded: Recorded<'_, ResourceEvent>) -> Self {
        match (self, recorded.event) {
            (Self::Unregistered | Self::Registered(_), ResourceEvent::Created(created)) => {
                Self::Registered(RegisteredResource {
                    definition: created.resource.clone(),
                    policy: Policy::Missing,
                })
            }
            (Self::Registered(resource), ResourceEvent::PolicyPublished(published)) => {
                let policy = Policy::Published { hash: published.hash.clone() };
                Self::Registered(RegisteredResource { policy, ..resource })
            }
            // What the rights registry requires is no part of what is decided here.
            (
                Self::Registered(resource),
                ResourceEvent::RegistryRequired(_) | ResourceEvent::RegistryWaived(_),
            ) => Self::Registered(resource),
            (
                Self::Unregistered,
                ResourceEvent::PolicyPublished(_)
                | ResourceEvent::RegistryRequired(_)
                | ResourceEvent::RegistryWaived(_),
            ) => Self::Unregistered,
        }
    }
}

fn decide_policy(
    resource: &RegisteredResource,
    command: &PublishPolicy,
) -> Result<Vec<ResourceEvent>, ResourceError> {
    let ResourceDefinition { id, owner, .. } = &resource.definition;
    if !command.authority.covers(*owner) {
        return Err(ResourceError::NotOwner { owner: *owner, caller: command.authority });
    }
    if resource.policy == (Policy::Published { hash: command.hash.clone() }) {
        return Ok(vec![]);
    }
    if let Some(span) = national_number::find(&command.xml) {
        return Err(ResourceError::NationalNumberInPolicy { at_byte: span.start });
    }
    Ok(vec![ResourceEvent::PolicyPublished(PolicyPublished {
        id: id.clone(),
        hash: command.hash.clone(),
        xml: command.xml.clone(),
    })])
}

#[cfg(test)]
mod tests;
