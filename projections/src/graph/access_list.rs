//! Access lists: members and connected resources. What follows for a member is never copied.

use std::{collections::BTreeMap, sync::Arc};

use fullmakt_events::{
    AccessListId, AccessListName, OwnerCode, PartyId, Position, ResourceId, StreamName,
    event::AccessListEvent,
};
use imbl::HashMap;

use super::{AccessGraph, Provenance};

/// An access list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessListNode {
    /// The service owner that keeps it.
    pub owner: OwnerCode,
    /// Its name among the owner's lists.
    pub name: AccessListName,
    /// The position that made it so.
    pub since: Position,
    members: HashMap<PartyId, Position>,
    connections: BTreeMap<ResourceId, ListConnection>,
}

/// A resource that is open to the members of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListConnection {
    /// The actions; none named means every action.
    pub actions: Vec<String>,
    /// The position that made it so.
    pub since: Position,
}

impl AccessListNode {
    /// The position that made a party a member, if it is one.
    #[must_use]
    pub fn member_since(&self, party: PartyId) -> Option<Position> {
        self.members.get(&party).copied()
    }

    /// How a resource is connected, if it is.
    #[must_use]
    pub fn connection(&self, resource: &ResourceId) -> Option<&ListConnection> {
        self.connections.get(resource)
    }

    /// The stream of this list.
    #[must_use]
    pub fn stream(&self) -> StreamName {
        StreamName::access_list(&self.owner, &self.name)
    }

    /// Where a fact about this list stands in the ledger.
    #[must_use]
    pub fn provenance(&self, since: Position) -> Provenance {
        Provenance { stream: self.stream(), since }
    }
}

impl ListConnection {
    /// Whether the resource is open to members for this action.
    #[must_use]
    pub fn includes(&self, action: &str) -> bool {
        self.actions.is_empty() || self.actions.iter().any(|own| own.eq_ignore_ascii_case(action))
    }
}

impl AccessGraph {
    /// An access list; none once it is deleted.
    #[must_use]
    pub fn access_list(&self, id: AccessListId) -> Option<&AccessListNode> {
        self.access_lists.get(&id).map(Arc::as_ref)
    }

    /// The lists that a resource is connected with, in the order of their ids.
    #[must_use]
    pub fn lists_of_resource(&self, resource: &ResourceId) -> &[AccessListId] {
        self.resource_lists.of(resource)
    }

    /// The lists that a party is on, in the order of their ids.
    #[must_use]
    pub fn lists_of_member(&self, party: PartyId) -> &[AccessListId] {
        self.member_lists.of(&party)
    }
}

pub(super) fn fold(graph: &mut AccessGraph, event: &AccessListEvent, at: Position) {
    match event {
        AccessListEvent::Created(created) => {
            let node = AccessListNode {
                owner: created.owner.clone(),
                name: created.name.clone(),
                since: at,
                members: HashMap::new(),
                connections: BTreeMap::new(),
            };
            graph.access_lists.insert(created.id, Arc::new(node));
        }
        // What a list is called opens nothing.
        AccessListEvent::Updated(_) => {}
        AccessListEvent::MembersAdded(added) => {
            let Some(node) = node(graph, added.id) else { return };
            for member in &added.members {
                node.members.entry(*member).or_insert(at);
            }
            for member in &added.members {
                graph.member_lists.add(member, added.id);
            }
        }
        AccessListEvent::MembersRemoved(removed) => {
            let Some(node) = node(graph, removed.id) else { return };
            for member in &removed.members {
                node.members.remove(member);
            }
            for member in &removed.members {
                graph.member_lists.remove(member, &removed.id);
            }
        }
        AccessListEvent::ResourceConnected(connected) => {
            let Some(node) = node(graph, connected.id) else { return };
            let known = node.connections.get(&connected.resource);
            if known.is_none_or(|known| known.actions != connected.actions) {
                let connection = ListConnection { actions: connected.actions.clone(), since: at };
                node.connections.insert(connected.resource.clone(), connection);
            }
            graph.resource_lists.add(&connected.resource, connected.id);
        }
        AccessListEvent::ResourceDisconnected(disconnected) => {
            let Some(node) = node(graph, disconnected.id) else { return };
            node.connections.remove(&disconnected.resource);
            graph.resource_lists.remove(&disconnected.resource, &disconnected.id);
        }
        AccessListEvent::Deleted(deleted) => {
            let Some(node) = graph.access_lists.remove(&deleted.id) else { return };
            for member in node.members.keys() {
                graph.member_lists.remove(member, &deleted.id);
            }
            for resource in node.connections.keys() {
                graph.resource_lists.remove(resource, &deleted.id);
            }
        }
    }
}

fn node(graph: &mut AccessGraph, id: AccessListId) -> Option<&mut AccessListNode> {
    graph.access_lists.get_mut(&id).map(Arc::make_mut)
}
