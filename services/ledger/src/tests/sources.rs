//! What a commit says it was decided as of, and what it says it read.

use fullmakt_events::{Position, StreamName};

use super::{
    chance::Chance,
    command::{Take, seen, stream},
    index::Unreliable,
    world::{Process, World, in_seconds, pass_millis},
};
use crate::{Attempt, CommandError, MemoryIndex, Unavailable};

/// A process that folds nothing more and reads the index of another, which is ahead of it.
async fn behind_its_index(world: &World, ahead: &Process) -> Process {
    let log = world.log.handle();
    let index = Unreliable::over(ahead.index.clone());
    let process = world.process_with(log, MemoryIndex::default(), index).await;
    process.ledger.has_begun(in_seconds(10)).await.unwrap();
    ahead.has_folded_all().await;
    process.sees_no_more();
    process
}

#[tokio::test(start_paused = true)]
async fn a_commit_is_decided_as_of_the_fold_when_index_and_tail_have_everything() {
    let world = World::new();
    let process = world.process().await;
    process.execute(&Take::of("a")).await.unwrap();
    process.index.hold_back();
    process.execute(&Take::of("b")).await.unwrap();
    let before = process.ledger.progress().position;
    let executed = process.execute(&Take::back("b").reads("c")).await.unwrap();
    assert_eq!(executed.answer, seen(&[("b", 1), ("c", 0)]));
    let (position, commit) = world.commits().pop().unwrap();
    assert_eq!(position, executed.position);
    assert_eq!(commit.as_of, before, "the index lags, and the tail makes up for it");
    assert_eq!(process.folded.commit_verdicts(), ["admitted"; 3]);
}

