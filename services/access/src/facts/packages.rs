//! Access packages that follow from roles.

use fullmakt_events::{StreamName, event::RolePackage};
use fullmakt_projections::graph::AccessGraph;

use super::{FactKind, Facts, roles::Held};

/// Adds the packages of the roles that are held.
///
/// What a package is limited to is the organisation form of the party that the role is held for, so
/// that a sub-unit has what its main unit has. Roles that only follow from others by the role map
/// give no packages: a main administrator has a general manager's older roles, and not its access.
pub(super) fn add(graph: &AccessGraph, held: &[Held<'_>], facts: &mut Facts) {
    facts.consulted.insert(StreamName::catalogue("role-packages"));
    let catalogue = graph.catalogue();
    for Held { role, of, path } in held {
        let variant = of.facts.variant.as_deref();
        let fits = |package: &&RolePackage| {
            package.entity_variant.as_deref().is_none_or(|own| Some(own) == variant)
        };
        let mut path = path.clone();
        path.extend(catalogue.provenance("roles"));
        path.extend(catalogue.provenance("role-packages"));
        let packages = catalogue.role(role).map(|node| node.packages.as_slice());
        for package in packages.unwrap_or_default().iter().filter(fits) {
            let kind = FactKind::Package {
                package: package.package.clone(),
                has_access: package.has_access,
                can_delegate: package.can_delegate,
            };
            facts.add(kind, path.clone());
        }
    }
}
