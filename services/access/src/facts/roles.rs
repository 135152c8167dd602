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

/// A role that the subject holds, before anything follows from it.
pub(super) struct Held<'a> {
    pub(super) role: RoleUrn,
    /// The party that it is held for: the one represented, or its main unit.
    pub(super) of: &'a PartyNode,
    /// The facts of the ledger that it follows from.
    pub(super) path: Vec<Provenance>,
}

/// Finds the roles that the subject holds.
pub(super) fn held<'a>(
    graph: &'a AccessGraph,
    subject: PartyId,
    party: PartyId,
    facts: &mut Facts,
) -> Vec<Held<'a>> {
    facts.consulted.insert(StreamName::party(party));
    facts.consulted.insert(StreamName::catalogue("roles"));
    let Some(represented) = graph.party(party) else { return Vec::new() };

    let mut found = Vec::new();
    if subject == party && represented.facts.kind == PartyKind::Person {
        found.push(Held {
            role: RoleUrn::new(PRIVATE_PERSON),
            of: represented,
            path: vec![represented.provenance(represented.since)],
        });
    }
    for (of, inherited) in givers(graph, represented, facts) {
        for role in &of.roles {
            let Some(led) = through(graph, subject, role.holder, facts) else { continue };
            let mut path = vec![of.provenance(role.since)];
            path.extend(inherited.clone());
            path.extend(led);
            found.push(Held { role: role.role.clone(), of, path });
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
        // A deleted main unit gives nothing: what was held for it is over.
        if let Some(parent) = graph.party(parent).filter(|parent| !parent.facts.is_deleted) {
            givers.push((parent, Some(party.provenance(party.since))));
        }
    }
    givers
}

/// Whether what `holder` holds is the subject's: because it is the subject, or an organisation that
/// the subject leads. If so, what in the ledger makes it so: nothing where they are the same.
///
/// A holder that the subject does not lead is consulted too: it may be led by the subject later.
fn through(
    graph: &AccessGraph,
    subject: PartyId,
    holder: PartyId,
    facts: &mut Facts,
) -> Option<Vec<Provenance>> {
    if holder == subject {
        return Some(Vec::new());
    }
    facts.consulted.insert(StreamName::party(holder));
    let organisation = graph.party(holder)?;
    let leads = |role: &&RoleHeld| role.holder == subject && is_key_role(graph, organisation, role);
    let role = organisation.roles.iter().find(leads)?;
    Some(vec![organisation.provenance(role.since)])
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
