//! Several processes under faults drawn by chance, and every answer held against the ledger.
//!
//! `FULLMAKT_SEEDS=n` runs n seeds, `FULLMAKT_SEED=s` runs one.

use std::{
    collections::{BTreeMap, BTreeSet},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex},
    time::Duration,
};

use fullmakt_eventlog::memory::{Answer, AppendPlan, Odds, Pause};
use fullmakt_events::Position;
use tokio::time::{Instant, sleep};

use super::{
    command::{Outcome, Seen, Take},
    oracle::Truth,
    world::{Process, World, in_seconds},
};
use crate::{CommandError, Executed, LedgerIndex, MemoryIndex, Unavailable};

const SEEDS_IN_CI: u64 = 60;
const STREAMS: [&str; 3] = ["a", "b", "c"];
const CLIENTS_PER_PROCESS: usize = 2;
const COMMANDS_PER_CLIENT: u64 = 8;
/// How many things can be wrong with a process at the same time.
const TROUBLES_PER_PROCESS: usize = 3;
/// The longest that a caller may wait: two seconds, and what a decision under way then still takes.
const ANSWERED_WITHIN: Duration = Duration::from_millis(2_300);

/// Steele, Lea and Flood's `SplitMix64`.
#[derive(Clone)]
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn millis(&mut self, longest: u64) -> Duration {
        Duration::from_micros(self.below(longest * 1_000))
    }

    fn branch(&mut self) -> Self {
        Self(self.next())
    }
}

/// One time that a client asked.
#[derive(Debug)]
struct Asked {
    token: String,
    told: Told,
    /// The log's end before the client asked.
    before: Position,
    /// The log's end when it was answered.
    after: Position,
    /// Whether an earlier attempt with this token got no answer.
    is_in_doubt: bool,
}

/// What a client was told.
#[derive(Debug)]
enum Told {
    Written(Position),
    AlreadySo(Position),
    Refused(Seen),
    NoEffect,
    InDoubt,
    /// The process crashed.
    Nothing,
}

impl Told {
    fn name(&self) -> &'static str {
        match self {
            Self::Written(_) => "written",
            Self::AlreadySo(_) => "already so",
            Self::Refused(_) => "refused",
            Self::NoEffect => "no effect",
            Self::InDoubt => "in doubt",
            Self::Nothing => "no answer",
        }
    }
}

impl Told {
    /// Whether the client may take it that the command had an effect, or will.
    fn may_be_carried_out(&self) -> bool {
        match self {
            Self::Written(_) | Self::AlreadySo(_) | Self::InDoubt | Self::Nothing => true,
            Self::Refused(_) | Self::NoEffect => false,
        }
    }
}

impl From<Outcome> for Told {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Ok(Executed { position, is_written: true, .. }) => Self::Written(position),
            Ok(Executed { position, .. }) => Self::AlreadySo(position),
            Err(CommandError::Refused(seen)) => Self::Refused(seen),
            Err(CommandError::Unavailable(Unavailable::InDoubt)) => Self::InDoubt,
            Err(CommandError::Unavailable(_)) => Self::NoEffect,
            Err(other) => panic!("{other:?}"),
        }
    }
}

/// What happened in how many cases.
type Tally = BTreeMap<&'static str, u32>;

/// A place where one process runs at a time.
#[derive(Clone)]
struct Slot(Arc<Mutex<Arc<Process>>>);

impl Slot {
    fn process(&self) -> Arc<Process> {
        Arc::clone(&self.0.lock().unwrap())
    }
}

fn command(chance: &mut Chance, process: &Process, token: &str) -> Take {
    let pick = |chance: &mut Chance| STREAMS[usize::try_from(chance.below(3)).unwrap()];
    let name = pick(chance);
    let mut take = match chance.below(10) {
        0..4 => Take::of(name),
        4..7 => Take::back(name),
        _ => Take::in_any_case(name),
    };
    if chance.percent(30) {
        take = take.and(pick(chance));
    }
    if chance.percent(50) {
        take = take.reads(pick(chance));
    }
    if chance.percent(30) {
        take = take.consults(pick(chance), &process.lagging);
    }
    if chance.percent(30) {
        take = take.takes(chance.millis(30));
    }
    take.once(token, uuid::Uuid::from_u128(chance.next().into()))
}

