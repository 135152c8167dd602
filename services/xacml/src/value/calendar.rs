//! Dates and times (XML Schema part 2, §3.2.7 to §3.2.9), without a clock and without time zones'
//! rules.

mod day_of_week;

use std::cmp::Ordering;
use std::fmt;

use chrono::{DateTime as Moment, Datelike as _, FixedOffset, Timelike as _};

pub use self::day_of_week::DayOfWeek;
use super::duration::{DayTimeDuration, YearMonthDuration};
use super::numeric;

/// Nanoseconds in a second.
pub(super) const SECOND: i128 = 1_000_000_000;
/// Nanoseconds in a day.
pub(super) const DAY: i128 = 86_400 * SECOND;
/// Largest year, on both sides of the era: far beyond use, far within the arithmetic.
const LAST_YEAR: i64 = 999_999_999;
/// Largest difference to UTC, in minutes.
const LARGEST_OFFSET: i16 = 14 * 60;

/// A day of the proleptic Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Date {
    year: i64,
    month: u8,
    day: u8,
    /// Difference to UTC, in minutes.
    offset: Option<i16>,
}

/// A time of day, to the nanosecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Time {
    /// Nanoseconds since midnight, less than a day.
    nanos: i128,
    /// Difference to UTC, in minutes.
    offset: Option<i16>,
}

/// A day and a time of day, to the nanosecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateTime {
    date: Date,
    /// Nanoseconds since midnight, less than a day.
    nanos: i128,
}

impl Date {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (text, offset) = split_offset(text)?;
        Self::parse_local(text, offset)
    }

    fn parse_local(text: &str, offset: Option<i16>) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut parts = digits.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let padded = year.len() == 4 || (year.len() > 4 && !year.starts_with('0'));
        if parts.next().is_some() || !padded {
            return None;
        }
        let year: i64 = digits_only(year, year.len())?;
        let year = if negative { -year } else { year };
        // XML Schema knows no year zero.
        if year == 0 {
            return None;
        }
        let month = u8::try_from(digits_only(month, 2)?).ok()?;
        let day = u8::try_from(digits_only(day, 2)?).ok()?;
        Self::new(year, month, day, offset)
    }

    fn new(year: i64, month: u8, day: u8, offset: Option<i16>) -> Option<Self> {
        let valid = year.abs() <= LAST_YEAR
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day);
        valid.then_some(Self { year, month, day, offset })
    }

    /// The day of an instant, in the time zone the instant is given in.
    #[must_use]
    pub fn of(moment: &Moment<FixedOffset>) -> Option<Self> {
        let month = u8::try_from(moment.month()).ok()?;
        let day = u8::try_from(moment.day()).ok()?;
        Self::new(i64::from(moment.year()), month, day, offset_of(moment))
    }

    /// The day `months` later, at most the last of its month (XML Schema part 2, appendix E).
    #[must_use]
    pub fn plus_months(self, months: YearMonthDuration) -> Option<Self> {
        let total = self.year.checked_mul(12)?.checked_add(i64::from(self.month) - 1)?;
        let total = total.checked_add(months.months())?;
        let year = total.div_euclid(12);
        let month = u8::try_from(total.rem_euclid(12) + 1).ok()?;
        Self::new(year, month, self.day.min(days_in_month(year, month)), self.offset)
    }

    /// Days since 1970-01-01, local.
    fn days(self) -> i64 {
        // Days from civil: years begin in March, so that the leap day is the last of a year.
        let year = if self.month <= 2 { self.year - 1 } else { self.year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let shifted = (i64::from(self.month) + 9) % 12;
        let day_of_year = (153 * shifted + 2) / 5 + i64::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    fn from_days(days: i64, offset: Option<i16>) -> Option<Self> {
        let days = days.checked_add(719_468)?;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = u8::try_from(day_of_year - (153 * shifted + 2) / 5 + 1).ok()?;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        Self::new(year, u8::try_from(month).ok()?, day, offset)
    }

    /// The order of the days' beginnings; a missing time zone is taken to be UTC.
    #[must_use]
    pub fn order(self, other: Self) -> Ordering {
        self.start().cmp(&other.start())
    }

    fn start(self) -> i128 {
        i128::from(self.days()) * DAY - offset_nanos(self.offset)
    }
}

impl Time {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (text, offset) = split_offset(text)?;
        let nanos = parse_clock(text)?;
        Some(Self { nanos: nanos % DAY, offset })
    }

    /// The time of day of an instant, in the time zone the instant is given in.
    #[must_use]
    pub fn of(moment: &Moment<FixedOffset>) -> Self {
        Self { nanos: clock_nanos(moment), offset: offset_of(moment) }
    }

    /// Whether a time zone is given.
    #[must_use]
    pub const fn has_offset(self) -> bool {
        self.offset.is_some()
    }

    /// The order on one and the same day; a missing time zone is taken to be UTC.
    #[must_use]
    pub fn order(self, other: Self) -> Ordering {
        self.instant().cmp(&other.instant())
    }

    /// Whether the time lies in a range that may go past midnight (annex A.3.8, `time-in-range`).
    ///
    /// Bounds without a time zone take that of this time; a missing one is taken to be UTC.
    #[must_use]
    pub fn is_between(self, from: Self, to: Self) -> bool {
        let zoned = |bound: Self| Self { offset: bound.offset.or(self.offset), ..bound };
        let start = zoned(from).instant();
        let since = |time: Self| (time.instant() - start).rem_euclid(DAY);
        since(self) <= since(zoned(to))
    }

    /// Whether both are the same time of every day, whatever day that is in their time zones; a missing
    /// time zone is taken to be UTC.
    #[must_use]
    pub fn recurs_with(self, other: Self) -> bool {
        (self.instant() - other.instant()).rem_euclid(DAY) == 0
    }

    /// The time of day a duration later, past midnight as often as it takes.
    #[must_use]
    pub fn plus(self, duration: DayTimeDuration) -> Self {
        let nanos = (self.nanos + duration.nanos().rem_euclid(DAY)).rem_euclid(DAY);
        Self { nanos, ..self }
    }

    /// Nanoseconds between midnight UTC of a reference day and this time on that day.
    fn instant(self) -> i128 {
        self.nanos - offset_nanos(self.offset)
    }

    /// The canonical form: in UTC, if a time zone is given.
    #[must_use]
    pub fn canonical(self) -> Self {
        match self.offset {
            Some(_) => Self { nanos: self.instant().rem_euclid(DAY), offset: Some(0) },
            None => self,
        }
    }
}

