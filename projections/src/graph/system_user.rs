//! System users and what they were given.

use std::sync::Arc;

use fullmakt_events::{
    Position, StreamName,
    event::{AgreementEvent, SystemUserCreated},
};

use super::{AccessGraph, Provenance};

/// A system user. What it was given counts only while its system declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemUserNode {
    /// What it was created with.
    pub created: SystemUserCreated,
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
            let node = SystemUserNode { created: created.clone(), since: at };
            graph.system_users.insert(created.id, Arc::new(node));
        }
        AgreementEvent::SystemUserDeleted(deleted) => {
            graph.system_users.remove(&deleted.id);
        }
        // A request gives nothing.
        AgreementEvent::RequestCreated(_)
        | AgreementEvent::RequestApproved(_)
        | AgreementEvent::RequestRejected(_)
        | AgreementEvent::RequestWithdrawn(_) => {}
    }
}
