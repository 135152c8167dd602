//! What every log promises that is filled from another: the same positions, times and bytes, or
//! nothing that anybody could take for a log.

use std::{
    fmt::Debug,
    sync::atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use bytes::Bytes;
use fullmakt_eventlog::{
    CopyError, CopyStep, Destination, EventLog, FillError, OpenError, Record, copy,
    memory::{ManualClock, MemoryLog},
};
use fullmakt_events::{Position, Timestamp};

use crate::fixture::{LogFixture, read_all, record};

/// A log that can be filled from another.
#[async_trait]
pub trait DestinationFixture: LogFixture {
    /// Opens it to be filled.
    async fn destination(&self) -> Box<dyn Destination>;
    /// Opens it as a log, if that is possible.
    async fn try_open(&self) -> Result<(), OpenError>;
}

/// Runs the suite against a fixture.
macro_rules! copy_suite_tests {
    ($fixture:ty) => {
        $crate::fixture::suite_tests!($fixture, crate::fixture::LogFixture, crate::copy_suite {
            a_copy_has_the_positions_times_and_bytes_of_its_source
            a_copied_log_goes_on_where_its_source_ended
            copying_again_changes_nothing
            an_empty_log_is_copied_as_well
            a_copy_that_was_broken_off_cannot_be_opened_and_is_gone_on_with
            nothing_is_appended_to_a_log_while_it_is_filled
            a_destination_that_is_not_the_sources_beginning_is_left_as_it_is
            a_destination_that_is_longer_is_left_as_it_is
            a_source_that_grows_meanwhile_is_noticed_and_the_copy_gone_on_with
        });
    };
}

pub(crate) use copy_suite_tests;

/// The first of a source's times.
const MILLIS: i64 = 1_700_000_000_000;

/// A log whose records have old times, some of them lower than the one before.
async fn source(records: usize) -> MemoryLog {
    let clock = ManualClock::at(Timestamp::from_millis(MILLIS));
    let log = MemoryLog::new(clock.source());
    for number in 0..records {
        let number = i64::try_from(number).unwrap();
        clock.set(Timestamp::from_millis(MILLIS + number * 7 - (number % 5) * 30));
        log.append(bytes(number)).await.unwrap();
    }
    log
}

/// Bytes that are no text, short and long ones.
fn bytes(number: impl Debug + Into<i64> + Copy) -> Bytes {
    let long = usize::try_from(number.into() % 10).unwrap() * 1_000;
    [record(number).to_vec(), vec![0xff; long]].concat().into()
}

async fn copied(source: &MemoryLog, fixture: &impl DestinationFixture) -> Result<u64, CopyError> {
    let report = copy(source, &*fixture.destination().await, &mut |_| {}).await?;
    assert_eq!(report.source, report.destination);
    let held = source.records();
    assert_eq!(report.records, u64::try_from(held.len()).unwrap());
    let bytes: usize = held.iter().map(|record| record.bytes.len()).sum();
    assert_eq!(report.bytes, u64::try_from(bytes).unwrap());
    Ok(report.copied)
}

pub async fn a_copy_has_the_positions_times_and_bytes_of_its_source(
    fixture: &impl DestinationFixture,
) {
    let source = source(3_000).await;
    assert_eq!(copied(&source, fixture).await.unwrap(), 3_000);
    assert_eq!(read_all(&*fixture.open().await).await, source.records());
}

pub async fn a_copied_log_goes_on_where_its_source_ended(fixture: &impl DestinationFixture) {
    let source = source(10).await;
    copied(&source, fixture).await.unwrap();
    let log = fixture.open().await;
    assert_eq!(log.append(record("next")).await.unwrap(), Position::new(10));
    let records = read_all(&*log).await;
    assert_eq!(records[..10], source.records()[..]);
    // Its time is the log's own again, long after those of the source.
    assert!(records[10].append_time > Timestamp::from_millis(MILLIS + 1_000_000));
}

pub async fn copying_again_changes_nothing(fixture: &impl DestinationFixture) {
    let source = source(20).await;
    assert_eq!(copied(&source, fixture).await.unwrap(), 20);
    assert_eq!(copied(&source, fixture).await.unwrap(), 0);
    assert_eq!(read_all(&*fixture.open().await).await, source.records());
}

pub async fn an_empty_log_is_copied_as_well(fixture: &impl DestinationFixture) {
    let source = source(0).await;
    assert_eq!(copied(&source, fixture).await.unwrap(), 0);
    assert_eq!(fixture.open().await.append(record("first")).await.unwrap(), Position::GENESIS);
}

/// A destination whose process is gone after it was filled so many times.
struct Dying {
    destination: Box<dyn Destination>,
    fills_left: AtomicUsize,
}

#[async_trait]
impl Destination for Dying {
    fn log(&self) -> &dyn EventLog {
        self.destination.log()
    }

    async fn begin(&self) -> Result<(), OpenError> {
        self.destination.begin().await
    }

    async fn fill(&self, records: &[Record]) -> Result<(), FillError> {
        let left = self.fills_left.load(Ordering::SeqCst);
        if left == 0 {
            return Err(FillError::Gone);
        }
        self.fills_left.store(left - 1, Ordering::SeqCst);
        // Not all that was to be written gets there.
        self.destination.fill(&records[..records.len().div_ceil(2)]).await?;
        Err(FillError::Gone)
    }

    async fn finish(&self) -> Result<(), OpenError> {
        self.destination.finish().await
    }
}

pub async fn a_copy_that_was_broken_off_cannot_be_opened_and_is_gone_on_with(
    fixture: &impl DestinationFixture,
) {
    let source = source(1_000).await;
    for fills in [0, 1, 1] {
        let destination = fixture.destination().await;
        let dying = Dying { destination, fills_left: AtomicUsize::new(fills) };
        let broken = copy(&source, &dying, &mut |_| {}).await;
        assert!(matches!(broken, Err(CopyError::Fill(FillError::Gone))), "{broken:?}");
        let refused = fixture.try_open().await;
        assert!(matches!(refused, Err(OpenError::Unfit { .. })), "{refused:?}");
    }
    // 500, and half of what was left then.
    assert_eq!(copied(&source, fixture).await.unwrap(), 250);
    assert_eq!(read_all(&*fixture.open().await).await, source.records());
}

pub async fn nothing_is_appended_to_a_log_while_it_is_filled(fixture: &impl DestinationFixture) {
    let (source, early) = (source(10).await, fixture.open().await);
    let destination = fixture.destination().await;
    destination.begin().await.unwrap();
    destination.fill(&source.records()[..5]).await.unwrap();
    // A server that was left running on the destination: what it appends is not acknowledged, or it
    // is found when the copy goes on. It is never part of the copy.
    let appended = early.append(record("strange")).await;
    match copied(&source, fixture).await {
        Ok(copied) => {
            assert!(appended.is_err(), "{appended:?}");
            assert_eq!(copied, 5);
            assert_eq!(read_all(&*fixture.open().await).await, source.records());
        }
        Err(CopyError::Differs { position }) => {
            assert_eq!(position, Position::new(5));
            assert!(matches!(fixture.try_open().await, Err(OpenError::Unfit { .. })));
        }
        Err(other) => panic!("{other:?}"),
    }
}

pub async fn a_destination_that_is_not_the_sources_beginning_is_left_as_it_is(
    fixture: &impl DestinationFixture,
) {
    let log = fixture.open().await;
    for number in 0..3 {
        log.append(record(("other", number))).await.unwrap();
    }
    let before = read_all(&*log).await;
    let refused = copied(&source(10).await, fixture).await;
    assert!(
        matches!(refused, Err(CopyError::Differs { position: Position::GENESIS })),
        "{refused:?}"
    );
    assert_eq!(read_all(&*fixture.open().await).await, before);
}

pub async fn a_destination_that_is_longer_is_left_as_it_is(fixture: &impl DestinationFixture) {
    let source = source(10).await;
    copied(&source, fixture).await.unwrap();
    source.lose_from(Position::new(8));
    let refused = copied(&source, fixture).await;
    assert!(matches!(refused, Err(CopyError::Longer { .. })), "{refused:?}");
    assert_eq!(read_all(&*fixture.open().await).await.len(), 10);
}

pub async fn a_source_that_grows_meanwhile_is_noticed_and_the_copy_gone_on_with(
    fixture: &impl DestinationFixture,
) {
    let source = source(10).await;
    let writer = source.clone();
    let mut is_written = false;
    let mut say = |progress: fullmakt_eventlog::CopyProgress| {
        if progress.step == CopyStep::Copying && !is_written {
            is_written = true;
            let append = writer.append(record("late"));
            let runtime = tokio::runtime::Handle::current();
            tokio::task::block_in_place(|| runtime.block_on(append)).unwrap();
        }
    };
    let noticed = copy(&source, &*fixture.destination().await, &mut say).await;
    match noticed {
        Err(CopyError::SourceGrew { copied, end }) => {
            assert_eq!((copied, end), (Position::new(10), Position::new(11)));
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(fixture.try_open().await, Err(OpenError::Unfit { .. })));
    assert_eq!(copied(&source, fixture).await.unwrap(), 1);
    assert_eq!(read_all(&*fixture.open().await).await, source.records());
}
