//! What a system user was given, as far as the chain holds: the system user is there, its system is
//! there, and the system still declares what was given.

use fullmakt_events::{
    PartyId, StreamName, SystemUserId,
    event::{PartyKind, SystemUserKind},
};
use fullmakt_projections::graph::{AccessGraph, PartyNode, SystemUserNode};

use super::{FactKind, Facts, Relation, Wanted, client_link};

pub(super) fn collect(
    graph: &AccessGraph,
    subject: SystemUserId,
    relation: &Relation<'_>,
    wanted: Wanted,
    facts: &mut Facts,
) {
    let Some(user) = graph.system_user(subject) else { return };
    let given = &user.created;
    facts.consulted.insert(StreamName::agreement(&given.system, given.owner));
    facts.consulted.insert(StreamName::system(&given.system));
    facts.consulted.insert(StreamName::party(relation.party));
    let Some(represented) = graph.party(relation.party) else { return };
    match given.kind {
        SystemUserKind::Standard => {
            if is_represented_by(represented, given.owner_party) {
                add_own(graph, user, wanted, facts);
            }
        }
        // Acts for clients only.
        SystemUserKind::Agent => {
            client_link::add(graph, relation, wanted, (user, represented), facts);
        }
    }
}

/// Adds what a standard system user was given by its owner.
fn add_own(graph: &AccessGraph, user: &SystemUserNode, wanted: Wanted, facts: &mut Facts) {
    let given = &user.created;
    let Some(system) = graph.system(&given.system) else { return };
    let path = vec![user.provenance(), system.provenance()];
    let packages = given.access_packages.iter().filter(|_| wanted.packages);
    for package in packages.filter(|package| system.declares_package(package)) {
        let kind =
            FactKind::Package { package: package.clone(), has_access: true, can_delegate: false };
        facts.add(kind, path.clone());
    }
    for right in given.delegated.iter().filter(|right| system.declares_right(right)) {
        facts.add(FactKind::Right(right.clone()), path.clone());
    }
}

/// The owner itself, or a sub-unit of it.
fn is_represented_by(party: &PartyNode, owner: PartyId) -> bool {
    party.party == owner
        || (party.facts.kind == PartyKind::SubUnit && party.facts.parent == Some(owner))
}
