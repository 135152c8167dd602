use super::*;

fn date(text: &str) -> Date {
    Date::parse(text).expect("a date")
}

fn time(text: &str) -> Time {
    Time::parse(text).expect("a time")
}

fn moment(text: &str) -> DateTime {
    DateTime::parse(text).expect("a date and time")
}

#[test]
fn dates_are_written_as_they_are_read() {
    for text in
        ["2026-02-28", "2024-02-29Z", "1999-12-31+01:00", "-0044-03-15", "12345-01-01-14:00"]
    {
        assert_eq!(date(text).to_string(), text);
    }
}

#[test]
fn texts_that_are_no_dates_are_refused() {
    for text in [
        "",
        "2026-2-28",
        "2026-02-29",
        "2026-13-01",
        "2026-00-10",
        "0000-01-01",
        "26-01-01",
        "02026-01-01",
        "2026-01-01+14:01",
        "2026-01-01+1:00",
        "2026-01-01z",
        "2026-01-01T00:00:00",
        "+2026-01-01",
    ] {
        assert_eq!(Date::parse(text), None, "{text}");
    }
}

#[test]
fn times_are_written_as_they_are_read() {
    for text in ["00:00:00", "23:59:59.999999999", "12:30:00Z", "08:00:00.5-05:30"] {
        assert_eq!(time(text).to_string(), text);
    }
    assert_eq!(time("24:00:00").to_string(), "00:00:00");
}

#[test]
fn texts_that_are_no_times_are_refused() {
    for text in ["", "8:00:00", "24:00:01", "12:60:00", "12:00", "12:00:00.", "12:00:00.0000000001"]
    {
        assert_eq!(Time::parse(text), None, "{text}");
    }
}

#[test]
fn the_end_of_a_day_is_the_start_of_the_next() {
    assert_eq!(moment("1999-12-31T24:00:00Z").to_string(), "2000-01-01T00:00:00Z");
}

#[test]
fn instants_are_ordered_across_time_zones() {
    let (oslo, utc) = (moment("2026-06-01T14:00:00+02:00"), moment("2026-06-01T12:00:00Z"));
    assert_eq!(oslo.order(utc), Ordering::Equal);
    assert_eq!(oslo.canonical().to_string(), "2026-06-01T12:00:00Z");
    assert_eq!(moment("2026-06-01T12:00:00").order(utc), Ordering::Equal);
    assert_eq!(date("2026-06-01+02:00").order(date("2026-06-01Z")), Ordering::Less);
    assert_eq!(time("08:00:00+02:00").order(time("07:00:00Z")), Ordering::Less);
}

#[test]
fn months_are_added_at_most_to_the_end_of_the_month() {
    let month = |text| YearMonthDuration::parse(text).expect("a duration");
    assert_eq!(date("2024-01-31").plus_months(month("P1M")), Some(date("2024-02-29")));
    assert_eq!(date("2024-02-29").plus_months(month("-P1Y")), Some(date("2023-02-28")));
    assert_eq!(date("2024-12-15").plus_months(month("P1M")), Some(date("2025-01-15")));
    assert_eq!(date("2024-12-15").plus_months(month("P999999999Y")), None);
}

#[test]
fn durations_are_added_across_days_and_leap_years() {
    let duration = |text| DayTimeDuration::parse(text).expect("a duration");
    let start = moment("2024-02-28T23:00:00+01:00");
    assert_eq!(start.plus(duration("PT25H")), Some(moment("2024-03-01T00:00:00+01:00")));
    assert_eq!(start.plus(duration("-P59D")), Some(moment("2023-12-31T23:00:00+01:00")));
}

#[test]
fn ranges_may_go_past_midnight() {
    assert!(time("23:30:00").is_between(time("22:00:00"), time("06:00:00")));
    assert!(time("06:00:00").is_between(time("22:00:00"), time("06:00:00")));
    assert!(!time("06:00:01").is_between(time("22:00:00"), time("06:00:00")));
    assert!(time("08:00:00Z").is_between(time("09:00:00+01:00"), time("10:00:00+01:00")));
    assert!(!time("11:00:00Z").is_between(time("09:00:00"), time("10:00:00")));
}

#[test]
fn an_instant_gives_its_parts_in_its_own_time_zone() {
    let instant = Moment::parse_from_rfc3339("2026-08-21T23:30:00.25+02:00").expect("an instant");
    assert_eq!(Date::of(&instant), Some(date("2026-08-21+02:00")));
    assert_eq!(Time::of(&instant), time("23:30:00.25+02:00"));
    assert_eq!(DateTime::of(&instant), Some(moment("2026-08-21T23:30:00.25+02:00")));
}

#[test]
fn days_since_the_epoch_go_both_ways() {
    for days in [-1_000_000, -719_528, -1, 0, 59, 60, 10_957, 1_000_000] {
        assert_eq!(Date::from_days(days, None).map(Date::days), Some(days));
    }
    assert_eq!(date("1970-01-01").days(), 0);
    assert_eq!(date("2000-03-01").days(), 11_017);
}
