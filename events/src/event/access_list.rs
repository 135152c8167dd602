//! Access lists: parties that several resources are open to.

use serde::{Deserialize, Serialize};

use super::event_family;
use crate::{AccessListId, AccessListName, OwnerCode, PartyId, ResourceId};

event_family! {
    /// What happens on `access-list/{owner}/{name}`.
    AccessListEvent {
        Created(AccessListCreated) = "access_list.created" @ 1,
        Updated(AccessListUpdated) = "access_list.updated" @ 1,
        MembersAdded(AccessListMembersAdded) = "access_list.members_added" @ 1,
        MembersRemoved(AccessListMembersRemoved) = "access_list.members_removed" @ 1,
        ResourceConnected(AccessListResourceConnected) = "access_list.resource_connected" @ 1,
        ResourceDisconnected(AccessListResourceDisconnected) = "access_list.resource_disconnected" @ 1,
        Deleted(AccessListDeleted) = "access_list.deleted" @ 1,
    }
}

/// There is a list. It has no members, and no resource is connected with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessListCreated {
    /// The list: another one than any deleted before it under the same name.
    pub id: AccessListId,
    /// The service owner that keeps it.
    pub owner: OwnerCode,
    /// Its name among the owner's lists.
    pub name: AccessListName,
    /// What it is called.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// Who created it for the owner.
    pub by: PartyId,
}

/// A list is called something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessListUpdated {
    /// The list.
    pub id: AccessListId,
    /// What it is called.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// Who changed it.
    pub by: PartyId,
}

/// Parties are on a list from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessListMembersAdded {
    /// The list.
    pub id: AccessListId,
    /// The parties.
    pub members: Vec<PartyId>,
    /// Who added them.
    pub by: PartyId,
}

/// Parties are no longer on a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessListMembersRemoved {
    /// The list.
    pub id: AccessListId,
    /// The parties.
    pub members: Vec<PartyId>,
    /// Who removed them.
    pub by: PartyId,
}

/// A resource is open to the members of a list, for these actions and no others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessListResourceConnected {
    /// The list.
    pub id: AccessListId,
    /// The resource.
    pub resource: ResourceId,
    /// The actions; none named means every action.
    pub actions: Vec<String>,
    /// Who connected it.
    pub by: PartyId,
}

/// A resource is no longer open to the members of a list because they are on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessListResourceDisconnected {
    /// The list.
    pub id: AccessListId,
    /// The resource.
    pub resource: ResourceId,
    /// Who disconnected it.
    pub by: PartyId,
}

/// A list is gone, and with it its members and connections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessListDeleted {
    /// The list.
    pub id: AccessListId,
    /// Who deleted it.
    pub by: PartyId,
}
