//! Units and persons, and who holds roles for them.

use std::sync::Arc;

use fullmakt_events::{
    Event, PartyId, PartyNumber, Position, RoleUrn, StreamName,
    event::{OrgNumberEvent, PartyEvent, PartyFacts, PartyNumberEvent},
};

use super::{AccessGraph, Provenance};

/// A unit or person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyNode {
    /// The party.
    pub party: PartyId,
    /// Its integer id in the wire contract.
    pub number: PartyNumber,
    /// What the register says of it.
    pub facts: PartyFacts,
    /// The position that made it so.
    pub since: Position,
    /// The roles that others hold for it.
    pub roles: Vec<RoleHeld>,
}

/// A role that somebody holds for a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleHeld {
    /// The role.
    pub role: RoleUrn,
    /// Who holds it.
    pub holder: PartyId,
    /// The position that made it so.
    pub since: Position,
}

impl PartyNode {
    /// Where a fact about this party stands in the ledger.
    #[must_use]
    pub fn provenance(&self, since: Position) -> Provenance {
        Provenance { stream: StreamName::party(self.party), since }
    }
}

pub(super) fn fold(graph: &mut AccessGraph, event: &PartyEvent, at: Position) {
    match event {
        PartyEvent::Registered(registered) => {
            graph.parties.insert(
                registered.party,
                Arc::new(PartyNode {
                    party: registered.party,
                    number: registered.number,
                    facts: registered.facts.clone(),
                    since: at,
                    roles: Vec::new(),
                }),
            );
        }
        PartyEvent::Changed(changed) => change(graph, changed.party, |node| {
            node.facts = changed.facts.clone();
            node.since = at;
        }),
        PartyEvent::RoleAssigned(assigned) => {
            change(graph, assigned.party, |node| {
                node.roles.push(RoleHeld {
                    role: assigned.role.clone(),
                    holder: assigned.holder,
                    since: at,
                });
            });
            let parties = graph.roles_held.entry(assigned.holder).or_default();
            if let Err(place) = parties.binary_search(&assigned.party) {
                Arc::make_mut(parties).insert(place, assigned.party);
            }
        }
        PartyEvent::RoleEnded(ended) => {
            let mut is_last = true;
            change(graph, ended.party, |node| {
                node.roles.retain(|held| held.role != ended.role || held.holder != ended.holder);
                is_last = !node.roles.iter().any(|held| held.holder == ended.holder);
            });
            if is_last && let Some(parties) = graph.roles_held.get_mut(&ended.holder) {
                Arc::make_mut(parties).retain(|party| *party != ended.party);
            }
        }
    }
}

pub(super) fn fold_number(graph: &mut AccessGraph, event: &Event) {
    match event {
        Event::OrgNumber(OrgNumberEvent::Claimed(claimed)) => {
            graph.org_numbers.insert(claimed.org_number, claimed.party);
        }
        Event::PartyNumber(PartyNumberEvent::Claimed(claimed)) => {
            graph.party_numbers.insert(claimed.number, claimed.party);
        }
        Event::System(_)
        | Event::ClientId(_)
        | Event::TokenClient(_)
        | Event::TokenScope(_)
        | Event::Agreement(_)
        | Event::ChangeRequest(_)
        | Event::ClientLink(_)
        | Event::Mandate(_)
        | Event::ResourceRight(_)
        | Event::AccessList(_)
        | Event::Party(_)
        | Event::Resource(_)
        | Event::Catalogue(_)
        | Event::Command(_) => {}
    }
}

fn change(graph: &mut AccessGraph, party: PartyId, with: impl FnOnce(&mut PartyNode)) {
    if let Some(node) = graph.parties.get_mut(&party) {
        with(Arc::make_mut(node));
    }
}
