//! The resource rights registry: which parties a resource is open to.

use serde::{Deserialize, Serialize};

use super::event_family;
use crate::{PartyId, RegistryRightId, ResourceId, Validity};

event_family! {
    /// What happens on `resource-right/{resource_id}/{party}`.
    ResourceRightEvent {
        Granted(ResourceRightGranted) = "resource_right.granted" @ 1,
        Updated(ResourceRightUpdated) = "resource_right.updated" @ 1,
        Revoked(ResourceRightRevoked) = "resource_right.revoked" @ 1,
    }
}

/// A right in the registry. A party may have several for one resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistryRight {
    /// The right.
    pub id: RegistryRightId,
    /// The resource.
    pub resource: ResourceId,
    /// The party that is represented when the right is used.
    pub party: PartyId,
    /// The only one who may use it for the party; nobody means whoever acts for the party.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub performed_by: Option<PartyId>,
    /// The type, for example `urn:resourceright:action`: the id of an attribute that policies test.
    pub rights_type: String,
    /// The value, for example `urn:read`.
    pub rights_value: String,
    /// When it counts.
    pub validity: Validity,
}

/// The owner of a resource lets a party use it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceRightGranted {
    /// The right.
    pub right: RegistryRight,
    /// Who granted it for the owner.
    pub by: PartyId,
}

/// A right is this one from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceRightUpdated {
    /// The right. Its id, resource and party are those that it was granted with.
    pub right: RegistryRight,
    /// Who changed it.
    pub by: PartyId,
}

/// A right is no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceRightRevoked {
    /// The right.
    pub id: RegistryRightId,
    /// The resource.
    pub resource: ResourceId,
    /// The party.
    pub party: PartyId,
    /// Who revoked it.
    pub by: PartyId,
}
