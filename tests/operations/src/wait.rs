//! Waiting for a condition, with a deadline.

use std::time::{Duration, Instant};

/// How long a condition may take until it holds.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it is looked at.
const INTERVAL: Duration = Duration::from_millis(10);

/// Waits until the condition holds.
///
/// # Panics
/// When it does not in time.
pub async fn eventually(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !condition().await {
        assert!(began.elapsed() < PATIENCE, "in vain waited until {what}");
        tokio::time::sleep(INTERVAL).await;
    }
}
