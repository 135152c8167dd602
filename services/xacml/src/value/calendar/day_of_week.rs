//! Days of the week (XACML 3.0 Time Extensions 1.0).

use std::fmt;

use super::{DAY, DateTime, digits_only, offset_nanos, split_offset, write_offset};

/// Nanoseconds in a week.
const WEEK: i128 = 7 * DAY;
/// Midnight of the Monday before 1970-01-01, which was a Thursday.
const MONDAY: i128 = -3 * DAY;

/// A day of the week, which begins and ends in its time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DayOfWeek {
    /// From one, which is Monday, to seven, as ISO 8601 counts.
    day: u8,
    /// Difference to UTC, in minutes.
    offset: Option<i16>,
}

impl DayOfWeek {
    pub(in crate::value) fn parse(text: &str) -> Option<Self> {
        let (day, offset) = split_offset(text)?;
        let day = u8::try_from(digits_only(day, 1)?).ok()?;
        (1..=7).contains(&day).then_some(Self { day, offset })
    }

    /// Midnight at the beginning of the day, in its time zone or in the one given.
    fn start(self, offset: Option<i16>) -> i128 {
        MONDAY + (i128::from(self.day) - 1) * DAY - offset_nanos(self.offset.or(offset))
    }
}

impl DateTime {
    /// Whether the moment lies in the days of any week from the beginning of one to the end of the
    /// other, which may go past Sunday.
    ///
    /// Days without a time zone take that of this moment; a missing one is taken to be UTC.
    #[must_use]
    pub fn is_on_days(self, from: DayOfWeek, to: DayOfWeek) -> bool {
        let start = from.start(self.date.offset);
        let length = (to.start(self.date.offset) + DAY - start).rem_euclid(WEEK);
        // What ends where it begins is the whole week: a day is never nothing.
        length == 0 || (self.instant() - start).rem_euclid(WEEK) < length
    }
}

/// Writes the number of the day and its time zone.
impl fmt::Display for DayOfWeek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.day)?;
        write_offset(f, self.offset)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> DayOfWeek {
        DayOfWeek::parse(text).expect("a day of the week")
    }

    #[test]
    fn days_are_written_as_they_are_read() {
        for text in ["1", "7Z", "3+10:00", "5-07:00"] {
            assert_eq!(day(text).to_string(), text);
        }
    }

    #[test]
    fn texts_that_are_no_days_are_refused() {
        for text in ["", "0", "8", "01", "-1", "Monday", "1+1:00", "1+14:01", "1z", "1 Z"] {
            assert_eq!(DayOfWeek::parse(text), None, "{text}");
        }
    }

    proptest! {
        /// Chrono knows the day of the week, too.
        #[test]
        fn a_moment_is_on_its_own_day_and_on_no_other(
            seconds in -100_000_000_000_i64..100_000_000_000,
            minutes in -840_i32..=840,
            other in 1_u8..=7,
        ) {
            use chrono::Datelike as _;
            let zone = chrono::FixedOffset::east_opt(minutes * 60).expect("a time zone");
            let moment = chrono::DateTime::from_timestamp(seconds, 0).expect("a moment");
            let moment = moment.with_timezone(&zone);
            let own = moment.weekday().number_from_monday() == u32::from(other);
            let day = DayOfWeek { day: other, offset: None };
            let moment = DateTime::of(&moment).expect("a moment");
            prop_assert_eq!(moment.is_on_days(day, day), own);
        }

        /// From a day to another, or from the day after that to the day before the first.
        #[test]
        fn a_range_and_the_rest_of_the_week_are_all_of_it(
            seconds in -100_000_000_000_i64..100_000_000_000,
            from in 1_u8..=7,
            length in 0_u8..6,
        ) {
            let nth = |day: u8| DayOfWeek { day: (day - 1) % 7 + 1, offset: Some(60) };
            let moment = chrono::DateTime::from_timestamp(seconds, 0).expect("a moment");
            let moment = DateTime::of(&moment.fixed_offset()).expect("a moment");
            let within = moment.is_on_days(nth(from), nth(from + length));
            let rest = moment.is_on_days(nth(from + length + 1), nth(from + 6));
            prop_assert_ne!(within, rest);
            prop_assert!(moment.is_on_days(nth(from), nth(from + 6)));
        }
    }
}
