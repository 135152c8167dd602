//! A compact part that never changes, and what has changed since it was made.

use std::sync::Arc;

use fullmakt_events::{PartyId, Position, SystemUserId};
use imbl::HashMap;

use super::{Base, ClientLinkTerms};
use crate::graph::adjacency::Adjacency;

/// So many changes are never worth a new compact part.
const FEW: usize = 4_096;
/// Otherwise it is worth it when changes are this part of all.
const PART: usize = 8;

/// The links of all system users with all clients.
#[derive(Debug, Clone, Default)]
pub(in crate::graph) struct ClientLinks {
    base: Arc<Base>,
    changes: HashMap<(SystemUserId, PartyId), Change>,
    /// For each system user the clients of which something has changed.
    changed_clients: Adjacency<SystemUserId, PartyId>,
    /// For each client the system users of which something has changed.
    changed_users: Adjacency<PartyId, SystemUserId>,
}

/// What a link has become, and where.
#[derive(Debug, Clone)]
pub(super) enum Change {
    Link(Arc<ClientLinkTerms>, Position),
    Removed(Position),
}

impl Change {
    const fn at(&self) -> Position {
        match self {
            Self::Link(_, at) | Self::Removed(at) => *at,
        }
    }
}

impl ClientLinks {
    pub(super) fn get(
        &self,
        user: SystemUserId,
        client: PartyId,
    ) -> Option<(&ClientLinkTerms, Position)> {
        match self.changes.get(&(user, client)) {
            Some(Change::Link(terms, since)) => Some((terms, *since)),
            Some(Change::Removed(_)) => None,
            None => self.base.get(user, client),
        }
    }

    pub(super) fn clients(&self, user: SystemUserId) -> Vec<PartyId> {
        let changed = self.changed_clients.of(&user);
        let is_there = |client: &PartyId| self.is_linked(user, *client);
        together(self.base.clients(user), changed, is_there)
    }

    pub(super) fn users(&self, client: PartyId) -> Vec<SystemUserId> {
        let changed = self.changed_users.of(&client);
        let is_there = |user: &SystemUserId| self.is_linked(*user, client);
        together(self.base.users(client), changed, is_there)
    }

    pub(super) fn put(
        &mut self,
        user: SystemUserId,
        client: PartyId,
        terms: Arc<ClientLinkTerms>,
        at: Position,
    ) {
        // Those that say the same as others share it with them.
        let terms = self.base.same_as(&terms).map_or(terms, Arc::clone);
        self.change(user, client, Change::Link(terms, at));
    }

    pub(super) fn remove(&mut self, user: SystemUserId, client: PartyId, at: Position) {
        if self.get(user, client).is_some() {
            self.change(user, client, Change::Removed(at));
        }
    }

    /// Whether so much has changed that a new compact part is worth making.
    pub(in crate::graph) fn is_worth_merging(&self) -> bool {
        self.changes.len() > FEW.max(self.base.len() / PART)
    }

    /// A compact part with all changes in it. It takes time in proportion to all links.
    pub(in crate::graph) fn merged(&self) -> Base {
        let mut changes: Vec<_> = self.changes.iter().collect();
        changes.sort_unstable_by_key(|(key, _)| **key);
        self.base.with(&changes)
    }

    /// Takes a compact part that was made of these links as of a position. What has changed since
    /// then stays a change.
    pub(in crate::graph) fn adopt(&mut self, base: Base, position: Position) {
        let changes = std::mem::take(self).changes;
        self.base = Arc::new(base);
        for ((user, client), change) in changes {
            if change.at() > position {
                self.change(user, client, change);
            }
        }
    }

    fn is_linked(&self, user: SystemUserId, client: PartyId) -> bool {
        matches!(self.changes.get(&(user, client)), Some(Change::Link(..)))
    }

    fn change(&mut self, user: SystemUserId, client: PartyId, change: Change) {
        self.changed_clients.add(&user, client);
        self.changed_users.add(&client, user);
        self.changes.insert((user, client), change);
    }
}

/// What is there of what was there and of what has changed, both in order.
fn together<I: Copy + Ord>(
    before: impl Iterator<Item = I>,
    changed: &[I],
    is_there: impl Fn(&I) -> bool,
) -> Vec<I> {
    let unchanged = before.filter(|id| changed.binary_search(id).is_err());
    let mut all: Vec<I> =
        unchanged.chain(changed.iter().copied().filter(|id| is_there(id))).collect();
    all.sort_unstable();
    all
}
