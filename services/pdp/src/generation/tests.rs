use fullmakt_events::event::PartyKind;

use super::*;
use crate::testing::{VAT_OWNER, VAT_RETURN, created, fold, published, records, registered};

fn vat_return() -> ResourceId {
    VAT_RETURN.parse().unwrap()
}

#[test]
fn a_generation_belongs_to_the_position_of_its_last_record() {
    let mut fold = fold();
    let generations = fold.generations();
    let before = generations.current();
    let next = before.graph.position().get() + 1;
    fold.apply(&records(next, registered(7, PartyKind::Person, None)));
    let after = generations.current();
    assert_eq!(after.graph.position().get(), next + 1);
    assert!(after.graph.party(crate::testing::party(7)).is_some());
    // Whoever decides on the generation before still does.
    assert_eq!(before.graph.position().get() + 1, next);
    assert!(before.graph.party(crate::testing::party(7)).is_none());
}

#[test]
fn a_batch_is_published_as_a_whole() {
    let mut fold = GenerationFold::default();
    let generations = fold.generations();
    fold.apply(&records(1, vec![created(VAT_RETURN, VAT_OWNER)]));
    assert!(generations.current().policy(&vat_return()).is_none());
    assert!(generations.current().graph.resource(&vat_return()).is_some());
}

#[test]
fn graph_and_policy_are_of_the_same_version() {
    let generation = fold().generations().current();
    let policy = generation.policy(&vat_return()).unwrap();
    let of_graph = generation.graph.resource(&vat_return()).unwrap().policy.as_ref().unwrap();
    assert_eq!(policy.hash, *of_graph.hash);
}

#[test]
fn a_policy_that_cannot_be_read_leaves_none() {
    let mut fold = fold();
    let generations = fold.generations();
    let before = generations.current();
    assert!(before.policy(&vat_return()).is_some());
    for xml in ["", "<Policy", "<Other/>"] {
        fold.apply(&records(100, vec![published(VAT_RETURN, xml)]));
        assert!(generations.current().policy(&vat_return()).is_none(), "{xml}");
    }
    assert!(before.policy(&vat_return()).is_some());
}

#[test]
fn a_reader_sees_every_later_generation() {
    let mut fold = GenerationFold::default();
    let generations = fold.generations();
    let others = generations.clone();
    assert_eq!(generations.current().graph.position().get(), 0);
    fold.apply(&records(5, vec![created(VAT_RETURN, VAT_OWNER)]));
    assert_eq!(generations.current().graph.position().get(), 5);
    assert_eq!(others.current().graph.position().get(), 5);
}
