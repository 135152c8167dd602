//! What access lists say: who may use a resource whose owner lists its users.

use fullmakt_events::{PartyId, ResourceId};

use super::AccessGraph;

/// What access lists say of a party, a resource and an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListAuthorization {
    /// A list that is connected to the resource, for this action, has the party as a member.
    Authorized,
    /// No such list has it.
    NotAuthorized,
    /// The party or the resource is not known, so that nothing is said about them.
    NotDetermined,
}

impl AccessGraph {
    /// What access lists say of a party that wants to do this with a resource.
    #[must_use]
    pub fn list_authorization(
        &self,
        party: PartyId,
        resource: &ResourceId,
        action: &str,
    ) -> ListAuthorization {
        if self.party(party).is_none() || self.resource(resource).is_none() {
            return ListAuthorization::NotDetermined;
        }
        let opens = |list: &super::AccessListNode| {
            list.member_since(party).is_some()
                && list.connection(resource).is_some_and(|open| open.includes(action))
        };
        let mut lists = self.lists_of_resource(resource).iter();
        if lists.any(|list| self.access_list(*list).is_some_and(opens)) {
            ListAuthorization::Authorized
        } else {
            ListAuthorization::NotAuthorized
        }
    }
}
