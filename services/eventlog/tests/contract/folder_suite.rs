//! What stops a process that folds a log: every failure of the log's own is told with its reason,
//! and nothing is written to what is no longer, or never was, the ledger.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use fullmakt_eventlog::{EventLog, ReadError, ReadLimits, Record};
use fullmakt_events::{Genesis, GenesisError, LedgerId, LedgerRecord, Position, decode, encode};
use fullmakt_ledger::{Folder, LedgerError, LedgerSettings, MemoryIndex, open};
use tokio::{task::JoinHandle, time::Instant};
use tokio_util::sync::CancellationToken;

use crate::fixture::{DEADLINE, LogFixture, LosingFixture, read_all, record};

/// Runs the suite against a fixture.
macro_rules! folder_suite_tests {
    ($fixture:ty) => {
        $crate::fixture::suite_tests!($fixture, crate::fixture::LogFixture, crate::folder_suite {
            a_log_that_was_replaced_stops_the_folder_and_is_left_as_it_is
            a_log_of_another_ledger_is_not_opened_and_left_as_it_is
            a_log_that_holds_something_else_is_not_opened_and_left_as_it_is
            a_log_whose_beginning_was_removed_is_not_opened_and_left_as_it_is
            a_log_that_lost_what_is_to_be_folded_next_stops_the_folder_and_is_left_as_it_is
        });
    };
}

/// Runs the tests of a log that can lose its newest records while it stays the same log.
macro_rules! losing_suite_tests {
    ($fixture:ty) => {
        $crate::fixture::suite_tests!($fixture, crate::fixture::LogFixture, crate::folder_suite {
            a_log_that_ends_before_what_was_read_is_an_error_to_every_reader
            a_log_that_ends_before_what_was_folded_stops_the_folder_and_is_left_as_it_is
        });
    };
}

pub(crate) use {folder_suite_tests, losing_suite_tests};

const LEDGER: &str = "main";

async fn open_folder(log: Arc<dyn EventLog>) -> Result<Folder, LedgerError> {
    let settings = LedgerSettings {
        name: LEDGER.to_owned(),
        // Long enough that no test sees more than the first tick.
        heartbeat: Duration::from_hours(1),
        is_hashing_state: false,
    };
    let index = Arc::new(MemoryIndex::default());
    open(log, index, settings, Vec::new(), CancellationToken::new()).await
}

async fn refusal(log: Arc<dyn EventLog>) -> LedgerError {
    match open_folder(log).await {
        Ok(folder) => panic!("ledger {} was opened", folder.ledger().id()),
        Err(refusal) => refusal,
    }
}

/// A folder that has folded everything there is, and its own tick, and stops only for a reason.
pub async fn folding(log: Arc<dyn EventLog>) -> JoinHandle<Result<(), LedgerError>> {
    let folder = open_folder(Arc::clone(&log)).await.unwrap();
    let tick = log.end().await.unwrap();
    let ledger = folder.ledger();
    let running = tokio::spawn(folder.run());
    ledger.folded(tick, Instant::now() + DEADLINE).await.unwrap();
    running
}

pub async fn reason(running: JoinHandle<Result<(), LedgerError>>) -> LedgerError {
    let ended = tokio::time::timeout(DEADLINE, running).await.expect("the folder does not stop");
    ended.unwrap().unwrap_err()
}

async fn append_some(log: &dyn EventLog, name: &str, count: usize) {
    for number in 0..count {
        log.append(record((name, number))).await.unwrap();
    }
}

fn genesis(name: &str) -> Bytes {
    let ledger = LedgerId::new(uuid::Uuid::from_u128(7));
    let genesis = Genesis { ledger, name: name.to_owned(), format: fullmakt_events::FORMAT };
    encode(&LedgerRecord::Genesis(genesis)).unwrap().into()
}

async fn assert_unchanged(log: &dyn EventLog, before: &[Record]) {
    assert_eq!(read_all(log).await, before);
}

pub async fn a_log_that_was_replaced_stops_the_folder_and_is_left_as_it_is(
    fixture: &impl LogFixture,
) {
    let log = fixture.open().await;
    log.append(genesis(LEDGER)).await.unwrap();
    append_some(&*log, "gone", 3).await;
    let running = folding(Arc::clone(&log)).await;

    fixture.recreate().await;
    let other = fixture.open().await;
    // The same beginning, so that only what comes after could tell.
    other.append(genesis(LEDGER)).await.unwrap();
    append_some(&*other, "other", 9).await;
    let before = read_all(&*other).await;

    let stopped = reason(running).await;
    assert!(matches!(stopped, LedgerError::Log(ReadError::Replaced)), "{stopped:?}");
    assert_unchanged(&*other, &before).await;
}

