//! Comparison of size and order (annex A.3.6 and A.3.8).

use std::cmp::Ordering;

use super::Function;
use super::operand::{Evaluated, FunctionError, Operands};
use crate::value::{DataType, Value};

/// What a comparison asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// `…-greater-than`
    Greater,
    /// `…-greater-than-or-equal`
    GreaterOrEqual,
    /// `…-less-than`
    Less,
    /// `…-less-than-or-equal`
    LessOrEqual,
}

pub(super) fn named(name: &str) -> Option<Function> {
    let (data_type, order) = name.split_once('-')?;
    let data_type = DataType::from_name(data_type)?;
    let ordered = matches!(
        data_type,
        DataType::String
            | DataType::Integer
            | DataType::Double
            | DataType::Date
            | DataType::Time
            | DataType::DateTime
    );
    let order = [Order::Greater, Order::GreaterOrEqual, Order::Less, Order::LessOrEqual]
        .into_iter()
        .find(|candidate| candidate.name() == order)
        // As the OASIS conformance set spells it once.
        .or((name == "date-less-or-equal").then_some(Order::LessOrEqual))?;
    ordered.then_some(Function::Comparison(order, data_type))
}

impl Order {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Greater => "greater-than",
            Self::GreaterOrEqual => "greater-than-or-equal",
            Self::Less => "less-than",
            Self::LessOrEqual => "less-than-or-equal",
        }
    }

    const fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
        }
    }
}

pub(super) fn apply(order: Order, operands: &Operands<'_>) -> Result<Evaluated, FunctionError> {
    let ordering = match (operands.value(0)?, operands.value(1)?) {
        // The order of UTF-8 is the order of code points.
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        (Value::Integer(left), Value::Integer(right)) => Some(left.cmp(right)),
        (Value::Double(left), Value::Double(right)) => left.partial_cmp(right),
        (Value::Date(left), Value::Date(right)) => Some(left.order(*right)),
        (Value::Time(left), Value::Time(right)) => {
            if left.has_offset() != right.has_offset() {
                return Err(FunctionError::Incomparable);
            }
            Some(left.order(*right))
        }
        (Value::DateTime(left), Value::DateTime(right)) => Some(left.order(*right)),
        _ => return Err(FunctionError::Mismatch),
    };
    // NaN is neither smaller nor larger than anything.
    Ok(Evaluated::truth(ordering.is_some_and(|ordering| order.holds(ordering))))
}