#[tokio::test(start_paused = true)]
async fn every_stream_consulted_is_among_the_reads_found_or_empty() {
    let world = World::new();
    let process = world.process().await;
    process.execute(&Take::of("a")).await.unwrap();
    let command = Take::back("a").reads("empty").consults("nowhere", &process.lagging);
    process.execute(&command).await.unwrap();
    let (_, commit) = world.commits().pop().unwrap();
    assert_eq!(commit.reads, [stream("a"), stream("empty"), stream("nowhere")]);
    assert_eq!(commit.events.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_commit_that_relied_on_absence_is_not_admitted_once_it_is_there() {
    let world = World::new();
    let (one, other) = (world.process().await, world.process().await);
    one.log.faults().script([fullmakt_eventlog::memory::AppendPlan::HELD_BEFORE]);
    let relying = one.begin(Take::of("a").reads("absent"));
    one.log.faults().wait_for_held(1).await;
    other.execute(&Take::of("absent")).await.unwrap();
    one.log.faults().release_all();
    let refused = relying.await.unwrap().unwrap_err();
    assert!(matches!(refused, CommandError::Refused(s) if s == seen(&[("a", 0), ("absent", 1)])));
    assert_eq!(other.folded.commit_verdicts(), ["admitted", "superseded"]);
}

#[tokio::test(start_paused = true)]
async fn of_two_sources_the_lower_position_counts() {
    let world = World::new();
    let ahead = world.process().await;
    // A stream that was never written is not asked for.
    ahead.execute(&Take::of("x")).await.unwrap();
    ahead.execute(&Take::back("x")).await.unwrap();
    let behind = behind_its_index(&world, &ahead).await;
    let folded = behind.ledger.progress().position;
    // Written where only the index has it: "y", and after it "x".
    ahead.execute(&Take::of("y")).await.unwrap();
    ahead.execute(&Take::of("x")).await.unwrap();
    ahead.has_folded_all().await;

    // "x" comes from the index, which knows of both; "y" from a source that knows of neither.
    let command = Take::back("x").consults("y", &behind.lagging);
    let running = behind.begin(command);
    pass_millis(100).await;
    let (position, commit) = world.commits().pop().unwrap();
    assert_eq!((commit.as_of, position > folded), (folded, true));
    let verdicts = ["admitted", "admitted", "admitted", "admitted", "superseded"];
    assert_eq!(ahead.folded.commit_verdicts(), verdicts);

    behind.sees_all().await;
    let refused = running.await.unwrap().unwrap_err();
    assert!(matches!(refused, CommandError::Refused(s) if s == seen(&[("x", 3), ("y", 1)])));
}

#[tokio::test(start_paused = true)]
async fn streams_that_were_never_written_are_known_to_be_empty_where_the_index_is_away() {
    let world = World::new();
    let process = world.process().await;
    process.reading.fails(Chance::of(1), 1, 100);
    process.execute(&Take::of("a").reads("b")).await.unwrap();
    let error = process.execute(&Take::back("a").reads("b")).await.unwrap_err();
    assert!(matches!(error, CommandError::Unavailable(Unavailable::IndexAway)), "{error:?}");
    process.reading.heal();
    process.execute(&Take::back("a").reads("b")).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_history_is_asked_for_once_and_again_when_its_stream_was_written() {
    let world = World::new();
    let (process, other) = (world.process().await, world.process().await);
    process.execute(&Take::of("a")).await.unwrap();
    let refused = process.execute(&Take::of("a")).await.unwrap_err();
    assert!(matches!(refused, CommandError::Refused(_)), "{refused:?}");
    process.reading.fails(Chance::of(1), 1, 100);
    let refused = process.execute(&Take::of("a")).await.unwrap_err();
    assert!(matches!(refused, CommandError::Refused(s) if s == seen(&[("a", 1)])));
    // What was asked for is not the whole history any more.
    other.execute(&Take::back("a")).await.unwrap();
    process.has_folded_all().await;
    let error = process.execute(&Take::of("a")).await.unwrap_err();
    assert!(matches!(error, CommandError::Unavailable(Unavailable::IndexAway)), "{error:?}");
    process.reading.heal();
    process.execute(&Take::of("a")).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_an_idempotency_key_remembers_is_always_asked_for() {
    let world = World::new();
    let process = world.process().await;
    let once = Take::of("a").once("token", uuid::Uuid::from_u128(1));
    process.execute(&once).await.unwrap();
    assert!(!process.execute(&once).await.unwrap().is_written);
    process.reading.fails(Chance::of(1), 1, 100);
    let error = process.execute(&once).await.unwrap_err();
    assert!(matches!(error, CommandError::Unavailable(Unavailable::IndexAway)), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn a_source_without_a_later_write_counts_as_of_the_fold() {
    let world = World::new();
    let process = world.process().await;
    process.lagging.hold_back();
    process.execute(&Take::of("a")).await.unwrap();
    let before = process.ledger.progress().position;
    process.execute(&Take::back("a").consults("b", &process.lagging)).await.unwrap();
    assert_eq!(world.commits().pop().unwrap().1.as_of, before);
}

#[tokio::test(start_paused = true)]
async fn a_source_with_a_later_write_is_waited_for_and_nothing_is_appended() {
    let world = World::new();
    let process = world.process().await;
    process.lagging.hold_back();
    process.execute(&Take::of("b")).await.unwrap();
    process.execute(&Take::back("b")).await.unwrap();
    let running = process.begin(Take::of("a").consults("b", &process.lagging));
    pass_millis(500).await;
    assert_eq!(world.commits().len(), 2);
    assert!(!running.is_finished());
    process.lagging.catch_up();
    let executed = running.await.unwrap().unwrap();
    assert_eq!(executed.answer, seen(&[("a", 0), ("b", 2)]));
    assert_eq!(process.folded.commit_verdicts(), ["admitted"; 3]);
}

#[tokio::test(start_paused = true)]
async fn a_source_that_does_not_catch_up_is_not_decided_on() {
    let world = World::new();
    let process = world.process().await;
    process.lagging.hold_back();
    process.execute(&Take::of("b")).await.unwrap();
    // By the source "b" is free; then it would be refused for "a" as well.
    for command in [Take::of("a"), Take::back("a")] {
        let command = command.consults("b", &process.lagging);
        let error = process.execute(&command).await.unwrap_err();
        assert!(matches!(error, CommandError::Unavailable(Unavailable::NotDecided)), "{error:?}");
    }
    assert_eq!(world.commits().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_index_too_far_behind_for_the_tail_is_waited_for() {
    let world = World::new();
    let process = world.process().await;
    process.index.hold_back();
    let far = Position::new(5);
    while process.ledger.progress().position < far {
        process.execute(&Take::of("a")).await.unwrap();
        process.execute(&Take::back("a")).await.unwrap();
    }
    // As after a restart from a snapshot: the tail does not reach back to the index.
    process.ledger.folds_mut().tail = crate::tail::Tail::default();
    process.execute(&Take::of("new")).await.unwrap();
    let running = process.begin(Take::of("a"));
    pass_millis(500).await;
    assert!(!running.is_finished());
    process.index.catch_up();
    let seen_of_a = running.await.unwrap().unwrap().answer[&stream("a")];
    assert!(seen_of_a >= 4, "{seen_of_a}");
    assert!(process.folded.commit_verdicts().iter().all(|verdict| *verdict == "admitted"));
}

#[tokio::test(start_paused = true)]
async fn the_state_hash_names_what_was_loaded() {
    let world = World::new();
    let process = world.process().await;
    process.execute(&Take::of("a")).await.unwrap();
    let loads = |names: &[&str]| {
        let ledger = process.ledger.clone();
        let streams: Vec<StreamName> = names.iter().map(|name| stream(name)).collect();
        async move {
            let mut attempt = Attempt::new(&ledger, Position::GENESIS, in_seconds(2));
            attempt.load_all(&streams).await.unwrap();
            attempt.state_hash().unwrap()
        }
    };
    let before = loads(&["a", "b"]).await;
    assert_eq!(before, loads(&["b", "a"]).await);
    assert_ne!(before, loads(&["a"]).await);
    assert_ne!(before, loads(&["a", "c"]).await);
    process.execute(&Take::of("c")).await.unwrap();
    assert_eq!(before, loads(&["a", "b"]).await);
    process.execute(&Take::back("a")).await.unwrap();
    assert_ne!(before, loads(&["a", "b"]).await);
}
