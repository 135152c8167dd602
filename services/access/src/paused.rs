//! Paused system users: they keep what they were given, and nothing is permitted to them.

use std::collections::BTreeSet;

use fullmakt_events::StreamName;
use fullmakt_projections::graph::AccessGraph;

use crate::Subject;

/// Whether the subject is a system user that its owner has paused.
///
/// Its agreement is consulted, whether or not it is paused: it may be later.
pub(crate) fn is_paused(
    graph: &AccessGraph,
    subject: Option<Subject>,
    consulted: &mut BTreeSet<StreamName>,
) -> bool {
    match subject {
        Some(Subject::SystemUser(user)) => graph.system_user(user).is_some_and(|user| {
            consulted.insert(StreamName::agreement(&user.created.system, user.created.owner));
            user.is_paused
        }),
        Some(Subject::Party(_)) | None => false,
    }
}
