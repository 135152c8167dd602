//! How many requests one caller may send in a time.

use std::{
    collections::HashMap,
    fmt,
    hash::{BuildHasher as _, RandomState},
    num::NonZeroU32,
    sync::Arc,
    time::Duration,
};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};

use crate::{Problem, ProblemType};

/// How many requests of one caller are answered in a second, where nothing else is set.
pub const REQUESTS_PER_SECOND: u32 = 500;
/// How many seconds' worth of requests may come at once.
pub const BURST_SECONDS: u32 = 2;
/// How often callers who have not called for a while are forgotten.
const SWEEP_EVERY: Duration = Duration::from_mins(1);

/// The limits of all callers. Cheap to clone.
///
/// They are counted in this process alone, so that an installation of several answers as many times
/// more.
#[derive(Clone)]
pub struct RateLimits(Arc<Limits>);

struct Limits {
    /// For callers without a limit of their own; none where there is no limit.
    common: Option<DefaultKeyedRateLimiter<u64>>,
    /// For callers with one.
    own: HashMap<String, Option<DefaultKeyedRateLimiter<u64>>>,
    clock: DefaultClock,
    /// Makes keys of names, in a way that nobody outside can foresee.
    hasher: RandomState,
}

impl RateLimits {
    /// Limits in requests per second; 0 is no limit. Those in `own` are by the caller's name.
    #[must_use]
    pub fn new(common: u32, own: impl IntoIterator<Item = (String, u32)>) -> Self {
        Self(Arc::new(Limits {
            common: limiter(common),
            own: own.into_iter().map(|(caller, limit)| (caller, limiter(limit))).collect(),
            clock: DefaultClock::default(),
            hasher: RandomState::new(),
        }))
    }

    /// Counts a request of this caller.
    ///
    /// # Errors
    /// When it is one too many; the problem says how long to wait.
    pub fn count(&self, caller: &str) -> Result<(), Problem> {
        let limiter = self.0.own.get(caller).unwrap_or(&self.0.common);
        let Some(limiter) = limiter else { return Ok(()) };
        limiter.check_key(&self.0.hasher.hash_one(caller)).map_err(|too_early| {
            let wait = too_early.wait_time_from(self.0.clock.now());
            let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
            let limit = too_early.quota().replenish_interval();
            let detail = format!(
                "more than a request every {limit:?} for longer than {BURST_SECONDS} s; wait \
                 {seconds} s"
            );
            metrics::counter!("http_requests_over_limit_total").increment(1);
            Problem::of(ProblemType::TooManyRequests, detail).retry_after(seconds)
        })
    }

    /// Forgets callers that have not called for a while, for as long as it is awaited.
    pub async fn sweep(self) {
        let mut ticks = tokio::time::interval(SWEEP_EVERY);
        loop {
            ticks.tick().await;
            self.forget_idle();
        }
    }

    fn forget_idle(&self) {
        let limiters = self.0.own.values().chain([&self.0.common]).flatten();
        limiters.for_each(RateLimiter::retain_recent);
    }
}

impl fmt::Debug for RateLimits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RateLimits").finish_non_exhaustive()
    }
}

fn limiter(per_second: u32) -> Option<DefaultKeyedRateLimiter<u64>> {
    let rate = NonZeroU32::new(per_second)?;
    let burst = NonZeroU32::new(per_second.saturating_mul(BURST_SECONDS))?;
    Some(RateLimiter::keyed(Quota::per_second(rate).allow_burst(burst)))
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn a_caller_may_send_a_burst_and_is_then_told_to_wait() {
        let limits = RateLimits::new(2, []);
        for _ in 0..4 {
            limits.count("a").unwrap();
        }
        let problem = limits.count("a").unwrap_err();
        assert_eq!(problem.kind(), ProblemType::TooManyRequests);
        assert!(problem.detail().unwrap().contains("500ms"), "{problem:?}");
    }

    #[test]
    fn one_caller_takes_nothing_from_another() {
        let limits = RateLimits::new(1, []);
        while limits.count("a").is_ok() {}
        limits.count("b").unwrap();
    }

    #[test]
    fn a_caller_with_a_limit_of_its_own_has_that_one() {
        let limits = RateLimits::new(1, [("big".to_owned(), 1_000), ("free".to_owned(), 0)]);
        for _ in 0..2_000 {
            limits.count("big").unwrap();
            limits.count("free").unwrap();
        }
        assert!((0..100_000).any(|_| limits.count("big").is_err()));
        limits.count("free").unwrap();
    }

    #[test]
    fn no_limit_is_no_limit_and_idle_callers_are_forgotten() {
        let limits = RateLimits::new(0, []);
        assert!((0..10_000).all(|_| limits.count("a").is_ok()));
        let limits = RateLimits::new(1_000_000, []);
        limits.count("a").unwrap();
        let began = Instant::now();
        while limits.0.common.as_ref().is_some_and(|common| !common.is_empty()) {
            limits.forget_idle();
            assert!(began.elapsed() < Duration::from_secs(30), "never forgotten");
        }
    }
}