impl DateTime {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (date, clock) = text.split_once('T')?;
        let (clock, offset) = split_offset(clock)?;
        let date = Date::parse_local(date, offset)?;
        let nanos = parse_clock(clock)?;
        // `24:00:00` is the first instant of the next day.
        Self { date, nanos: 0 }.plus(DayTimeDuration::of_nanos(nanos))
    }

    /// An instant, in the time zone it is given in.
    #[must_use]
    pub fn of(moment: &Moment<FixedOffset>) -> Option<Self> {
        Some(Self { date: Date::of(moment)?, nanos: clock_nanos(moment) })
    }

    /// The instant a duration later.
    #[must_use]
    pub fn plus(self, duration: DayTimeDuration) -> Option<Self> {
        let local = i128::from(self.date.days()) * DAY + self.nanos;
        Self::from_local(local.checked_add(duration.nanos())?, self.date.offset)
    }

    /// The same time of day `months` later (XML Schema part 2, appendix E).
    #[must_use]
    pub fn plus_months(self, months: YearMonthDuration) -> Option<Self> {
        Some(Self { date: self.date.plus_months(months)?, nanos: self.nanos })
    }

    /// The order in time; a missing time zone is taken to be UTC.
    #[must_use]
    pub fn order(self, other: Self) -> Ordering {
        self.instant().cmp(&other.instant())
    }

    fn instant(self) -> i128 {
        self.date.start() + self.nanos
    }

    fn from_local(nanos: i128, offset: Option<i16>) -> Option<Self> {
        let days = i64::try_from(nanos.div_euclid(DAY)).ok()?;
        Some(Self { date: Date::from_days(days, offset)?, nanos: nanos.rem_euclid(DAY) })
    }

    /// The canonical form: in UTC, if a time zone is given.
    #[must_use]
    pub fn canonical(self) -> Self {
        match self.date.offset {
            Some(_) => Self::from_local(self.instant(), Some(0)).unwrap_or(self),
            None => self,
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_day(f, *self)?;
        write_offset(f, self.offset)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_clock(f, self.nanos)?;
        write_offset(f, self.offset)
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_day(f, self.date)?;
        f.write_str("T")?;
        write_clock(f, self.nanos)?;
        write_offset(f, self.date.offset)
    }
}

