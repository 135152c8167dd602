//! The faults that the log in memory has on demand do what they say.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use fullmakt_eventlog::{
    AppendError, EventLog, ReadError, ReadLimits,
    memory::{Answer, AppendPlan, Fate, ManualClock, MemoryLog, Odds, Pause, TimeSource},
};
use fullmakt_events::{Position, Timestamp};
use tokio::task::JoinHandle;

use crate::fixture::record;

const NO_WAIT: Duration = Duration::ZERO;

fn log() -> MemoryLog {
    MemoryLog::new(ManualClock::at(Timestamp::from_millis(1)).source())
}

fn append(log: &MemoryLog, name: &str) -> JoinHandle<Result<Position, AppendError>> {
    let (log, bytes) = (log.clone(), record(name));
    tokio::spawn(async move { log.append(bytes).await })
}

fn contents(log: &MemoryLog) -> Vec<Bytes> {
    log.records().into_iter().map(|record| record.bytes).collect()
}

#[tokio::test]
async fn a_refused_append_says_that_nothing_was_appended_and_nothing_was() {
    let log = log();
    log.faults().script([AppendPlan::REFUSED]);
    let refused = log.append(record("refused")).await;
    assert!(matches!(refused, Err(AppendError::Unavailable(_))), "{refused:?}");
    assert_eq!(contents(&log), Vec::<Bytes>::new());
}

#[tokio::test]
async fn a_lost_record_and_a_lost_acknowledgement_look_the_same() {
    let log = log();
    log.faults().script([AppendPlan::LOST, AppendPlan::UNACKNOWLEDGED]);
    for name in ["lost", "unacknowledged"] {
        let unknown = log.append(record(name)).await;
        assert!(matches!(unknown, Err(AppendError::Unknown(_))), "{unknown:?}");
    }
    assert_eq!(contents(&log), [record("unacknowledged")]);
}

#[tokio::test]
async fn a_doubled_record_answers_with_its_first_place() {
    let log = log();
    log.faults().script([AppendPlan::DOUBLED]);
    assert_eq!(log.append(record("doubled")).await.unwrap(), Position::GENESIS);
    assert_eq!(contents(&log), [record("doubled"), record("doubled")]);
}

#[tokio::test]
async fn the_second_copy_may_come_after_others() {
    let log = log();
    let plan = AppendPlan { fate: Fate::Doubled, ..AppendPlan::HELD_AFTER };
    log.faults().script([plan]);
    let doubled = append(&log, "doubled");
    log.faults().wait_for_held(1).await;
    log.append(record("between")).await.unwrap();
    assert!(log.faults().release(0));
    assert_eq!(doubled.await.unwrap().unwrap(), Position::GENESIS);
    assert_eq!(contents(&log), [record("doubled"), record("between"), record("doubled")]);
}

#[tokio::test]
async fn a_late_record_is_unknown_at_once_and_appended_when_released() {
    let log = log();
    log.faults().script([AppendPlan::LATE]);
    let unknown = log.append(record("late")).await;
    assert!(matches!(unknown, Err(AppendError::Unknown(_))), "{unknown:?}");
    log.append(record("early")).await.unwrap();
    log.faults().wait_for_held(1).await;
    let mut reader = log.reader(Position::new(1), ReadLimits::default()).await.unwrap();
    assert_eq!(reader.next(NO_WAIT).await.unwrap(), Vec::new());
    log.faults().release_all();
    let records = reader.next(Duration::from_secs(10)).await.unwrap();
    assert_eq!(records[0].bytes, record("late"));
}

#[tokio::test]
async fn appends_that_are_held_overtake_each_other_as_they_are_released() {
    let log = log();
    log.faults().script([AppendPlan::HELD_BEFORE; 3]);
    let mut appends = Vec::new();
    for (name, count) in [("first", 1), ("second", 2), ("third", 3)] {
        appends.push(append(&log, name));
        log.faults().wait_for_held(count).await;
    }
    for number in [2, 0, 0] {
        assert!(log.faults().release(number));
    }
    assert!(!log.faults().release(0));
    for held in appends {
        held.await.unwrap().unwrap();
    }
    // On one thread released tasks run in the order of their release.
    assert_eq!(contents(&log), [record("third"), record("first"), record("second")]);
}

#[tokio::test]
async fn an_appender_stalled_at_any_step_holds_up_nobody_and_breaks_no_order() {
    for plan in [AppendPlan::HELD_BEFORE, AppendPlan::HELD_AFTER] {
        let log = log();
        let mut reader =
            log.handle().reader(Position::GENESIS, ReadLimits::default()).await.unwrap();
        log.faults().script([plan]);
        let stalled = append(&log, "stalled");
        log.faults().wait_for_held(1).await;

        let other = log.handle();
        for number in 0..5 {
            other.append(record(number)).await.unwrap();
        }
        log.faults().release_all();
        let position = stalled.await.unwrap().unwrap();

        let records = reader.next(NO_WAIT).await.unwrap();
        let positions: Vec<u64> = records.iter().map(|record| record.position.get()).collect();
        assert_eq!(positions, [0, 1, 2, 3, 4, 5], "{plan:?}");
        let index = usize::try_from(position.get()).unwrap();
        assert_eq!(records[index].bytes, record("stalled"));
    }
}

#[tokio::test]
async fn an_append_goes_on_when_nobody_waits_for_it_any_more() {
    let log = log();
    log.faults().script([AppendPlan::HELD_BEFORE]);
    let appending = append(&log, "abandoned");
    log.faults().wait_for_held(1).await;
    appending.abort();
    assert!(appending.await.unwrap_err().is_cancelled());
    log.faults().release_all();
    let records =
        log.read(Position::GENESIS, ReadLimits::ONE, Duration::from_secs(10)).await.unwrap();
    assert_eq!(records[0].bytes, record("abandoned"));
}

