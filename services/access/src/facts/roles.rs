//! Roles: held directly, through an organisation that the subject leads, and for a sub-unit's main
//! unit; with the roles that follow from them.

use fullmakt_events::{PartyId, RoleUrn, StreamName, event::PartyKind};
use fullmakt_projections::graph::{AccessGraph, PartyNode, Provenance, RoleHeld};

use super::{FactKind, Facts};

/// The role of a person towards itself.
const PRIVATE_PERSON: &str = "urn:altinn:role:privatperson";
/// A participant with shared responsibility does not lead an inter-municipal company.
const SHARED_RESPONSIBILITY: &str = "urn:altinn:external-role:ccr:deltaker-delt-ansvar";
/// The organisation form of inter-municipal companies.
const INTER_MUNICIPAL_COMPANY: &str = "IKS";

pub(super) fn collect(graph: &AccessGraph, subject: PartyId, party: PartyId, facts: &mut Facts) {
    facts.consulted.insert(StreamName::party(party));
    facts.consulted.insert(StreamName::catalogue("roles"));
    facts.consulted.insert(StreamName::catalogue("role-map"));
    let Some(represented) = graph.party(party) else { return };

    if subject == party && represented.facts.kind == PartyKind::Person {
        let path = vec![represented.provenance(represented.since)];
        add(graph, &RoleUrn::new(PRIVATE_PERSON), path, facts);
    }
    let holders = holders(graph, subject, facts);
    for (from, inherited) in givers(graph, represented, facts) {
        for held in &from.roles {
            for (holder, led) in holders.iter().filter(|(holder, _)| *holder == held.holder) {
                debug_assert_eq!(*holder, held.holder);
                let mut path = vec![from.provenance(held.since)];
                path.extend(inherited.clone());
                path.extend(led.clone());
                add(graph, &held.role, path, facts);
            }
        }
    }
}

/// The party itself, and the main unit that it belongs to.
fn givers<'a>(
    graph: &'a AccessGraph,
    party: &'a PartyNode,
    facts: &mut Facts,
) -> Vec<(&'a PartyNode, Option<Provenance>)> {
    let mut givers = vec![(party, None)];
    if party.facts.kind == PartyKind::SubUnit
        && let Some(parent) = party.facts.parent
    {
        facts.consulted.insert(StreamName::party(parent));
        if let Some(parent) = graph.party(parent) {
            givers.push((parent, Some(party.provenance(party.since))));
        }
    }
    givers
}

/// The subject itself, and the organisations that it leads.
fn holders(
    graph: &AccessGraph,
    subject: PartyId,
    facts: &mut Facts,
) -> Vec<(PartyId, Option<Provenance>)> {
    let mut holders = vec![(subject, None)];
    for organisation in graph.parties_of_holder(subject) {
        facts.consulted.insert(StreamName::party(*organisation));
        let Some(node) = graph.party(*organisation) else { continue };
        let leads = |held: &&RoleHeld| held.holder == subject && is_key_role(graph, node, held);
        if let Some(held) = node.roles.iter().find(leads) {
            holders.push((*organisation, Some(node.provenance(held.since))));
        }
    }
    holders
}

fn is_key_role(graph: &AccessGraph, organisation: &PartyNode, held: &RoleHeld) -> bool {
    let is_key = graph
        .catalogue()
        .role(&held.role)
        .and_then(|node| node.role.as_ref())
        .is_some_and(|role| role.is_key_role);
    let is_excepted = held.role.as_str() == SHARED_RESPONSIBILITY
        && organisation.facts.variant.as_deref() == Some(INTER_MUNICIPAL_COMPANY);
    is_key && !is_excepted && !organisation.facts.is_deleted
}

/// Adds a role, its older name, and the roles that follow from it.
fn add(graph: &AccessGraph, role: &RoleUrn, path: Vec<Provenance>, facts: &mut Facts) {
    let mut path = path;
    path.extend(graph.catalogue().provenance("roles"));
    let node = graph.catalogue().role(role);
    let older = node.and_then(|node| node.role.as_ref()).and_then(|role| role.legacy_urn.clone());
    facts.add(FactKind::Role(role.clone()), path.clone());
    if let Some(older) = older {
        facts.add(FactKind::Role(older), path.clone());
    }
    for gets in node.map(|node| node.gets.as_slice()).unwrap_or_default() {
        let mut path = path.clone();
        path.extend(graph.catalogue().provenance("role-map"));
        facts.add(FactKind::Role(gets.clone()), path);
    }
}
