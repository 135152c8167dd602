//! What recurs every day or every week (XACML 3.0 Time Extensions 1.0).

use super::calendar;
use super::operand::{Evaluated, FunctionError, Operands};
use super::signature::Signature;
use crate::value::{DataType, Value};

/// A function on what recurs, whatever day it is in the time zones of its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Recurring {
    /// `time-in-recurring-range`
    TimeInRange,
    /// `recurring-time-equal`
    TimeEqual,
    /// `dateTime-in-dayOfWeek-range`
    DayOfWeekRange,
}

pub(super) fn named(name: &str) -> Option<Recurring> {
    [Recurring::TimeInRange, Recurring::TimeEqual, Recurring::DayOfWeekRange]
        .into_iter()
        .find(|function| function.name() == name)
}

impl Recurring {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::TimeInRange => "time-in-recurring-range",
            Self::TimeEqual => "recurring-time-equal",
            Self::DayOfWeekRange => "dateTime-in-dayOfWeek-range",
        }
    }

    pub(super) fn signature(self) -> Signature {
        use DataType::{Boolean, DateTime, DayOfWeek, Time};
        match self {
            Self::TimeInRange => Signature::of(&[Time, Time, Time], Boolean),
            Self::TimeEqual => Signature::of(&[Time, Time], Boolean),
            Self::DayOfWeekRange => Signature::of(&[DateTime, DayOfWeek, DayOfWeek], Boolean),
        }
    }

    pub(super) fn apply(self, operands: &Operands<'_>) -> Result<Evaluated, FunctionError> {
        match self {
            // Ranges of times recur as the engine reads them already.
            Self::TimeInRange => calendar::in_range(operands),
            Self::TimeEqual => match (operands.value(0)?, operands.value(1)?) {
                (Value::Time(left), Value::Time(right)) => {
                    Ok(Evaluated::truth(left.recurs_with(*right)))
                }
                _ => Err(FunctionError::Mismatch),
            },
            Self::DayOfWeekRange => {
                match (operands.value(0)?, operands.value(1)?, operands.value(2)?) {
                    (Value::DateTime(moment), Value::DayOfWeek(from), Value::DayOfWeek(to)) => {
                        Ok(Evaluated::truth(moment.is_on_days(*from, *to)))
                    }
                    _ => Err(FunctionError::Mismatch),
                }
            }
        }
    }
}
