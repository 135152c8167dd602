//! What every log promises.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use fullmakt_eventlog::{AppendError, EventLog, RECORD_BYTES_MAX, ReadError, ReadLimits, Record};
use fullmakt_events::Position;
use tokio::task::JoinSet;

use crate::fixture::{DEADLINE, LogFixture, read_all, read_records, record};

/// Runs the suite against a fixture.
macro_rules! log_suite_tests {
    ($fixture:ty) => {
        $crate::fixture::suite_tests!($fixture, crate::fixture::LogFixture, crate::log_suite {
            an_append_answers_with_the_position_of_its_record
            appends_one_after_the_other_keep_their_order
            positions_have_no_gaps_and_begin_at_0
            an_empty_record_is_a_record
            a_record_of_exactly_the_limit_is_appended_and_one_byte_more_is_not
            a_log_is_read_from_any_position
            a_batch_keeps_its_limits
            a_reader_at_the_end_sees_what_is_appended_later
            a_reader_that_waits_is_woken_by_an_append
            nothing_yet_is_told_apart_from_beyond_the_end
            a_position_that_was_truncated_is_an_error
            a_reader_whose_next_records_were_truncated_is_told_so
            a_wait_that_is_dropped_loses_nothing
            an_append_that_is_dropped_still_has_one_place_at_most
            no_reader_sees_a_position_before_the_one_before_it
            handles_of_several_processes_see_one_order
            what_was_acknowledged_is_in_its_place_after_reopening
            the_end_is_above_every_position_acknowledged_to_anybody
            every_record_has_an_append_time_in_whole_milliseconds
        });
    };
}

pub(crate) use log_suite_tests;

const NO_WAIT: Duration = Duration::ZERO;

fn first_batch(limits: ReadLimits, records: usize) -> ReadLimits {
    ReadLimits { records_max: records, ..limits }
}

pub async fn an_append_answers_with_the_position_of_its_record(fixture: &impl LogFixture) {
    let log = fixture.open().await;
    assert_eq!(log.end().await.unwrap(), Position::GENESIS);
    assert_eq!(log.start().await.unwrap(), Position::GENESIS);
    let position = log.append(record("genesis")).await.unwrap();
    assert_eq!(position, Position::GENESIS);
    let records = read_all(&*log).await;
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].position, position);
    assert_eq!(records[0].bytes, record("genesis"));
}

pub async fn appends_one_after_the_other_keep_their_order(fixture: &impl LogFixture) {
    let log = fixture.open().await;
    for number in 0..20 {
        assert_eq!(log.append(record(number)).await.unwrap(), Position::new(number));
    }
    for (found, number) in read_all(&*log).await.iter().zip(0..) {
        assert_eq!(found.bytes, record(number));
    }
}

pub async fn positions_have_no_gaps_and_begin_at_0(fixture: &impl LogFixture) {
    let log = fixture.open().await;
    let appended = append_concurrently(&log, "many", 200).await;
    let positions: BTreeSet<u64> = appended.keys().map(|position| position.get()).collect();
    assert_eq!(positions, (0..200).collect());
    assert_in_place(&read_all(&*log).await, &appended);
}

pub async fn an_empty_record_is_a_record(fixture: &impl LogFixture) {
    let log = fixture.open().await;
    log.append(Bytes::new()).await.unwrap();
    log.append(record("after")).await.unwrap();
    let records = read_all(&*log).await;
    assert_eq!(records[0].bytes, Bytes::new());
    assert_eq!(records[1].bytes, record("after"));
}

