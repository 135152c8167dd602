//! What may go wrong between one handle and the log it shares.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use fullmakt_events::Position;
use tokio::sync::{oneshot, watch};

use super::log::Fault;
use crate::error::ReadError;

/// A stop on an append's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// No stop.
    None,
    /// As long as this, in Tokio's time.
    For(Duration),
    /// Until [`Faults::release`].
    UntilReleased,
}

/// What becomes of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is appended.
    Appended,
    /// It is never appended.
    Dropped,
    /// It is appended, and a second time after the second pause. The answer is the first place.
    Doubled,
}

/// What the appender is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The position, or that nothing was appended.
    Truth,
    /// After everything else: that it is not known.
    Unknown,
    /// At once, before the first pause: that it is not known. The append goes on.
    UnknownAtOnce,
}

/// How one append goes: the first pause, the record's fate, the second pause, the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppendPlan {
    /// Before the record is appended or dropped. Appends that stop here may overtake each other.
    pub before: Pause,
    /// What becomes of the record.
    pub fate: Fate,
    /// After the record was appended or dropped, before the answer.
    pub after: Pause,
    /// What the appender is told.
    pub answer: Answer,
}

impl AppendPlan {
    /// Nothing goes wrong.
    pub const FAITHFUL: Self = Self {
        before: Pause::None,
        fate: Fate::Appended,
        after: Pause::None,
        answer: Answer::Truth,
    };
    /// Surely not appended: [`AppendError::Unavailable`](crate::AppendError::Unavailable).
    pub const REFUSED: Self = Self { fate: Fate::Dropped, ..Self::FAITHFUL };
    /// Not appended, and nobody knows.
    pub const LOST: Self = Self { fate: Fate::Dropped, answer: Answer::Unknown, ..Self::FAITHFUL };
    /// Appended, and the acknowledgement is lost.
    pub const UNACKNOWLEDGED: Self = Self { answer: Answer::Unknown, ..Self::FAITHFUL };
    /// Appended twice in a row.
    pub const DOUBLED: Self = Self { fate: Fate::Doubled, ..Self::FAITHFUL };
    /// The appender is told at once that nobody knows; the record is appended when released.
    pub const LATE: Self =
        Self { before: Pause::UntilReleased, answer: Answer::UnknownAtOnce, ..Self::FAITHFUL };
    /// Stops before the record is appended.
    pub const HELD_BEFORE: Self = Self { before: Pause::UntilReleased, ..Self::FAITHFUL };
    /// Stops after the record was appended, before the acknowledgement.
    pub const HELD_AFTER: Self = Self { after: Pause::UntilReleased, ..Self::FAITHFUL };
}

/// How often things go wrong by chance, in thousandths, each drawn on its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Odds {
    /// The record is dropped.
    pub dropped: u16,
    /// The record is appended twice.
    pub doubled: u16,
    /// The answer is that nobody knows.
    pub unknown: u16,
    /// The append stops before the record is appended, for up to `pause_max`.
    pub paused_before: u16,
    /// The append stops before the answer, for up to `pause_max`.
    pub paused_after: u16,
    /// A question to the log stops before it is answered, for up to `pause_max`.
    pub read_paused: u16,
    /// A question to the log is not answered.
    pub read_failed: u16,
    /// The longest pause.
    pub pause_max: Duration,
}

/// The faults of one handle. Scripted plans are used up first, then chance decides if it was
/// given a seed, else nothing goes wrong.
#[derive(Debug)]
pub struct Faults {
    state: Mutex<State>,
    held: watch::Sender<usize>,
    changes: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct State {
    script: VecDeque<AppendPlan>,
    chance: Option<Chance>,
    held: VecDeque<oneshot::Sender<()>>,
    cut: bool,
    visible: Option<Position>,
    end: Option<Position>,
}

/// What is drawn. Reads draw apart from appends, so that how often a reader asks has no influence
/// on what becomes of the records.
#[derive(Debug)]
struct Chance {
    odds: Odds,
    appends: SplitMix,
    reads: SplitMix,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            state: Mutex::default(),
            held: watch::Sender::new(0),
            changes: watch::Sender::new(()),
        }
    }
}

impl Faults {
    /// Adds plans for the next appends, one each, in order.
    pub fn script(&self, plans: impl IntoIterator<Item = AppendPlan>) {
        self.lock().script.extend(plans);
    }

    /// Lets chance plan the appends that no script plans, and what reads meet. The same seed and
    /// the same appends give the same plans.
    pub fn seed(&self, seed: u64, odds: Odds) {
        let (appends, reads) = (SplitMix::of(seed), SplitMix::of(!seed));
        self.lock().chance = Some(Chance { odds, appends, reads });
    }

    /// Ends every fault but holding: what is held stays held.
    pub fn heal(&self) {
        self.change(|state| {
            state.script.clear();
            state.chance = None;
            state.cut = false;
            state.visible = None;
            state.end = None;
        });
    }

