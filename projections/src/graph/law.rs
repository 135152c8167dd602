//! The law of the graph: every answer of it is the one that the list of events gives.
//!
//! `naive.rs` answers the same questions by walking through all events, without any map.

mod history;
mod naive;
mod rows;

use std::sync::Arc;

use fullmakt_events::{Folded, StreamName, Verdict};
use proptest::prelude::*;

use super::{AccessGraph, AccessListNode};
use history::{
    Happened, any_history, list, organisation, party, party_number, resource, right_ids, role,
    system, user,
};
use naive::Naive;

/// How many of each kind of thing there are.
const WORLD: u8 = 4;

fn folded(happened: &Happened) -> Folded {
    Folded {
        position: happened.position,
        append_time: happened.time,
        ledger_time: happened.time,
        bytes: Arc::from([]),
        verdict: Verdict::Admitted,
        record: None,
        events: vec![(StreamName::of("test", &["1"]), happened.event.clone())],
    }
}

fn apply(graph: &mut AccessGraph, history: &[Happened]) {
    for happened in history {
        graph.apply(&folded(happened));
    }
}

/// The first event of the record that the event with this index is in.
fn begin_of_record(history: &[Happened], index: usize) -> usize {
    let position = history.get(index).map(|happened| happened.position);
    history.iter().take_while(|happened| Some(happened.position) < position).count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn every_answer_is_the_one_that_the_list_of_events_gives(
        history in any_history(),
        cuts in any::<[prop::sample::Index; 3]>(),
    ) {
        let mut cuts = cuts.map(|cut| begin_of_record(&history, cut.index(history.len())));
        cuts.sort_unstable();
        let [first, second, third] = cuts;
        let mut graph = AccessGraph::default();
        apply(&mut graph, &history[..first]);
        // A compact part is made more than once, while the graph goes on.
        let merged = graph.merged();
        apply(&mut graph, &history[first..second]);
        graph.adopt(merged);
        compare(&graph, &Naive(&history[..second]));
        let (earlier, merged) = (graph.clone(), graph.merged());
        apply(&mut graph, &history[second..third]);
        graph.adopt(merged);
        apply(&mut graph, &history[third..]);
        compare(&graph, &Naive(&history));
        // The generation before has stayed as it was.
        compare(&earlier, &Naive(&history[..second]));
    }
}

fn compare(graph: &AccessGraph, naive: &Naive<'_>) {
    let (position, time) = naive.reached();
    assert_eq!((graph.position(), graph.ledger_time()), (position, time));
    for n in 0..WORLD {
        compare_parties(graph, naive, n);
        compare_systems(graph, naive, n);
        compare_links(graph, naive, n);
        compare_mandates(graph, naive, n);
        compare_resources(graph, naive, n);
        compare_lists(graph, naive, n);
    }
    compare_catalogue(graph, naive);
}

fn compare_parties(graph: &AccessGraph, naive: &Naive<'_>, n: u8) {
    assert_eq!(graph.party(party(n)).cloned(), naive.party(party(n)));
    assert_eq!(graph.parties_of_holder(party(n)), naive.parties_of_holder(party(n)));
    assert_eq!(graph.sub_units_of(party(n)), naive.sub_units_of(party(n)));
    assert_eq!(graph.party_of_number(party_number(n)), naive.party_of_number(party_number(n)));
    assert_eq!(graph.party_of_org(organisation(n)), naive.party_of_org(organisation(n)));
}

fn compare_systems(graph: &AccessGraph, naive: &Naive<'_>, n: u8) {
    assert_eq!(graph.system(&system(n)).cloned(), naive.system(&system(n)));
    assert_eq!(graph.system_user(user(n)).cloned(), naive.system_user(user(n)));
}

fn compare_links(graph: &AccessGraph, naive: &Naive<'_>, n: u8) {
    for client in (0..WORLD).map(party) {
        let link = graph.client_link(user(n), client);
        let link = link.map(|link| (link.terms.clone(), link.since));
        assert_eq!(link, naive.client_link(user(n), client));
    }
    assert_eq!(graph.clients_of_system_user(user(n)), naive.clients_of_system_user(user(n)));
    assert_eq!(graph.system_users_of_client(party(n)), naive.system_users_of_client(party(n)));
}