pub async fn a_log_of_another_ledger_is_not_opened_and_left_as_it_is(fixture: &impl LogFixture) {
    let log = fixture.open().await;
    log.append(genesis("other")).await.unwrap();
    append_some(&*log, "other", 3).await;
    let before = read_all(&*log).await;
    let refused = refusal(fixture.open().await).await;
    let expected = GenesisError::OtherName { found: "other".into(), expected: LEDGER.into() };
    let is_said = matches!(&refused, LedgerError::Genesis(reason) if *reason == expected);
    assert!(is_said, "{refused:?}");
    assert_unchanged(&*log, &before).await;
}

pub async fn a_log_that_holds_something_else_is_not_opened_and_left_as_it_is(
    fixture: &impl LogFixture,
) {
    let log = fixture.open().await;
    append_some(&*log, "something", 1).await;
    let before = read_all(&*log).await;
    let refused = refusal(fixture.open().await).await;
    let is_said = matches!(refused, LedgerError::Genesis(GenesisError::NotGenesis));
    assert!(is_said, "{refused:?}");
    assert_unchanged(&*log, &before).await;
}

pub async fn a_log_whose_beginning_was_removed_is_not_opened_and_left_as_it_is(
    fixture: &impl LogFixture,
) {
    let log = fixture.open().await;
    log.append(genesis(LEDGER)).await.unwrap();
    append_some(&*log, "kept", 5).await;
    fixture.truncate_below(Position::new(2)).await;
    let refused = refusal(fixture.open().await).await;
    let is_said = matches!(
        refused,
        LedgerError::Log(ReadError::TruncatedBelow { from: Position::GENESIS, start })
            if start == Position::new(2)
    );
    assert!(is_said, "{refused:?}");
    assert_eq!(log.end().await.unwrap(), Position::new(6));
}

pub async fn a_log_that_lost_what_is_to_be_folded_next_stops_the_folder_and_is_left_as_it_is(
    fixture: &impl LogFixture,
) {
    let log = fixture.open().await;
    log.append(genesis(LEDGER)).await.unwrap();
    // It has read the genesis, and has not begun to read on.
    let folder = open_folder(Arc::clone(&log)).await.unwrap();
    append_some(&*log, "removed", 5).await;
    fixture.truncate_below(Position::new(4)).await;
    let stopped = reason(tokio::spawn(folder.run())).await;
    let is_said = matches!(
        stopped,
        LedgerError::Log(ReadError::TruncatedBelow { start, .. }) if start == Position::new(4)
    );
    assert!(is_said, "{stopped:?}");
    // A process says that it is there before it has read anything.
    let end = log.end().await.unwrap();
    assert!(end <= Position::new(7), "{end} is above what was there and one tick");
    for added in log.read(Position::new(6), ReadLimits::ONE, Duration::ZERO).await.unwrap() {
        assert!(matches!(decode(&added.bytes), Ok(LedgerRecord::Tick(_))), "{added:?}");
    }
}

pub async fn a_log_that_ends_before_what_was_read_is_an_error_to_every_reader(
    fixture: &impl LosingFixture,
) {
    let log = fixture.open().await;
    append_some(&*log, "read", 10).await;
    let limits = ReadLimits::default();
    let mut reader = log.reader(Position::new(10), limits).await.unwrap();
    let (from, end) = (Position::new(10), Position::new(6));
    fixture.lose_from(end).await;
    let opened = log.reader(from, limits).await.map(|reader| reader.position());
    let read = reader.next(DEADLINE).await.map(|records| Position::new(records.len() as u64));
    for refused in [opened, read] {
        match refused {
            Err(ReadError::BeyondEnd { from: asked, end: found }) => {
                assert_eq!((asked, found), (from, end));
            }
            other => panic!("{other:?}"),
        }
    }
}

pub async fn a_log_that_ends_before_what_was_folded_stops_the_folder_and_is_left_as_it_is(
    fixture: &impl LosingFixture,
) {
    let log = fixture.open().await;
    log.append(genesis(LEDGER)).await.unwrap();
    append_some(&*log, "folded", 5).await;
    let running = folding(Arc::clone(&log)).await;
    fixture.lose_from(Position::new(3)).await;
    let stopped = reason(running).await;
    let is_said = matches!(
        stopped,
        LedgerError::Log(ReadError::BeyondEnd { end, .. }) if end == Position::new(3)
    );
    assert!(is_said, "{stopped:?}");
    assert_eq!(log.end().await.unwrap(), Position::new(3));
}
