//! Beginning at a snapshot: what is folded then, and why it is not begun.

use std::sync::Arc;

use bytes::Bytes;
use fullmakt_eventlog::{EventLog, ReadError};
use fullmakt_events::{Folded, GenesisError, LedgerRecord, Position, encode, folded::record_hash};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{
    command::{Take, stream},
    world::{Process, World, in_seconds, issuer, pass_millis},
};
use crate::{Folder, LedgerError, LedgerSettings, MemoryIndex, Snapshot, open, open_at};

/// The state of a process as it is now, as PostgreSQL would keep it.
fn snapshot_of(world: &World, process: &Process) -> Snapshot {
    let admission = process.ledger.folds().admission.clone();
    let records = world.log.records();
    let record = records.iter().find(|record| record.position == admission.position()).unwrap();
    Snapshot { hash: record_hash(&record.bytes), admission }
}

async fn open_on(world: &World, snapshot: Snapshot) -> Result<Folder, LedgerError> {
    let index = Arc::new(MemoryIndex::default());
    let log = Arc::new(world.log.handle());
    open_at(log, index, World::settings(), snapshot, CancellationToken::new()).await
}

/// Some history, the process that wrote it, and a snapshot of it.
async fn history() -> (World, Process, Snapshot) {
    let world = World::new();
    let process = world.process().await;
    for name in ["a", "b"] {
        process.execute(&Take::of(name)).await.unwrap();
        process.execute(&Take::back(name)).await.unwrap();
    }
    let snapshot = snapshot_of(&world, &process);
    (world, process, snapshot)
}

/// That it is not begun, and that nothing is appended.
async fn refused(world: &World, snapshot: Snapshot) -> LedgerError {
    let records = world.log.records().len();
    let refused = open_on(world, snapshot).await.err().unwrap();
    assert_eq!(world.log.records().len(), records, "nothing is appended");
    refused
}

#[tokio::test(start_paused = true)]
async fn the_record_after_the_snapshot_is_the_first_that_is_folded_and_verdicts_are_the_same() {
    let (world, process, snapshot) = history().await;
    let begins_at = snapshot.admission.position().next();
    // Decided before the snapshot: they are superseded by writes that only the snapshot knows.
    for (_, commit) in world.commits() {
        let record = LedgerRecord::Commit(Box::new(commit));
        world.log.append(encode(&record).unwrap().into()).await.unwrap();
    }
    let mut folder = open_on(&world, snapshot).await.unwrap();
    let (sender, mut fed) = mpsc::channel(64);
    folder.add_feed(sender);
    let _running = tokio::spawn(folder.run());
    process.execute(&Take::of("a")).await.unwrap();
    process.has_folded_all().await;
    pass_millis(1_000).await;

    let mut records: Vec<Folded> = Vec::new();
    while let Ok(batch) = fed.try_recv() {
        records.extend_from_slice(&batch);
    }
    let told = |records: &[Folded]| -> Vec<_> {
        let of = |record: &Folded| (record.position, record.ledger_time, record.verdict.clone());
        records.iter().map(of).collect()
    };
    let from_the_beginning = process.folded.records();
    let expected = from_the_beginning.get(usize::try_from(begins_at.get()).unwrap()..).unwrap();
    assert_eq!(told(&records), told(expected));
    assert_eq!(records.first().unwrap().position, begins_at);
    let superseded = records.iter().filter(|record| record.verdict.name() == "superseded").count();
    assert!(superseded >= 3, "{superseded}");
}