#[tokio::test]
async fn a_lagging_reader_sees_less_and_a_stale_end_is_lower_on_that_handle_only() {
    let log = log();
    for number in 0..4 {
        log.append(record(number)).await.unwrap();
    }
    let lagging = log.handle();
    lagging.faults().hide_from(Some(Position::new(2)));
    lagging.faults().stale_end(Some(Position::new(1)));
    assert_eq!(lagging.end().await.unwrap(), Position::new(1));
    assert_eq!(log.end().await.unwrap(), Position::new(4));

    let mut reader = lagging.reader(Position::GENESIS, ReadLimits::default()).await.unwrap();
    assert_eq!(reader.next(NO_WAIT).await.unwrap().len(), 2);
    assert_eq!(reader.next(NO_WAIT).await.unwrap().len(), 0);
    // A reader that waits notices that it can see again.
    let waiting = tokio::spawn(async move { reader.next(Duration::from_mins(1)).await });
    lagging.faults().heal();
    assert_eq!(waiting.await.unwrap().unwrap().len(), 2);
    assert_eq!(lagging.end().await.unwrap(), Position::new(4));
}

#[tokio::test]
async fn a_handle_that_is_cut_off_reaches_nothing_and_others_do() {
    let log = log();
    let cut_off = log.handle();
    let mut reader = cut_off.reader(Position::GENESIS, ReadLimits::default()).await.unwrap();
    cut_off.faults().cut_off(true);
    assert!(matches!(cut_off.append(record("no")).await, Err(AppendError::Unavailable(_))));
    assert!(matches!(cut_off.end().await, Err(ReadError::Unavailable(_))));
    assert!(matches!(cut_off.start().await, Err(ReadError::Unavailable(_))));
    assert!(matches!(reader.next(NO_WAIT).await, Err(ReadError::Unavailable(_))));
    log.append(record("yes")).await.unwrap();
    cut_off.faults().cut_off(false);
    assert_eq!(cut_off.end().await.unwrap(), Position::new(1));
}

#[tokio::test]
async fn append_times_are_those_of_the_clock_that_was_passed_in_even_backwards() {
    let clock = ManualClock::at(Timestamp::from_millis(2_000));
    let log = MemoryLog::new(clock.source());
    log.append(record(0)).await.unwrap();
    clock.advance_micros(1_999);
    log.append(record(1)).await.unwrap();
    clock.set(Timestamp::from_millis(500));
    log.append(record(2)).await.unwrap();
    let times: Vec<_> = log.records().iter().map(|record| record.append_time).collect();
    assert_eq!(times, [2_000, 2_001, 500].map(Timestamp::from_millis));
}

#[tokio::test(start_paused = true)]
async fn the_same_seed_gives_the_same_log_and_another_seed_another() {
    assert_eq!(by_chance(7).await, by_chance(7).await);
    assert_ne!(by_chance(7).await, by_chance(8).await);
}

/// What 200 appends leave behind, and what they were told.
async fn by_chance(seed: u64) -> (Vec<Bytes>, Vec<&'static str>) {
    let log = MemoryLog::new(TimeSource::new(|| Timestamp::from_millis(1)));
    let odds = Odds {
        dropped: 100,
        doubled: 100,
        unknown: 200,
        paused_before: 300,
        paused_after: 300,
        pause_max: Duration::from_secs(5),
        ..Odds::default()
    };
    log.faults().seed(seed, odds);
    let log = Arc::new(log);
    let appends: Vec<_> =
        (0..200).map(|number| append(&log, &format!("record {number}"))).collect();
    let mut answers = Vec::new();
    for appending in appends {
        answers.push(match appending.await.unwrap() {
            Ok(_) => "position",
            Err(AppendError::Unknown(_)) => "unknown",
            Err(AppendError::Unavailable(_)) => "unavailable",
            Err(AppendError::TooLarge { .. }) => "too large",
        });
    }
    for answer in ["position", "unknown", "unavailable"] {
        assert!(answers.contains(&answer), "chance never gave `{answer}`");
    }
    (contents(&log), answers)
}

#[tokio::test(start_paused = true)]
async fn a_reader_whose_questions_fail_or_wait_misses_nothing() {
    let log = log();
    let odds = Odds {
        read_paused: 400,
        read_failed: 400,
        pause_max: Duration::from_secs(5),
        ..Odds::default()
    };
    let mut reader = log.reader(Position::GENESIS, ReadLimits::ONE).await.unwrap();
    log.faults().seed(7, odds);
    let began = tokio::time::Instant::now();
    let (mut read, mut failed) = (Vec::new(), 0);
    for number in 0..20 {
        log.append(record(number)).await.unwrap();
        loop {
            match reader.next(Duration::from_secs(1)).await {
                Ok(records) => break read.extend(records),
                Err(ReadError::Unavailable(_)) => failed += 1,
                Err(other) => panic!("{other:?}"),
            }
        }
    }
    assert_eq!(read, log.records());
    assert!(failed > 0 && began.elapsed() > Duration::from_secs(1), "nothing went wrong");
}

#[tokio::test(start_paused = true)]
async fn a_pause_lasts_as_long_as_it_says() {
    let log = log();
    let pause = Pause::For(Duration::from_secs(3));
    log.faults().script([AppendPlan {
        before: pause,
        fate: Fate::Appended,
        after: pause,
        answer: Answer::Truth,
    }]);
    let began = tokio::time::Instant::now();
    log.append(record("slow")).await.unwrap();
    assert_eq!(began.elapsed().as_secs(), 6);
}