    /// While cut off, appends, readers and questions for the end are answered with `Unavailable`.
    /// Appends under way go on.
    pub fn cut_off(&self, is_cut_off: bool) {
        self.change(|state| state.cut = is_cut_off);
    }

    /// Readers of this handle see nothing from this position on; `None` ends that.
    pub fn hide_from(&self, position: Option<Position>) {
        self.change(|state| state.visible = position);
    }

    /// `end` answers at most this position, as a leader that is cut off from its cluster would;
    /// `None` ends that.
    pub fn stale_end(&self, position: Option<Position>) {
        self.lock().end = position;
    }

    /// How many appends are held just now.
    #[must_use]
    pub fn held(&self) -> usize {
        self.lock().held.len()
    }

    /// Waits until at least this many appends are held.
    pub async fn wait_for_held(&self, count: usize) {
        // The sender lives in `self`, so the channel cannot close.
        let _ = self.held.subscribe().wait_for(|held| *held >= count).await;
    }

    /// Lets a held append go on, the one that has been held longest being number 0. Answers
    /// whether there was one.
    pub fn release(&self, number: usize) -> bool {
        let released = {
            let mut state = self.lock();
            let released = state.held.remove(number);
            self.held.send_replace(state.held.len());
            released
        };
        released.is_some_and(|held| held.send(()).is_ok())
    }

    /// Lets all held appends go on, in the order they were held.
    pub fn release_all(&self) {
        while self.held() > 0 {
            self.release(0);
        }
    }

    pub(super) fn next_plan(&self) -> AppendPlan {
        let mut state = self.lock();
        if let Some(plan) = state.script.pop_front() {
            return plan;
        }
        match &mut state.chance {
            Some(chance) => chance.appends.plan(chance.odds),
            None => AppendPlan::FAITHFUL,
        }
    }

    /// What every question to the log meets before it is answered.
    pub(super) async fn on_read(&self) -> Result<(), ReadError> {
        let drawn = self.lock().chance.as_mut().map(|chance| {
            let Odds { read_paused, read_failed, pause_max, .. } = chance.odds;
            (chance.reads.pause(read_paused, pause_max), chance.reads.happens(read_failed))
        });
        let (pause, fails) = drawn.unwrap_or((Pause::None, false));
        self.pause(pause).await;
        if fails || self.is_cut_off() {
            return Err(ReadError::unavailable(if fails {
                Fault::NoAnswer
            } else {
                Fault::CutOff
            }));
        }
        Ok(())
    }

    pub(super) async fn pause(&self, pause: Pause) {
        match pause {
            Pause::None => {}
            Pause::For(duration) => tokio::time::sleep(duration).await,
            Pause::UntilReleased => {
                let released = {
                    let mut state = self.lock();
                    let (release, released) = oneshot::channel();
                    state.held.push_back(release);
                    self.held.send_replace(state.held.len());
                    released
                };
                // A handle that is gone releases what it held.
                let _ = released.await;
            }
        }
    }

    pub(super) fn is_cut_off(&self) -> bool {
        self.lock().cut
    }

    pub(super) fn visible(&self) -> Option<Position> {
        self.lock().visible
    }

    pub(super) fn end(&self) -> Option<Position> {
        self.lock().end
    }

    /// Tells of every change of what readers can see.
    pub(super) fn changes(&self) -> watch::Receiver<()> {
        self.changes.subscribe()
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changes.send_replace(());
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Steele, Lea and Flood's `SplitMix64`: small, seedable and the same everywhere.
#[derive(Debug, Clone)]
pub struct SplitMix(u64);

impl SplitMix {
    /// The numbers of this seed.
    #[must_use]
    pub const fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn happens(&mut self, thousandths: u16) -> bool {
        self.draw() % 1_000 < u64::from(thousandths)
    }

    fn pause(&mut self, thousandths: u16, longest: Duration) -> Pause {
        let happens = self.happens(thousandths);
        let micros = u64::try_from(longest.as_micros()).unwrap_or(u64::MAX);
        let micros = self.draw() % micros.max(1);
        if happens { Pause::For(Duration::from_micros(micros)) } else { Pause::None }
    }

    /// Draws the same number of times whatever the odds, so that changing one leaves the others'
    /// draws alone.
    fn plan(&mut self, odds: Odds) -> AppendPlan {
        let dropped = self.happens(odds.dropped);
        let doubled = self.happens(odds.doubled);
        let unknown = self.happens(odds.unknown);
        AppendPlan {
            before: self.pause(odds.paused_before, odds.pause_max),
            fate: match (dropped, doubled) {
                (true, _) => Fate::Dropped,
                (false, true) => Fate::Doubled,
                (false, false) => Fate::Appended,
            },
            after: self.pause(odds.paused_after, odds.pause_max),
            answer: if unknown { Answer::Unknown } else { Answer::Truth },
        }
    }
}