fn compare_mandates(graph: &AccessGraph, naive: &Naive<'_>, n: u8) {
    for to in (0..WORLD).map(party) {
        assert_eq!(graph.mandate(party(n), to).cloned(), naive.mandate(party(n), to));
    }
    assert_eq!(graph.receivers_of_mandates(party(n)), naive.receivers_of_mandates(party(n)));
    assert_eq!(graph.givers_of_mandates(party(n)), naive.givers_of_mandates(party(n)));
}

fn compare_resources(graph: &AccessGraph, naive: &Naive<'_>, n: u8) {
    let resource = resource(n);
    assert_eq!(graph.resource(&resource).cloned(), naive.resource(&resource));
    for party in (0..WORLD).map(party) {
        let rights = graph.registry_rights_to(&resource, party);
        let rights: Vec<_> = rights.cloned().collect();
        assert_eq!(rights, naive.registry_rights(&right_ids(), &resource, party));
    }
    let parties = graph.parties_with_registry_rights(&resource);
    assert_eq!(parties, naive.parties_with_registry_rights(&right_ids(), &resource));
}

fn compare_lists(graph: &AccessGraph, naive: &Naive<'_>, n: u8) {
    let (id, resource) = (list(n), resource(n));
    let node = graph.access_list(id);
    assert_eq!(node.map(|node| (node.stream(), node.since)), naive.access_list(id));
    for n in 0..WORLD {
        let member = node.and_then(|node: &AccessListNode| node.member_since(party(n)));
        assert_eq!(member, naive.member_since(id, party(n)));
        let connected = node.and_then(|node| node.connection(&history::resource(n)));
        assert_eq!(connected.cloned(), naive.connection(id, &history::resource(n)));
    }
    assert_eq!(graph.lists_of_resource(&resource), naive.lists_of_resource(&resource));
    assert_eq!(graph.lists_of_member(party(n)), naive.lists_of_member(party(n)));
}

fn compare_catalogue(graph: &AccessGraph, naive: &Naive<'_>) {
    let catalogue = graph.catalogue();
    for n in 0..WORLD {
        let node = catalogue.role(&role(n)).cloned().unwrap_or_default();
        let (known, gets, packages) = naive.role(&role(n));
        assert_eq!((node.role, node.gets, node.packages), (known, gets, packages));
        let package = history::package(n);
        assert_eq!(catalogue.package(&package).cloned(), naive.package(&package));
        let (kind, id) = (history::ENTITY_KIND, n.to_string());
        assert_eq!(catalogue.entity(kind, &id).cloned(), naive.entity(kind, &id));
    }
    for name in ["roles", "role-map", "role-packages", "access-packages", "areas", "entities"] {
        let since = catalogue.provenance(name).map(|provenance| provenance.since);
        assert_eq!(since, naive.catalogue_since(name), "{name}");
    }
}

#[test]
fn the_law_is_about_histories_in_which_everything_happens() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let mut found = [false; 8];
    for _ in 0..200 {
        let history = any_history().new_tree(&mut runner).unwrap().current();
        let naive = Naive(&history);
        for n in 0..WORLD {
            found[0] |= !naive.clients_of_system_user(user(n)).is_empty();
            found[1] |= !naive.receivers_of_mandates(party(n)).is_empty();
            found[2] |= !naive.parties_with_registry_rights(&right_ids(), &resource(n)).is_empty();
            found[3] |= !naive.lists_of_member(party(n)).is_empty();
            found[4] |= !naive.lists_of_resource(&resource(n)).is_empty();
            found[5] |= !naive.sub_units_of(party(n)).is_empty();
            found[6] |= naive.party(party(n)).is_some_and(|node| node.deleted_at.is_some());
            found[7] |= naive.party(party(n)).is_some_and(|node| node.roles.len() > 1);
        }
    }
    assert_eq!(found, [true; 8]);
}
