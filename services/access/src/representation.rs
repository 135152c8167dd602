//! Whom somebody represents: the parties that the wire contract calls authorized.

use std::collections::BTreeSet;

use fullmakt_events::{PartyId, StreamName, Timestamp};
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
    let subject = Subject::Party(person);
    let relation = Relation { subject: Some(subject), party, resource: None, at };
    let mut facts = collect(graph, &relation, Wanted::ROLES);
    let is_deleted = is_any_deleted(graph, Some(subject), Some(party), &mut facts.consulted);
    let has_role = facts.facts.iter().any(|fact| match fact.kind {
        FactKind::Role(_) => true,
        FactKind::Package { .. }
        | FactKind::Right(_)
        | FactKind::RightWithin { .. }
        | FactKind::RegistryRight { .. }
        | FactKind::ListMember { .. } => false,
    });
    RepresentationCheck { is_represented: has_role && !is_deleted, consulted: facts.consulted }
}