async fn client(world: Arc<World>, slot: Slot, mut chance: Chance, name: String) -> Vec<Asked> {
    let mut asked = Vec::new();
    let pause_max = [5, 50, 400][usize::try_from(chance.below(3)).unwrap()];
    for number in 0..COMMANDS_PER_CLIENT {
        sleep(chance.millis(pause_max)).await;
        let token = format!("{name}/{number}");
        let mut is_in_doubt = false;
        // Every attempt gives the same command with the same token, maybe to another process.
        let same = chance.branch();
        for _ in 0..3 {
            let process = slot.process();
            let command = command(&mut same.clone(), &process, &token);
            let (before, arrived) = (world.end(), Instant::now());
            let told = tokio::select! {
                biased;
                () = process.stopping.cancelled() => Told::Nothing,
                outcome = process.execute(&command) => outcome.into(),
            };
            let took = arrived.elapsed();
            assert!(took <= ANSWERED_WITHIN, "{token} took {took:?}: {told:?}");
            let asks_again = matches!(told, Told::InDoubt | Told::Nothing | Told::NoEffect);
            let in_doubt = matches!(told, Told::InDoubt | Told::Nothing);
            let (token, after) = (token.clone(), world.end());
            asked.push(Asked { token, told, before, after, is_in_doubt });
            is_in_doubt |= in_doubt;
            if !asks_again || chance.percent(30) {
                break;
            }
            sleep(chance.millis(3_000)).await;
        }
    }
    asked
}

/// Lets things go wrong in one slot, for ever.
async fn trouble(world: Arc<World>, slot: Slot, mut chance: Chance) {
    loop {
        sleep(chance.millis(150)).await;
        let process = slot.process();
        let faults = process.log.faults();
        match chance.below(12) {
            0 | 1 => {
                let longest = if chance.percent(20) { 3_000 } else { 40 };
                let odds = Odds {
                    dropped: u16::try_from(chance.below(300)).unwrap(),
                    doubled: u16::try_from(chance.below(200)).unwrap(),
                    unknown: u16::try_from(chance.below(500)).unwrap(),
                    paused_before: u16::try_from(chance.below(800)).unwrap(),
                    paused_after: u16::try_from(chance.below(800)).unwrap(),
                    pause_max: chance.millis(longest),
                };
                faults.seed(chance.next(), odds);
            }
            2 => {
                let before = Pause::For(chance.millis(40_000));
                let late = AppendPlan { before, answer: Answer::UnknownAtOnce, ..AppendPlan::LATE };
                faults.script([late]);
            }
            3 => {
                faults.cut_off(true);
                sleep(chance.millis(4_000)).await;
                faults.cut_off(false);
            }
            4 => {
                process.sees_no_more();
                sleep(chance.millis(6_000)).await;
                faults.hide_from(None);
            }
            5 => {
                process.index.hold_back();
                sleep(chance.millis(2_500)).await;
                process.index.catch_up();
            }
            6 => {
                process.lagging.hold_back();
                sleep(chance.millis(1_500)).await;
                process.lagging.catch_up();
            }
            7 => {
                let off = i64::try_from(chance.below(80)).unwrap() - 40;
                world.clock_is_off_by(off);
                sleep(chance.millis(200)).await;
                world.clock_is_off_by(0);
            }
            // Somebody else may be about it already.
            8 if chance.percent(25) && !process.stopping.is_cancelled() => {
                process.stopping.cancel();
                process.running.abort();
                sleep(chance.millis(500)).await;
                let next =
                    Arc::new(world.process_on(world.log.handle(), MemoryIndex::default()).await);
                *slot.0.lock().unwrap() = next;
            }
            9 => faults.heal(),
            _ => {}
        }
    }
}

