//! What system users may do for their owners' clients.

use std::sync::Arc;

use fullmakt_events::{
    PackageUrn, PartyId, Position, Right, StreamName, SystemUserId, Validity,
    event::ClientLinkEvent,
};

use super::{AccessGraph, Provenance};

/// What a system user may do for one client. It counts only as far as the rest of the chain holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientLinkNode {
    /// The system user.
    pub system_user: SystemUserId,
    /// The client.
    pub client: PartyId,
    /// The access packages that it may use.
    pub access_packages: Vec<PackageUrn>,
    /// The single rights that it may use.
    pub rights: Vec<Right>,
    /// When it may.
    pub validity: Validity,
    /// The position that made it so.
    pub since: Position,
}

impl ClientLinkNode {
    /// Where this link stands in the ledger.
    #[must_use]
    pub fn provenance(&self) -> Provenance {
        let stream = StreamName::client_link(self.system_user, self.client);
        Provenance { stream, since: self.since }
    }

    /// Whether both say the same, whenever they were said.
    fn is_same_as(&self, other: &Self) -> bool {
        *self == Self { since: self.since, ..other.clone() }
    }
}

impl AccessGraph {
    /// What a system user may do for a client; none once the client was removed.
    #[must_use]
    pub fn client_link(&self, user: SystemUserId, client: PartyId) -> Option<&ClientLinkNode> {
        self.client_links.get(&(user, client)).map(Arc::as_ref)
    }

    /// The clients that were added to a system user, in the order of their ids.
    #[must_use]
    pub fn clients_of_system_user(&self, user: SystemUserId) -> &[PartyId] {
        self.clients.of(&user)
    }

    /// The system users that a client was added to, in the order of their ids.
    #[must_use]
    pub fn system_users_of_client(&self, client: PartyId) -> &[SystemUserId] {
        self.agents.of(&client)
    }
}

pub(super) fn fold(graph: &mut AccessGraph, event: &ClientLinkEvent, at: Position) {
    match event {
        ClientLinkEvent::Added(added) => put(
            graph,
            ClientLinkNode {
                system_user: added.system_user,
                client: added.client,
                access_packages: added.access_packages.clone(),
                rights: added.rights.clone(),
                validity: added.validity,
                since: at,
            },
        ),
        ClientLinkEvent::Changed(changed) => {
            if graph.client_link(changed.system_user, changed.client).is_some() {
                let node = ClientLinkNode {
                    system_user: changed.system_user,
                    client: changed.client,
                    access_packages: changed.access_packages.clone(),
                    rights: changed.rights.clone(),
                    validity: changed.validity,
                    since: at,
                };
                put(graph, node);
            }
        }
        ClientLinkEvent::Removed(removed) => {
            let (user, client) = (removed.system_user, removed.client);
            graph.client_links.remove(&(user, client));
            graph.clients.remove(&user, &client);
            graph.agents.remove(&client, &user);
        }
    }
}

fn put(graph: &mut AccessGraph, node: ClientLinkNode) {
    let (user, client) = (node.system_user, node.client);
    if graph.client_link(user, client).is_some_and(|known| known.is_same_as(&node)) {
        return;
    }
    graph.client_links.insert((user, client), Arc::new(node));
    graph.clients.add(&user, client);
    graph.agents.add(&client, user);
}
