//! Several processes on one stream.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use fullmakt_eventlog::memory::{AppendPlan, Odds};
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

/// Every process takes and gives back the same stream for a while. Answers how many commands each
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
                    // Both are right whatever the other processes do: one of them is refused.
                    let taken = process.execute(&Take::of("a")).await;
                    let given = process.execute(&Take::back("a")).await;
                    for outcome in [taken, given] {
                        match outcome {
                            Ok(_) => done += 1,
                            Err(crate::CommandError::Refused(_)) => {}
                            Err(other) => panic!("{other:?}"),
                        }
                    }
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
    let (_world, done) = contend(&[2_000, 2_000, 2_000], 20).await;
    let total: u32 = done.iter().sum();
    assert!(done.iter().all(|done| done * 5 > total), "{done:?}");
}

#[tokio::test(start_paused = true)]
async fn a_process_far_from_the_log_does_not_starve() {
    let (_world, done) = contend(&[500, 500, 20_000], 20).await;
    assert!(done[2] > 100, "{done:?}");
}

#[tokio::test(start_paused = true)]
async fn who_loses_is_let_through() {
    let world = World::new();
    let (one, other) = (world.process().await, world.process().await);
    is_away_by(&one, 1, 2_000);
    for round in 0..10 {
        other.log.faults().script([AppendPlan::HELD_BEFORE]);
        let command = if round % 2 == 0 { Take::of("b") } else { Take::back("b") };
        let losing = other.begin(command.reads("a"));
        other.log.faults().wait_for_held(1).await;
        one.execute(&Take::of("a")).await.unwrap();
        one.execute(&Take::back("a")).await.unwrap();
        other.log.faults().release_all();
        // The first commit is superseded. The next write to "a" gives way to the second, which
        // needs no time at all.
        let winning = one.begin(Take::of("a"));
        losing.await.unwrap().unwrap();
        winning.await.unwrap().unwrap();
        one.execute(&Take::back("a")).await.unwrap();
        let verdicts = one.folded.commit_verdicts();
        assert_eq!(
            verdicts[verdicts.len() - 4..],
            ["superseded", "admitted", "admitted", "admitted"]
        );
    }
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
