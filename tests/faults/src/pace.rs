//! Time as it passes for those who do harm and for those who wait until it is mended.

use std::time::{Duration, Instant};

/// How often a condition is looked at.
const INTERVAL: Duration = Duration::from_millis(25);

/// Lets time pass: between two faults, while one lasts, or between two attempts of a client.
pub async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}

/// Waits until the condition holds, and says how long that took.
///
/// # Panics
/// When it does not within the limit.
pub async fn within(limit: Duration, what: &str, mut holds: impl AsyncFnMut() -> bool) -> Duration {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < limit, "in vain waited {limit:?} until {what}");
        tokio::time::sleep(INTERVAL).await;
    }
    began.elapsed()
}
