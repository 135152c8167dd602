//! The gate of a resource that requires a right in the rights registry, besides its policy.

use fullmakt_events::ResourceId;
use fullmakt_projections::graph::{AccessGraph, Provenance};

use crate::{Fact, FactKind, Facts};

/// Whether a resource requires a right in the rights registry.
pub(crate) fn is_required(graph: &AccessGraph, resource: &ResourceId) -> bool {
    graph.resource(resource).is_some_and(|node| node.registry_required_since.is_some())
}

/// Whether the facts open the gate for an action: any right to the resource that counts, or a list
/// that it is connected with for the action.
pub(crate) fn is_open(facts: &Facts, action: &str) -> bool {
    facts.facts.iter().any(|fact| opens(fact, action))
}

/// Whether a fact opens the gate by itself.
pub(crate) fn opens(fact: &Fact, action: &str) -> bool {
    match &fact.kind {
        FactKind::RegistryRight { .. } => true,
        FactKind::ListMember { actions, .. } => {
            actions.is_empty() || actions.iter().any(|own| own.eq_ignore_ascii_case(action))
        }
        FactKind::Role(_)
        | FactKind::Package { .. }
        | FactKind::Right(_)
        | FactKind::RightWithin { .. } => false,
    }
}

/// Where the ledger says that the resource requires a right in the rights registry, if it does.
pub(crate) fn provenance(graph: &AccessGraph, resource: &ResourceId) -> Option<Provenance> {
    let node = graph.resource(resource)?;
    node.registry_required_since.map(|since| node.provenance(since))
}
