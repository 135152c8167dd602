//! The clock of the edge: tokens say when they are valid in wall-clock time.

use std::sync::Arc;

use fullmakt_events::Timestamp;

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The clock of this machine.
#[must_use]
pub fn system_clock() -> Clock {
    Arc::new(|| {
        let elapsed = since_epoch();
        Timestamp::from_micros(i64::try_from(elapsed.as_micros()).unwrap_or(i64::MAX))
    })
}

#[expect(clippy::disallowed_methods, reason = "this is where the edge's time comes from")]
fn since_epoch() -> std::time::Duration {
    // A clock before 1970 reads as 1970, so that every token is not valid yet.
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default()
}
