//! How fast a fold of the ledger goes on, and how long it will take.

use std::time::Duration;

use fullmakt_events::Position;
use tokio::time::Instant;

/// How often it is said at most.
const INTERVAL: Duration = Duration::from_secs(2);

/// A fold's way to a position.
#[derive(Debug)]
pub(crate) struct Pace {
    /// When the first position was reached, and which.
    began: Option<(Instant, Position)>,
    said: Option<Instant>,
}

impl Pace {
    /// A fold that has not begun.
    pub(crate) const fn new() -> Self {
        Self { began: None, said: None }
    }

    /// What there is to say of having reached `position` on the way to `last`, if it is time to.
    pub(crate) fn reached(
        &mut self,
        position: Position,
        last: Position,
        now: Instant,
    ) -> Option<String> {
        self.began.get_or_insert((now, position));
        let is_due = self.said.is_none_or(|said| now.duration_since(said) >= INTERVAL);
        (is_due || position >= last).then(|| self.say(position, last, now))
    }

    /// What there is to say, whether it is time to or not.
    pub(crate) fn say(&mut self, position: Position, last: Position, now: Instant) -> String {
        let (began, first) = *self.began.get_or_insert((now, position));
        self.said = Some(now);
        let percent = position.next().get().saturating_mul(100) / last.next().get().max(1);
        let reached = format!("up to {position} of {last} ({percent} %)");
        let millis = u64::try_from(now.duration_since(began).as_millis()).unwrap_or(u64::MAX);
        let done = position.get().saturating_sub(first.get());
        // Before there was some time there is no rate.
        let rate = done.saturating_mul(1_000).checked_div(millis).filter(|rate| *rate > 0);
        let Some(rate) = rate else { return reached };
        let left = last.get().saturating_sub(position.get()).div_ceil(rate);
        format!("{reached}, {rate} records/s, {left} s to go")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_and_remaining_time_follow_from_what_was_done_so_far() {
        let began = Instant::now();
        let mut pace = Pace::new();
        let mut reached = |seconds: u64, position: u64| {
            let now = began + Duration::from_secs(seconds);
            pace.reached(Position::new(position), Position::new(999), now)
        };
        assert_eq!(reached(0, 99).unwrap(), "up to 99 of 999 (10 %)");
        assert_eq!(reached(1, 150), None);
        let expected = "up to 299 of 999 (30 %), 100 records/s, 7 s to go";
        assert_eq!(reached(2, 299).unwrap(), expected);
        assert_eq!(reached(3, 350), None);
        // The end is always said.
        let expected = "up to 999 of 999 (100 %), 300 records/s, 0 s to go";
        assert_eq!(reached(3, 999).unwrap(), expected);
    }

    #[test]
    fn what_has_not_moved_has_no_rate() {
        let now = Instant::now();
        let mut pace = Pace::new();
        let at = Position::new(5);
        let later = now + Duration::from_secs(10);
        assert_eq!(pace.reached(at, Position::new(9), now).unwrap(), "up to 5 of 9 (60 %)");
        assert_eq!(pace.reached(at, Position::new(9), later).unwrap(), "up to 5 of 9 (60 %)");
    }
}
