//! Resources of the resource registry and their policies.

use serde::{Deserialize, Serialize};

use super::event_family;
use crate::{OrgNumber, ResourceId};

event_family! {
    /// What happens to a resource on `resource/{resource_id}`.
    ResourceEvent {
        Created(ResourceCreated) = "resource.created" @ 1,
        PolicyPublished(PolicyPublished) = "resource.policy_published" @ 1,
        RegistryRequired(RegistryRequired) = "resource.registry_required" @ 1,
        RegistryWaived(RegistryWaived) = "resource.registry_waived" @ 1,
    }
}

/// What the registry holds of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceDefinition {
    /// The resource's identifier.
    pub id: ResourceId,
    /// The service owner.
    pub owner: OrgNumber,
    /// The type in the wire contract, for example `GenericAccessResource`.
    pub resource_type: String,
    /// Whether rights to it may be given on.
    pub is_delegable: bool,
    /// All of the metadata as the owner sent it, for readers of the wire contract.
    pub metadata: serde_json::Map<String, serde_json::Value>,
}

/// A resource is in the registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceCreated {
    /// What was registered.
    pub resource: ResourceDefinition,
}

/// A resource's policy is this one from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyPublished {
    /// The resource.
    pub id: ResourceId,
    /// The SHA-256 of the policy's bytes, hexadecimal: the version's name.
    pub hash: String,
    /// The policy, XACML 3.0.
    pub xml: String,
}

/// From now on whoever uses a resource has to represent a party with a right to it in the rights
/// registry, besides what its policy asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistryRequired {
    /// The resource.
    pub id: ResourceId,
}

/// A resource can be used without a right in the rights registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistryWaived {
    /// The resource.
    pub id: ResourceId,
}
