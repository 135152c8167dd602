//! The members of access lists.
//!
//! That a list is deleted says nothing of each of its members, so that their rows stay; questions ask
//! whether the list is there as well. A list that is created again has another id.

use fullmakt_events::{AccessListId, PartyId, Timestamp, event::AccessListEvent};

use crate::{EntityKey, Keyed, Place, ReadModel, sql::statements};

statements! { "access_list_members":
    /// Creates the table.
    CREATE = "create",
    /// Adds its keys and indexes.
    INDEX = "index",
    /// The rows of entities that still hold.
    LOAD = "load",
    /// Adds rows.
    INSERT = "insert",
    /// The members of a list that is there.
    BY_LIST = "by_list",
    /// The memberships of a party in lists that are there.
    BY_MEMBER = "by_member",
}

/// A party on an access list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessListMemberRow {
    /// The list.
    pub list: AccessListId,
    /// The party.
    pub member: PartyId,
    /// When it was added.
    pub added: Timestamp,
}

impl AccessListMemberRow {
    /// The key of a membership.
    #[must_use]
    pub fn key(list: AccessListId, member: PartyId) -> EntityKey {
        EntityKey::of(&[&list.to_string(), &member.to_string()])
    }
}

/// What happens to a membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccessListMemberChange {
    /// The party is on the list. One that was on it before stays as it is.
    Added(AccessListMemberRow),
    /// The party is no longer on the list.
    Removed,
}

/// The table `access_list_members`.
#[derive(Debug)]
pub struct AccessListMembers;

impl ReadModel for AccessListMembers {
    type Row = AccessListMemberRow;
    type Change = AccessListMemberChange;

    const NAME: &'static str = "access_list_members";
    const CREATE: crate::Statement = CREATE;
    const INDEX: crate::Statement = INDEX;
    const LOAD: crate::Statement = LOAD;
    const INSERT: crate::Statement = INSERT;

    fn apply(
        row: Option<&AccessListMemberRow>,
        change: &AccessListMemberChange,
    ) -> Option<AccessListMemberRow> {
        match change {
            AccessListMemberChange::Added(added) => Some(row.unwrap_or(added).clone()),
            AccessListMemberChange::Removed => None,
        }
    }
}

pub(crate) fn project(
    event: &AccessListEvent,
    place: &Place,
) -> Vec<Keyed<AccessListMemberChange>> {
    let keyed = |list, member, change| Keyed {
        entity: AccessListMemberRow::key(list, member),
        position: place.sequence.position,
        change,
    };
    match event {
        AccessListEvent::MembersAdded(event) => {
            let added = |member: &PartyId| {
                let (list, member, added) = (event.id, *member, place.ledger_time);
                let row = AccessListMemberRow { list, member, added };
                keyed(list, member, AccessListMemberChange::Added(row))
            };
            event.members.iter().map(added).collect()
        }
        AccessListEvent::MembersRemoved(event) => {
            let removed =
                |member: &PartyId| keyed(event.id, *member, AccessListMemberChange::Removed);
            event.members.iter().map(removed).collect()
        }
        AccessListEvent::Created(_)
        | AccessListEvent::Updated(_)
        | AccessListEvent::ResourceConnected(_)
        | AccessListEvent::ResourceDisconnected(_)
        | AccessListEvent::Deleted(_) => Vec::new(),
    }
}
