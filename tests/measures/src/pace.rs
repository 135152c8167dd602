//! What is done so fast that the clock is only read before and after doing it very often.

use std::{hint::black_box, time::Instant};

use crate::{Effort, Failed};

/// How often something is done between two looks at the clock.
#[derive(Debug)]
pub struct Pace {
    effort: Effort,
    times: u32,
}

impl Pace {
    /// As often as fits into a round; how often that is, is found out the first time.
    #[must_use]
    pub const fn new(effort: Effort) -> Self {
        Self { effort, times: 0 }
    }

    /// The mean time of doing something, in microseconds.
    ///
    /// # Errors
    ///
    /// Whatever it fails with.
    pub fn mean<T>(&mut self, mut what: impl FnMut() -> Result<T, Failed>) -> Result<f64, Failed> {
        if self.times == 0 {
            let begun = Instant::now();
            while begun.elapsed() < self.effort.time() / 4 {
                black_box(what()?);
                self.times += 1;
            }
            self.times = self.times.saturating_mul(4).max(1);
        }
        let begun = Instant::now();
        for _ in 0..self.times {
            black_box(what()?);
        }
        Ok(begun.elapsed().as_secs_f64() * 1e6 / f64::from(self.times))
    }
}