#[tokio::test(start_paused = true)]
async fn who_begins_at_a_snapshot_decides_on_what_came_before_it() {
    let (world, process, _) = history().await;
    process.execute(&Take::of("a")).await.unwrap();
    let snapshot = snapshot_of(&world, &process);
    // The index is kept by somebody else, as the one in PostgreSQL is.
    let index = Arc::new(process.index.clone());
    let log = Arc::new(world.log.handle());
    let folder = open_at(log, index, World::settings(), snapshot, CancellationToken::new()).await;
    let folder = folder.unwrap();
    let ledger = folder.ledger();
    let _running = tokio::spawn(folder.run());
    let (taken, free) = (Take::of("a"), Take::of("b"));
    ledger.execute(&issuer(), &taken).await.unwrap_err();
    let executed = ledger.execute(&issuer(), &free).await.unwrap();
    assert_eq!(executed.answer[&stream("b")], 2, "{executed:?}");
    process.has_folded_all().await;
    assert_eq!(process.folded.commit_verdicts().last(), Some(&"admitted"));
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_of_the_genesis_and_of_the_last_record_can_be_begun_at() {
    let world = World::new();
    let first = Arc::new(MemoryIndex::default());
    let log = Arc::new(world.log.handle());
    let first = open(log, first, World::settings(), Vec::new(), CancellationToken::new()).await;
    let first = first.unwrap().ledger();
    let hash = record_hash(&world.log.records().first().unwrap().bytes);
    let snapshot = Snapshot { admission: first.folds().admission.clone(), hash };
    let folder = open_on(&world, snapshot).await.unwrap();
    let ledger = folder.ledger();
    assert_eq!((ledger.id(), ledger.progress().position), (first.id(), Position::GENESIS));
    let _running = tokio::spawn(folder.run());
    ledger.has_begun(in_seconds(1)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn another_record_where_the_snapshot_was_taken_is_refused() {
    let (world, process, snapshot) = history().await;
    let position = snapshot.admission.position();
    process.stopping.cancel();
    world.log.lose_from(position);
    world.log.append(Bytes::from_static(b"another")).await.unwrap();
    let refused = refused(&world, snapshot).await;
    let is_mismatch =
        matches!(refused, LedgerError::HashMismatch { position: at } if at == position);
    assert!(is_mismatch, "{refused:?}");
}

#[tokio::test(start_paused = true)]
async fn another_ledger_is_refused() {
    let (world, process, snapshot) = history().await;
    process.stopping.cancel();
    world.log.recreate();
    let other = world.process().await;
    let LedgerError::OtherLedger { checkpoint, log } = refused(&world, snapshot.clone()).await
    else {
        panic!("another ledger is not told of");
    };
    assert_eq!((checkpoint, log), (snapshot.admission.ledger(), other.ledger.id()));
}

#[tokio::test(start_paused = true)]
async fn a_log_that_ends_before_the_snapshot_is_refused() {
    let (world, process, snapshot) = history().await;
    process.stopping.cancel();
    let position = snapshot.admission.position();
    world.log.lose_from(position);
    let LedgerError::Log(ReadError::BeyondEnd { from, end }) = refused(&world, snapshot).await
    else {
        panic!("the end is not told of");
    };
    assert_eq!((from, end), (position, position));
}

#[tokio::test(start_paused = true)]
async fn an_empty_log_is_refused_and_no_ledger_is_begun_in_it() {
    let (world, process, snapshot) = history().await;
    process.stopping.cancel();
    world.log.recreate();
    let refused = refused(&world, snapshot).await;
    assert!(matches!(refused, LedgerError::Log(ReadError::BeyondEnd { .. })), "{refused:?}");
}

#[tokio::test(start_paused = true)]
async fn a_ledger_of_another_name_is_refused() {
    let (world, _process, snapshot) = history().await;
    let settings = LedgerSettings { name: "other".to_owned(), ..World::settings() };
    let index = Arc::new(MemoryIndex::default());
    let log = Arc::new(world.log.handle());
    let opened = open_at(log, index, settings, snapshot, CancellationToken::new()).await;
    let refused = opened.err().unwrap();
    assert!(matches!(refused, LedgerError::Genesis(GenesisError::OtherName { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_log_that_is_away_is_waited_for_until_the_process_stops() {
    let (world, _process, snapshot) = history().await;
    for stops in [false, true] {
        let log = world.log.handle();
        log.faults().cut_off(true);
        let (stopping, snapshot) = (CancellationToken::new(), snapshot.clone());
        let (of_log, stopped) = (Arc::new(log.clone()), stopping.clone());
        let index = Arc::new(MemoryIndex::default());
        let opening =
            tokio::spawn(open_at(of_log, index, World::settings(), snapshot, stopping.clone()));
        pass_millis(60_000).await;
        assert!(!opening.is_finished());
        if stops {
            stopped.cancel();
            assert!(opening.await.unwrap().is_err());
        } else {
            log.faults().heal();
            opening.await.unwrap().unwrap();
        }
    }
}
