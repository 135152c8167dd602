//! Who and what may be the result of a search, in an order that pages can go on in.
//!
//! A search looks at what the ledger connects with the question, and never at everything: system
//! users are those of the party, persons and organisations those that hold roles for it.

use std::collections::BTreeSet;

use fullmakt_access::Subject;
use fullmakt_events::{PartyId, SystemUserId, event::PartyKind};
use uuid::Uuid;

use super::{
    attributes::{KnownResource, KnownSubject},
    entities::{
        ORGANIZATION, PARTY, PERSON, REPRESENTED, RESOURCE, SYSTEM_USER, is_of, properties,
    },
    model::{Action, Entity},
};
use crate::{Generation, routes::Reach};

/// How many candidates one page looks at, whatever it finds: bounds its work.
pub(super) const CANDIDATES_MAX: usize = 1_000;

/// A candidate, and the name that pages go on after.
pub(super) struct Candidate<T> {
    pub(super) key: String,
    pub(super) found: T,
}

/// Whether subjects of this type are found by the party that is represented.
pub(super) fn needs_party(kind: &str) -> bool {
    [SYSTEM_USER, PERSON, ORGANIZATION, PARTY].contains(&kind)
}

/// The subjects of a type that may be permitted something for a party.
pub(super) fn subjects(
    generation: &Generation,
    wanted: &Entity,
    party: Option<PartyId>,
    after: Option<&str>,
) -> Vec<Candidate<KnownSubject>> {
    let known = |key: String, id: &str, subject: Option<Subject>| {
        let properties = properties(generation, wanted, id);
        let found = KnownSubject::new(generation, &wanted.kind, id, subject, properties);
        Candidate { key, found }
    };
    if wanted.kind == SYSTEM_USER {
        let users = system_users(generation, party, after).into_iter();
        return users.map(|id| known(id.to_string(), "", Some(Subject::SystemUser(id)))).collect();
    }
    if needs_party(&wanted.kind) {
        let parties = acting(generation, party, &wanted.kind).into_iter();
        let left =
            parties.filter(|party| after.is_none_or(|after| party.to_string().as_str() > after));
        return left
            .take(CANDIDATES_MAX + 1)
            .map(|party| known(party.to_string(), "", Some(Subject::Party(party))))
            .collect();
    }
    let entities = generation.graph.catalogue().entities_after(&wanted.kind, after);
    entities.take(CANDIDATES_MAX + 1).map(|id| known(id.to_owned(), id, None)).collect()
}

/// The resources of a type that may be permitted, within the caller's reach.
pub(super) fn resources(
    generation: &Generation,
    wanted: &Entity,
    party: Option<PartyId>,
    reach: Reach,
    after: Option<&str>,
) -> Vec<Candidate<KnownResource>> {
    let kind = &wanted.kind;
    if kind == RESOURCE {
        let after = after.and_then(|after| after.parse().ok());
        let mut given = wanted.properties.clone();
        given.remove(REPRESENTED);
        return generation
            .index
            .resources_after(after)
            .filter(|id| reach.includes(generation, id))
            .take(CANDIDATES_MAX + 1)
            .map(|id| {
                let (registered, properties) = (id.clone(), given.clone());
                let (kind, id) = (kind.clone(), id.to_string());
                let key = id.clone();
                let found = KnownResource { kind, id, registered, party, properties };
                Candidate { key, found }
            })
            .collect();
    }
    // A type that no resource can be named as has no policy, and so nothing to find.
    let Ok(registered) = kind.parse::<fullmakt_events::ResourceId>() else { return Vec::new() };
    let entities = generation.graph.catalogue().entities_after(kind, after);
    entities
        .take(CANDIDATES_MAX + 1)
        .map(|id| Candidate {
            key: id.to_owned(),
            found: KnownResource {
                kind: kind.clone(),
                id: id.to_owned(),
                registered: registered.clone(),
                party,
                properties: properties(generation, wanted, id),
            },
        })
        .collect()
}

/// The actions that the policy of a resource has rules for.
pub(super) fn actions(
    generation: &Generation,
    resource: &KnownResource,
    after: Option<&str>,
) -> Vec<Candidate<Action>> {
    let policy = generation.policy(&resource.registered);
    let actions = policy.into_iter().flat_map(fullmakt_access::ResourcePolicy::actions);
    let left = actions.filter(|action| after.is_none_or(|after| *action > after));
    left.take(CANDIDATES_MAX + 1)
        .map(|name| Candidate {
            key: name.to_owned(),
            found: Action { name: name.to_owned(), properties: serde_json::Map::new() },
        })
        .collect()
}

/// The system users of the party and of its main unit, which act for it too.
fn system_users(
    generation: &Generation,
    party: Option<PartyId>,
    after: Option<&str>,
) -> BTreeSet<SystemUserId> {
    let after = after.and_then(|after| after.parse::<Uuid>().ok()).map(SystemUserId::new);
    let of = |owner| generation.index.system_users_after(owner, after).take(CANDIDATES_MAX + 1);
    givers(generation, party).into_iter().flat_map(of).take(2 * (CANDIDATES_MAX + 1)).collect()
}

/// The persons and organisations of a type that act for a party: itself, those that hold roles for
/// it or its main unit, and those that lead these.
fn acting(generation: &Generation, party: Option<PartyId>, kind: &str) -> BTreeSet<PartyId> {
    let graph = &generation.graph;
    let holders = |of: PartyId| {
        graph.party(of).into_iter().flat_map(|node| &node.roles).map(|held| held.holder)
    };
    let givers = givers(generation, party);
    let direct: BTreeSet<PartyId> = givers.iter().copied().flat_map(holders).collect();
    let leaders: BTreeSet<PartyId> = direct.iter().copied().flat_map(holders).collect();
    let all = party.into_iter().chain(direct).chain(leaders);
    all.filter(|party| graph.party(*party).is_some_and(|node| is_of(kind, node.facts.kind)))
        .collect()
}

/// The party, and the main unit that it belongs to.
fn givers(generation: &Generation, party: Option<PartyId>) -> Vec<PartyId> {
    let node = party.and_then(|party| generation.graph.party(party));
    let parent = node
        .filter(|node| node.facts.kind == PartyKind::SubUnit)
        .and_then(|node| node.facts.parent);
    party.into_iter().chain(parent).collect()
}

#[cfg(test)]
mod tests;
