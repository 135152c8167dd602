//! The access graph: who is connected to whom, in memory, for the PDP.
//!
//! A value of [`AccessGraph`] belongs to exactly one position. Cloning one is cheap, since clones
//! share what they have in common, so that a new generation is published by replacing the old one
//! and readers never wait. Each kind of fact has a file here: its node, and what each of its events
//! does to the graph.

mod access_list;
mod adjacency;
mod catalogue;
mod client_link;
mod list_authorization;
mod mandate;
mod party;
mod registry_right;
mod resource;
mod system;
mod system_user;

use std::sync::Arc;

use fullmakt_events::{
    AccessListId, Event, Folded, OrgNumber, PartyId, PartyNumber, Position, ResourceId, StreamName,
    SystemId, SystemUserId, Timestamp,
};
use imbl::HashMap;

pub use access_list::{AccessListNode, ListConnection};
use adjacency::Adjacency;
pub use catalogue::{CatalogueNode, Properties, RoleNode};
pub use client_link::{ClientLinkNode, ClientLinkTerms};
pub use list_authorization::ListAuthorization;
pub use mandate::{Given, MandateNode};
pub use party::{PartyNode, RoleHeld};
pub use registry_right::RegistryRightNode;
pub use resource::{PolicyNode, ResourceNode};
pub use system::SystemNode;
pub use system_user::SystemUserNode;

/// The facts that decisions rest on, as of one position.
#[derive(Debug, Clone, Default)]
pub struct AccessGraph {
    position: Position,
    ledger_time: Timestamp,
    parties: HashMap<PartyId, Arc<PartyNode>>,
    party_numbers: HashMap<PartyNumber, PartyId>,
    org_numbers: HashMap<OrgNumber, PartyId>,
    /// For each holder of roles the parties that they are held for.
    roles_held: Adjacency<PartyId, PartyId>,
    /// For each main unit its sub-units.
    sub_units: Adjacency<PartyId, PartyId>,
    systems: HashMap<SystemId, Arc<SystemNode>>,
    system_users: HashMap<SystemUserId, Arc<SystemUserNode>>,
    client_links: client_link::ClientLinks,
    mandates: HashMap<(PartyId, PartyId), Arc<MandateNode>>,
    /// For each party those that it gives something.
    mandate_receivers: Adjacency<PartyId, PartyId>,
    /// For each party those that give it something.
    mandate_givers: Adjacency<PartyId, PartyId>,
    resources: HashMap<ResourceId, Arc<ResourceNode>>,
    registry_rights: HashMap<PartyId, Arc<Vec<RegistryRightNode>>>,
    /// For each resource the parties with a right to it.
    registry_parties: Adjacency<ResourceId, PartyId>,
    access_lists: HashMap<AccessListId, Arc<AccessListNode>>,
    /// For each resource the lists that it is connected with.
    resource_lists: Adjacency<ResourceId, AccessListId>,
    /// For each party the lists that it is on.
    member_lists: Adjacency<PartyId, AccessListId>,
    catalogue: Arc<CatalogueNode>,
}

impl AccessGraph {
    /// Takes the next record.
    pub fn apply(&mut self, record: &Folded) {
        self.position = record.position;
        self.ledger_time = record.ledger_time;
        for (_, event) in &record.events {
            self.fold(event, record.position);
        }
    }

    /// An empty graph as of a position, to be filled with what stood there.
    #[must_use]
    pub fn as_of(position: Position) -> Self {
        Self { position, ..Self::default() }
    }

    /// Takes a fact that stood at the graph's position, and was made so at the position `since` and
    /// the ledger time `at`.
    pub fn take(&mut self, fact: &Event, since: Position, at: Timestamp) {
        let now = std::mem::replace(&mut self.ledger_time, at);
        self.fold(fact, since);
        self.ledger_time = now;
    }

    /// Whether so much has changed since the compact part of the graph was made that a new one is
    /// worth its time.
    #[must_use]
    pub fn is_worth_merging(&self) -> bool {
        self.client_links.is_worth_merging()
    }

