//! What the party represented gives the subject, or an organisation that the subject leads.

use fullmakt_events::{PartyId, StreamName};
use fullmakt_projections::graph::{AccessGraph, Given, MandateNode, Provenance};

use super::{
    FactKind, Facts, Relation, Wanted,
    givers::Giver,
    key_roles::{led_by, through_or_sub_unit},
};

/// Adds the packages and the rights to the resource that are given and count at the time.
///
/// What is not given yet is consulted as well: it has a stream of its own for each party that the
/// subject receives for.
pub(super) fn add(
    graph: &AccessGraph,
    relation: &Relation<'_>,
    wanted: Wanted,
    (subject, givers): (PartyId, &[Giver<'_>]),
    facts: &mut Facts,
) {
    facts.consulted.insert(StreamName::catalogue("roles"));
    if wanted.packages {
        facts.consulted.insert(StreamName::catalogue("access-packages"));
    }
    for giver in givers.iter().filter(|giver| giver.gives_mandates()) {
        let from = giver.node.party;
        facts.consulted.insert(StreamName::mandate(from, subject));
        facts.consulted.extend(led_by(graph, subject).map(|to| StreamName::mandate(from, to)));
        for to in graph.receivers_of_mandates(from) {
            let received = through_or_sub_unit(graph, subject, *to, facts);
            let (Some(received), Some(mandate)) = (received, graph.mandate(from, *to)) else {
                continue;
            };
            let path = |since| {
                let mut path = vec![mandate.provenance(since)];
                path.extend(giver.path.clone());
                path.extend(received.clone());
                path
            };
            add_one(graph, relation, wanted, (mandate, &path), facts);
        }
    }
}

fn add_one(
    graph: &AccessGraph,
    relation: &Relation<'_>,
    wanted: Wanted,
    (mandate, path): (&MandateNode, &dyn Fn(fullmakt_events::Position) -> Vec<Provenance>),
    facts: &mut Facts,
) {
    if wanted.packages {
        for Given { what, since, .. } in counting(&mandate.access_packages, relation) {
            let known = graph.catalogue().package(what);
            let kind = FactKind::Package {
                package: what.clone(),
                has_access: true,
                can_delegate: known.is_some_and(|package| package.is_assignable),
            };
            facts.add(kind, path(*since));
        }
    }
    for Given { what, since, .. } in counting(&mandate.rights, relation) {
        if relation.is_about(what) {
            facts.add(FactKind::Right(what.clone()), path(*since));
        }
    }
}

/// What counts at the time asked about.
pub(super) fn counting<'a, T>(
    given: &'a [Given<T>],
    relation: &Relation<'_>,
) -> impl Iterator<Item = &'a Given<T>> {
    let at = relation.at;
    given.iter().filter(move |given| given.validity.holds_at(at))
}
