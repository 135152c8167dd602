//! Roles: held directly, through an organisation that the subject leads, and for a sub-unit's main
//! unit; with the roles that follow from them.

use fullmakt_events::{PartyId, RoleUrn, StreamName, event::PartyKind};
use fullmakt_projections::graph::{AccessGraph, PartyNode, Provenance};

use super::{FactKind, Facts, givers::Giver, key_roles::through};

/// The role of a person towards itself.
const PRIVATE_PERSON: &str = "urn:altinn:role:privatperson";

/// A role that the subject holds, before anything follows from it.
pub(super) struct Held<'a> {
    pub(super) role: RoleUrn,
    /// The party that it is held for: the one represented, or another whose role holders count.
    pub(super) of: &'a PartyNode,
    /// The facts of the ledger that it follows from.
    pub(super) path: Vec<Provenance>,
}

/// Finds the roles that the subject holds.
pub(super) fn held<'a>(
    graph: &'a AccessGraph,
    subject: PartyId,
    represented: &'a PartyNode,
    givers: &[Giver<'a>],
    facts: &mut Facts,
) -> Vec<Held<'a>> {
    facts.consulted.insert(StreamName::catalogue("roles"));
    let mut found = Vec::new();
    if subject == represented.party && represented.facts.kind == PartyKind::Person {
        found.push(Held {
            role: RoleUrn::new(PRIVATE_PERSON),
            of: represented,
            path: vec![represented.provenance(represented.since)],
        });
    }
    for giver in givers {
        for role in giver.node.roles.iter().filter(|role| giver.lets(&role.role)) {
            let Some(led) = through(graph, subject, role.holder, facts) else { continue };
            let mut path = vec![giver.node.provenance(role.since)];
            path.extend(giver.path.clone());
            path.extend(led);
            found.push(Held { role: role.role.clone(), of: giver.node, path });
        }
    }
    found
}

/// Adds these roles, their older names, and the roles that follow from them.
pub(super) fn add(graph: &AccessGraph, held: &[Held<'_>], facts: &mut Facts) {
    facts.consulted.insert(StreamName::catalogue("role-map"));
    let catalogue = graph.catalogue();
    for Held { role, path, .. } in held {
        let mut path = path.clone();
        path.extend(catalogue.provenance("roles"));
        add_with_older_name(graph, role, &path, facts);
        let gets = catalogue.role(role).map(|node| node.gets.as_slice());
        path.extend(catalogue.provenance("role-map"));
        for gets in gets.unwrap_or_default() {
            add_with_older_name(graph, gets, &path, facts);
        }
    }
}

fn add_with_older_name(
    graph: &AccessGraph,
    role: &RoleUrn,
    path: &[Provenance],
    facts: &mut Facts,
) {
    facts.add(FactKind::Role(role.clone()), path.to_vec());
    let known = graph.catalogue().role(role).and_then(|node| node.role.as_ref());
    if let Some(older) = known.and_then(|role| role.legacy_urn.clone()) {
        facts.add(FactKind::Role(older), path.to_vec());
    }
}
