//! What the rights registry and access lists say of a party.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a question is about the events it names; what it overlooks breaks the law"
)]

use fullmakt_events::{
    AccessListId, Event, PartyId, Timestamp,
    event::{AccessListEvent, RegistryRight, ResourceEvent, ResourceRightEvent},
};

use super::Oracle;

impl Oracle<'_> {
    pub(super) fn is_gated(&self) -> bool {
        let last = self.history.iter().rev().find_map(|(_, event)| match &**event {
            Event::Resource(ResourceEvent::RegistryRequired(_)) => Some(true),
            Event::Resource(ResourceEvent::RegistryWaived(_)) => Some(false),
            _ => None,
        });
        last == Some(true)
    }

    /// The rights in the registry that count.
    fn registry_rights(
        &self,
        party: PartyId,
        performer: Option<PartyId>,
        at: Timestamp,
    ) -> Vec<RegistryRight> {
        let mut rights: Vec<RegistryRight> = Vec::new();
        for (_, event) in self.history {
            match &**event {
                Event::ResourceRight(ResourceRightEvent::Granted(event))
                    if event.right.party == party =>
                {
                    rights.retain(|own| own.id != event.right.id);
                    rights.push(event.right.clone());
                }
                Event::ResourceRight(ResourceRightEvent::Revoked(event))
                    if event.party == party =>
                {
                    rights.retain(|own| own.id != event.id);
                }
                _ => {}
            }
        }
        rights.retain(|own| own.validity.holds_at(at));
        rights.retain(|own| own.performed_by.is_none() || own.performed_by == performer);
        rights
    }

    /// The actions of the connections of the lists that the party is on.
    fn connections(&self, party: PartyId) -> Vec<Vec<String>> {
        let lists = self.history.iter().filter_map(|(_, event)| match &**event {
            Event::AccessList(AccessListEvent::Created(event)) => Some(event.id),
            _ => None,
        });
        let lists = lists.filter(|list| self.is_member(*list, party));
        lists.filter_map(|list| self.connection(list)).collect()
    }

    fn is_member(&self, list: AccessListId, party: PartyId) -> bool {
        let newest = self.history.iter().rev().find_map(|(_, event)| match &**event {
            Event::AccessList(AccessListEvent::MembersAdded(event))
                if event.id == list && event.members.contains(&party) =>
            {
                Some(true)
            }
            Event::AccessList(AccessListEvent::MembersRemoved(event))
                if event.id == list && event.members.contains(&party) =>
            {
                Some(false)
            }
            _ => None,
        });
        newest == Some(true)
    }

    fn connection(&self, list: AccessListId) -> Option<Vec<String>> {
        let newest = self.history.iter().rev().find_map(|(_, event)| match &**event {
            Event::AccessList(AccessListEvent::ResourceConnected(event)) if event.id == list => {
                Some(Some(event.actions.clone()))
            }
            Event::AccessList(AccessListEvent::ResourceDisconnected(event)) if event.id == list => {
                Some(None)
            }
            _ => None,
        });
        newest.flatten()
    }

    /// The values of the rights to actions that the party has.
    pub(super) fn registry(
        &self,
        party: PartyId,
        performer: Option<PartyId>,
        action: &str,
        at: Timestamp,
    ) -> Vec<String> {
        let rights = self.registry_rights(party, performer, at).into_iter();
        let rights = rights.map(|own| own.rights_value.trim_start_matches("urn:").to_owned());
        let lists = self
            .connections(party)
            .into_iter()
            .flat_map(|actions| if actions.is_empty() { vec![action.to_owned()] } else { actions });
        rights.chain(lists).collect()
    }

    pub(super) fn opens_gate(
        &self,
        party: PartyId,
        performer: Option<PartyId>,
        action: &str,
        at: Timestamp,
    ) -> bool {
        !self.registry_rights(party, performer, at).is_empty()
            || self
                .connections(party)
                .iter()
                .any(|actions| actions.is_empty() || actions.iter().any(|own| own == action))
    }
}
