//! Rights of the resource rights registry.

use std::sync::Arc;

use fullmakt_events::{
    PartyId, Position, ResourceId, StreamName,
    event::{RegistryRight, ResourceRightEvent},
};

use super::{AccessGraph, Provenance};

/// A right of a party to a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryRightNode {
    /// The right.
    pub right: RegistryRight,
    /// The position that made it so.
    pub since: Position,
}

impl RegistryRightNode {
    /// Where this right stands in the ledger.
    #[must_use]
    pub fn provenance(&self) -> Provenance {
        let stream = StreamName::resource_right(&self.right.resource, self.right.party);
        Provenance { stream, since: self.since }
    }
}

impl AccessGraph {
    /// All rights that a party has in the registry, in the order of their ids.
    #[must_use]
    pub fn registry_rights(&self, party: PartyId) -> &[RegistryRightNode] {
        self.registry_rights.get(&party).map_or(&[], |rights| rights.as_slice())
    }

    /// The rights to a resource that a party has in the registry.
    pub fn registry_rights_to<'a>(
        &'a self,
        resource: &'a ResourceId,
        party: PartyId,
    ) -> impl Iterator<Item = &'a RegistryRightNode> {
        self.registry_rights(party).iter().filter(|own| own.right.resource == *resource)
    }

    /// The parties with a right to a resource in the registry, in the order of their ids.
    #[must_use]
    pub fn parties_with_registry_rights(&self, resource: &ResourceId) -> &[PartyId] {
        self.registry_parties.of(resource)
    }
}

pub(super) fn fold(graph: &mut AccessGraph, event: &ResourceRightEvent, at: Position) {
    match event {
        ResourceRightEvent::Granted(granted) => {
            let right = &granted.right;
            change(graph, (&right.resource, right.party), |rights| {
                if !update(rights, right, at) {
                    let place = rights.partition_point(|own| own.right.id < right.id);
                    rights.insert(place, RegistryRightNode { right: right.clone(), since: at });
                }
            });
        }
        ResourceRightEvent::Updated(updated) => {
            let right = &updated.right;
            change(graph, (&right.resource, right.party), |rights| _ = update(rights, right, at));
        }
        ResourceRightEvent::Revoked(revoked) => {
            change(graph, (&revoked.resource, revoked.party), |rights| {
                rights.retain(|own| own.right.id != revoked.id);
            });
        }
    }
}

/// Lets a right be another one. Whether it is there at all.
fn update(rights: &mut [RegistryRightNode], right: &RegistryRight, at: Position) -> bool {
    let Some(own) = rights.iter_mut().find(|own| own.right.id == right.id) else { return false };
    if own.right != *right {
        *own = RegistryRightNode { right: right.clone(), since: at };
    }
    true
}

fn change(
    graph: &mut AccessGraph,
    (resource, party): (&ResourceId, PartyId),
    how: impl FnOnce(&mut Vec<RegistryRightNode>),
) {
    let rights = Arc::make_mut(graph.registry_rights.entry(party).or_default());
    how(rights);
    let has_right = rights.iter().any(|own| own.right.resource == *resource);
    if rights.is_empty() {
        graph.registry_rights.remove(&party);
    }
    if has_right {
        graph.registry_parties.add(resource, party);
    } else {
        graph.registry_parties.remove(resource, &party);
    }
}
