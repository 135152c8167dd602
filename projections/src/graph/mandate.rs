//! What one party gives another.

use std::sync::Arc;

use fullmakt_events::{
    PackageUrn, PartyId, Position, Right, StreamName, Validity, event::MandateEvent,
};

use super::{AccessGraph, Provenance};

/// All that one party gives another, in an order that does not depend on how it came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MandateNode {
    /// Who gives.
    pub from_party: PartyId,
    /// Who is given it.
    pub to_party: PartyId,
    /// The access packages, in alphabetical order.
    pub access_packages: Vec<Given<PackageUrn>>,
    /// The single rights, in their own order.
    pub rights: Vec<Given<Right>>,
}

/// One thing that is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given<T> {
    /// What is given.
    pub what: T,
    /// When it counts.
    pub validity: Validity,
    /// The position that made it so.
    pub since: Position,
}

impl MandateNode {
    /// Where a fact about this mandate stands in the ledger.
    #[must_use]
    pub fn provenance(&self, since: Position) -> Provenance {
        Provenance { stream: StreamName::mandate(self.from_party, self.to_party), since }
    }

    fn is_empty(&self) -> bool {
        self.access_packages.is_empty() && self.rights.is_empty()
    }
}

impl AccessGraph {
    /// What one party gives another; none where it gives nothing.
    #[must_use]
    pub fn mandate(&self, from: PartyId, to: PartyId) -> Option<&MandateNode> {
        self.mandates.get(&(from, to)).map(Arc::as_ref)
    }

    /// The parties that a party gives something, in the order of their ids.
    #[must_use]
    pub fn receivers_of_mandates(&self, from: PartyId) -> &[PartyId] {
        self.mandate_receivers.of(&from)
    }

    /// The parties that give a party something, in the order of their ids.
    #[must_use]
    pub fn givers_of_mandates(&self, to: PartyId) -> &[PartyId] {
        self.mandate_givers.of(&to)
    }
}

pub(super) fn fold(graph: &mut AccessGraph, event: &MandateEvent, at: Position) {
    match event {
        MandateEvent::Given(given) => change(graph, (given.from_party, given.to_party), |node| {
            for package in &given.access_packages {
                give(&mut node.access_packages, package, given.validity, at);
            }
            for right in &given.rights {
                give(&mut node.rights, right, given.validity, at);
            }
        }),
        MandateEvent::Changed(changed) => {
            change(graph, (changed.from_party, changed.to_party), |node| {
                for package in &changed.access_packages {
                    move_in_time(&mut node.access_packages, package, changed.validity, at);
                }
                for right in &changed.rights {
                    move_in_time(&mut node.rights, right, changed.validity, at);
                }
            });
        }
        MandateEvent::Revoked(revoked) => {
            change(graph, (revoked.from_party, revoked.to_party), |node| {
                node.access_packages.retain(|own| !revoked.access_packages.contains(&own.what));
                node.rights.retain(|own| !revoked.rights.contains(&own.what));
            });
        }
        // Asking gives nothing, and what is given for an ask is said apart.
        MandateEvent::Asked(_)
        | MandateEvent::AskApproved(_)
        | MandateEvent::AskRejected(_)
        | MandateEvent::AskWithdrawn(_) => {}
    }
}

fn give<T: Clone + Ord>(given: &mut Vec<Given<T>>, what: &T, validity: Validity, at: Position) {
    if !move_in_time(given, what, validity, at) {
        let place = given.partition_point(|own| own.what < *what);
        given.insert(place, Given { what: what.clone(), validity, since: at });
    }
}

/// Lets what is given count in another time. Whether it is given at all.
fn move_in_time<T: PartialEq>(
    given: &mut [Given<T>],
    what: &T,
    validity: Validity,
    at: Position,
) -> bool {
    let Some(own) = given.iter_mut().find(|own| own.what == *what) else { return false };
    if own.validity != validity {
        own.validity = validity;
        own.since = at;
    }
    true
}

fn change(
    graph: &mut AccessGraph,
    (from, to): (PartyId, PartyId),
    how: impl FnOnce(&mut MandateNode),
) {
    let node = graph.mandates.entry((from, to)).or_insert_with(|| {
        let (access_packages, rights) = (Vec::new(), Vec::new());
        Arc::new(MandateNode { from_party: from, to_party: to, access_packages, rights })
    });
    let node = Arc::make_mut(node);
    how(node);
    if node.is_empty() {
        graph.mandates.remove(&(from, to));
        graph.mandate_receivers.remove(&from, &to);
        graph.mandate_givers.remove(&to, &from);
    } else {
        graph.mandate_receivers.add(&from, to);
        graph.mandate_givers.add(&to, from);
    }
}
