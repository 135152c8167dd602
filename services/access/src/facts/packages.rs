//! Access packages that follow from roles.

use fullmakt_events::{StreamName, event::RolePackage};
use fullmakt_projections::graph::{AccessGraph, PartyNode};

use super::{FactKind, Facts, roles::Held};

/// Adds the packages of the roles that are held.
///
/// Roles that only follow from others by the role map give no packages: a main administrator has a
/// general manager's older roles, and not its access.
pub(super) fn add(graph: &AccessGraph, held: &[Held<'_>], facts: &mut Facts) {
    facts.consulted.insert(StreamName::catalogue("role-packages"));
    let catalogue = graph.catalogue();
    for Held { role, of, path } in held {
        let mut path = path.clone();
        path.extend(catalogue.provenance("roles"));
        path.extend(catalogue.provenance("role-packages"));
        let packages = catalogue.role(role).map(|node| node.packages.as_slice());
        for package in packages.unwrap_or_default().iter().filter(|own| fits(own, of)) {
            let kind = FactKind::Package {
                package: package.package.clone(),
                has_access: package.has_access,
                can_delegate: package.can_delegate,
            };
            facts.add(kind, path.clone());
        }
    }
}

/// Whether a role gives a package where it is held for this party.
///
/// What a package is limited to is the organisation form of the party that the role is held for, so
/// that a sub-unit has what its main unit has.
pub(super) fn fits(package: &RolePackage, of: &PartyNode) -> bool {
    let variant = of.facts.variant.as_deref();
    package.entity_variant.as_deref().is_none_or(|own| Some(own) == variant)
}
