//! To whom resources are open: the rights registry and access lists.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a question is about the events it names; what it overlooks breaks the law"
)]

use std::collections::BTreeSet;

use fullmakt_events::{
    AccessListId, Event, PartyId, Position, RegistryRightId, ResourceId, StreamName,
    event::{AccessListEvent, ResourceRightEvent},
};

use super::{
    super::super::{ListConnection, RegistryRightNode},
    Happened, Naive,
};

impl Naive<'_> {
    fn registry_right(&self, id: RegistryRightId) -> Option<RegistryRightNode> {
        let mut found: Option<RegistryRightNode> = None;
        for Happened { position, event, .. } in self.0 {
            let Event::ResourceRight(event) = event else { continue };
            let right = match event {
                ResourceRightEvent::Granted(granted) if granted.right.id == id => &granted.right,
                ResourceRightEvent::Updated(updated)
                    if updated.right.id == id && found.is_some() =>
                {
                    &updated.right
                }
                ResourceRightEvent::Revoked(revoked) if revoked.id == id => {
                    found = None;
                    continue;
                }
                _ => continue,
            };
            if found.as_ref().is_none_or(|own| own.right != *right) {
                found = Some(RegistryRightNode { right: right.clone(), since: *position });
            }
        }
        found
    }

    /// The rights to a resource that a party has, by id.
    pub(in super::super) fn registry_rights(
        &self,
        ids: &[RegistryRightId],
        resource: &ResourceId,
        party: PartyId,
    ) -> Vec<RegistryRightNode> {
        let all = ids.iter().filter_map(|id| self.registry_right(*id));
        all.filter(|own| (&own.right.resource, own.right.party) == (resource, party)).collect()
    }

    pub(in super::super) fn parties_with_registry_rights(
        &self,
        ids: &[RegistryRightId],
        resource: &ResourceId,
    ) -> Vec<PartyId> {
        self.parties_where(|party| !self.registry_rights(ids, resource, party).is_empty())
    }

    /// The stream of a list that is there, and since when it is.
    pub(in super::super) fn access_list(&self, id: AccessListId) -> Option<(StreamName, Position)> {
        let mut found = None;
        for Happened { position, event, .. } in self.0 {
            match event {
                Event::AccessList(AccessListEvent::Created(created)) if created.id == id => {
                    let stream = StreamName::access_list(&created.owner, &created.name);
                    found = Some((stream, *position));
                }
                Event::AccessList(AccessListEvent::Deleted(deleted)) if deleted.id == id => {
                    found = None;
                }
                _ => {}
            }
        }
        found
    }

    pub(in super::super) fn member_since(
        &self,
        id: AccessListId,
        member: PartyId,
    ) -> Option<Position> {
        self.access_list(id)?;
        let mut found = None;
        for Happened { position, event, .. } in self.since_creation(id) {
            match event {
                Event::AccessList(AccessListEvent::MembersAdded(added))
                    if added.id == id && added.members.contains(&member) =>
                {
                    found = found.or(Some(*position));
                }
                Event::AccessList(AccessListEvent::MembersRemoved(removed))
                    if removed.id == id && removed.members.contains(&member) =>
                {
                    found = None;
                }
                _ => {}
            }
        }
        found
    }

    pub(in super::super) fn connection(
        &self,
        id: AccessListId,
        resource: &ResourceId,
    ) -> Option<ListConnection> {
        self.access_list(id)?;
        let mut found: Option<ListConnection> = None;
        for Happened { position, event, .. } in self.since_creation(id) {
            match event {
                Event::AccessList(AccessListEvent::ResourceConnected(connected))
                    if connected.id == id && connected.resource == *resource =>
                {
                    let actions = connected.actions.clone();
                    if found.as_ref().is_none_or(|own| own.actions != actions) {
                        found = Some(ListConnection { actions, since: *position });
                    }
                }
                Event::AccessList(AccessListEvent::ResourceDisconnected(disconnected))
                    if disconnected.id == id && disconnected.resource == *resource =>
                {
                    found = None;
                }
                _ => {}
            }
        }
        found
    }

    /// What has happened from the creation of a list on.
    fn since_creation(&self, id: AccessListId) -> impl Iterator<Item = &Happened> {
        self.0.iter().skip_while(move |happened| match &happened.event {
            Event::AccessList(AccessListEvent::Created(created)) => created.id != id,
            _ => true,
        })
    }

    fn lists_where(&self, holds: impl Fn(AccessListId) -> bool) -> Vec<AccessListId> {
        let mut all: BTreeSet<AccessListId> = BTreeSet::new();
        for happened in self.0 {
            if let Event::AccessList(AccessListEvent::Created(created)) = &happened.event {
                all.insert(created.id);
            }
        }
        all.into_iter().filter(|id| holds(*id)).collect()
    }

    pub(in super::super) fn lists_of_resource(&self, resource: &ResourceId) -> Vec<AccessListId> {
        self.lists_where(|id| self.connection(id, resource).is_some())
    }

    pub(in super::super) fn lists_of_member(&self, member: PartyId) -> Vec<AccessListId> {
        self.lists_where(|id| self.member_since(id, member).is_some())
    }
}
