//! What searches go through, in the order that they go through it.

use std::ops::Bound;

use fullmakt_events::{
    Event, Folded, PartyId, ResourceId, SystemUserId,
    event::{AgreementEvent, ResourceEvent},
};
use fullmakt_projections::graph::AccessGraph;
use imbl::OrdSet;
use uuid::Uuid;

/// What searches go through: it belongs to one position as the graph does, and clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct SearchIndex {
    /// The resources that have a policy.
    resources: OrdSet<ResourceId>,
    /// The system users by their owners.
    system_users: OrdSet<(PartyId, SystemUserId)>,
}

impl SearchIndex {
    /// Takes the next record. The graph has not taken it yet, so that it still knows whose a system
    /// user was.
    pub(crate) fn apply(&mut self, record: &Folded, before: &AccessGraph) {
        for (_, event) in &record.events {
            if let Event::Resource(ResourceEvent::PolicyPublished(published)) = event {
                self.resources.insert(published.id.clone());
            }
            if let Event::Agreement(event) = event {
                self.apply_agreement(event, before);
            }
        }
    }

    fn apply_agreement(&mut self, event: &AgreementEvent, before: &AccessGraph) {
        if let AgreementEvent::SystemUserCreated(created) = event {
            self.system_users.insert((created.owner_party, created.id));
        }
        if let AgreementEvent::SystemUserDeleted(deleted) = event
            && let Some(user) = before.system_user(deleted.id)
        {
            self.system_users.remove(&(user.created.owner_party, deleted.id));
        }
    }

    /// The resources that have a policy after this one, in the order of their identifiers.
    pub(crate) fn resources_after(
        &self,
        after: Option<ResourceId>,
    ) -> impl Iterator<Item = &ResourceId> {
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        self.resources.range((start, Bound::Unbounded))
    }

    /// The system users of an owner after this one, in the order of their ids.
    pub(crate) fn system_users_after(
        &self,
        owner: PartyId,
        after: Option<SystemUserId>,
    ) -> impl Iterator<Item = SystemUserId> + '_ {
        let start = match after {
            Some(after) => Bound::Excluded((owner, after)),
            None => Bound::Included((owner, SystemUserId::new(Uuid::nil()))),
        };
        let range = self.system_users.range((start, Bound::Unbounded));
        range.take_while(move |(of, _)| *of == owner).map(|(_, id)| *id)
    }
}

#[cfg(test)]
mod tests;
