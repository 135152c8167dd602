use std::collections::BTreeMap;

use fullmakt_access::record::{DecisionRecord, ENGINE, RecordedRequest, STRICT};
use fullmakt_events::{LedgerId, Position};
use serde_json::json;

use super::*;
use crate::testing::{Manner, Tape, now, topic};

fn record(number: u128, correlation: Option<String>) -> LogRecord {
    LogRecord::Decision(DecisionRecord {
        id: id(number),
        caller: None,
        correlation,
        ledger: LedgerId::new(Uuid::from_u128(7)),
        position: Position::new(1),
        evaluated_at: at(number),
        engine: ENGINE.into(),
        matching: STRICT.into(),
        request: RecordedRequest::default(),
        owner: None,
        policy: None,
        catalogues: BTreeMap::new(),
        facts: String::new(),
        decision: "Permit".into(),
        status: "ok".into(),
        obligations: json!([]),
        reason: "policy-permits".into(),
        withheld: 0,
    })
}

/// Each record is of a second of its own.
fn at(number: u128) -> Timestamp {
    now().plus_seconds(i64::try_from(number).unwrap())
}

fn id(number: u128) -> DecisionId {
    DecisionId::new(Uuid::from_u128(number))
}

/// A queue as an installation has it.
const QUEUE_MAX: usize = 1_000;
const ASYNC: DecisionLogMode = DecisionLogMode::Async { queue_max: QUEUE_MAX };

fn log(tape: &Tape, mode: DecisionLogMode) -> DecisionLog {
    DecisionLog::new(Arc::new(tape.clone()), topic(), mode)
}

fn gaps(records: &[serde_json::Value]) -> Vec<u64> {
    records.iter().filter_map(|record| record.get("gap")?.as_u64()).collect()
}

#[tokio::test(start_paused = true)]
async fn in_mode_required_a_decision_is_logged_before_it_is_given() {
    let tape = Tape::new(Manner::Takes).await;
    log(&tape, DecisionLogMode::Required).write(&record(1, None)).await.unwrap();
    let records = tape.records().await;
    assert_eq!(records.len(), 1);
    assert_eq!(records[0]["id"], "00000000-0000-0000-0000-000000000001");
    assert_eq!(records[0]["decision"], "Permit");
}

#[tokio::test(start_paused = true)]
async fn in_mode_required_nothing_is_given_that_the_log_does_not_take() {
    let tape = Tape::new(Manner::Refuses).await;
    let log = log(&tape, DecisionLogMode::Required);
    assert!(matches!(log.write(&record(1, None)).await, Err(LogError::Append(_))));
    tape.becomes(Manner::NeverAnswers);
    let started = Instant::now();
    assert!(matches!(log.write(&record(2, None)).await, Err(LogError::Slow)));
    assert_eq!(started.elapsed(), APPEND_WITHIN);
    assert!(tape.records().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn in_mode_async_a_decision_is_given_at_once_and_logged_when_the_log_is_back() {
    let tape = Tape::new(Manner::Refuses).await;
    let log = log(&tape, ASYNC);
    let started = Instant::now();
    log.write(&record(1, None)).await.unwrap();
    assert_eq!(started.elapsed(), Duration::ZERO);
    tokio::task::yield_now().await;
    assert!(tape.records().await.is_empty());
    tape.becomes(Manner::Takes);
    tape.has_taken(1).await;
    let records = tape.records().await;
    assert_eq!(records.len(), 1);
    assert!(gaps(&records).is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_does_not_fit_into_the_queue_is_a_counted_gap_even_if_nothing_comes_after_it() {
    let tape = Tape::new(Manner::Takes).await;
    let log = log(&tape, ASYNC);
    let too_many = 10;
    for number in 0..QUEUE_MAX + too_many {
        let number = u128::try_from(number).unwrap();
        log.write(&record(number, None)).await.unwrap();
    }
    tape.has_taken(QUEUE_MAX + 1).await;
    let records = tape.records().await;
    assert_eq!(records.len(), QUEUE_MAX + 1);
    assert_eq!(gaps(&records).iter().sum::<u64>(), u64::try_from(too_many).unwrap());
    let gap = records.iter().find(|record| record["kind"] == "gap").unwrap();
    let first = u128::try_from(QUEUE_MAX).unwrap();
    let last = u128::try_from(QUEUE_MAX + too_many - 1).unwrap();
    assert_eq!(gap["since"], at(first).to_string());
    assert_eq!(gap["until"], at(last).to_string());
}

#[tokio::test(start_paused = true)]
async fn whoever_stops_waits_until_all_that_is_queued_is_in_the_log() {
    let tape = Tape::new(Manner::Takes).await;
    let log = log(&tape, ASYNC);
    for number in 0..100 {
        log.write(&record(number, None)).await.unwrap();
    }
    assert!(log.flush(Instant::now() + APPEND_WITHIN).await);
    assert_eq!(tape.records().await.len(), 100);
    tape.becomes(Manner::Refuses);
    log.write(&record(100, None)).await.unwrap();
    assert!(!log.flush(Instant::now() + APPEND_WITHIN).await, "the log does not take it");
}

#[tokio::test(start_paused = true)]
async fn in_mode_async_records_do_not_wait_for_each_other() {
    let tape = Tape::new(Manner::NeverAnswers).await;
    let log = log(&tape, ASYNC);
    for number in 0..APPENDING_MAX {
        log.write(&record(number.try_into().unwrap(), None)).await.unwrap();
    }
    tape.has_begun(APPENDING_MAX).await;
    assert!(tape.records().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_record_that_is_too_large_is_a_gap_and_holds_up_no_other() {
    let tape = Tape::new(Manner::Takes).await;
    let log = log(&tape, ASYNC);
    let large = Some("x".repeat(fullmakt_eventlog::RECORD_BYTES_MAX));
    log.write(&record(1, large)).await.unwrap();
    log.write(&record(2, None)).await.unwrap();
    tape.has_taken(2).await;
    let records = tape.records().await;
    assert_eq!(gaps(&records), [1]);
    assert_eq!(records.len(), 2);
}

#[test]
fn the_topic_is_named_for_the_ledger() {
    let topic = decisions_topic("main").unwrap();
    assert_eq!(topic.name.to_string(), "fullmakt.main.decisions");
    assert_eq!(topic.partitions, DECISIONS_TOPIC_PARTITIONS);
    assert!(decisions_topic("no such ledger!").is_none());
}
