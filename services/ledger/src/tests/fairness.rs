//! Several processes on one stream.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use fullmakt_eventlog::memory::{AppendPlan, Odds, Pause};
use tokio::time::Instant;

use super::{
    command::Take,
    world::{Process, World, pass_millis},
};

/// Appends of this handle take up to this long, either way.
fn is_away_by(process: &Process, seed: u64, micros: u64) {
    let odds = Odds {
        paused_before: 1_000,
        paused_after: 1_000,
        pause_max: Duration::from_micros(micros),
        ..Odds::default()
    };
    process.log.faults().seed(seed, odds);
}

/// Every process writes to the same stream for a while. Answers how many commands each
/// has carried out; every one has to be.
async fn contend(delays_micros: &[u64], seconds: u64) -> (World, Vec<u32>) {
    let world = World::new();
    let mut processes = Vec::new();
    for (seed, micros) in (1..).zip(delays_micros) {
        let process = world.process().await;
        is_away_by(&process, seed, *micros);
        processes.push(Arc::new(process));
    }
    let end = Instant::now() + Duration::from_secs(seconds);
    let clients: Vec<_> = processes
        .iter()
        .map(|process| {
            let process = Arc::clone(process);
            tokio::spawn(async move {
                let mut done = 0;
                while Instant::now() < end {
                    process.execute(&Take::in_any_case("a")).await.unwrap();
                    done += 1;
                }
                done
            })
        })
        .collect();
    let mut done = Vec::new();
    for client in clients {
        done.push(client.await.unwrap());
    }
    (world, done)
}

#[tokio::test(start_paused = true)]
async fn of_three_processes_alike_none_starves() {
    let (_world, done) = contend(&[10_000, 10_000, 10_000], 5).await;
    let total: u32 = done.iter().sum();
    assert!(done.iter().all(|done| done * 5 > total), "{done:?}");
}

#[tokio::test(start_paused = true)]
async fn a_process_far_from_the_log_does_not_starve() {
    for delays in [&[10_000, 100_000][..], &[10_000, 10_000, 30_000]] {
        let (_world, done) = contend(delays, 5).await;
        let furthest = done.last().unwrap();
        assert!(*furthest >= 5, "{done:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_loses_is_let_through() {
    let world = World::new();
    let (fast, slow) = (world.process().await, world.process().await);
    // In the time that an append of the one takes the other always writes.
    for (process, millis) in [(&fast, 5), (&slow, 8)] {
        let before = Pause::For(Duration::from_millis(millis));
        process.log.faults().script([AppendPlan { before, ..AppendPlan::FAITHFUL }; 200]);
    }
    fast.execute(&Take::in_any_case("a")).await.unwrap();
    let losing = slow.begin(Take::in_any_case("a"));
    let began = Instant::now();
    while !losing.is_finished() {
        fast.execute(&Take::in_any_case("a")).await.unwrap();
        assert!(began.elapsed() < Duration::from_millis(100), "{:?}", fast.folded.verdicts());
    }
    losing.await.unwrap().unwrap();
    assert!(fast.folded.commit_verdicts().contains(&"superseded"));
}

#[tokio::test(start_paused = true)]
async fn a_process_that_is_gone_is_not_given_way_to_for_ever() {
    let world = World::new();
    let (one, gone) = (world.process().await, world.process().await);
    is_away_by(&one, 1, 10_000);
    gone.log.faults().script([AppendPlan::HELD_BEFORE; 3]);
    let lost: Vec<_> = ["b", "c", "d"].map(|name| gone.begin(Take::of(name).reads("a"))).into();
    gone.log.faults().wait_for_held(3).await;
    one.execute(&Take::of("a")).await.unwrap();
    gone.stopping.cancel();
    gone.log.faults().release_all();
    pass_millis(100).await;
    for lost in lost {
        lost.abort();
    }
    let mut took = Vec::new();
    for round in 0..20 {
        let before = Instant::now();
        let command = if round % 2 == 0 { Take::back("a") } else { Take::of("a") };
        one.execute(&command).await.unwrap();
        took.push(before.elapsed());
    }
    let longest = Duration::from_millis(20);
    assert!(took[1..].iter().all(|took| *took <= longest), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn copies_are_no_losses_that_anybody_gives_way_for() {
    let world = World::new();
    let (one, other) = (world.process().await, world.process().await);
    for _ in 0..10 {
        for process in [&one, &other] {
            process.has_folded_all().await;
            process.log.faults().script([AppendPlan::DOUBLED]);
            let before = Instant::now();
            process.execute(&Take::in_any_case("a")).await.unwrap();
            assert_eq!(before.elapsed(), Duration::ZERO);
        }
    }
    one.has_folded_all().await;
    let superseded = |verdict: &&&str| **verdict == "superseded";
    assert_eq!(one.folded.commit_verdicts().iter().filter(superseded).count(), 20);
}

#[tokio::test(start_paused = true)]
async fn a_quiet_stream_is_written_without_a_pause() {
    let world = World::new();
    let (one, other) = (world.process().await, world.process().await);
    let mut superseded = BTreeMap::new();
    for round in 0..10 {
        let process = if round % 2 == 0 { &one } else { &other };
        process.has_folded_all().await;
        let before = Instant::now();
        process.execute(&Take::of("a")).await.unwrap();
        process.execute(&Take::back("a")).await.unwrap();
        assert_eq!(before.elapsed(), Duration::ZERO);
        *superseded.entry(process.folded.commit_verdicts().len()).or_insert(0) += 1;
    }
    assert!(one.folded.commit_verdicts().iter().all(|verdict| *verdict == "admitted"));
}