    /// The compact part of the graph with all that has changed in it. It takes time in proportion to
    /// the whole graph, in which the graph itself can go on.
    #[must_use]
    pub fn merged(&self) -> Merged {
        Merged { position: self.position, client_links: self.client_links.merged() }
    }

    /// Takes the compact part that was made of an earlier generation of this graph. No answer changes.
    pub fn adopt(&mut self, merged: Merged) {
        self.client_links.adopt(merged.client_links, merged.position);
    }

    /// The position that the graph has reached.
    #[must_use]
    pub const fn position(&self) -> Position {
        self.position
    }

    /// The ledger time at that position.
    #[must_use]
    pub const fn ledger_time(&self) -> Timestamp {
        self.ledger_time
    }

    /// A unit or person.
    #[must_use]
    pub fn party(&self, party: PartyId) -> Option<&PartyNode> {
        self.parties.get(&party).map(Arc::as_ref)
    }

    /// The party with an integer id of the wire contract.
    #[must_use]
    pub fn party_of_number(&self, number: PartyNumber) -> Option<PartyId> {
        self.party_numbers.get(&number).copied()
    }

    /// The party with an organisation number.
    #[must_use]
    pub fn party_of_org(&self, org: OrgNumber) -> Option<PartyId> {
        self.org_numbers.get(&org).copied()
    }

    /// The parties for which `holder` holds at least one role, in the order of their ids.
    #[must_use]
    pub fn parties_of_holder(&self, holder: PartyId) -> &[PartyId] {
        self.roles_held.of(&holder)
    }

    /// The sub-units of a main unit, deleted ones included, in the order of their ids.
    #[must_use]
    pub fn sub_units_of(&self, unit: PartyId) -> &[PartyId] {
        self.sub_units.of(&unit)
    }

    /// A system of the register, deleted ones included.
    #[must_use]
    pub fn system(&self, system: &SystemId) -> Option<&SystemNode> {
        self.systems.get(system).map(Arc::as_ref)
    }

    /// A system user; none once it is deleted.
    #[must_use]
    pub fn system_user(&self, id: SystemUserId) -> Option<&SystemUserNode> {
        self.system_users.get(&id).map(Arc::as_ref)
    }

    /// A resource of the registry.
    #[must_use]
    pub fn resource(&self, resource: &ResourceId) -> Option<&ResourceNode> {
        self.resources.get(resource).map(Arc::as_ref)
    }

    /// Roles, packages and what follows from roles.
    #[must_use]
    pub fn catalogue(&self) -> &CatalogueNode {
        &self.catalogue
    }

    fn fold(&mut self, event: &Event, at: Position) {
        match event {
            Event::Party(event) => party::fold(self, event, at),
            Event::OrgNumber(_) | Event::PartyNumber(_) => party::fold_number(self, event),
            Event::System(event) => system::fold(self, event, at),
            Event::Agreement(event) => system_user::fold(self, event, at),
            Event::ClientLink(event) => client_link::fold(self, event, at),
            Event::Mandate(event) => mandate::fold(self, event, at),
            Event::Resource(event) => resource::fold(self, event, at),
            Event::ResourceRight(event) => registry_right::fold(self, event, at),
            Event::AccessList(event) => access_list::fold(self, event, at),
            Event::Catalogue(event) => catalogue::fold(self, event, at),
            // Facts about tokens, claims and commands give nobody access.
            Event::ClientId(_)
            | Event::TokenClient(_)
            | Event::TokenScope(_)
            | Event::ChangeRequest(_)
            | Event::Command(_) => {}
        }
    }
}

/// The compact part of a graph, as of one position.
#[derive(Debug)]
pub struct Merged {
    position: Position,
    client_links: client_link::Base,
}

/// A fact of the graph: where it stands in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// The stream that it was taken from.
    pub stream: StreamName,
    /// The position that made it true.
    pub since: Position,
}

#[cfg(test)]
mod law;
#[cfg(test)]
mod tests;
