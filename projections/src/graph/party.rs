//! Units and persons, and who holds roles for them.

use std::sync::Arc;

use fullmakt_events::{
    Event, PartyId, PartyNumber, Position, RoleUrn, StreamName, Timestamp,
    event::{OrgNumberEvent, PartyEvent, PartyFacts, PartyKind, PartyNumberEvent, RoleAssigned},
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
    /// The ledger time when it was found deleted, if it is.
    pub deleted_at: Option<Timestamp>,
    /// The roles that others hold for it, those that are held longest first: an order that does not
    /// depend on how the graph came about.
    pub roles: Vec<RoleHeld>,
}

/// A role that somebody holds for a party.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoleHeld {
    /// The position that made it so.
    pub since: Position,
    /// The role.
    pub role: RoleUrn,
    /// Who holds it.
    pub holder: PartyId,
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
            let facts = registered.facts.clone();
            add_to_main_unit(graph, registered.party, &facts);
            let node = PartyNode {
                party: registered.party,
                number: registered.number,
                deleted_at: facts.is_deleted.then_some(graph.ledger_time),
                facts,
                since: at,
                roles: Vec::new(),
            };
            graph.parties.insert(registered.party, Arc::new(node));
        }
        PartyEvent::Changed(changed) => {
            let (party, facts) = (changed.party, &changed.facts);
            let Some(before) = graph.party(party) else { return };
            if before.facts == *facts {
                // A change that changes nothing makes nothing so.
                return;
            }
            if let Some(before) = main_unit(&before.facts) {
                graph.sub_units.remove(&before, &party);
            }
            add_to_main_unit(graph, party, facts);
            let now = graph.ledger_time;
            change(graph, party, |node| {
                node.facts = facts.clone();
                node.since = at;
                let since = node.deleted_at.unwrap_or(now);
                node.deleted_at = facts.is_deleted.then_some(since);
            });
        }
        PartyEvent::RoleAssigned(assigned) => {
            change(graph, assigned.party, |node| assign(node, assigned, at));
            // INVARIANT: only a party that is known has role holders, on both sides.
            if graph.parties.contains_key(&assigned.party) {
                graph.roles_held.add(&assigned.holder, assigned.party);
            }
        }
        PartyEvent::RoleEnded(ended) => {
            let mut is_last = true;
            change(graph, ended.party, |node| {
                node.roles.retain(|held| held.role != ended.role || held.holder != ended.holder);
                is_last = !node.roles.iter().any(|held| held.holder == ended.holder);
            });
            if is_last {
                graph.roles_held.remove(&ended.holder, &ended.party);
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
        | Event::Party(_)
        | Event::ClientLink(_)
        | Event::Mandate(_)
        | Event::Resource(_)
        | Event::ResourceRight(_)
        | Event::AccessList(_)
        | Event::Catalogue(_)
        | Event::Command(_) => {}
    }
}

/// Adds a role in its place, unless it is held already.
fn assign(node: &mut PartyNode, assigned: &RoleAssigned, since: Position) {
    let RoleAssigned { role, holder, .. } = assigned;
    if !node.roles.iter().any(|held| held.role == *role && held.holder == *holder) {
        let held = RoleHeld { since, role: role.clone(), holder: *holder };
        let place = node.roles.partition_point(|other| *other < held);
        node.roles.insert(place, held);
    }
}

/// The main unit that a party belongs to, if it is a sub-unit.
fn main_unit(facts: &PartyFacts) -> Option<PartyId> {
    facts.parent.filter(|_| facts.kind == PartyKind::SubUnit)
}

fn add_to_main_unit(graph: &mut AccessGraph, party: PartyId, facts: &PartyFacts) {
    if let Some(unit) = main_unit(facts) {
        graph.sub_units.add(&unit, party);
    }
}

fn change(graph: &mut AccessGraph, party: PartyId, with: impl FnOnce(&mut PartyNode)) {
    if let Some(node) = graph.parties.get_mut(&party) {
        with(Arc::make_mut(node));
    }
}