pub async fn a_record_of_exactly_the_limit_is_appended_and_one_byte_more_is_not(
    fixture: &impl LogFixture,
) {
    let log = fixture.open().await;
    let largest = Bytes::from(vec![b'x'; RECORD_BYTES_MAX]);
    let too_large = Bytes::from(vec![b'x'; RECORD_BYTES_MAX + 1]);
    match log.append(too_large).await {
        Err(AppendError::TooLarge { size_bytes, limit_bytes }) => {
            assert_eq!((size_bytes, limit_bytes), (RECORD_BYTES_MAX + 1, RECORD_BYTES_MAX));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(log.end().await.unwrap(), Position::GENESIS);
    // Several at once, so that they meet in one batch.
    let appended = append_all(&log, vec![largest.clone(); 6]).await;
    assert_eq!(appended.len(), 6);
    let records = read_all(&*log).await;
    assert!(records.iter().all(|record| record.bytes == largest));
}

pub async fn a_log_is_read_from_any_position(fixture: &impl LogFixture) {
    let log = fixture.open().await;
    for number in 0..10 {
        log.append(record(number)).await.unwrap();
    }
    for from in 0..10_u64 {
        let mut reader = log.reader(Position::new(from), ReadLimits::default()).await.unwrap();
        assert_eq!(reader.position(), Position::new(from));
        let count = usize::try_from(10 - from).unwrap();
        let records = read_records(&mut *reader, count).await;
        assert_eq!(records[0].bytes, record(from));
        assert_eq!(records.len(), count);
        assert_eq!(reader.position(), Position::new(10));
    }
}

pub async fn a_batch_keeps_its_limits(fixture: &impl LogFixture) {
    let log = fixture.open().await;
    let large = Bytes::from(vec![b'x'; 2 * 1024]);
    for _ in 0..40 {
        log.append(large.clone()).await.unwrap();
    }
    let wait = Duration::from_secs(10);
    let three = first_batch(ReadLimits::default(), 3);
    let mut reader = log.reader(Position::GENESIS, three).await.unwrap();
    for _ in 0..3 {
        let batch = reader.next(wait).await.unwrap();
        assert!((1..=3).contains(&batch.len()), "{}", batch.len());
    }
    let bytes_max = 5 * 1024;
    let some_bytes = ReadLimits { records_max: 100, bytes_max };
    let mut reader = log.reader(Position::GENESIS, some_bytes).await.unwrap();
    let mut seen = 0;
    while seen < 40 {
        let batch = reader.next(wait).await.unwrap();
        assert!((1..=2).contains(&batch.len()), "{}", batch.len());
        seen += batch.len();
    }
    // A record is larger than the limit, and comes alone.
    let few_bytes = ReadLimits { records_max: 100, bytes_max: 10 };
    let mut reader = log.reader(Position::GENESIS, few_bytes).await.unwrap();
    assert_eq!(reader.next(wait).await.unwrap().len(), 1);
    assert_eq!(reader.position(), Position::new(1));
}

pub async fn a_reader_at_the_end_sees_what_is_appended_later(fixture: &impl LogFixture) {
    let log = fixture.open().await;
    log.append(record("before")).await.unwrap();
    let end = log.end().await.unwrap();
    let mut reader = log.reader(end, ReadLimits::default()).await.unwrap();
    assert_eq!(reader.next(NO_WAIT).await.unwrap(), Vec::new());
    for number in 0..5 {
        let position = log.append(record(number)).await.unwrap();
        let records = read_records(&mut *reader, 1).await;
        assert_eq!(records[0].position, position);
        assert_eq!(records[0].bytes, record(number));
    }
}

pub async fn a_reader_that_waits_is_woken_by_an_append(fixture: &impl LogFixture) {
    let (log, other) = (fixture.open().await, fixture.open().await);
    let mut reader = log.reader(Position::GENESIS, ReadLimits::default()).await.unwrap();
    let waiting = tokio::spawn(async move { reader.next(DEADLINE).await });
    other.append(record("wake")).await.unwrap();
    let records = waiting.await.unwrap().unwrap();
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].bytes, record("wake"));
}

pub async fn nothing_yet_is_told_apart_from_beyond_the_end(fixture: &impl LogFixture) {
    let log = fixture.open().await;
    for number in 0..3 {
        log.append(record(number)).await.unwrap();
    }
    let limits = ReadLimits::default();
    assert_eq!(log.read(Position::new(3), limits, NO_WAIT).await.unwrap(), Vec::new());
    for beyond in [4, 5, 1_000_000, u64::MAX] {
        let beyond = Position::new(beyond);
        match log.reader(beyond, limits).await.map(|reader| reader.position()) {
            Err(ReadError::BeyondEnd { from, end }) => {
                assert_eq!((from, end), (beyond, Position::new(3)));
            }
            other => panic!("{other:?}"),
        }
    }
}

