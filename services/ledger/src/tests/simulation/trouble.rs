//! What goes wrong in the place where a process runs.

use std::sync::{Arc, Mutex};

use fullmakt_eventlog::memory::{Answer, AppendPlan, Odds, Pause};
use tokio::time::sleep;

use super::Tally;
use crate::{
    MemoryIndex,
    tests::{
        chance::Chance,
        world::{Process, World},
    },
};

/// A place where one process runs at a time.
#[derive(Clone)]
pub(super) struct Slot(Arc<Mutex<Arc<Process>>>);

impl Slot {
    pub(super) async fn open(world: &World) -> Self {
        Self(Arc::new(Mutex::new(Arc::new(world.process().await))))
    }

    pub(super) fn process(&self) -> Arc<Process> {
        Arc::clone(&self.0.lock().unwrap())
    }

    /// Ends all that is wrong, also with a process that was killed.
    pub(super) async fn heal(&self, world: &World) {
        if self.process().stopping.is_cancelled() {
            self.restart(world).await;
        }
        let process = self.process();
        process.log.faults().heal();
        process.index.catch_up();
        process.lagging.catch_up();
        process.reading.heal();
    }

    async fn restart(&self, world: &World) {
        let next = world.process_on(world.log.handle(), MemoryIndex::default()).await;
        *self.0.lock().unwrap() = Arc::new(next);
    }
}

/// Lets things go wrong in one place, for ever, and counts them.
pub(super) async fn trouble(
    world: Arc<World>,
    slot: Slot,
    others: Vec<Slot>,
    mut chance: Chance,
    tally: Arc<Mutex<Tally>>,
) {
    loop {
        sleep(chance.millis(150)).await;
        let process = slot.process();
        let faults = process.log.faults();
        let happens = |what| *tally.lock().unwrap().entry(what).or_default() += 1;
        match chance.below(16) {
            0 | 1 => {
                happens("appends at risk");
                let longest = if chance.percent(20) { 3_000 } else { 40 };
                let odds = Odds {
                    dropped: chance.thousandths(300),
                    doubled: chance.thousandths(200),
                    unknown: chance.thousandths(500),
                    paused_before: chance.thousandths(800),
                    paused_after: chance.thousandths(800),
                    pause_max: chance.millis(longest),
                    ..Odds::default()
                };
                faults.seed(chance.next(), odds);
            }
            2 => {
                happens("an append late");
                let before = Pause::For(chance.millis(40_000));
                let late = AppendPlan { before, answer: Answer::UnknownAtOnce, ..AppendPlan::LATE };
                faults.script([late]);
            }
            3 => {
                happens("the log away");
                faults.cut_off(true);
                sleep(chance.millis(4_000)).await;
                faults.cut_off(false);
            }
            4 => {
                happens("the fold behind");
                process.sees_no_more();
                sleep(chance.millis(6_000)).await;
                faults.hide_from(None);
            }
            5 => {
                happens("the index behind");
                process.index.hold_back();
                sleep(chance.millis(2_500)).await;
                process.index.catch_up();
            }
            6 => {
                happens("another source behind");
                process.lagging.hold_back();
                sleep(chance.millis(1_500)).await;
                process.lagging.catch_up();
            }
            7 => {
                happens("the log's clock wrong");
                let off = i64::try_from(chance.below(80)).unwrap() - 40;
                world.clock_is_off_by(off);
                sleep(chance.millis(200)).await;
                world.clock_is_off_by(0);
            }
            // Somebody else may be about it already.
            8 if chance.percent(25) && !process.stopping.is_cancelled() => {
                happens("a process killed");
                process.stopping.cancel();
                process.running.abort();
                sleep(chance.millis(500)).await;
                slot.restart(&world).await;
            }
            9 => {
                happens("the log healed");
                faults.heal();
            }
            10 | 11 => {
                happens("questions at risk");
                let longest = if chance.percent(20) { 1_000 } else { 20 };
                let odds = Odds {
                    read_paused: chance.thousandths(800),
                    read_failed: chance.thousandths(300),
                    pause_max: chance.millis(longest),
                    ..Odds::default()
                };
                faults.seed(chance.next(), odds);
            }
            12 => {
                happens("the index unreliable");
                let longest = if chance.percent(20) { 1_000 } else { 20 };
                process.reading.fails(chance.branch(), longest, chance.below(30));
                sleep(chance.millis(2_000)).await;
                process.reading.heal();
            }
            13 => {
                happens("another's index asked");
                let other = usize::try_from(chance.below(others.len() as u64)).unwrap();
                process.reading.asks(others[other].process().index.clone());
                sleep(chance.millis(2_000)).await;
                process.reading.asks(process.index.clone());
            }
            _ => {}
        }
    }
}
