//! Resources and their policies.

use std::sync::Arc;

use fullmakt_events::{
    Position, ResourceId, StreamName,
    event::{ResourceDefinition, ResourceEvent},
};

use super::{AccessGraph, Provenance};

/// A resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceNode {
    /// What the registry holds of it.
    pub definition: ResourceDefinition,
    /// The position that made it so.
    pub since: Position,
    /// Its policy, if one was published.
    pub policy: Option<PolicyNode>,
    /// The position from which a right in the rights registry is required, if it is.
    pub registry_required_since: Option<Position>,
}

/// The policy of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyNode {
    /// The version's name: the SHA-256 of the policy's bytes, hexadecimal.
    pub hash: Arc<str>,
    /// The policy, XACML 3.0.
    pub xml: Arc<str>,
    /// The position that made it the resource's.
    pub since: Position,
}

impl ResourceNode {
    /// Where a fact about this resource stands in the ledger.
    #[must_use]
    pub fn provenance(&self, since: Position) -> Provenance {
        Provenance { stream: StreamName::resource(&self.definition.id), since }
    }
}

pub(super) fn fold(graph: &mut AccessGraph, event: &ResourceEvent, at: Position) {
    match event {
        ResourceEvent::Created(created) => {
            graph.resources.insert(
                created.resource.id.clone(),
                Arc::new(ResourceNode {
                    definition: created.resource.clone(),
                    since: at,
                    policy: None,
                    registry_required_since: None,
                }),
            );
        }
        ResourceEvent::PolicyPublished(published) => change(graph, &published.id, |node| {
            node.policy = Some(PolicyNode {
                hash: published.hash.as_str().into(),
                xml: published.xml.as_str().into(),
                since: at,
            });
        }),
        ResourceEvent::RegistryRequired(required) => change(graph, &required.id, |node| {
            node.registry_required_since.get_or_insert(at);
        }),
        ResourceEvent::RegistryWaived(waived) => change(graph, &waived.id, |node| {
            node.registry_required_since = None;
        }),
    }
}

fn change(graph: &mut AccessGraph, resource: &ResourceId, how: impl FnOnce(&mut ResourceNode)) {
    if let Some(node) = graph.resources.get_mut(resource) {
        how(Arc::make_mut(node));
    }
}