fn write_day(f: &mut fmt::Formatter<'_>, date: Date) -> fmt::Result {
    let sign = if date.year < 0 { "-" } else { "" };
    write!(f, "{sign}{:04}-{:02}-{:02}", date.year.abs(), date.month, date.day)
}

fn write_clock(f: &mut fmt::Formatter<'_>, nanos: i128) -> fmt::Result {
    let seconds = nanos / SECOND;
    write!(f, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)?;
    f.write_str(&numeric::fraction_text(nanos % SECOND))
}

fn write_offset(f: &mut fmt::Formatter<'_>, offset: Option<i16>) -> fmt::Result {
    match offset {
        None => Ok(()),
        Some(0) => f.write_str("Z"),
        Some(minutes) => {
            let sign = if minutes < 0 { '-' } else { '+' };
            let minutes = minutes.abs();
            write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
        }
    }
}

/// Takes the time zone off the end of a date or time.
fn split_offset(text: &str) -> Option<(&str, Option<i16>)> {
    if let Some(local) = text.strip_suffix('Z') {
        return Some((local, Some(0)));
    }
    // `+hh:mm` or `-hh:mm`; the last `-` of a date is followed by two digits only.
    let Some((local, zone)) = text.len().checked_sub(6).and_then(|at| text.split_at_checked(at))
    else {
        return Some((text, None));
    };
    let (sign, zone) = match (zone.strip_prefix('+'), zone.strip_prefix('-')) {
        (Some(rest), _) => (1, rest),
        (None, Some(rest)) => (-1, rest),
        (None, None) => return Some((text, None)),
    };
    let Some((hours, minutes)) = zone.split_once(':') else {
        return Some((text, None));
    };
    let minutes = digits_only(minutes, 2).filter(|minutes| *minutes < 60)?;
    let offset = i16::try_from(digits_only(hours, 2)? * 60 + minutes).ok()?;
    (offset <= LARGEST_OFFSET).then_some((local, Some(sign * offset)))
}

/// Reads `hh:mm:ss[.fff]` into nanoseconds; midnight at the end of the day is a full day.
fn parse_clock(text: &str) -> Option<i128> {
    let mut parts = text.split(':');
    let (hours, minutes, seconds) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (seconds, fraction) = match seconds.split_once('.') {
        Some((whole, fraction)) => (whole, numeric::fraction(fraction)?),
        None => (seconds, 0),
    };
    let (hours, minutes) = (digits_only(hours, 2)?, digits_only(minutes, 2)?);
    let seconds = digits_only(seconds, 2)?;
    let nanos = i128::from(hours * 3600 + minutes * 60 + seconds) * SECOND + fraction;
    let valid = minutes < 60 && seconds < 60 && (hours < 24 || nanos == DAY);
    valid.then_some(nanos)
}

/// Reads exactly `length` decimal digits.
fn digits_only(text: &str, length: usize) -> Option<i64> {
    let valid = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    if valid { text.parse().ok() } else { None }
}

fn days_in_month(year: i64, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.rem_euclid(4) == 0
            && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0) =>
        {
            29
        }
        2 => 28,
        _ => 31,
    }
}

fn offset_nanos(offset: Option<i16>) -> i128 {
    i128::from(offset.unwrap_or(0)) * 60 * SECOND
}

fn offset_of(moment: &Moment<FixedOffset>) -> Option<i16> {
    i16::try_from(moment.offset().local_minus_utc() / 60).ok()
}

fn clock_nanos(moment: &Moment<FixedOffset>) -> i128 {
    // Chrono shows a leap second as a nanosecond part above one second.
    let fraction = i128::from(moment.nanosecond()).min(SECOND - 1);
    i128::from(moment.num_seconds_from_midnight()) * SECOND + fraction
}

#[cfg(test)]
mod tests;
