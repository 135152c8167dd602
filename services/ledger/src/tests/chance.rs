//! Chance that a seed repeats.

use std::time::Duration;

/// Steele, Lea and Flood's `SplitMix64`.
#[derive(Clone)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) const fn of(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
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
        Self(self.next())
    }
}
