//! Durations added to dates and times, and ranges of times (annex A.3.7 and A.3.8).

use super::Function;
use super::operand::{Evaluated, FunctionError, Operands};
use super::signature::Signature;
use crate::value::{DataType, Value};

/// A function adding a duration to a date or time, or taking it away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Calendar {
    /// `dateTime-add-dayTimeDuration`
    DateTimeAddDayTime,
    /// `dateTime-subtract-dayTimeDuration`
    DateTimeSubtractDayTime,
    /// `dateTime-add-yearMonthDuration`
    DateTimeAddYearMonth,
    /// `dateTime-subtract-yearMonthDuration`
    DateTimeSubtractYearMonth,
    /// `date-add-yearMonthDuration`
    DateAddYearMonth,
    /// `date-subtract-yearMonthDuration`
    DateSubtractYearMonth,
    /// `time-add-dayTimeDuration`, of the profile of time extensions
    TimeAddDayTime,
    /// `time-subtract-dayTimeDuration`, of the profile of time extensions
    TimeSubtractDayTime,
}

pub(super) fn named(name: &str) -> Option<Function> {
    if name == "time-in-range" {
        return Some(Function::TimeInRange);
    }
    Calendar::ALL.into_iter().find(|function| function.name() == name).map(Function::Calendar)
}

impl Calendar {
    const ALL: [Self; 8] = [
        Self::DateTimeAddDayTime,
        Self::DateTimeSubtractDayTime,
        Self::DateTimeAddYearMonth,
        Self::DateTimeSubtractYearMonth,
        Self::DateAddYearMonth,
        Self::DateSubtractYearMonth,
        Self::TimeAddDayTime,
        Self::TimeSubtractDayTime,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::DateTimeAddDayTime => "dateTime-add-dayTimeDuration",
            Self::DateTimeSubtractDayTime => "dateTime-subtract-dayTimeDuration",
            Self::DateTimeAddYearMonth => "dateTime-add-yearMonthDuration",
            Self::DateTimeSubtractYearMonth => "dateTime-subtract-yearMonthDuration",
            Self::DateAddYearMonth => "date-add-yearMonthDuration",
            Self::DateSubtractYearMonth => "date-subtract-yearMonthDuration",
            Self::TimeAddDayTime => "time-add-dayTimeDuration",
            Self::TimeSubtractDayTime => "time-subtract-dayTimeDuration",
        }
    }

    pub(super) fn signature(self) -> Signature {
        use DataType::{Date, DateTime, DayTimeDuration, Time, YearMonthDuration};
        let (moment, duration) = match self {
            Self::DateTimeAddDayTime | Self::DateTimeSubtractDayTime => (DateTime, DayTimeDuration),
            Self::DateTimeAddYearMonth | Self::DateTimeSubtractYearMonth => {
                (DateTime, YearMonthDuration)
            }
            Self::DateAddYearMonth | Self::DateSubtractYearMonth => (Date, YearMonthDuration),
            Self::TimeAddDayTime | Self::TimeSubtractDayTime => (Time, DayTimeDuration),
        };
        Signature::of(&[moment, duration], moment)
    }

    const fn subtracts(self) -> bool {
        match self {
            Self::DateTimeAddDayTime
            | Self::DateTimeAddYearMonth
            | Self::DateAddYearMonth
            | Self::TimeAddDayTime => false,
            Self::DateTimeSubtractDayTime
            | Self::TimeSubtractDayTime
            | Self::DateTimeSubtractYearMonth
            | Self::DateSubtractYearMonth => true,
        }
    }

    pub(super) fn apply(self, operands: &Operands<'_>) -> Result<Evaluated, FunctionError> {
        let sum = match (operands.value(0)?, operands.value(1)?) {
            (Value::DateTime(moment), Value::DayTimeDuration(duration)) => {
                let duration = if self.subtracts() { duration.negated() } else { Some(*duration) };
                duration.and_then(|duration| moment.plus(duration)).map(Value::DateTime)
            }
            (Value::DateTime(moment), Value::YearMonthDuration(months)) => {
                let months = if self.subtracts() { months.negated() } else { Some(*months) };
                months.and_then(|months| moment.plus_months(months)).map(Value::DateTime)
            }
            (Value::Date(date), Value::YearMonthDuration(months)) => {
                let months = if self.subtracts() { months.negated() } else { Some(*months) };
                months.and_then(|months| date.plus_months(months)).map(Value::Date)
            }
            (Value::Time(time), Value::DayTimeDuration(duration)) => {
                let duration = if self.subtracts() { duration.negated() } else { Some(*duration) };
                duration.map(|duration| Value::Time(time.plus(duration)))
            }
            _ => return Err(FunctionError::Mismatch),
        };
        sum.map(Evaluated::Value).ok_or(FunctionError::OutOfRange)
    }
}

pub(super) fn range_signature() -> Signature {
    Signature::of(&[DataType::Time; 3], DataType::Boolean)
}

pub(super) fn in_range(operands: &Operands<'_>) -> Result<Evaluated, FunctionError> {
    let (Value::Time(time), Value::Time(from), Value::Time(to)) =
        (operands.value(0)?, operands.value(1)?, operands.value(2)?)
    else {
        return Err(FunctionError::Mismatch);
    };
    Ok(Evaluated::truth(time.is_between(*from, *to)))
}
