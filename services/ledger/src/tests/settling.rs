//! From append to verdict: unknown outcomes, copies, and what surely was not appended.

use fullmakt_eventlog::memory::{AppendPlan, Odds};
use tokio::time::Instant;

use super::{
    command::{Take, seen},
    world::{World, pass_millis},
};
use crate::{CommandError, Unavailable};

const MILLIS_2_S: u128 = 2_000;

fn is_in_doubt<T, R>(outcome: &Result<T, CommandError<R>>) -> bool {
    matches!(outcome, Err(CommandError::Unavailable(Unavailable::InDoubt)))
}

#[tokio::test(start_paused = true)]
async fn a_lost_append_is_appended_again_until_it_is_folded() {
    let world = World::new();
    let process = world.process().await;
    process.log.faults().script([AppendPlan::LOST, AppendPlan::LOST]);
    let executed = process.execute(&Take::of("a")).await.unwrap();
    let commits = world.commits();
    assert_eq!((commits.len(), commits[0].0), (1, executed.position));
    assert_eq!(process.folded.commit_verdicts(), ["admitted"]);
}

#[tokio::test(start_paused = true)]
async fn copies_are_appended_byte_for_byte_and_one_verdict_settles_all() {
    let world = World::new();
    let process = world.process().await;
    process.sees_no_more();
    process.log.faults().script([AppendPlan::UNACKNOWLEDGED, AppendPlan::DOUBLED]);
    let running = process.begin(Take::of("a"));
    pass_millis(500).await;
    let records = world.log.records();
    let copies: Vec<_> = records[records.len() - 3..].iter().collect();
    assert!(copies.iter().all(|record| record.bytes == copies[0].bytes));
    process.sees_all().await;
    assert_eq!(running.await.unwrap().unwrap().position, copies[0].position);
    assert_eq!(process.folded.commit_verdicts(), ["admitted", "superseded", "superseded"]);
}

