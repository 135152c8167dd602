//! Ticks, and whether a process is fresh.

use std::time::Duration;

use fullmakt_events::LedgerRecord;

use super::{
    command::Take,
    world::{Process, World, pass_millis},
};

const MAX_STALENESS: Duration = Duration::from_secs(30);

fn ticks(process: &Process) -> usize {
    let is_tick =
        |record: &fullmakt_events::Folded| matches!(record.record, Some(LedgerRecord::Tick(_)));
    process.folded.records().iter().filter(|record| is_tick(record)).count()
}

fn is_fresh(world: &World, process: &Process) -> bool {
    process.ledger.is_fresh(MAX_STALENESS, world.now())
}

#[tokio::test(start_paused = true)]
async fn an_idle_ledger_gets_a_tick_every_heartbeat() {
    let world = World::new();
    let process = world.process().await;
    assert_eq!(ticks(&process), 1, "the first, at once");
    pass_millis(9_999).await;
    assert_eq!(ticks(&process), 1);
    pass_millis(50_002).await;
    assert_eq!(ticks(&process), 7);
    assert!(is_fresh(&world, &process));
}

#[tokio::test(start_paused = true)]
async fn a_busy_ledger_gets_no_ticks() {
    let world = World::new();
    let process = world.process().await;
    for _ in 0..20 {
        pass_millis(4_900).await;
        process.execute(&Take::of("a")).await.unwrap();
        pass_millis(4_900).await;
        process.execute(&Take::back("a")).await.unwrap();
    }
    assert_eq!(ticks(&process), 1);
}

#[tokio::test(start_paused = true)]
async fn a_tick_that_is_lost_is_followed_by_another() {
    let world = World::new();
    let process = world.process().await;
    process.log.faults().script([fullmakt_eventlog::memory::AppendPlan::LOST; 2]);
    pass_millis(20_000).await;
    assert!(ticks(&process) >= 2);
    assert!(is_fresh(&world, &process));
}

#[tokio::test(start_paused = true)]
async fn a_process_is_not_fresh_when_it_has_folded_nothing_for_long() {
    let world = World::new();
    let process = world.process().await;
    process.sees_no_more();
    pass_millis(29_000).await;
    assert!(is_fresh(&world, &process));
    pass_millis(2_000).await;
    assert!(!is_fresh(&world, &process));
    // A machine's clock that stands still does not hide it.
    let standing = process.ledger.progress().ledger_time;
    assert!(!process.ledger.is_fresh(MAX_STALENESS, standing));
    process.sees_all().await;
    pass_millis(11_000).await;
    assert!(is_fresh(&world, &process));
}

#[tokio::test(start_paused = true)]
async fn a_process_that_reads_old_records_is_not_fresh() {
    let world = World::new();
    let earlier = world.process().await;
    earlier.execute(&Take::of("a")).await.unwrap();
    earlier.stopping.cancel();
    let end = world.end();
    pass_millis(3_600_000).await;
    let log = world.log.handle();
    log.faults().hide_from(Some(end));
    let process = world.process_on(log, crate::MemoryIndex::default()).await;
    process.ledger.folded(end.previous().unwrap(), super::world::in_seconds(5)).await.unwrap();
    assert!(!is_fresh(&world, &process), "what it has folded is an hour old");
    process.sees_all().await;
    assert!(is_fresh(&world, &process));
}
