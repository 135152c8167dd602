//! Ledger time, first ticks, deadlines and turns.

use std::time::Duration;

use fullmakt_eventlog::memory::AppendPlan;
use fullmakt_events::Position;
use tokio::time::Instant;

use super::{
    command::Take,
    world::{World, in_seconds, issuer, pass_millis},
};
use crate::{Attempt, CommandError, Issuer, MemoryIndex, Unavailable};

fn is_not_decided<T, R>(outcome: &Result<T, CommandError<R>>) -> bool {
    matches!(outcome, Err(CommandError::Unavailable(Unavailable::NotDecided)))
}

#[tokio::test(start_paused = true)]
async fn the_first_decision_waits_for_the_process_own_tick() {
    let world = World::new();
    let earlier = world.process().await;
    earlier.stopping.cancel();
    earlier.stops().await.unwrap();
    // The ledger is idle for two days; then a process opens it whose first tick is slow.
    pass_millis(2 * 24 * 3_600_000).await;
    let log = world.log.handle();
    log.faults().script([AppendPlan::HELD_BEFORE]);
    let process = world.process_on(log, MemoryIndex::default()).await;
    let command = Take::of("a");
    let running = process.begin(command.clone());
    process.log.faults().wait_for_held(1).await;
    pass_millis(500).await;
    assert_eq!(command.times_decided(), 0);
    process.log.faults().release_all();
    running.await.unwrap().unwrap();
    let (_, commit) = world.commits().pop().unwrap();
    let late = world.now().micros_since(commit.decided_at);
    assert!((0..10_000).contains(&late), "decided {late} µs ago");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_decided_by_a_process_whose_first_tick_is_not_in_the_log() {
    let world = World::new();
    drop(world.process().await);
    let log = world.log.handle();
    log.faults().script([AppendPlan::REFUSED; 100]);
    let process = world.process_on(log, MemoryIndex::default()).await;
    for command in [Take::of("a"), Take::back("a")] {
        let error = process.execute(&command).await.unwrap_err();
        assert!(matches!(error, CommandError::Unavailable(Unavailable::LogAway)), "{error:?}");
        assert_eq!(command.times_decided(), 0);
    }
    process.log.faults().heal();
    process.execute(&Take::of("a")).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn ledger_time_is_what_was_folded_and_the_time_since() {
    let world = World::new();
    let process = world.process().await;
    process.execute(&Take::of("a")).await.unwrap();
    let folded = process.ledger.progress().ledger_time;
    pass_millis(7_000).await;
    let attempt = Attempt::new(&process.ledger, Position::GENESIS, in_seconds(2));
    assert_eq!(attempt.now().micros_since(folded), 7_000_000);
    pass_millis(1_000).await;
    assert_eq!(attempt.now().micros_since(folded), 7_000_000, "one reading serves the decision");
    // No clock but the log's counts, however wrong that is.
    world.clock_is_off_by(3_600);
    process.execute(&Take::of("b")).await.unwrap();
    let attempt = Attempt::new(&process.ledger, Position::GENESIS, in_seconds(2));
    let ahead = attempt.now().micros_since(world.now());
    assert!((3_599_000_000..=3_600_000_000).contains(&ahead), "{ahead}");
}

#[tokio::test(start_paused = true)]
async fn ledger_time_does_not_go_back_with_the_log_s_clock() {
    let world = World::new();
    let process = world.process().await;
    process.execute(&Take::of("a")).await.unwrap();
    let before = process.ledger.progress().ledger_time;
    world.clock_is_off_by(-3_600);
    process.execute(&Take::of("b")).await.unwrap();
    assert_eq!(process.ledger.progress().ledger_time, before);
    let (_, commit) = world.commits().pop().unwrap();
    assert!(commit.decided_at >= before);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_arrived_2_s_ago_is_not_decided_and_one_of_less_is() {
    let world = World::new();
    let process = world.process().await;
    let arrived = |millis| Issuer {
        arrived: Instant::now().checked_sub(Duration::from_millis(millis)).unwrap(),
        ..issuer()
    };
    pass_millis(3_000).await;
    let command = Take::of("a");
    let outcome = process.ledger.execute(&arrived(2_000), &command).await;
    assert!(is_not_decided(&outcome), "{outcome:?}");
    assert_eq!(command.times_decided(), 0);
    process.ledger.execute(&arrived(1_999), &command).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_decision_that_took_more_than_2_s_is_neither_written_nor_answered() {
    let world = World::new();
    let process = world.process().await;
    let slow = Duration::from_millis(2_001);
    let outcome = process.execute(&Take::of("a").takes(slow)).await;
    assert!(is_not_decided(&outcome), "{outcome:?}");
    let outcome = process.execute(&Take::back("a").takes(slow)).await;
    assert!(is_not_decided(&outcome), "{outcome:?}");
    assert!(world.commits().is_empty());
    process.execute(&Take::of("a").takes(Duration::from_millis(1_990))).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn commands_of_one_process_on_one_stream_take_turns() {
    let world = World::new();
    let process = world.process().await;
    let running: Vec<_> = (0..20)
        .map(|number| match number % 2 {
            0 => process.begin(Take::of("a")),
            _ => process.begin(Take::back("a")),
        })
        .collect();
    for running in running {
        running.await.unwrap().unwrap();
    }
    assert_eq!(process.folded.commit_verdicts(), ["admitted"; 20]);
}

#[tokio::test(start_paused = true)]
async fn a_turn_that_does_not_come_within_2_s_is_no_decision() {
    let world = World::new();
    let process = world.process().await;
    process.log.faults().script([AppendPlan::HELD_BEFORE]);
    let first = process.begin(Take::of("a"));
    process.log.faults().wait_for_held(1).await;
    let second = Take::of("a");
    let waiting = process.begin(second.clone());
    // The first's caller gives up at the same time, so that the second's turn comes too late.
    assert!(first.await.unwrap().is_err());
    assert!(is_not_decided(&waiting.await.unwrap()));
    assert!(world.commits().is_empty());
    assert_eq!(second.times_decided(), 0);
    // Another stream's turn is its own.
    process.execute(&Take::of("b")).await.unwrap();
}