pub async fn a_position_that_was_truncated_is_an_error(fixture: &impl LogFixture) {
    let log = fixture.open().await;
    for number in 0..10 {
        log.append(record(number)).await.unwrap();
    }
    let start = Position::new(6);
    fixture.truncate_below(start).await;
    assert_eq!(log.start().await.unwrap(), start);
    assert_eq!(log.end().await.unwrap(), Position::new(10));
    for gone in [0, 5] {
        let gone = Position::new(gone);
        match log.read(gone, ReadLimits::default(), NO_WAIT).await {
            Err(ReadError::TruncatedBelow { from, start: found }) => {
                assert_eq!((from, found), (gone, start));
            }
            other => panic!("{other:?}"),
        }
    }
    let mut reader = log.reader(start, ReadLimits::default()).await.unwrap();
    assert_eq!(read_records(&mut *reader, 4).await[0].bytes, record(6));
    assert_eq!(log.append(record("next")).await.unwrap(), Position::new(10));
}

pub async fn a_reader_whose_next_records_were_truncated_is_told_so(fixture: &impl LogFixture) {
    const RECORDS: u64 = 30;
    let log = fixture.open().await;
    // More than a reader holds before it is asked for it.
    let largest = Bytes::from(vec![b'x'; RECORD_BYTES_MAX]);
    append_all(&log, vec![largest; usize::try_from(RECORDS).unwrap()]).await;
    let mut reader = log.reader(Position::GENESIS, ReadLimits::ONE).await.unwrap();
    read_records(&mut *reader, 1).await;
    let start = Position::new(RECORDS - 1);
    fixture.truncate_below(start).await;
    let mut expected = Position::new(1);
    let refused = loop {
        match reader.next(DEADLINE).await {
            Ok(records) => {
                assert_eq!(records[0].position, expected);
                expected = expected.next();
                assert!(expected < start, "what was removed is read to the end");
            }
            Err(refused) => break refused,
        }
    };
    let is_said = matches!(
        refused,
        ReadError::TruncatedBelow { from, start: found } if (from, found) == (expected, start)
    );
    assert!(is_said, "{refused:?}");
}

pub async fn a_wait_that_is_dropped_loses_nothing(fixture: &impl LogFixture) {
    const RECORDS: u64 = 300;
    let log = fixture.open().await;
    let limits = first_batch(ReadLimits::default(), 7);
    let mut reader = log.reader(Position::GENESIS, limits).await.unwrap();
    let mut dropped = 0_u32;
    for _ in 0..10 {
        tokio::select! {
            biased;
            batch = reader.next(DEADLINE) => panic!("nothing was appended, and {batch:?} came"),
            () = tokio::task::yield_now() => dropped += 1,
        }
    }
    let appending = tokio::spawn({
        let log = Arc::clone(&log);
        async move {
            for number in 0..RECORDS {
                log.append(record(number)).await.unwrap();
            }
        }
    });
    let began = Instant::now();
    let mut seen = 0;
    while seen < RECORDS {
        assert!(began.elapsed() < DEADLINE, "only {seen} records came");
        tokio::select! {
            biased;
            batch = reader.next(DEADLINE) => {
                for found in batch.unwrap() {
                    assert_eq!(found.position, Position::new(seen));
                    assert_eq!(found.bytes, record(seen));
                    seen += 1;
                }
            }
            () = tokio::task::yield_now() => dropped += 1,
        }
        if dropped % 64 == 63 {
            // Now and then to the end, so that a log whose answers take longer than a turn of
            // the scheduler gets somewhere.
            dropped += 1;
            for found in reader.next(Duration::from_millis(20)).await.unwrap() {
                assert_eq!(found.position, Position::new(seen));
                seen += 1;
            }
        }
    }
    appending.await.unwrap();
}

pub async fn an_append_that_is_dropped_still_has_one_place_at_most(fixture: &impl LogFixture) {
    let log = fixture.open().await;
    for number in 0..50 {
        tokio::select! {
            biased;
            outcome = log.append(record(("dropped", number))) => { outcome.unwrap(); }
            () = tokio::task::yield_now() => {}
        }
    }
    // What was dropped comes before or after this; wait until it has come.
    log.append(record("last")).await.unwrap();
    let records = read_all(&*log).await;
    let distinct: BTreeSet<_> = records.iter().map(|record| record.bytes.clone()).collect();
    assert_eq!(distinct.len(), records.len());
    assert!(records.len() <= 51);
}

