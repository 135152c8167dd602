//! Access packages that follow from roles.

use fullmakt_events::{PartyId, StreamName, event::RolePackage};
use fullmakt_projections::graph::{AccessGraph, Provenance};

use super::{FactKind, Facts};

/// Adds the packages of the roles that were found.
pub(super) fn collect(graph: &AccessGraph, party: PartyId, facts: &mut Facts) {
    facts.consulted.insert(StreamName::catalogue("role-packages"));
    let catalogue = graph.catalogue();
    let variant = graph.party(party).and_then(|party| party.facts.variant.as_deref());
    let fits = |package: &&RolePackage| {
        package.entity_variant.as_deref().is_none_or(|own| Some(own) == variant)
    };
    let mut found: Vec<(RolePackage, Vec<Provenance>)> = Vec::new();
    for fact in &facts.facts {
        let FactKind::Role(role) = &fact.kind else { continue };
        let packages = catalogue.role(role).map(|node| node.packages.as_slice());
        for package in packages.unwrap_or_default().iter().filter(fits) {
            let mut path = fact.path.clone();
            path.extend(catalogue.provenance("role-packages"));
            found.push((package.clone(), path));
        }
    }
    for (package, path) in found {
        facts.add(
            FactKind::Package {
                package: package.package,
                has_access: package.has_access,
                can_delegate: package.can_delegate,
            },
            path,
        );
    }
}
