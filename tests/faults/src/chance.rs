//! Chance that follows from a seed, so that a run can be had again.

/// The variable with the one seed to run.
const SEED: &str = "FULLMAKT_TEST_SEED";
/// The variable with the number of seeds to run.
const SEEDS: &str = "FULLMAKT_TEST_SEEDS";

/// A stream of numbers (`SplitMix64`).
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// The stream of this seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Another stream, which follows from this one's seed and a number.
    #[must_use]
    pub const fn fork(&self, number: u64) -> Self {
        Self(self.0 ^ number.wrapping_add(1).wrapping_mul(0xd605_bbb5_8c8a_bd4d))
    }

    /// The next number, below `bound`.
    pub const fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// One of these.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        let count = u64::try_from(from.len()).expect("they can be counted");
        let place = usize::try_from(self.below(count)).expect("it is a place");
        from[place]
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// The seeds to run: this one if nothing else is asked for.
///
/// `FULLMAKT_TEST_SEED` names another, `FULLMAKT_TEST_SEEDS` says how many from there on.
pub fn seeds(usual: u64) -> impl Iterator<Item = u64> {
    let first = number(SEED).unwrap_or(usual);
    first..first + number(SEEDS).unwrap_or(1)
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("`{variable}` is no number: {text}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(mut chance: Chance) -> Vec<u64> {
        (0..100).map(|_| chance.below(1_000)).collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_numbers_and_another_others() {
        let chance = Chance::new(7);
        assert_eq!(numbers(chance.clone()), numbers(Chance::new(7)));
        assert_ne!(numbers(chance.clone()), numbers(Chance::new(8)));
        assert_ne!(numbers(chance.fork(0)), numbers(chance.fork(1)));
    }
}