pub async fn no_reader_sees_a_position_before_the_one_before_it(fixture: &impl LogFixture) {
    const HANDLES: usize = 3;
    const RECORDS: usize = 400;
    let mut readers = JoinSet::new();
    for _ in 0..3 {
        let log = fixture.open().await;
        readers.spawn(async move {
            let mut reader = log.reader(Position::GENESIS, ReadLimits::default()).await.unwrap();
            read_records(&mut *reader, HANDLES * RECORDS).await
        });
    }
    let mut appenders = JoinSet::new();
    for handle in 0..HANDLES {
        let log = fixture.open().await;
        appenders.spawn(async move { append_concurrently(&log, handle, RECORDS).await });
    }
    let appended: BTreeMap<_, _> = appenders.join_all().await.into_iter().flatten().collect();
    assert_eq!(appended.len(), HANDLES * RECORDS);
    for records in readers.join_all().await {
        assert_eq!(records.len(), HANDLES * RECORDS);
        assert_eq!(records[0].position, Position::GENESIS);
        assert_in_place(&records, &appended);
    }
}

pub async fn handles_of_several_processes_see_one_order(fixture: &impl LogFixture) {
    let (one, other) = (fixture.open().await, fixture.open().await);
    for number in 0..20_u64 {
        let log = if number % 2 == 0 { &one } else { &other };
        assert_eq!(log.append(record(number)).await.unwrap(), Position::new(number));
    }
    assert_eq!(read_all(&*one).await, read_all(&*other).await);
}

pub async fn what_was_acknowledged_is_in_its_place_after_reopening(fixture: &impl LogFixture) {
    let mut appended = BTreeMap::new();
    for round in 0..3 {
        let log = fixture.open().await;
        assert_in_place(&read_all(&*log).await, &appended);
        let more = append_concurrently(&log, round, 50).await;
        appended.extend(more);
    }
    let log = fixture.open().await;
    let records = read_all(&*log).await;
    assert_eq!(records.len(), 150);
    assert_in_place(&records, &appended);
}

pub async fn the_end_is_above_every_position_acknowledged_to_anybody(fixture: &impl LogFixture) {
    let other = fixture.open().await;
    let mut appenders = JoinSet::new();
    for appender in 0..4 {
        let (log, other) = (fixture.open().await, Arc::clone(&other));
        appenders.spawn(async move {
            for number in 0..40 {
                let position = log.append(record((appender, number))).await.unwrap();
                let end = other.end().await.unwrap();
                assert!(end > position, "{end} is not above {position}");
            }
        });
    }
    appenders.join_all().await;
    assert_eq!(other.end().await.unwrap(), Position::new(160));
}

pub async fn every_record_has_an_append_time_in_whole_milliseconds(fixture: &impl LogFixture) {
    let log = fixture.open().await;
    append_concurrently(&log, "timed", 20).await;
    let (first, again) = (read_all(&*log).await, read_all(&*log).await);
    for record in &first {
        assert!(record.append_time.as_micros() > 0, "{record:?}");
        assert_eq!(record.append_time.as_micros() % 1_000, 0, "{record:?}");
    }
    assert_eq!(first, again);
}

/// Appends different records at the same time and answers with where they are.
async fn append_concurrently(
    log: &Arc<dyn EventLog>,
    name: impl std::fmt::Debug,
    count: usize,
) -> BTreeMap<Position, Bytes> {
    append_all(log, (0..count).map(|number| record((&name, number))).collect()).await
}

async fn append_all(log: &Arc<dyn EventLog>, records: Vec<Bytes>) -> BTreeMap<Position, Bytes> {
    let mut appends = JoinSet::new();
    for record in records {
        let log = Arc::clone(log);
        appends.spawn(async move { (log.append(record.clone()).await.unwrap(), record) });
    }
    appends.join_all().await.into_iter().collect()
}

/// Every acknowledged record is at its position.
fn assert_in_place(records: &[Record], appended: &BTreeMap<Position, Bytes>) {
    let found: BTreeMap<_, _> =
        records.iter().map(|record| (record.position, &record.bytes)).collect();
    for (position, bytes) in appended {
        assert_eq!(found.get(position), Some(&bytes), "position {position}");
    }
}