#[tokio::test(start_paused = true)]
async fn an_acknowledged_commit_is_not_appended_again() {
    let world = World::new();
    let process = world.process().await;
    process.sees_no_more();
    let running = process.begin(Take::of("a"));
    pass_millis(1_900).await;
    assert_eq!(world.commits().len(), 1);
    process.sees_all().await;
    running.await.unwrap().unwrap();
    pass_millis(60_000).await;
    assert_eq!(world.commits().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_copy_that_comes_late_has_no_effect() {
    let world = World::new();
    let process = world.process().await;
    process.log.faults().script([AppendPlan::LATE]);
    process.execute(&Take::of("a")).await.unwrap();
    process.execute(&Take::back("a")).await.unwrap();
    process.log.faults().release_all();
    pass_millis(10).await;
    assert_eq!(process.folded.commit_verdicts(), ["admitted", "admitted", "superseded"]);
    assert!(process.execute(&Take::of("a")).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn the_caller_is_in_doubt_after_2_s_and_the_process_goes_on() {
    let world = World::new();
    let process = world.process().await;
    process.log.faults().script([AppendPlan::LOST; 100]);
    let arrived = Instant::now();
    let outcome = process.execute(&Take::of("a")).await;
    assert!(is_in_doubt(&outcome), "{outcome:?}");
    assert_eq!(arrived.elapsed().as_millis(), MILLIS_2_S);
    assert!(world.commits().is_empty());
    pass_millis(10_000).await;
    assert_eq!(process.folded.commit_verdicts(), ["admitted"]);
}

#[tokio::test(start_paused = true)]
async fn the_process_goes_on_when_the_caller_is_gone() {
    let world = World::new();
    let process = world.process().await;
    process.log.faults().script([AppendPlan::LOST; 3]);
    let caller = process.begin(Take::of("a"));
    pass_millis(10).await;
    caller.abort();
    pass_millis(1_000).await;
    assert_eq!(process.folded.commit_verdicts(), ["admitted"]);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_appended_again_once_it_could_only_be_stale() {
    let world = World::new();
    let (process, other) = (world.process().await, world.process().await);
    let lost = Odds { dropped: 1_000, unknown: 1_000, ..Odds::default() };
    process.log.faults().seed(1, lost);
    assert!(is_in_doubt(&process.execute(&Take::of("a")).await));
    // The other's ticks tell the time.
    pass_millis(45_000).await;
    process.log.faults().heal();
    pass_millis(60_000).await;
    assert!(world.commits().is_empty());
    assert!(other.folded.records().len() > 4);
    process.execute(&Take::of("a")).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_is_appended_too_late_is_stale_and_has_no_effect() {
    let world = World::new();
    let (process, other) = (world.process().await, world.process().await);
    process.log.faults().script([AppendPlan::HELD_BEFORE]);
    assert!(is_in_doubt(&process.execute(&Take::of("a")).await));
    pass_millis(45_000).await;
    process.log.faults().release_all();
    other.execute(&Take::of("b")).await.unwrap();
    assert_eq!(other.folded.commit_verdicts(), ["stale", "admitted"]);
}

#[tokio::test(start_paused = true)]
async fn what_surely_was_not_appended_is_answered_at_once_and_has_no_effect() {
    let world = World::new();
    let process = world.process().await;
    process.log.faults().script([AppendPlan::REFUSED]);
    let arrived = Instant::now();
    let error = process.execute(&Take::of("a")).await.unwrap_err();
    assert!(matches!(error, CommandError::Unavailable(Unavailable::LogAway)), "{error:?}");
    assert_eq!(arrived.elapsed().as_millis(), 0);
    pass_millis(60_000).await;
    assert!(world.commits().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_may_have_been_appended_is_not_called_absent_when_the_log_goes_away() {
    let world = World::new();
    let process = world.process().await;
    process.sees_no_more();
    let faults = process.log.faults();
    faults.script([AppendPlan::UNACKNOWLEDGED]);
    faults.script([AppendPlan::REFUSED; 100]);
    let outcome = process.execute(&Take::of("a")).await;
    assert!(is_in_doubt(&outcome), "{outcome:?}");
    process.sees_all().await;
    assert_eq!(process.folded.commit_verdicts()[0], "admitted");
}

#[tokio::test(start_paused = true)]
async fn a_process_does_not_decide_on_its_own_commit_before_its_verdict() {
    let world = World::new();
    let process = world.process().await;
    process.sees_no_more();
    let folded = process.ledger.progress().position;
    assert!(is_in_doubt(&process.execute(&Take::of("a")).await));
    assert!(is_in_doubt(&process.execute(&Take::of("a").and("b")).await));
    let commits = world.commits();
    assert_eq!(commits.len(), 2);
    assert!(commits.iter().all(|(_, commit)| commit.as_of == folded));
    process.sees_all().await;
    assert_eq!(process.folded.commit_verdicts(), ["admitted", "superseded"]);
    let refused = process.execute(&Take::of("a")).await.unwrap_err();
    assert!(matches!(refused, CommandError::Refused(s) if s == seen(&[("a", 1)])));
}

#[tokio::test(start_paused = true)]
async fn a_superseded_command_is_decided_afresh_with_a_new_id() {
    let world = World::new();
    let (one, other) = (world.process().await, world.process().await);
    one.log.faults().script([AppendPlan::HELD_BEFORE]);
    let command = Take::of("a").reads("b");
    let running = one.begin(command.clone());
    one.log.faults().wait_for_held(1).await;
    other.execute(&Take::of("b")).await.unwrap();
    other.execute(&Take::back("b")).await.unwrap();
    one.log.faults().release_all();
    let executed = running.await.unwrap().unwrap();
    assert_eq!(executed.answer, seen(&[("a", 0), ("b", 2)]));
    assert_eq!(other.folded.commit_verdicts(), ["admitted", "admitted", "superseded", "admitted"]);
    let commits = world.commits();
    assert_ne!(commits[2].1.id, commits[3].1.id);
    assert_eq!(command.times_decided(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_superseded_command_is_not_decided_afresh_after_its_2_s() {
    let world = World::new();
    let (one, other) = (world.process().await, world.process().await);
    one.log.faults().script([AppendPlan::HELD_BEFORE]);
    let command = Take::of("a").reads("b");
    let running = one.begin(command.clone());
    one.log.faults().wait_for_held(1).await;
    other.execute(&Take::of("b")).await.unwrap();
    other.execute(&Take::back("b")).await.unwrap();
    assert!(is_in_doubt(&running.await.unwrap()));
    one.log.faults().release_all();
    pass_millis(5_000).await;
    assert_eq!(other.folded.commit_verdicts(), ["admitted", "admitted", "superseded"]);
    assert_eq!(command.times_decided(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_stopping_process_settles_what_is_under_way_or_says_that_it_is_in_doubt() {
    let world = World::new();
    let process = world.process().await;
    process.log.faults().script([AppendPlan::LOST; 4]);
    let settled = process.begin(Take::of("a"));
    pass_millis(10).await;
    process.ledger.drain(Instant::now() + std::time::Duration::from_secs(5)).await;
    assert!(settled.await.unwrap().is_ok());

    process.log.faults().script([AppendPlan::HELD_BEFORE]);
    let in_doubt = process.begin(Take::of("b"));
    process.log.faults().wait_for_held(1).await;
    process.stopping.cancel();
    assert!(is_in_doubt(&in_doubt.await.unwrap()));
    process.stops().await.unwrap();
}
