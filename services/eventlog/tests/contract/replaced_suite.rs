//! What every log promises about another that takes its place: whoever was on the one that is gone
//! is told so, reads nothing of the other and writes nothing to it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use fullmakt_eventlog::{AppendError, EventLog, LogReader, ReadError, ReadLimits, Record};
use fullmakt_events::Position;

use crate::fixture::{DEADLINE, LogFixture, read_all, read_records, record};

/// Runs the suite against a fixture.
macro_rules! replaced_suite_tests {
    ($fixture:ty) => {
        $crate::fixture::suite_tests!($fixture, crate::fixture::LogFixture, crate::replaced_suite {
            a_reader_does_not_go_on_in_a_longer_log_that_took_the_place_of_its_own
            a_reader_that_waits_does_not_go_on_in_a_longer_log_that_took_the_place_of_its_own
            a_reader_does_not_begin_anew_in_a_shorter_log_that_took_the_place_of_its_own
            a_reader_is_not_opened_on_a_log_that_took_the_place_of_its_own
            nothing_is_appended_to_a_log_that_took_the_place_of_ones_own
            a_log_that_took_the_place_of_another_is_opened_anew_as_any_other
        });
    };
}

pub(crate) use replaced_suite_tests;

/// How many records the log holds that is gone.
const BEFORE: usize = 5;

async fn append(log: &dyn EventLog, name: &str, count: usize) {
    for number in 0..count {
        log.append(record((name, number))).await.unwrap();
    }
}

/// A log with some records, and a reader at its end.
async fn read_to_the_end(fixture: &impl LogFixture) -> (Arc<dyn EventLog>, Box<dyn LogReader>) {
    let log = fixture.open().await;
    append(&*log, "gone", BEFORE).await;
    let mut reader = log.reader(Position::GENESIS, ReadLimits::default()).await.unwrap();
    assert_eq!(read_records(&mut *reader, BEFORE).await.len(), BEFORE);
    (log, reader)
}

/// Puts another log in the place of the fixture's, with this many records.
async fn replace(fixture: &impl LogFixture, count: usize) -> Arc<dyn EventLog> {
    fixture.recreate().await;
    let other = fixture.open().await;
    append(&*other, "other", count).await;
    other
}

/// Reads on as a folder does, with another reader where one is spent, until there is a reason to
/// stop.
async fn read_until_refused(log: &dyn EventLog, mut reader: Box<dyn LogReader>) -> ReadError {
    let began = Instant::now();
    loop {
        assert!(began.elapsed() < DEADLINE, "nobody notices");
        match reader.next(Duration::from_millis(500)).await {
            Ok(records) => {
                assert_eq!(records, Vec::<Record>::new(), "records of the other log");
                continue;
            }
            Err(ReadError::Unavailable(_)) => {}
            Err(reason) => return reason,
        }
        match log.reader(reader.position(), ReadLimits::default()).await {
            Ok(another) => reader = another,
            Err(ReadError::Unavailable(_)) => {}
            Err(reason) => return reason,
        }
    }
}

async fn read_until_replaced(log: &dyn EventLog, reader: Box<dyn LogReader>) {
    let reason = read_until_refused(log, reader).await;
    assert!(matches!(reason, ReadError::Replaced), "{reason:?}");
}

pub async fn a_reader_does_not_go_on_in_a_longer_log_that_took_the_place_of_its_own(
    fixture: &impl LogFixture,
) {
    let (log, reader) = read_to_the_end(fixture).await;
    replace(fixture, 4 * BEFORE).await;
    read_until_replaced(&*log, reader).await;
}

pub async fn a_reader_that_waits_does_not_go_on_in_a_longer_log_that_took_the_place_of_its_own(
    fixture: &impl LogFixture,
) {
    let (log, reader) = read_to_the_end(fixture).await;
    let reading = tokio::spawn(async move { read_until_replaced(&*log, reader).await });
    replace(fixture, 4 * BEFORE).await;
    reading.await.unwrap();
}

pub async fn a_reader_does_not_begin_anew_in_a_shorter_log_that_took_the_place_of_its_own(
    fixture: &impl LogFixture,
) {
    let (log, reader) = read_to_the_end(fixture).await;
    replace(fixture, 1).await;
    let reason = read_until_refused(&*log, reader).await;
    // Whichever of the two is found out first.
    let is_said = matches!(reason, ReadError::Replaced | ReadError::BeyondEnd { .. });
    assert!(is_said, "{reason:?}");
}

pub async fn a_reader_is_not_opened_on_a_log_that_took_the_place_of_its_own(
    fixture: &impl LogFixture,
) {
    let log = fixture.open().await;
    append(&*log, "gone", BEFORE).await;
    replace(fixture, 4 * BEFORE).await;
    let began = Instant::now();
    let from = Position::new(u64::try_from(BEFORE).unwrap());
    loop {
        assert!(began.elapsed() < DEADLINE, "nobody notices");
        match log.read(from, ReadLimits::default(), Duration::from_millis(500)).await {
            Ok(records) => assert_eq!(records, Vec::new(), "records of the other log"),
            Err(ReadError::Replaced) => break,
            Err(ReadError::Unavailable(_)) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    // From here on everybody on this handle knows.
    assert!(matches!(log.end().await, Err(ReadError::Replaced)));
    assert!(matches!(log.start().await, Err(ReadError::Replaced)));
}

pub async fn nothing_is_appended_to_a_log_that_took_the_place_of_ones_own(
    fixture: &impl LogFixture,
) {
    let (log, reader) = read_to_the_end(fixture).await;
    let other = replace(fixture, 4 * BEFORE).await;
    read_until_replaced(&*log, reader).await;
    for _ in 0..3 {
        let refused = log.append(record("late")).await;
        assert!(matches!(refused, Err(AppendError::Unavailable(_))), "{refused:?}");
    }
    let records = read_all(&*other).await;
    assert_eq!(records.len(), 4 * BEFORE);
    assert!(records.iter().all(|found| found.bytes != record("late")));
}

pub async fn a_log_that_took_the_place_of_another_is_opened_anew_as_any_other(
    fixture: &impl LogFixture,
) {
    read_to_the_end(fixture).await;
    let other = replace(fixture, 1).await;
    assert_eq!(read_all(&*other).await[0].bytes, record(("other", 0)));
    let beyond = Position::new(u64::try_from(BEFORE).unwrap());
    for log in [other, fixture.open().await] {
        match log.reader(beyond, ReadLimits::default()).await.map(|reader| reader.position()) {
            Err(ReadError::BeyondEnd { from, end }) => {
                assert_eq!((from, end), (beyond, Position::new(1)));
            }
            unexpected => panic!("{unexpected:?}"),
        }
    }
}
