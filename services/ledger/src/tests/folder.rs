//! The folder: genesis, order, restarts, and why it stops.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use fullmakt_eventlog::{
    AppendError, EventLog, LogReader, ReadError, ReadLimits, Record,
    memory::{AppendPlan, MemoryLog},
};
use fullmakt_events::{GenesisError, LedgerRecord, Position, RecordedEvent, decode, encode};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{
    command::{Take, stream},
    world::{Process, World, in_seconds, pass_millis},
};
use crate::{Folder, LedgerError, LedgerSettings, MemoryIndex, open};

async fn open_on(log: impl EventLog) -> Result<Folder, LedgerError> {
    let index = Arc::new(MemoryIndex::default());
    open(Arc::new(log), index, World::settings(), Vec::new(), CancellationToken::new()).await
}

async fn append(log: &MemoryLog, record: &LedgerRecord) -> Position {
    log.append(encode(record).unwrap().into()).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_empty_log_gets_a_genesis_and_a_ledger_is_left_as_it_is() {
    let world = World::new();
    let first = open_on(world.log.clone()).await.unwrap().ledger().id();
    assert_eq!(world.log.records().len(), 1);
    assert_eq!(open_on(world.log.handle()).await.unwrap().ledger().id(), first);
    assert_eq!(world.log.records().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn of_two_processes_that_begin_a_ledger_the_first_in_the_log_does() {
    let world = World::new();
    let (one, other) = (world.log.handle(), world.log.handle());
    one.faults().script([AppendPlan::HELD_BEFORE]);
    other.faults().script([AppendPlan::HELD_BEFORE]);
    let processes = async {
        tokio::join!(
            world.process_on(one.clone(), MemoryIndex::default()),
            world.process_on(other.clone(), MemoryIndex::default())
        )
    };
    let release = async {
        one.faults().wait_for_held(1).await;
        other.faults().wait_for_held(1).await;
        other.faults().release_all();
        one.faults().release_all();
    };
    let ((one, other), ()) = tokio::join!(processes, release);
    assert_eq!(one.ledger.id(), other.ledger.id());
    one.execute(&Take::of("a")).await.unwrap();
    other.execute(&Take::back("a")).await.unwrap();
    one.has_folded_all().await;
    let verdicts = one.folded.verdicts();
    assert_eq!(verdicts[..2], ["admitted", "void"]);
    assert_eq!(other.folded.commit_verdicts(), ["admitted", "admitted"]);
}

#[tokio::test(start_paused = true)]
async fn a_genesis_of_unknown_outcome_is_looked_for_before_another_is_appended() {
    let world = World::new();
    let log = world.log.handle();
    log.faults().script([AppendPlan::LOST, AppendPlan::REFUSED, AppendPlan::UNACKNOWLEDGED]);
    let folder = open_on(log).await.unwrap();
    assert_eq!(world.log.records().len(), 1);
    assert_eq!(folder.ledger().progress().position, Position::GENESIS);
}

#[tokio::test(start_paused = true)]
async fn an_end_that_is_out_of_date_does_not_bring_forth_one_genesis_after_the_other() {
    let world = World::new();
    open_on(world.log.clone()).await.unwrap();
    let log = world.log.handle();
    log.faults().stale_end(Some(Position::GENESIS));
    open_on(log).await.unwrap();
    assert_eq!(world.log.records().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_log_that_is_no_ledger_or_another_one_is_not_folded() {
    let world = World::new();
    world.log.append(Bytes::from_static(b"{\"other\":1}")).await.unwrap();
    let refused = open_on(world.log.handle()).await.err().unwrap();
    assert!(matches!(refused, LedgerError::Genesis(GenesisError::NotGenesis)), "{refused:?}");

    let world = World::new();
    open_on(world.log.clone()).await.unwrap();
    let settings = LedgerSettings { name: "other".to_owned(), ..World::settings() };
    let index = Arc::new(MemoryIndex::default());
    let log = Arc::new(world.log.handle());
    let opened = open(log, index, settings, Vec::new(), CancellationToken::new()).await;
    let refused = opened.err().unwrap();
    assert!(matches!(refused, LedgerError::Genesis(GenesisError::OtherName { .. })));
    assert_eq!(world.log.records().len(), 1, "nothing is written to it");
}

#[tokio::test(start_paused = true)]
async fn a_log_that_is_away_is_waited_for() {
    let world = World::new();
    let log = world.log.handle();
    log.faults().cut_off(true);
    let opening = tokio::spawn(open_on(log.clone()));
    pass_millis(60_000).await;
    assert!(!opening.is_finished());
    log.faults().heal();
    opening.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn every_fold_and_feed_is_given_each_record_once_and_in_order() {
    let world = World::new();
    let writer = world.process().await;
    for _ in 0..20 {
        writer.execute(&Take::of("a")).await.unwrap();
        writer.execute(&Take::back("a")).await.unwrap();
    }
    let mut folder = open_on(world.log.handle()).await.unwrap();
    // A feed that is read slowly: the folder waits for it.
    let (sender, mut receiver) = mpsc::channel(1);
    folder.add_feed(sender);
    let ledger = folder.ledger();
    let _running = tokio::spawn(folder.run());
    let mut fed = Vec::new();
    while fed.len() < 45 {
        let batch = receiver.recv().await.unwrap();
        assert!(!batch.is_empty());
        fed.extend(batch.iter().map(|record| record.position.get()));
        if world.log.records().len() < 60 {
            writer.execute(&Take::of("b")).await.unwrap();
            writer.execute(&Take::back("b")).await.unwrap();
        }
    }
    assert!(fed.iter().copied().eq(0..fed.len() as u64), "{fed:?}");
    assert!(ledger.progress().position.get() + 1 >= fed.len() as u64);
    writer.has_folded_all().await;
    let records = writer.folded.records();
    assert!(records.iter().map(|record| record.position.get()).eq(0..records.len() as u64));
}

#[tokio::test(start_paused = true)]
async fn a_void_record_is_passed() {
    let world = World::new();
    let process = world.process().await;
    for garbage in [&b"garbage"[..], b"", b"{}", b"\xff\xfe"] {
        world.log.append(Bytes::from_static(garbage)).await.unwrap();
    }
    process.execute(&Take::of("a")).await.unwrap();
    let verdicts = process.folded.verdicts();
    assert_eq!(verdicts[verdicts.len() - 5..], ["void", "void", "void", "void", "admitted"]);
}

#[tokio::test(start_paused = true)]
async fn an_unknown_event_stops_the_folder_and_what_stands_before_is_published() {
    let world = World::new();
    let process = world.process().await;
    process.sees_no_more();
    let executed = process.begin(Take::of("a"));
    pass_millis(10).await;
    let (before, mut commit) = world.commits().pop().unwrap();
    commit.id = uuid::Uuid::from_u128(1).into();
    commit.as_of = before;
    commit.events = vec![RecordedEvent {
        stream: stream("a"),
        kind: "slot.invented".to_owned(),
        schema: 1,
        data: serde_json::value::to_raw_value("").unwrap(),
    }];
    let unknown = append(&world.log, &LedgerRecord::Commit(Box::new(commit))).await;
    assert_eq!(unknown, before.next());
    append(&world.log, &LedgerRecord::Genesis(genesis())).await;

    process.log.faults().hide_from(None);
    executed.await.unwrap().unwrap();
    let (ledger, folded) = (process.ledger.clone(), process.folded.clone());
    match process.stops().await {
        Err(LedgerError::Fold(error)) => assert_eq!((error.position, error.index), (unknown, 0)),
        other => panic!("{other:?}"),
    }
    assert_eq!(ledger.progress().position, before);
    assert_eq!(folded.records().last().unwrap().position, before);
}

#[tokio::test(start_paused = true)]
async fn an_unknown_event_of_a_superseded_commit_does_not_stop_the_folder() {
    let world = World::new();
    let process = world.process().await;
    process.execute(&Take::of("a")).await.unwrap();
    let (_, mut commit) = world.commits().pop().unwrap();
    commit.id = uuid::Uuid::from_u128(1).into();
    commit.events[0].kind = "slot.invented".to_owned();
    append(&world.log, &LedgerRecord::Commit(Box::new(commit))).await;
    process.execute(&Take::back("a")).await.unwrap();
    assert_eq!(process.folded.commit_verdicts(), ["admitted", "superseded", "admitted"]);
}

fn genesis() -> fullmakt_events::Genesis {
    let ledger = uuid::Uuid::from_u128(3).into();
    fullmakt_events::Genesis { ledger, name: super::world::NAME.to_owned(), format: 0 }
}

#[tokio::test(start_paused = true)]
async fn a_log_that_comes_back_as_it_was_is_folded_further() {
    let world = World::new();
    let (process, other) = (world.process().await, world.process().await);
    process.log.faults().cut_off(true);
    other.execute(&Take::of("a")).await.unwrap();
    pass_millis(5_000).await;
    process.log.faults().heal();
    process.execute(&Take::back("a")).await.unwrap();
    assert_eq!(process.folded.commit_verdicts(), ["admitted", "admitted"]);
}

/// A process that has folded a command, and cannot reach the log any more; and the position that it
/// has reached.
async fn cut_off_after_a_command() -> (World, Process, Position) {
    let world = World::new();
    let process = world.process().await;
    process.execute(&Take::of("a")).await.unwrap();
    let last = process.ledger.progress().position;
    process.log.faults().cut_off(true);
    pass_millis(1_000).await;
    (world, process, last)
}

#[tokio::test(start_paused = true)]
async fn a_log_that_was_recreated_stops_the_folder() {
    let (world, process, last) = cut_off_after_a_command().await;
    world.log.recreate();
    let other = world.process().await;
    while world.end() <= last {
        other.execute(&Take::of("b")).await.unwrap();
        other.execute(&Take::back("b")).await.unwrap();
    }
    process.log.faults().heal();
    let stopped = process.stops().await.unwrap_err();
    assert!(matches!(stopped, LedgerError::Log(ReadError::Replaced)), "{stopped:?}");
    for record in world.log.records() {
        let ledger = match decode(&record.bytes).unwrap() {
            LedgerRecord::Genesis(genesis) => genesis.ledger,
            LedgerRecord::Commit(commit) => commit.ledger,
            LedgerRecord::Tick(tick) => tick.ledger,
        };
        assert_eq!(ledger, other.ledger.id(), "nothing of the old ledger");
    }
}

#[tokio::test(start_paused = true)]
async fn a_log_that_lost_a_record_and_has_another_in_its_place_stops_the_folder() {
    let (world, process, last) = cut_off_after_a_command().await;
    world.log.lose_from(last);
    world.log.append(Bytes::from_static(b"another")).await.unwrap();
    process.log.faults().heal();
    match process.stops().await {
        Err(LedgerError::HashMismatch { position }) => assert_eq!(position, last),
        other => panic!("{other:?}"),
    }
    assert_eq!(world.end(), last.next(), "nothing is appended");
}

#[tokio::test(start_paused = true)]
async fn a_log_that_ends_before_what_was_folded_stops_the_folder() {
    let (world, process, last) = cut_off_after_a_command().await;
    world.log.lose_from(last);
    process.log.faults().heal();
    let stopped = process.stops().await.unwrap_err();
    assert!(matches!(stopped, LedgerError::Log(ReadError::BeyondEnd { .. })), "{stopped:?}");
    assert_eq!(world.end(), last, "nothing is appended");
}

#[tokio::test(start_paused = true)]
async fn a_log_that_lost_what_is_to_be_folded_next_stops_the_folder() {
    let world = World::new();
    let (process, other) = (world.process().await, world.process().await);
    process.log.faults().cut_off(true);
    pass_millis(1_000).await;
    other.execute(&Take::of("a")).await.unwrap();
    other.execute(&Take::back("a")).await.unwrap();
    world.log.truncate_below(world.end().previous().unwrap());
    process.log.faults().heal();
    let stopped = process.stops().await.unwrap_err();
    assert!(matches!(stopped, LedgerError::Log(ReadError::TruncatedBelow { .. })), "{stopped:?}");
}

#[tokio::test(start_paused = true)]
async fn a_log_whose_beginning_is_missing_is_not_opened() {
    let world = World::new();
    let process = world.process().await;
    process.execute(&Take::of("a")).await.unwrap();
    world.log.truncate_below(Position::new(1));
    let refused = open_on(world.log.handle()).await.err().unwrap();
    assert!(matches!(refused, LedgerError::Log(ReadError::TruncatedBelow { .. })), "{refused:?}");
}

/// A log whose readers tell of a gap once they have come to position 2.
struct Gapped(MemoryLog);

struct GappedReader(Box<dyn LogReader>);

#[async_trait]
impl LogReader for GappedReader {
    async fn next(&mut self, wait: Duration) -> Result<Vec<Record>, ReadError> {
        if self.position() >= Position::new(2) {
            return Err(ReadError::Gap { expected: Position::new(2), found: Position::new(3) });
        }
        self.0.next(wait).await
    }

    fn position(&self) -> Position {
        self.0.position()
    }
}

#[async_trait]
impl EventLog for Gapped {
    async fn append(&self, bytes: Bytes) -> Result<Position, AppendError> {
        self.0.append(bytes).await
    }

    async fn reader(&self, from: Position, _: ReadLimits) -> Result<Box<dyn LogReader>, ReadError> {
        Ok(Box::new(GappedReader(self.0.reader(from, ReadLimits::ONE).await?)))
    }

    async fn end(&self) -> Result<Position, ReadError> {
        self.0.end().await
    }

    async fn start(&self) -> Result<Position, ReadError> {
        self.0.start().await
    }
}

#[tokio::test(start_paused = true)]
async fn a_gap_stops_the_folder() {
    let world = World::new();
    let folder = open_on(Gapped(world.log.clone())).await.unwrap();
    let ledger = folder.ledger();
    let stopped = folder.run().await.unwrap_err();
    assert!(matches!(stopped, LedgerError::Log(ReadError::Gap { .. })), "{stopped:?}");
    assert_eq!(ledger.progress().position, Position::new(1));
}

#[tokio::test(start_paused = true)]
async fn a_folder_that_is_told_to_stop_does_so_at_once_and_ticks_no_more() {
    let world = World::new();
    let process = world.process().await;
    pass_millis(1).await;
    let before = tokio::time::Instant::now();
    process.stopping.cancel();
    process.stops().await.unwrap();
    assert_eq!(before.elapsed(), Duration::ZERO);
    let records = world.log.records().len();
    pass_millis(60_000).await;
    assert_eq!(world.log.records().len(), records);
}

#[tokio::test(start_paused = true)]
async fn a_position_that_does_not_come_is_waited_for_until_the_deadline() {
    let world = World::new();
    let process = world.process().await;
    let far = Position::new(1_000);
    let waited = process.ledger.folded(far, in_seconds(3)).await;
    assert_eq!(waited.unwrap_err(), crate::Unavailable::NotDecided);
}
