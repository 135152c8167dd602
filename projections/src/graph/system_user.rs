//! System users and what they were given.

use std::sync::Arc;

use fullmakt_events::{
    Position, StreamName, SystemUserId,
    event::{AgreementEvent, SystemUserCreated},
};

use super::{AccessGraph, Provenance};

/// A system user. What it was given counts only while its system declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemUserNode {
    /// What it was created with, and what has changed since.
    pub created: SystemUserCreated,
    /// Whether it can use nothing of it for the time being.
    pub is_paused: bool,
    /// The position that made it so.
    pub since: Position,
}

impl SystemUserNode {
    /// Where this system user stands in the ledger.
    #[must_use]
    pub fn provenance(&self) -> Provenance {
        Provenance {
            stream: StreamName::agreement(&self.created.system, self.created.owner),
            since: self.since,
        }
    }
}

pub(super) fn fold(graph: &mut AccessGraph, event: &AgreementEvent, at: Position) {
    match event {
        AgreementEvent::SystemUserCreated(created) => {
            let node = SystemUserNode { created: created.clone(), is_paused: false, since: at };
            graph.system_users.insert(created.id, Arc::new(node));
        }
        AgreementEvent::SystemUserChanged(changed) => {
            change(graph, changed.id, at, |node| {
                node.created.rights.clone_from(&changed.rights);
                node.created.delegated.clone_from(&changed.delegated);
                node.created.access_packages.clone_from(&changed.access_packages);
            });
        }
        AgreementEvent::SystemUserPaused(paused) => {
            change(graph, paused.id, at, |node| node.is_paused = true);
        }
        AgreementEvent::SystemUserResumed(resumed) => {
            change(graph, resumed.id, at, |node| node.is_paused = false);
        }
        AgreementEvent::SystemUserDeleted(deleted) => {
            graph.system_users.remove(&deleted.id);
        }
        // A request gives nothing, and neither does a name.
        AgreementEvent::RequestCreated(_)
        | AgreementEvent::RequestApproved(_)
        | AgreementEvent::RequestRejected(_)
        | AgreementEvent::RequestWithdrawn(_)
        | AgreementEvent::RequestEscalated(_)
        | AgreementEvent::ChangeRequested(_)
        | AgreementEvent::ChangeApproved(_)
        | AgreementEvent::ChangeRejected(_)
        | AgreementEvent::ChangeWithdrawn(_)
        | AgreementEvent::SystemUserRenamed(_) => {}
    }
}

fn change(
    graph: &mut AccessGraph,
    id: SystemUserId,
    at: Position,
    how: impl FnOnce(&mut SystemUserNode),
) {
    if let Some(node) = graph.system_users.get_mut(&id) {
        let before = Arc::clone(node);
        let node = Arc::make_mut(node);
        how(node);
        // A change that changes nothing makes nothing so.
        if *node != *before {
            node.since = at;
        }
    }
}
