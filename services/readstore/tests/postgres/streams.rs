use std::collections::HashMap;

use fullmakt_events::{Position, StreamName};
use fullmakt_readstore::{
    ReadStore,
    testing::{TestDatabase, TestLedger},
};

use crate::{
    history::{answered, party_changed, party_registered, registered, role_assigned},
    support::{folded, open},
};

#[tokio::test]
async fn streams_are_loaded_with_all_their_events_in_order() {
    let mut ledger = TestLedger::new();
    ledger.commit(&[party_registered(0), party_registered(1), role_assigned(0, 0, 1)]);
    ledger.commit(&[registered(0, &[]), answered(5)]);
    ledger.commit(&[party_changed(0, 1)]);
    let superseded = ledger.decided(&[party_changed(0, 2)]);
    ledger.commit(&[party_changed(0, 1)]);
    ledger.append_commit(superseded);
    let database = folded(&ledger).await;
    let mut expected: HashMap<StreamName, Vec<_>> = HashMap::new();
    for folded in ledger.records() {
        for (index, (stream, event)) in (0_u32..).zip(&folded.events) {
            let events = expected.entry(stream.clone()).or_default();
            let version = events.len() as u64 + 1;
            events.push((folded.position, index, version, folded.ledger_time, event.clone()));
        }
    }
    let mut streams: Vec<StreamName> = expected.keys().cloned().collect();
    streams.push(StreamName::of("party", &["nobody"]));
    let store = ReadStore::open(database.database()).unwrap();
    let snapshot = store.load_streams(&streams).await.unwrap();
    assert_eq!(snapshot.checkpoint.unwrap().position, ledger.position());
    let loaded: HashMap<StreamName, Vec<_>> = snapshot
        .events
        .into_iter()
        .map(|(stream, events)| {
            let events = events.into_iter();
            let events = events.map(|e| (e.position, e.index, e.version, e.ledger_time, e.event));
            (stream, events.collect())
        })
        .collect();
    assert_eq!(loaded, expected);
}

#[tokio::test]
async fn streams_without_events_are_left_out_and_the_checkpoint_is_told_all_the_same() {
    let ledger = TestLedger::new();
    let database = folded(&ledger).await;
    let store = ReadStore::open(database.database()).unwrap();
    let (stream, _) = party_registered(0);
    for streams in [vec![], vec![stream]] {
        let snapshot = store.load_streams(&streams).await.unwrap();
        assert!(snapshot.events.is_empty());
        assert_eq!(snapshot.checkpoint.unwrap().position, Position::GENESIS);
    }
}

#[tokio::test]
async fn before_anything_is_folded_there_is_no_checkpoint() {
    let database = TestDatabase::create();
    open(database.database(), &TestLedger::new()).await;
    let store = ReadStore::open(database.database()).unwrap();
    let snapshot = store.load_streams(&[party_registered(0).0]).await.unwrap();
    assert!(snapshot.checkpoint.is_none() && snapshot.events.is_empty());
}
