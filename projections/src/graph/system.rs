//! Systems of the register.

use std::sync::Arc;

use fullmakt_events::{
    PackageUrn, Position, Right, StreamName, SystemId,
    event::{SystemDefinition, SystemEvent},
};

use super::{AccessGraph, Provenance};

/// A system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemNode {
    /// What the register holds of it.
    pub definition: SystemDefinition,
    /// Whether it has left the register.
    pub is_deleted: bool,
    /// The position that made it so.
    pub since: Position,
}

impl SystemNode {
    /// Whether the system is there and declares the resource of this right.
    #[must_use]
    pub fn declares_right(&self, right: &Right) -> bool {
        !self.is_deleted && self.definition.rights.iter().any(|own| own.has_resource_of(right))
    }

    /// Whether the system is there and declares this package.
    #[must_use]
    pub fn declares_package(&self, package: &PackageUrn) -> bool {
        !self.is_deleted && self.definition.access_packages.contains(package)
    }

    /// Where this system stands in the ledger.
    #[must_use]
    pub fn provenance(&self) -> Provenance {
        Provenance { stream: StreamName::system(&self.definition.id), since: self.since }
    }
}

pub(super) fn fold(graph: &mut AccessGraph, event: &SystemEvent, at: Position) {
    match event {
        SystemEvent::Registered(registered) => {
            graph.systems.insert(
                registered.system.id.clone(),
                Arc::new(SystemNode {
                    definition: registered.system.as_ref().clone(),
                    is_deleted: false,
                    since: at,
                }),
            );
        }
        SystemEvent::Updated(updated) => change(graph, &updated.system.id, at, |node| {
            node.definition.clone_from(&updated.system);
        }),
        SystemEvent::RightsReplaced(replaced) => change(graph, &replaced.id, at, |node| {
            node.definition.rights.clone_from(&replaced.rights);
        }),
        SystemEvent::AccessPackagesReplaced(replaced) => change(graph, &replaced.id, at, |node| {
            node.definition.access_packages.clone_from(&replaced.access_packages);
        }),
        SystemEvent::Deleted(deleted) => {
            change(graph, &deleted.id, at, |node| node.is_deleted = true);
        }
    }
}

fn change(
    graph: &mut AccessGraph,
    system: &SystemId,
    at: Position,
    change: impl FnOnce(&mut SystemNode),
) {
    if let Some(node) = graph.systems.get_mut(system) {
        let node = Arc::make_mut(node);
        change(node);
        node.since = at;
    }
}
