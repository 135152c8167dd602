//! Chance that is always the same.

use rand_xoshiro::{
    SplitMix64,
    rand_core::{RngCore, SeedableRng},
};

/// What is drawn for. Draws for one purpose say nothing about those for another.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    Form,
    Parent,
    Roles,
    Ids,
}

/// Numbers drawn by chance for one thing: the same whenever they are asked for.
pub(crate) struct Draw(SplitMix64);

impl Draw {
    pub(crate) fn of(seed: u64, purpose: Purpose, index: u64) -> Self {
        // What is mixed once is far apart even where seeds and indices are neighbours.
        let mixed = SplitMix64::seed_from_u64(seed ^ ((purpose as u64) << 56)).next_u64();
        Self(SplitMix64::seed_from_u64(mixed ^ index))
    }

    /// A number below a bound; 0 where the bound is.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        let product = (self.0.next_u64() >> 32) * u64::from(bound);
        u32::try_from(product >> 32).unwrap_or(0)
    }

    /// Whether something happens that happens so many times in a hundred.
    pub(crate) fn happens(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// A number below a bound, low ones more often than high ones: some accountants have very many
    /// clients.
    pub(crate) fn low_below(&mut self, bound: u32) -> u32 {
        let range = self.below(bound).saturating_add(1);
        self.below(range)
    }

    pub(crate) fn bits(&mut self) -> u128 {
        (u128::from(self.0.next_u64()) << 64) | u128::from(self.0.next_u64())
    }
}
