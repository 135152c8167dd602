//! Whose role holders and mandates count for a party: its own, those of its main unit, and for a
//! person those of its own business.

use fullmakt_events::{RoleUrn, StreamName, Timestamp, event::PartyKind};
use fullmakt_projections::graph::{AccessGraph, PartyNode, Provenance};

use super::Facts;

/// The organisation form of sole proprietorships.
const SOLE_PROPRIETORSHIP: &str = "ENK";
/// The role of the person who owns one.
const OWNER: &str = "urn:altinn:external-role:ccr:innehaver";
/// The roles for a sole proprietorship that reach its owner.
const REACHING_OWNER: [&str; 2] =
    ["urn:altinn:external-role:ccr:regnskapsforer", "urn:altinn:external-role:ccr:revisor"];
/// How long they do after the business was deleted: two years.
const REACHING_OWNER_SECONDS: i64 = 2 * 365 * 24 * 60 * 60;

/// A party whose role holders and mandates count.
pub(super) struct Giver<'a> {
    /// The party.
    pub(super) node: &'a PartyNode,
    /// What in the ledger makes them count for the party represented.
    pub(super) path: Option<Provenance>,
    kind: GiverKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum GiverKind {
    /// The party represented, or the main unit that it belongs to.
    Unit,
    /// A sole proprietorship of the person represented.
    OwnBusiness,
}

impl Giver<'_> {
    /// Whether a role that is held for this party counts.
    pub(super) fn lets(&self, role: &RoleUrn) -> bool {
        match self.kind {
            GiverKind::Unit => true,
            GiverKind::OwnBusiness => REACHING_OWNER.contains(&role.as_str()),
        }
    }

    /// Whether what this party gives counts.
    pub(super) const fn gives_mandates(&self) -> bool {
        match self.kind {
            GiverKind::Unit => true,
            GiverKind::OwnBusiness => false,
        }
    }
}

/// The party itself, and the others whose role holders or mandates count for it.
pub(super) fn of<'a>(
    graph: &'a AccessGraph,
    party: &'a PartyNode,
    at: Timestamp,
    facts: &mut Facts,
) -> Vec<Giver<'a>> {
    let mut givers = vec![Giver { node: party, path: None, kind: GiverKind::Unit }];
    match party.facts.kind {
        PartyKind::SubUnit => givers.extend(main_unit(graph, party, facts)),
        PartyKind::Person => own_businesses(graph, party, at, facts, &mut givers),
        PartyKind::Organization => {}
    }
    givers
}

fn main_unit<'a>(
    graph: &'a AccessGraph,
    party: &PartyNode,
    facts: &mut Facts,
) -> Option<Giver<'a>> {
    let parent = party.facts.parent?;
    facts.consulted.insert(StreamName::party(parent));
    // A deleted main unit gives nothing: what was held for it is over.
    let node = graph.party(parent).filter(|parent| !parent.facts.is_deleted)?;
    let path = Some(party.provenance(party.since));
    Some(Giver { node, path, kind: GiverKind::Unit })
}

/// The sole proprietorships of a person. One that comes later comes on a stream that nobody can name.
fn own_businesses<'a>(
    graph: &'a AccessGraph,
    person: &PartyNode,
    at: Timestamp,
    facts: &mut Facts,
    givers: &mut Vec<Giver<'a>>,
) {
    if person.facts.is_deleted {
        return;
    }
    let reaches = |business: &PartyNode| {
        let last = business.deleted_at.map(|deleted| deleted.plus_seconds(REACHING_OWNER_SECONDS));
        business.facts.variant.as_deref() == Some(SOLE_PROPRIETORSHIP)
            && last.is_none_or(|last| at < last)
    };
    for unit in graph.parties_of_holder(person.party) {
        facts.consulted.insert(StreamName::party(*unit));
        let Some(business) = graph.party(*unit).filter(|unit| reaches(unit)) else { continue };
        let owned = |held: &&fullmakt_projections::graph::RoleHeld| {
            held.holder == person.party && held.role.as_str() == OWNER
        };
        if let Some(owned) = business.roles.iter().find(owned) {
            let path = Some(business.provenance(owned.since));
            givers.push(Giver { node: business, path, kind: GiverKind::OwnBusiness });
        }
    }
}
