//! XACML 3.0 Time Extensions 1.0: what recurs every day or week, among it the examples of the profile.

use super::*;

#[test]
fn a_recurring_range_of_times_does_not_depend_on_the_time_zones_it_is_told_in() {
    for (time, from, to, expected) in [
        ("11:00:00+10:00", "09:00:00+10:00", "17:00:00+10:00", true),
        ("18:00:00-07:00", "09:00:00+10:00", "17:00:00+10:00", true),
        ("11:00:00+10:00", "17:00:00+10:00", "09:00:00+10:00", false),
        ("12:00:00-07:00", "17:00:00+10:00", "09:00:00+10:00", true),
        // Both ends are within.
        ("23:00:00Z", "09:00:00+10:00", "17:00:00+10:00", true),
        ("07:00:00Z", "09:00:00+10:00", "17:00:00+10:00", true),
        ("07:00:00.000000001Z", "09:00:00+10:00", "17:00:00+10:00", false),
        // Ends without a time zone are in that of the time.
        ("11:00:00+10:00", "10:00:00", "12:00:00", true),
        ("01:00:00Z", "10:00:00", "12:00:00", false),
    ] {
        let arguments = [time, from, to].map(|text| (DataType::Time, text));
        let found = apply("time-in-recurring-range", &arguments);
        assert_eq!(found, Ok(expected.to_string()), "{time} from {from} to {to}");
    }
}

#[test]
fn times_recur_together_whatever_day_it_is_in_their_time_zones() {
    for (left, right, recur, equal) in [
        ("10:00:00Z", "11:00:00+01:00", true, true),
        // Midnight here and the evening before elsewhere are one moment of two days.
        ("00:30:00+01:00", "23:30:00Z", true, false),
        ("01:00:00+14:00", "00:00:00-11:00", true, false),
        ("10:00:00", "10:00:00Z", true, true),
        ("10:00:00", "10:00:00+01:00", false, false),
    ] {
        let arguments = [left, right].map(|text| (DataType::Time, text));
        let found = apply("recurring-time-equal", &arguments);
        assert_eq!(found, Ok(recur.to_string()), "{left} and {right}");
        assert_eq!(apply("time-equal", &arguments), Ok(equal.to_string()), "{left} and {right}");
    }
}

#[test]
fn a_range_of_days_begins_and_ends_in_the_time_zones_of_its_days() {
    for (moment, from, to, expected) in [
        // 2017-06-13 is a Tuesday, 2017-06-12 a Monday.
        ("2017-06-13T09:00:00+10:00", "2+10:00", "4+10:00", true),
        ("2017-06-12T09:00:00-07:00", "5-07:00", "1-07:00", true),
        ("2017-06-13T09:00:00-07:00", "5-07:00", "1-07:00", false),
        // The first moment and the last one.
        ("2017-06-12T14:00:00Z", "2+10:00", "4+10:00", true),
        ("2017-06-12T13:59:59.999999999Z", "2+10:00", "4+10:00", false),
        ("2017-06-15T13:59:59.999999999Z", "2+10:00", "4+10:00", true),
        ("2017-06-15T14:00:00Z", "2+10:00", "4+10:00", false),
        // Monday evening here is Tuesday there.
        ("2017-06-12T20:00:00-07:00", "2+10:00", "2+10:00", true),
        ("2017-06-12T20:00:00-07:00", "2", "2", false),
        ("2017-06-12T20:00:00-07:00", "1", "1", true),
        // Without any time zone, all is in UTC.
        ("2017-06-12T00:00:00", "1Z", "1", true),
        ("2017-06-11T23:59:59", "1Z", "1", false),
        // Up to the day before it begins, a range is the whole week.
        ("2017-06-12T00:00:00Z", "3", "2", true),
        ("2017-06-13T23:59:59Z", "3", "2", true),
        // One day may be told in two time zones, and lasts from the one's beginning to the other's end.
        ("2017-06-12T09:59:59Z", "1+00:00", "1+14:00", true),
        ("2017-06-12T10:00:00Z", "1+00:00", "1+14:00", false),
        ("2017-06-13T12:00:00Z", "1+00:00", "1-14:00", true),
    ] {
        use DataType::{DateTime, DayOfWeek};
        let arguments = [(DateTime, moment), (DayOfWeek, from), (DayOfWeek, to)];
        let found = apply("dateTime-in-dayOfWeek-range", &arguments);
        assert_eq!(found, Ok(expected.to_string()), "{moment} from {from} to {to}");
    }
}

#[test]
fn a_day_of_the_week_is_read_from_a_string_and_written_to_one() {
    use DataType::{DayOfWeek, String};
    for (text, written) in [("1", "1"), (" 7Z ", "7Z"), ("3+00:00", "3Z"), ("5-07:00", "5-07:00")] {
        assert_eq!(apply("dayOfWeek-from-string", &[(String, text)]).as_deref(), Ok(written));
        assert_eq!(apply("string-from-dayOfWeek", &[(DayOfWeek, text)]).as_deref(), Ok(written));
    }
    for text in ["0", "8", "Monday", ""] {
        let converted = apply("dayOfWeek-from-string", &[(String, text)]);
        assert!(matches!(converted, Err(FunctionError::Lexical(_))), "{text}: {converted:?}");
    }
}

/// The profile has bags of them, and nothing that compares them.
#[test]
fn days_of_the_week_are_kept_in_bags_and_not_compared() {
    for name in ["bag", "bag-size", "one-and-only"] {
        assert!(Function::from_name(&format!("dayOfWeek-{name}")).is_some(), "{name}");
    }
    for name in ["equal", "is-in", "union", "subset", "greater-than", "regexp-match"] {
        assert_eq!(Function::from_name(&format!("dayOfWeek-{name}")), None, "{name}");
    }
    let days = [(DataType::DayOfWeek, "1"), (DataType::DayOfWeek, "2")];
    assert_eq!(apply("dayOfWeek-bag", &days).as_deref(), Ok("2 values"));
}
