//! The read models hold what the graph holds, since the same positions: a decision is reproduced from
//! them.

use std::collections::BTreeMap;

use fullmakt_events::Position;
use proptest::prelude::*;

use super::{
    WORLD, apply, folded,
    history::{Happened, any_history, list, party, resource, user},
};
use crate::{
    AccessListMemberRow, AccessListMembers, AccessListResourceRow, AccessListResources, Changes,
    ClientLinkRow, ClientLinks, EntityKey, Keyed, Mandated, Mandates, Parties, ReadModel,
    ResourceRights, ResourceRow, Resources, advance,
    graph::{AccessGraph, Given, MandateNode},
    mandates::MandateRow,
    project,
};

/// The rows that hold at the end, with the positions that made them so.
struct Rows<M: ReadModel>(BTreeMap<EntityKey, (Position, M::Row)>);

impl<M: ReadModel> Rows<M> {
    fn after(changes: &[Keyed<M::Change>]) -> Self {
        let begun = advance::<M>([], changes).begun.into_iter();
        let held = begun.filter(|(_, version)| version.to.is_none());
        Self(held.map(|(entity, version)| (entity, (version.from, version.row))).collect())
    }

    fn find(&self, entity: EntityKey) -> Option<(Position, &M::Row)> {
        self.0.get(&entity).map(|(since, row)| (*since, row))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_read_models_hold_what_the_graph_holds(history in any_history()) {
        let mut graph = AccessGraph::default();
        apply(&mut graph, &history);
        let mut changes = Changes::default();
        let changed = |happened: &Happened| project(&folded(happened));
        history.iter().flat_map(changed).for_each(|change| changes.push(change));
        compare_parties(&graph, &changes);
        compare_links(&graph, &changes);
        compare_mandates(&graph, &changes);
        compare_resources(&graph, &changes);
        compare_lists(&graph, &changes);
    }
}

fn compare_parties(graph: &AccessGraph, changes: &Changes) {
    let rows = Rows::<Parties>::after(&changes.parties);
    for party in (0..WORLD).map(party) {
        let node = graph.party(party).map(|node| (&node.facts, node.deleted_at));
        let row = rows.find(EntityKey::new(party.uuid()));
        assert_eq!(node, row.map(|(_, row)| (&row.facts, row.deleted)));
    }
}

fn compare_links(graph: &AccessGraph, changes: &Changes) {
    let rows = Rows::<ClientLinks>::after(&changes.client_links);
    for n in 0..WORLD {
        for client in (0..WORLD).map(party) {
            let node = graph.client_link(user(n), client).map(|node| {
                let row = ClientLinkRow {
                    system_user: node.system_user,
                    client: node.client,
                    access_packages: node.terms.access_packages.clone(),
                    rights: node.terms.rights.clone(),
                    validity: node.terms.validity,
                };
                (node.since, row)
            });
            let row = rows.find(ClientLinkRow::key(user(n), client));
            assert_eq!(node, row.map(|(since, row)| (since, row.clone())));
        }
    }
}

fn compare_mandates(graph: &AccessGraph, changes: &Changes) {
    let rows = Rows::<Mandates>::after(&changes.mandates);
    let mut held = 0;
    for from in (0..WORLD).map(party) {
        for to in graph.receivers_of_mandates(from) {
            for (since, row) in graph.mandate(from, *to).map(mandate_rows).unwrap_or_default() {
                let key = MandateRow::key(from, *to, &row.what);
                assert_eq!(rows.find(key), Some((since, &row)));
                held += 1;
            }
        }
    }
    assert_eq!(rows.0.len(), held);
}

fn mandate_rows(node: &MandateNode) -> Vec<(Position, MandateRow)> {
    let (from_party, to_party) = (node.from_party, node.to_party);
    let row = |what, validity| MandateRow { from_party, to_party, what, validity };
    let packages = node.access_packages.iter().map(|Given { what, validity, since }| {
        (*since, row(Mandated::Package(what.clone()), *validity))
    });
    let rights = node.rights.iter().map(|Given { what, validity, since }| {
        (*since, row(Mandated::Right(what.clone()), *validity))
    });
    packages.chain(rights).collect()
}

fn compare_resources(graph: &AccessGraph, changes: &Changes) {
    let resources = Rows::<Resources>::after(&changes.resources);
    let rights = Rows::<ResourceRights>::after(&changes.resource_rights);
    for n in 0..WORLD {
        let node = graph.resource(&resource(n)).map(|node| node.registry_required_since);
        let row = resources.find(ResourceRow::key(&resource(n)));
        assert_eq!(node, row.map(|(_, row)| row.registry_required_since));
        for own in graph.registry_rights(party(n)) {
            let row = rights.find(EntityKey::new(own.right.id.uuid()));
            assert_eq!(row.map(|(since, row)| (since, &row.right)), Some((own.since, &own.right)));
        }
    }
    let held = (0..WORLD).map(|n| graph.registry_rights(party(n)).len()).sum::<usize>();
    assert_eq!(rights.0.len(), held);
}

fn compare_lists(graph: &AccessGraph, changes: &Changes) {
    let members = Rows::<AccessListMembers>::after(&changes.access_list_members);
    let resources = Rows::<AccessListResources>::after(&changes.access_list_resources);
    for id in (0..WORLD).map(list) {
        // The rows of a list that is deleted stay.
        let Some(node) = graph.access_list(id) else { continue };
        for n in 0..WORLD {
            let row = members.find(AccessListMemberRow::key(id, party(n)));
            assert_eq!(node.member_since(party(n)), row.map(|(since, _)| since));
            let connection = node.connection(&resource(n));
            let row = resources.find(AccessListResourceRow::key(id, &resource(n)));
            let connection = connection.map(|own| (own.since, &own.actions));
            assert_eq!(connection, row.map(|(since, row)| (since, &row.actions)));
        }
    }
}
