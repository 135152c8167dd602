//! Whom somebody represents: the parties that the wire contract calls authorized.

use std::collections::BTreeSet;

use fullmakt_events::{PartyId, RoleUrn, StreamName, Timestamp};
use fullmakt_projections::graph::AccessGraph;

use crate::{FactKind, Relation, Subject, Wanted, collect, deleted::is_any_deleted};

/// Whether somebody represents a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepresentationCheck {
    /// Whether any role is held for it.
    pub is_represented: bool,
    /// Every stream that was looked into.
    pub consulted: BTreeSet<StreamName>,
}

/// Checks whether `person` holds any role for `party`: itself, through an organisation that it
/// leads, or for the main unit of a sub-unit. Nobody represents a deleted party.
#[must_use]
pub fn check_representation(
    graph: &AccessGraph,
    person: PartyId,
    party: PartyId,
    at: Timestamp,
) -> RepresentationCheck {
    let (roles, consulted) = held(graph, person, party, at);
    RepresentationCheck { is_represented: !roles.is_empty(), consulted }
}

/// The roles that `person` holds for `party` in these ways, with their older names and the roles
/// that follow from them.
#[must_use]
pub fn roles_for(
    graph: &AccessGraph,
    person: PartyId,
    party: PartyId,
    at: Timestamp,
) -> Vec<RoleUrn> {
    held(graph, person, party, at).0
}

/// The parties that `person` represents, in the order of their ids.
#[must_use]
pub fn represented_parties(graph: &AccessGraph, person: PartyId, at: Timestamp) -> Vec<PartyId> {
    let direct = graph.parties_of_holder(person);
    let mut candidates: BTreeSet<PartyId> = direct.iter().copied().collect();
    candidates.insert(person);
    // Organisations that it leads hold roles for others, and roles for main units count for their
    // sub-units.
    candidates
        .extend(direct.iter().flat_map(|organisation| graph.parties_of_holder(*organisation)));
    let sub_units: Vec<PartyId> =
        candidates.iter().flat_map(|party| graph.sub_units_of(*party)).copied().collect();
    candidates.extend(sub_units);
    let is_represented = |party: &PartyId| !held(graph, person, *party, at).0.is_empty();
    candidates.into_iter().filter(is_represented).collect()
}

fn held(
    graph: &AccessGraph,
    person: PartyId,
    party: PartyId,
    at: Timestamp,
) -> (Vec<RoleUrn>, BTreeSet<StreamName>) {
    let subject = Subject::Party(person);
    let relation = Relation { subject: Some(subject), party, resource: None, at };
    let mut facts = collect(graph, &relation, Wanted::ROLES);
    let is_deleted = is_any_deleted(graph, Some(subject), Some(party), &mut facts.consulted);
    let roles = facts.facts.into_iter().filter(|_| !is_deleted);
    let roles = roles.filter_map(|fact| match fact.kind {
        FactKind::Role(role) => Some(role),
        FactKind::Package { .. }
        | FactKind::Right(_)
        | FactKind::RightWithin { .. }
        | FactKind::RegistryRight { .. }
        | FactKind::ListMember { .. } => None,
    });
    (roles.collect(), facts.consulted)
}