async fn simulate(seed: u64) -> Tally {
    let mut chance = Chance(seed);
    let world = Arc::new(World::new());
    let mut slots = Vec::new();
    for _ in 0..=1 + chance.below(3) {
        slots.push(Slot(Arc::new(Mutex::new(Arc::new(world.process().await)))));
    }
    let (mut clients, mut troubles) = (Vec::new(), Vec::new());
    for (place, slot) in slots.iter().enumerate() {
        for number in 0..CLIENTS_PER_PROCESS {
            let name = format!("{place}/{number}");
            let client = client(Arc::clone(&world), slot.clone(), chance.branch(), name);
            clients.push(tokio::spawn(client));
        }
        for _ in 0..TROUBLES_PER_PROCESS {
            let trouble = trouble(Arc::clone(&world), slot.clone(), chance.branch());
            troubles.push(tokio::spawn(trouble));
        }
    }
    let mut asked = Vec::new();
    for client in clients {
        asked.extend(client.await.unwrap());
    }
    for trouble in troubles {
        trouble.abort();
        assert!(trouble.await.unwrap_err().is_cancelled());
    }
    // Everything heals, and what is still under way is settled, or stale.
    world.clock_is_off_by(0);
    for slot in &slots {
        if slot.process().stopping.is_cancelled() {
            let next = world.process_on(world.log.handle(), MemoryIndex::default()).await;
            *slot.0.lock().unwrap() = Arc::new(next);
        }
        let process = slot.process();
        process.log.faults().heal();
        process.index.catch_up();
        process.lagging.catch_up();
    }
    sleep(Duration::from_mins(1)).await;

    let records = world.log.records();
    let truth = Truth::of(&records);
    for slot in &slots {
        agrees(&slot.process(), &truth, records.len()).await;
    }
    let mut tally = Tally::new();
    for verdict in &truth.verdicts {
        *tally.entry(verdict).or_default() += 1;
    }
    for asked in &asked {
        *tally.entry(asked.told.name()).or_default() += 1;
        was_true(asked, &truth);
    }
    let may_be: BTreeSet<_> =
        asked.iter().filter(|asked| asked.told.may_be_carried_out()).map(|a| &a.token).collect();
    for Asked { token, told, .. } in &asked {
        let carried_out = truth.carried_out(token);
        assert!(may_be.contains(token) || carried_out.is_empty(), "{token}: {told:?}");
    }
    tally
}

/// Whether a process has folded what the ledger holds, and its index as well.
async fn agrees(process: &Process, truth: &Truth, records: usize) {
    let last = Position::new(records as u64 - 1);
    process.ledger.folded(last, in_seconds(60)).await.unwrap();
    assert_eq!(process.folded.verdicts()[..records], truth.verdicts);
    let positions: Vec<_> = process.folded.records().iter().map(|r| r.position.get()).collect();
    assert!(positions.iter().copied().eq(0..positions.len() as u64));
    let counts = truth.counts();
    let streams: Vec<_> = counts.keys().cloned().collect();
    let indexed = process.index.load(&streams).await.unwrap().streams;
    let indexed: Vec<_> = indexed.iter().map(Vec::len).collect();
    assert_eq!(indexed, counts.into_values().collect::<Vec<_>>());
    let executed = process.execute(&Take::in_any_case("over")).await;
    assert!(executed.is_ok(), "the process writes again: {executed:?}");
}

/// Whether a client was told the truth.
fn was_true(asked: &Asked, truth: &Truth) {
    let Asked { token, told, before, after, is_in_doubt } = asked;
    let carried_out = truth.carried_out(token);
    assert!(carried_out.len() <= 1, "{token} is carried out at {carried_out:?}");
    match told {
        Told::Written(position) => {
            assert_eq!(carried_out, [*position], "{token}");
            assert!(position < after, "{token}");
        }
        Told::AlreadySo(position) => {
            assert!(carried_out.iter().all(|at| at <= position), "{token}: {asked:?}");
            assert_eq!(carried_out.len(), 1, "{token}");
        }
        Told::Refused(seen) => {
            assert!(*is_in_doubt || carried_out.is_empty(), "{token} was refused: {carried_out:?}");
            let (from, until) = (before.previous().unwrap(), after.previous().unwrap());
            assert!(truth.was_so(seen, from, until), "{token} was refused for {seen:?}");
        }
        // What all attempts with a token did is looked at together.
        Told::NoEffect | Told::InDoubt | Told::Nothing => {}
    }
}

fn seed_of_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

#[test]
fn whatever_goes_wrong_no_law_is_broken_and_no_client_is_told_an_untruth() {
    let one = seed_of_environment("FULLMAKT_SEED");
    let count = seed_of_environment("FULLMAKT_SEEDS").unwrap_or(SEEDS_IN_CI);
    let mut tally = Tally::new();
    for seed in one.map_or(0..count, |seed| seed..seed + 1) {
        let simulated = catch_unwind(AssertUnwindSafe(|| {
            let mut runtime = tokio::runtime::Builder::new_current_thread();
            runtime.enable_time().start_paused(true).build().unwrap().block_on(simulate(seed))
        }));
        let simulated =
            simulated.unwrap_or_else(|_| panic!("FULLMAKT_SEED={seed} breaks a law, see above"));
        for (what, times) in simulated {
            *tally.entry(what).or_default() += times;
        }
    }
    let all = [
        "admitted",
        "superseded",
        "stale",
        "written",
        "already so",
        "refused",
        "no effect",
        "in doubt",
        "no answer",
    ];
    let missing: Vec<_> = all.iter().filter(|what| !tally.contains_key(*what)).collect();
    assert!(one.is_some() || missing.is_empty(), "no {missing:?} in {tally:?}");
}
