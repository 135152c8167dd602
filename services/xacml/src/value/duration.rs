//! Durations (XPath data model, `dayTimeDuration` and `yearMonthDuration`).

use std::fmt;

use super::calendar::{DAY, SECOND};
use super::numeric;

/// A number of days, hours, minutes and seconds, to the nanosecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DayTimeDuration {
    nanos: i128,
}

/// A number of years and months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct YearMonthDuration {
    months: i64,
}

impl DayTimeDuration {
    pub(super) const fn of_nanos(nanos: i128) -> Self {
        Self { nanos }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let (negative, text) = sign(text);
        let text = text.strip_prefix('P')?;
        let (days, clock) = match text.split_once('T') {
            Some((days, clock)) if !clock.is_empty() => (days, clock),
            Some(_) => return None,
            None => (text, ""),
        };
        let mut nanos: i128 = 0;
        let (count, rest) = component(days, 'D')?;
        if !rest.is_empty() || (days.is_empty() && clock.is_empty()) {
            return None;
        }
        nanos = nanos.checked_add(count.checked_mul(DAY)?)?;
        let (count, clock) = component(clock, 'H')?;
        nanos = nanos.checked_add(count.checked_mul(3600 * SECOND)?)?;
        let (count, clock) = component(clock, 'M')?;
        nanos = nanos.checked_add(count.checked_mul(60 * SECOND)?)?;
        if !clock.is_empty() {
            let seconds = clock.strip_suffix('S')?;
            let (whole, fraction) = match seconds.split_once('.') {
                Some((whole, digits)) => (whole, numeric::fraction(digits)?),
                None => (seconds, 0),
            };
            let seconds = number(whole)?.checked_mul(SECOND)?.checked_add(fraction)?;
            nanos = nanos.checked_add(seconds)?;
        }
        Some(Self { nanos: if negative { -nanos } else { nanos } })
    }

    pub(super) const fn nanos(self) -> i128 {
        self.nanos
    }

    /// The duration in the opposite direction.
    #[must_use]
    pub fn negated(self) -> Option<Self> {
        Some(Self { nanos: self.nanos.checked_neg()? })
    }
}

impl YearMonthDuration {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (negative, text) = sign(text);
        let text = text.strip_prefix('P').filter(|text| !text.is_empty())?;
        let (years, rest) = component(text, 'Y')?;
        let (months, rest) = component(rest, 'M')?;
        if !rest.is_empty() {
            return None;
        }
        let months = years.checked_mul(12)?.checked_add(months)?;
        let months = i64::try_from(months).ok()?;
        Some(Self { months: if negative { -months } else { months } })
    }

    pub(super) const fn months(self) -> i64 {
        self.months
    }

    /// The duration in the opposite direction.
    #[must_use]
    pub fn negated(self) -> Option<Self> {
        Some(Self { months: self.months.checked_neg()? })
    }
}

impl fmt::Display for DayTimeDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.nanos < 0 {
            f.write_str("-")?;
        }
        let nanos = self.nanos.unsigned_abs();
        let (seconds, fraction) = (nanos / SECOND.unsigned_abs(), nanos % SECOND.unsigned_abs());
        let (days, hours) = (seconds / 86_400, seconds / 3600 % 24);
        let (minutes, whole) = (seconds / 60 % 60, seconds % 60);
        f.write_str("P")?;
        if days > 0 {
            write!(f, "{days}D")?;
        }
        if hours == 0 && minutes == 0 && whole == 0 && fraction == 0 {
            return if days == 0 { f.write_str("T0S") } else { Ok(()) };
        }
        f.write_str("T")?;
        if hours > 0 {
            write!(f, "{hours}H")?;
        }
        if minutes > 0 {
            write!(f, "{minutes}M")?;
        }
        if whole > 0 || fraction > 0 {
            let fraction = numeric::fraction_text(i128::try_from(fraction).unwrap_or(0));
            write!(f, "{whole}{fraction}S")?;
        }
        Ok(())
    }
}

impl fmt::Display for YearMonthDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.months < 0 {
            f.write_str("-")?;
        }
        let months = self.months.unsigned_abs();
        f.write_str("P")?;
        if months >= 12 {
            write!(f, "{}Y", months / 12)?;
        }
        if !months.is_multiple_of(12) || months == 0 {
            write!(f, "{}M", months % 12)?;
        }
        Ok(())
    }
}

/// Takes the sign off the front.
fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    }
}

/// Takes one component such as `12D` off the front; absent, it is zero.
fn component(text: &str, unit: char) -> Option<(i128, &str)> {
    match text.split_once(unit) {
        Some((count, rest)) => Some((number(count)?, rest)),
        None => Some((0, text)),
    }
}

fn number(digits: &str) -> Option<i128> {
    let valid = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if valid { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_time_durations_are_normalised() {
        for (text, canonical) in [
            ("P1D", "P1D"),
            ("PT36H", "P1DT12H"),
            ("-PT90S", "-PT1M30S"),
            ("PT0.50S", "PT0.5S"),
            ("P0D", "PT0S"),
            ("P3DT10H30M", "P3DT10H30M"),
        ] {
            let read = DayTimeDuration::parse(text).map(|duration| duration.to_string());
            assert_eq!(read.as_deref(), Some(canonical), "{text}");
        }
    }

    #[test]
    fn year_month_durations_are_normalised() {
        for (text, canonical) in [
            ("P1Y", "P1Y"),
            ("P14M", "P1Y2M"),
            ("-P1Y2M", "-P1Y2M"),
            ("P0M", "P0M"),
            ("P0Y", "P0M"),
        ] {
            let read = YearMonthDuration::parse(text).map(|duration| duration.to_string());
            assert_eq!(read.as_deref(), Some(canonical), "{text}");
        }
    }

    #[test]
    fn texts_that_are_no_durations_are_refused() {
        for text in
            ["", "P", "PT", "P1DT", "1D", "P1Y", "PT1D", "P1H", "PT1.S", "P-1D", "PT1S1M", "+P1D"]
        {
            assert_eq!(DayTimeDuration::parse(text), None, "{text}");
        }
        for text in ["", "P", "P1", "P1D", "P1M1Y", "PY", "P1YT", "--P1Y"] {
            assert_eq!(YearMonthDuration::parse(text), None, "{text}");
        }
        assert_eq!(YearMonthDuration::parse(&format!("P{}Y", u64::MAX)), None);
    }
}
