//! Equality (annex A.3.1).

use std::cmp::Ordering;

use super::operand::{Evaluated, FunctionError, Operands, has_equality};
use super::signature::Signature;
use super::{Function, text};
use crate::value::{DataType, Value};

pub(super) fn named(name: &str) -> Option<Function> {
    if name == "string-equal-ignore-case" {
        return Some(Function::EqualityIgnoringCase);
    }
    let data_type = DataType::from_name(name.strip_suffix("-equal")?)?;
    has_equality(data_type).then_some(Function::Equality(data_type))
}

/// Two values of one type make a truth value.
pub(super) fn signature(data_type: DataType) -> Signature {
    Signature::of(&[data_type, data_type], DataType::Boolean)
}

pub(super) fn equal(operands: &Operands<'_>) -> Result<Evaluated, FunctionError> {
    Ok(Evaluated::truth(same(operands.value(0)?, operands.value(1)?)?))
}

pub(super) fn equal_ignoring_case(operands: &Operands<'_>) -> Result<Evaluated, FunctionError> {
    let (left, right) = (operands.string(0)?, operands.string(1)?);
    // Most texts are ASCII, and comparing those needs no copies.
    let same = if left.is_ascii() && right.is_ascii() {
        left.eq_ignore_ascii_case(right)
    } else {
        text::lower(left) == text::lower(right)
    };
    Ok(Evaluated::truth(same))
}

/// Whether two values are equal as `type-equal` defines it for their type.
pub(super) fn same(left: &Value, right: &Value) -> Result<bool, FunctionError> {
    let same = match (left, right) {
        (Value::String(left), Value::String(right))
        | (Value::AnyUri(left), Value::AnyUri(right)) => left == right,
        (Value::Boolean(left), Value::Boolean(right)) => left == right,
        (Value::Integer(left), Value::Integer(right)) => left == right,
        // IEEE 754 would have NaN differ from itself; XML Schema and the conformance set do not
        // (case IIC358).
        (Value::Double(left), Value::Double(right)) => {
            left.partial_cmp(right) == Some(Ordering::Equal) || (left.is_nan() && right.is_nan())
        }
        (Value::Date(left), Value::Date(right)) => left.order(*right).is_eq(),
        (Value::Time(left), Value::Time(right)) => left.order(*right).is_eq(),
        (Value::DateTime(left), Value::DateTime(right)) => left.order(*right).is_eq(),
        (Value::DayTimeDuration(left), Value::DayTimeDuration(right)) => left == right,
        (Value::YearMonthDuration(left), Value::YearMonthDuration(right)) => left == right,
        (Value::HexBinary(left), Value::HexBinary(right))
        | (Value::Base64Binary(left), Value::Base64Binary(right)) => left == right,
        (Value::X500Name(left), Value::X500Name(right)) => left == right,
        (Value::Rfc822Name(left), Value::Rfc822Name(right)) => left.same(right),
        (Value::IpAddress(left), Value::IpAddress(right)) => left == right,
        (Value::DnsName(left), Value::DnsName(right)) => left == right,
        _ => return Err(FunctionError::Mismatch),
    };
    Ok(same)
}
