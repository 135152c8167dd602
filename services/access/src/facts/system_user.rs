//! What a standard system user was given by its owner, as far as the chain holds: the system user
//! is there, its system is there, and the system still declares what was given.

use fullmakt_events::{
    PartyId, StreamName, SystemUserId,
    event::{PartyKind, SystemUserKind},
};
use fullmakt_projections::graph::{AccessGraph, PartyNode};

use super::{FactKind, Facts};

pub(super) fn collect(
    graph: &AccessGraph,
    subject: SystemUserId,
    party: PartyId,
    facts: &mut Facts,
) {
    let Some(user) = graph.system_user(subject) else { return };
    let given = &user.created;
    facts.consulted.insert(StreamName::agreement(&given.system, given.owner));
    facts.consulted.insert(StreamName::system(&given.system));
    facts.consulted.insert(StreamName::party(party));
    match given.kind {
        SystemUserKind::Standard => {}
        // Acts for clients only, by links that are a fact of their own.
        SystemUserKind::Agent => return,
    }
    if !is_represented_by(graph.party(party), given.owner_party) {
        return;
    }
    let Some(system) = graph.system(&given.system) else { return };
    let path = vec![user.provenance(), system.provenance()];
    for package in given.access_packages.iter().filter(|package| system.declares_package(package)) {
        let kind =
            FactKind::Package { package: package.clone(), has_access: true, can_delegate: false };
        facts.add(kind, path.clone());
    }
    for right in given.delegated.iter().filter(|right| system.declares_right(right)) {
        facts.add(FactKind::Right(right.clone()), path.clone());
    }
}

/// The owner itself, or a sub-unit of it.
fn is_represented_by(party: Option<&PartyNode>, owner: PartyId) -> bool {
    party.is_some_and(|party| {
        party.party == owner
            || (party.facts.kind == PartyKind::SubUnit && party.facts.parent == Some(owner))
    })
}
