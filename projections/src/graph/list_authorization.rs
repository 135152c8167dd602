//! Access lists: who may use a resource whose owner lists its users.

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
    ///
    /// There are no access lists among the facts, so that nobody is a member of one.
    #[must_use]
    pub fn list_authorization(
        &self,
        party: PartyId,
        resource: &ResourceId,
        _action: &str,
    ) -> ListAuthorization {
        match (self.party(party), self.resource(resource)) {
            (Some(_), Some(_)) => ListAuthorization::NotAuthorized,
            (None, _) | (_, None) => ListAuthorization::NotDetermined,
        }
    }
}
