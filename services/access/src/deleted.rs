//! Deleted parties: nothing is permitted to them or for them, and nothing to what they own.

use std::collections::BTreeSet;

use fullmakt_events::{PartyId, StreamName};
use fullmakt_projections::graph::AccessGraph;

use crate::Subject;

/// Whether the register has deleted the subject, the owner of a system user that is the subject, or
/// the party that is represented.
///
/// All of them are consulted, whether or not they are deleted: each may be later.
pub(crate) fn is_any_deleted(
    graph: &AccessGraph,
    subject: Option<Subject>,
    party: Option<PartyId>,
    consulted: &mut BTreeSet<StreamName>,
) -> bool {
    if let Some(Subject::SystemUser(user)) = subject
        && let Some(user) = graph.system_user(user)
    {
        consulted.insert(StreamName::agreement(&user.created.system, user.created.owner));
    }
    let parties = concerned(graph, subject, party);
    consulted.extend(parties.iter().copied().map(StreamName::party));
    parties.into_iter().any(|party| graph.party(party).is_some_and(|node| node.facts.is_deleted))
}

/// The parties that must not be deleted: who acts, and who is represented.
pub(crate) fn concerned(
    graph: &AccessGraph,
    subject: Option<Subject>,
    party: Option<PartyId>,
) -> BTreeSet<PartyId> {
    let acting = match subject {
        Some(Subject::Party(subject)) => Some(subject),
        Some(Subject::SystemUser(user)) => {
            graph.system_user(user).map(|user| user.created.owner_party)
        }
        None => None,
    };
    acting.into_iter().chain(party).collect()
}
