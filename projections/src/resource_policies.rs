//! The policies of resources.

use fullmakt_events::{ResourceId, event::ResourceEvent};

use crate::{Keyed, Place, ReadModel, resources::ResourceRow, sql::statements};

statements! { "resource_policies":
    /// Creates the table.
    CREATE = "create",
    /// Adds its keys and indexes.
    INDEX = "index",
    /// The rows of entities that still hold.
    LOAD = "load",
    /// Adds rows.
    INSERT = "insert",
    /// The policy of a resource.
    BY_ENTITY = "by_entity",
    /// The policy of a resource with a hash, whether it still counts or not.
    BY_HASH = "by_hash",
}

/// A version of a resource's policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRow {
    /// The resource.
    pub resource: ResourceId,
    /// The SHA-256 of the policy's bytes, hexadecimal.
    pub hash: String,
    /// The policy, XACML 3.0.
    pub xml: String,
}

/// What happens to a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyChange {
    /// It counts from now on.
    Published(Box<PolicyRow>),
}

/// The table `resource_policies`.
#[derive(Debug)]
pub struct ResourcePolicies;

impl ReadModel for ResourcePolicies {
    type Row = PolicyRow;
    type Change = PolicyChange;

    const NAME: &'static str = "resource_policies";
    const CREATE: crate::Statement = CREATE;
    const INDEX: crate::Statement = INDEX;
    const LOAD: crate::Statement = LOAD;
    const INSERT: crate::Statement = INSERT;

    fn apply(_row: Option<&PolicyRow>, change: &PolicyChange) -> Option<PolicyRow> {
        match change {
            PolicyChange::Published(row) => Some((**row).clone()),
        }
    }
}

pub(crate) fn project(event: &ResourceEvent, place: &Place) -> Option<Keyed<PolicyChange>> {
    match event {
        ResourceEvent::PolicyPublished(published) => Some(Keyed {
            entity: ResourceRow::key(&published.id),
            position: place.sequence.position,
            change: PolicyChange::Published(Box::new(PolicyRow {
                resource: published.id.clone(),
                hash: published.hash.clone(),
                xml: published.xml.clone(),
            })),
        }),
        ResourceEvent::Created(_)
        | ResourceEvent::RegistryRequired(_)
        | ResourceEvent::RegistryWaived(_) => None,
    }
}
