//! The time in which something given counts.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// The time in which something given counts: from its first moment up to, and without, its last.
///
/// It is judged at the time asked about. Nothing happens in the ledger when it begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validity {
    /// The first moment; nothing means that it counts as soon as it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// The moment from which it no longer counts; nothing means that it counts until it is ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
}

impl Validity {
    /// Counts whenever it is asked about.
    pub const ALWAYS: Self = Self { from: None, to: None };

    /// Whether it counts at this time.
    #[must_use]
    pub fn holds_at(self, time: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= time) && self.to.is_none_or(|to| time < to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_counts_from_its_first_moment_until_just_before_its_last() {
        let at = Timestamp::from_micros;
        let validity = Validity { from: Some(at(3)), to: Some(at(5)) };
        assert_eq!([2, 3, 4, 5].map(|time| validity.holds_at(at(time))), {
            [false, true, true, false]
        });
        let without_end = Validity { to: None, ..validity };
        assert_eq!([2, i64::MAX].map(|time| without_end.holds_at(at(time))), [false, true]);
        let from_the_start = Validity { from: None, ..validity };
        assert_eq!([i64::MIN, 5].map(|time| from_the_start.holds_at(at(time))), [true, false]);
        assert!(Validity::ALWAYS.holds_at(at(0)));
    }

    #[test]
    fn a_time_that_ends_before_it_begins_is_none() {
        let at = Timestamp::from_micros;
        let validity = Validity { from: Some(at(5)), to: Some(at(3)) };
        assert!(![2, 3, 4, 5, 6].into_iter().any(|time| validity.holds_at(at(time))));
    }
}
