//! From a record to the changes of all read models.

use fullmakt_events::{Actor, Event, Folded, LedgerRecord};

use crate::{
    AccessListMembers, AccessListResources, AccessLists, Catalogues, ClientLinks, Definition,
    Keyed, MandateAsks, Mandates, Parties, PartyRoles, Place, ReadModel, ResourcePolicies,
    ResourceRights, Resources, Sequence, Statement, SystemChanges, SystemClientIds,
    SystemUserChanges, SystemUserRequests, SystemUsers, Systems, TokenClients, TokenScopes,
    access_list_members, access_list_resources, access_lists, catalogues, client_links,
    mandate_asks, mandates, parties, party_roles, resource_policies, resource_rights, resources,
    storable::storable, system_changes, system_client_ids, system_user_changes,
    system_user_requests, system_users, systems, token_clients, token_scopes,
};

/// Lists the read models, once: the enum of all changes, and the same changes sorted by table.
macro_rules! read_models {
    ($( $(#[$doc:meta])* $variant:ident($model:ident) in $field:ident, )+) => {
        /// A change to one of the read models.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Change {
            $( $(#[$doc])* $variant(Keyed<<$model as ReadModel>::Change>), )+
        }

        /// The changes of a batch, by table, each table's in the order of the ledger.
        #[derive(Debug, Default)]
        pub struct Changes {
            $( $(#[$doc])* pub $field: Vec<Keyed<<$model as ReadModel>::Change>>, )+
        }

        impl Changes {
            /// Adds a change after those of its table.
            pub fn push(&mut self, change: Change) {
                match change {
                    $( Change::$variant(keyed) => self.$field.push(keyed), )+
                }
            }
        }

        /// The name of every read model's table, with the statements that make it.
        pub const TABLES: &[(&str, Definition)] = &[$((
            <$model as ReadModel>::NAME,
            Definition {
                create: <$model as ReadModel>::CREATE,
                index: <$model as ReadModel>::INDEX,
            },
        )),+];

        /// The statements of all read models.
        pub fn read_model_statements() -> impl Iterator<Item = Statement> {
            [$($field::STATEMENTS),+].into_iter().flatten().copied()
        }
    };
}

read_models! {
    /// To a system.
    System(Systems) in systems,
    /// To the change log of a system.
    SystemChange(SystemChanges) in system_changes,
    /// To a client id of a system.
    SystemClientId(SystemClientIds) in system_client_ids,
    /// To a request for a system user.
    SystemUserRequest(SystemUserRequests) in system_user_requests,
    /// To a change request.
    SystemUserChange(SystemUserChanges) in system_user_changes,
    /// To a system user.
    SystemUser(SystemUsers) in system_users,
    /// To what a system user may do for a client.
    ClientLink(ClientLinks) in client_links,
    /// To what a party gives another.
    Mandate(Mandates) in mandates,
    /// To what a party asks another for.
    MandateAsk(MandateAsks) in mandate_asks,
    /// To a party.
    Party(Parties) in parties,
    /// To a role.
    PartyRole(PartyRoles) in party_roles,
    /// To a resource.
    Resource(Resources) in resources,
    /// To a policy.
    ResourcePolicy(ResourcePolicies) in resource_policies,
    /// To a right of the rights registry.
    ResourceRight(ResourceRights) in resource_rights,
    /// To an access list.
    AccessList(AccessLists) in access_lists,
    /// To a membership in an access list.
    AccessListMember(AccessListMembers) in access_list_members,
    /// To a resource's connection with an access list.
    AccessListResource(AccessListResources) in access_list_resources,
    /// To a catalogue.
    Catalogue(Catalogues) in catalogues,
    /// To a client of the token endpoint.
    TokenClient(TokenClients) in token_clients,
    /// To a scope of tokens.
    TokenScope(TokenScopes) in token_scopes,
}

/// What a record changes: nothing, unless it is an admitted commit.
#[must_use]
pub fn project(folded: &Folded) -> Vec<Change> {
    let events = storable(folded);
    let actor = actor(folded);
    let mut changes = Vec::with_capacity(events.len());
    for (index, (_, event)) in (0_u32..).zip(events.iter()) {
        let place = Place {
            sequence: Sequence { position: folded.position, index },
            ledger_time: folded.ledger_time,
        };
        project_event(event, &place, actor, &mut changes);
    }
    changes
}

/// Who made the events of a record happen.
fn actor(folded: &Folded) -> Option<&Actor> {
    match &folded.record {
        Some(LedgerRecord::Commit(commit)) => Some(&commit.actor),
        Some(LedgerRecord::Genesis(_) | LedgerRecord::Tick(_)) | None => None,
    }
}

fn project_event(event: &Event, place: &Place, actor: Option<&Actor>, changes: &mut Vec<Change>) {
    match event {
        Event::System(event) => {
            changes.push(Change::System(systems::project(event, place)));
            changes.push(Change::SystemChange(system_changes::project(event, place, actor)));
        }
        Event::ClientId(event) => {
            changes.push(Change::SystemClientId(system_client_ids::project(event, place)));
        }
        Event::TokenClient(event) => {
            changes.push(Change::TokenClient(token_clients::project(event, place)));
        }
        Event::TokenScope(event) => {
            changes.push(Change::TokenScope(token_scopes::project(event, place)));
        }
        Event::Agreement(event) => {
            let request = system_user_requests::project(event, place);
            changes.extend(request.map(Change::SystemUserRequest));
            let change = system_user_changes::project(event, place);
            changes.extend(change.map(Change::SystemUserChange));
            changes.extend(system_users::project(event, place).map(Change::SystemUser));
        }
        Event::ClientLink(event) => {
            changes.push(Change::ClientLink(client_links::project(event, place)));
        }
        Event::Mandate(event) => {
            changes.extend(mandates::project(event, place).into_iter().map(Change::Mandate));
            changes.extend(mandate_asks::project(event, place).map(Change::MandateAsk));
        }
        Event::Party(event) => {
            changes.extend(parties::project(event, place).map(Change::Party));
            changes.extend(party_roles::project(event, place).map(Change::PartyRole));
        }
        Event::Resource(event) => {
            changes.extend(resources::project(event, place).map(Change::Resource));
            changes.extend(resource_policies::project(event, place).map(Change::ResourcePolicy));
        }
        Event::ResourceRight(event) => {
            changes.push(Change::ResourceRight(resource_rights::project(event, place)));
        }
        Event::AccessList(event) => {
            changes.extend(access_lists::project(event, place).map(Change::AccessList));
            let members = access_list_members::project(event, place).into_iter();
            changes.extend(members.map(Change::AccessListMember));
            let resource = access_list_resources::project(event, place);
            changes.extend(resource.map(Change::AccessListResource));
        }
        Event::Catalogue(event) => {
            changes.push(Change::Catalogue(catalogues::project(event, place)));
        }
        // Claims keep numbers and ids unique; readers find what has them in its own table. What was
        // answered to commands is found in the ledger index only.
        Event::OrgNumber(_)
        | Event::PartyNumber(_)
        | Event::ChangeRequest(_)
        | Event::Command(_) => {}
    }
}

#[cfg(test)]
mod tests;
