//! What the rights registry holds of the party represented: its rights to the resource, and the lists
//! it is on that the resource is connected with.

use fullmakt_events::{PartyId, StreamName};
use fullmakt_projections::graph::{AccessGraph, RegistryRightNode};

use super::{FactKind, Facts, Relation};
use crate::Subject;

/// Adds the rights that count at the time and may be used by whoever acts, and the lists.
///
/// A list that is connected with the resource later is so on a stream that nobody can name.
pub(super) fn add(
    graph: &AccessGraph,
    relation: &Relation<'_>,
    subject: Option<Subject>,
    facts: &mut Facts,
) {
    let Some(resource) = relation.resource else { return };
    facts.consulted.insert(StreamName::resource_right(resource, relation.party));
    let counts = |own: &&RegistryRightNode| {
        own.right.validity.holds_at(relation.at) && may_use(subject, own.right.performed_by)
    };
    for own in graph.registry_rights_to(resource, relation.party).filter(counts) {
        let kind = FactKind::RegistryRight {
            rights_type: own.right.rights_type.clone(),
            rights_value: own.right.rights_value.clone(),
        };
        facts.add(kind, vec![own.provenance()]);
    }
    for list in graph.lists_of_resource(resource).iter().filter_map(|id| graph.access_list(*id)) {
        facts.consulted.insert(list.stream());
        let connected = list.connection(resource);
        let (Some(since), Some(connected)) = (list.member_since(relation.party), connected) else {
            continue;
        };
        let kind = FactKind::ListMember {
            owner: list.owner.clone(),
            name: list.name.clone(),
            actions: connected.actions.clone(),
        };
        facts.add(kind, vec![list.provenance(since), list.provenance(connected.since)]);
    }
}

/// Whether whoever acts may use a right that is for somebody, or for whoever acts for the party.
fn may_use(subject: Option<Subject>, performed_by: Option<PartyId>) -> bool {
    performed_by.is_none_or(|performer| subject == Some(Subject::Party(performer)))
}
