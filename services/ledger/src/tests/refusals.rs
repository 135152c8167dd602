//! Answers that write nothing.

use fullmakt_events::Position;

use super::{
    command::{Take, seen},
    index::Unreliable,
    world::{Process, World, in_seconds, pass_millis},
};
use crate::{CommandError, MemoryIndex, Unavailable};

#[tokio::test(start_paused = true)]
async fn a_refusal_on_a_fold_that_has_everything_is_given_at_once() {
    let world = World::new();
    let process = world.process().await;
    process.execute(&Take::of("a")).await.unwrap();
    let before = tokio::time::Instant::now();
    let refused = process.execute(&Take::of("a")).await.unwrap_err();
    assert!(matches!(refused, CommandError::Refused(s) if s == seen(&[("a", 1)])));
    assert_eq!(before.elapsed(), std::time::Duration::ZERO);
    assert_eq!(world.commits().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_writes_nothing_says_as_of_when() {
    let world = World::new();
    let process = world.process().await;
    let key = uuid::Uuid::from_u128(1);
    let once = Take::of("a").once("token", key);
    let first = process.execute(&once).await.unwrap();
    assert!(first.is_written);
    let again = process.execute(&once).await.unwrap();
    assert!(!again.is_written);
    assert_eq!(again.position, process.ledger.progress().position);
    assert_eq!(world.commits().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_waits_for_all_that_the_log_held_when_the_request_arrived() {
    let world = World::new();
    let (other, lagging) = (world.process().await, world.process().await);
    lagging.sees_no_more();
    other.execute(&Take::of("a")).await.unwrap();
    // On what is folded here "a" is not taken, so that it could not be given back.
    let running = lagging.begin(Take::back("a"));
    pass_millis(1_000).await;
    assert!(!running.is_finished());
    lagging.sees_all().await;
    let executed = running.await.unwrap().unwrap();
    assert_eq!(executed.answer, seen(&[("a", 1)]));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_not_given_on_a_fold_that_does_not_come_to_the_end() {
    let world = World::new();
    let (other, lagging) = (world.process().await, world.process().await);
    lagging.sees_no_more();
    other.execute(&Take::of("a")).await.unwrap();
    let error = lagging.execute(&Take::back("a")).await.unwrap_err();
    assert!(matches!(error, CommandError::Unavailable(Unavailable::NotDecided)), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_not_given_where_the_log_cannot_be_asked_for_its_end() {
    let world = World::new();
    let process = world.process().await;
    process.log.faults().cut_off(true);
    let error = process.execute(&Take::back("a")).await.unwrap_err();
    assert!(matches!(error, CommandError::Unavailable(Unavailable::LogAway)), "{error:?}");
}

/// Two processes that have both folded that "a" is taken.
async fn two_where_a_is_taken() -> (World, Process, Process) {
    let world = World::new();
    let (one, other) = (world.process().await, world.process().await);
    one.execute(&Take::of("a")).await.unwrap();
    other.has_folded_all().await;
    (world, one, other)
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_checked_just_before_it_is_given() {
    let (_world, one, other) = two_where_a_is_taken().await;
    // While it is being refused, "a" becomes free.
    let running = one.begin(Take::of("a").takes(std::time::Duration::from_millis(100)));
    pass_millis(50).await;
    other.execute(&Take::back("a")).await.unwrap();
    let executed = running.await.unwrap().unwrap();
    assert_eq!((executed.answer, executed.is_written), (seen(&[("a", 2)]), true));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_on_all_that_the_log_held_at_arrival_is_checked_as_well() {
    let (_world, one, other) = two_where_a_is_taken().await;
    let running = one.begin(Take::of("a").takes(std::time::Duration::from_millis(100)));
    // The first decision is older than the end that is asked for after it.
    pass_millis(50).await;
    other.execute(&Take::of("b")).await.unwrap();
    // The second one is not, and while it is being made "a" becomes free.
    pass_millis(100).await;
    other.execute(&Take::back("a")).await.unwrap();
    let executed = running.await.unwrap().unwrap();
    assert_eq!((executed.answer, executed.is_written), (seen(&[("a", 2)]), true));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_not_decided_afresh_for_what_it_did_not_read() {
    let (_world, one, other) = two_where_a_is_taken().await;
    let command = Take::of("a").takes(std::time::Duration::from_millis(100));
    let running = one.begin(command.clone());
    // The first decision may be older than the end that is asked for after it; the second is not.
    for name in ["b", "c"] {
        pass_millis(50).await;
        other.execute(&Take::of(name)).await.unwrap();
        pass_millis(50).await;
    }
    assert!(matches!(running.await.unwrap().unwrap_err(), CommandError::Refused(_)));
    assert_eq!(command.times_decided(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_last_check_is_made_when_the_fold_has_reached_the_highest_source() {
    let world = World::new();
    let ahead = world.process().await;
    let (log, index) = (world.log.handle(), Unreliable::over(ahead.index.clone()));
    let behind = world.process_with(log, MemoryIndex::default(), index).await;
    behind.ledger.has_begun(in_seconds(10)).await.unwrap();
    ahead.execute(&Take::of("x")).await.unwrap();
    // A stream that was never written is not asked for.
    ahead.execute(&Take::of("y")).await.unwrap();
    ahead.execute(&Take::back("y")).await.unwrap();
    behind.has_folded_all().await;
    behind.sees_no_more();
    let folded = behind.ledger.progress().position;
    // "x" is given back at the same time as "y" is taken: never are both taken, or both free.
    ahead.execute(&Take::of("y")).await.unwrap();
    ahead.execute(&Take::back("x")).await.unwrap();
    ahead.execute(&Take::of("x")).await.unwrap();
    ahead.execute(&Take::back("y")).await.unwrap();
    ahead.execute(&Take::back("x")).await.unwrap();
    ahead.has_folded_all().await;
    // The log answers with an old end, so that only the sources' positions count: the index, which
    // has everything, and a source that is as far as this process has folded.
    behind.log.faults().stale_end(Some(folded.next()));
    let command = Take::of("y").consults("x", &behind.lagging);
    let running = behind.begin(command.clone());
    pass_millis(500).await;
    assert!(!running.is_finished(), "refused for `x`, which is free by what was read of `y`");
    behind.sees_all().await;
    let executed = running.await.unwrap().unwrap();
    assert_eq!(executed.answer, seen(&[("x", 4), ("y", 4)]));
    assert_eq!(command.times_decided(), 2);
}

#[tokio::test(start_paused = true)]
async fn deciding_afresh_reads_nothing_older_than_the_end_that_was_asked_for() {
    let world = World::new();
    let (other, lagging) = (world.process().await, world.process().await);
    lagging.index.hold_back();
    lagging.sees_no_more();
    other.execute(&Take::of("a")).await.unwrap();
    let end = world.end();
    let command = Take::of("a");
    let running = lagging.begin(command.clone());
    pass_millis(100).await;
    // It was decided on an old fold, and appended: it is superseded. The refusal is of the new one.
    lagging.sees_all().await;
    assert!(matches!(running.await.unwrap().unwrap_err(), CommandError::Refused(_)));
    let (_, first) = &world.commits()[1];
    assert!(first.as_of < end.previous().unwrap());
    assert!(lagging.ledger.progress().position >= end);
    assert_ne!(first.as_of, Position::GENESIS);
}
