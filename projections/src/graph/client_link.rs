//! What system users may do for their owners' clients.
//!
//! There are more of these than of all other facts together, so that they have a form of their own:
//! a compact part that never changes, and what has changed since it was made.

mod base;
mod layers;
mod table;

use std::sync::Arc;

use fullmakt_events::{
    PackageUrn, PartyId, Position, Right, StreamName, SystemUserId, Validity,
    event::ClientLinkEvent,
};

use super::{AccessGraph, Provenance};
pub(super) use base::Base;
pub(super) use layers::ClientLinks;

/// What a system user may do for one client. It counts only as far as the rest of the chain holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientLinkNode<'g> {
    /// The system user.
    pub system_user: SystemUserId,
    /// The client.
    pub client: PartyId,
    /// What it may do.
    pub terms: &'g ClientLinkTerms,
    /// The position that made it so.
    pub since: Position,
}

/// What a link between a system user and a client lets the system user do. Most links say the same as
/// many others.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ClientLinkTerms {
    /// The access packages that it may use.
    pub access_packages: Vec<PackageUrn>,
    /// The single rights that it may use.
    pub rights: Vec<Right>,
    /// When it may.
    pub validity: Validity,
}

impl ClientLinkNode<'_> {
    /// Where this link stands in the ledger.
    #[must_use]
    pub fn provenance(&self) -> Provenance {
        let stream = StreamName::client_link(self.system_user, self.client);
        Provenance { stream, since: self.since }
    }
}

impl AccessGraph {
    /// What a system user may do for a client; none once the client was removed.
    #[must_use]
    pub fn client_link(&self, user: SystemUserId, client: PartyId) -> Option<ClientLinkNode<'_>> {
        self.client_links.get(user, client).map(|(terms, since)| ClientLinkNode {
            system_user: user,
            client,
            terms,
            since,
        })
    }

    /// The clients that were added to a system user, in the order of their ids.
    #[must_use]
    pub fn clients_of_system_user(&self, user: SystemUserId) -> Vec<PartyId> {
        self.client_links.clients(user)
    }

    /// The system users that a client was added to, in the order of their ids.
    #[must_use]
    pub fn system_users_of_client(&self, client: PartyId) -> Vec<SystemUserId> {
        self.client_links.users(client)
    }
}

pub(super) fn fold(graph: &mut AccessGraph, event: &ClientLinkEvent, at: Position) {
    let terms = |packages: &[PackageUrn], rights: &[Right], validity| ClientLinkTerms {
        access_packages: packages.to_vec(),
        rights: rights.to_vec(),
        validity,
    };
    match event {
        ClientLinkEvent::Added(added) => {
            let terms = terms(&added.access_packages, &added.rights, added.validity);
            put(graph, (added.system_user, added.client), terms, at);
        }
        ClientLinkEvent::Changed(changed) => {
            let (user, client) = (changed.system_user, changed.client);
            if graph.client_link(user, client).is_some() {
                let terms = terms(&changed.access_packages, &changed.rights, changed.validity);
                put(graph, (user, client), terms, at);
            }
        }
        ClientLinkEvent::Removed(removed) => {
            graph.client_links.remove(removed.system_user, removed.client, at);
        }
    }
}

fn put(
    graph: &mut AccessGraph,
    (user, client): (SystemUserId, PartyId),
    terms: ClientLinkTerms,
    at: Position,
) {
    if graph.client_link(user, client).is_none_or(|known| *known.terms != terms) {
        graph.client_links.put(user, client, Arc::new(terms), at);
    }
}
