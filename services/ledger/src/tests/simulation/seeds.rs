//! Many seeds, on all cores.

use std::{
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use super::{Tally, simulate};

const TOLD_EVERY: Duration = Duration::from_secs(5);

/// Simulates each seed, and adds up what happened. `is_told` shows how far it is.
///
/// # Panics
/// When a seed breaks a law, with the seed.
pub(super) fn simulate_all(seeds: Range<u64>, is_told: bool) -> Tally {
    let next = AtomicU64::new(seeds.start);
    let (total, broken) = (Mutex::new(Tally::new()), Mutex::new(None));
    let progress =
        Progress { seeds: &seeds, began: Instant::now(), told: Mutex::new(Instant::now()) };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while broken.lock().unwrap().is_none() {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if !seeds.contains(&seed) {
                        break;
                    }
                    match catch_unwind(AssertUnwindSafe(|| run(seed))) {
                        Ok(tally) => add(&mut total.lock().unwrap(), tally),
                        Err(_) => *broken.lock().unwrap() = Some(seed),
                    }
                    if is_told {
                        progress.tell(seed);
                    }
                }
            });
        }
    });
    let broken = broken.into_inner().unwrap();
    assert_eq!(broken, None, "this seed breaks a law, see above; FULLMAKT_TEST_SEED repeats it");
    total.into_inner().unwrap()
}

/// One seed, in time that passes when everybody waits.
pub(super) fn run(seed: u64) -> Tally {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().start_paused(true).build().unwrap().block_on(simulate(seed))
}

fn add(total: &mut Tally, tally: Tally) {
    for (what, times) in tally {
        *total.entry(what).or_default() += times;
    }
}

struct Progress<'s> {
    seeds: &'s Range<u64>,
    began: Instant,
    told: Mutex<Instant>,
}

impl Progress<'_> {
    fn tell(&self, seed: u64) {
        let mut told = self.told.lock().unwrap();
        if told.elapsed() < TOLD_EVERY {
            return;
        }
        *told = Instant::now();
        let (done, all) = (seed + 1 - self.seeds.start, self.seeds.end - self.seeds.start);
        let elapsed = u64::try_from(self.began.elapsed().as_millis()).unwrap().max(1);
        let (rate, left) = (done * 1_000 / elapsed, (all - done) * elapsed / done / 1_000);
        eprintln!("{done} of {all} seeds, {rate} a second, {left} s left");
    }
}
