//! Chance that a seed repeats.

use std::time::Duration;

use fullmakt_eventlog::memory::SplitMix;

/// Draws from the generator that the log in memory has.
#[derive(Clone)]
pub(super) struct Chance(SplitMix);

impl Chance {
    pub(super) const fn of(seed: u64) -> Self {
        Self(SplitMix::of(seed))
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0.draw()
    }

    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    pub(super) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub(super) fn millis(&mut self, longest: u64) -> Duration {
        Duration::from_micros(self.below(longest * 1_000))
    }

    pub(super) fn thousandths(&mut self, most: u64) -> u16 {
        u16::try_from(self.below(most)).unwrap()
    }

    /// Chance for something else, which this one's further draws leave alone.
    pub(super) fn branch(&mut self) -> Self {
        Self::of(self.next())
    }
}
