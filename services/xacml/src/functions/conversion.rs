//! Conversions between data types (annex A.3.4 and A.3.9).

use std::fmt;

use num_bigint::BigInt;
use num_traits::{FromPrimitive as _, ToPrimitive as _};

use super::operand::{Evaluated, FunctionError, Operands};
use super::signature::Signature;
use crate::value::{DataType, Value};

/// A function converting a value to another data type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Conversion {
    /// `double-to-integer`
    DoubleToInteger,
    /// `integer-to-double`
    IntegerToDouble,
    /// `type-from-string`
    FromString(DataType),
    /// `string-from-type`
    ToString(DataType),
}

pub(super) fn named(name: &str) -> Option<Conversion> {
    match name {
        "double-to-integer" => return Some(Conversion::DoubleToInteger),
        "integer-to-double" => return Some(Conversion::IntegerToDouble),
        _ => {}
    }
    if let Some(name) = name.strip_prefix("string-from-") {
        return DataType::from_name(name)
            .filter(|data_type| converts(*data_type))
            .map(Conversion::ToString);
    }
    let name = name.strip_suffix("-from-string")?;
    DataType::from_name(name).filter(|data_type| converts(*data_type)).map(Conversion::FromString)
}

/// The standard converts neither strings nor octets nor XPath expressions.
const fn converts(data_type: DataType) -> bool {
    !matches!(
        data_type,
        DataType::String | DataType::HexBinary | DataType::Base64Binary | DataType::XPathExpression
    )
}

impl Conversion {
    pub(super) fn signature(self) -> Signature {
        match self {
            Self::DoubleToInteger => Signature::of(&[DataType::Double], DataType::Integer),
            Self::IntegerToDouble => Signature::of(&[DataType::Integer], DataType::Double),
            Self::FromString(data_type) => Signature::of(&[DataType::String], data_type),
            Self::ToString(data_type) => Signature::of(&[data_type], DataType::String),
        }
    }

    pub(super) fn apply(self, operands: &Operands<'_>) -> Result<Evaluated, FunctionError> {
        let value = match self {
            Self::DoubleToInteger => BigInt::from_f64(operands.double(0)?)
                .map(Value::Integer)
                .ok_or(FunctionError::OutOfRange)?,
            Self::IntegerToDouble => operands
                .integer(0)?
                .to_f64()
                .filter(|number| number.is_finite())
                .map(Value::Double)
                .ok_or(FunctionError::OutOfRange)?,
            Self::FromString(data_type) => Value::parse(data_type, operands.string(0)?)?,
            Self::ToString(_) => Value::String(canonical(operands.value(0)?)),
        };
        Ok(Evaluated::Value(value))
    }
}

impl fmt::Display for Conversion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DoubleToInteger => f.write_str("double-to-integer"),
            Self::IntegerToDouble => f.write_str("integer-to-double"),
            Self::FromString(data_type) => write!(f, "{data_type}-from-string"),
            Self::ToString(data_type) => write!(f, "string-from-{data_type}"),
        }
    }
}

/// The canonical form of XML Schema: one text for equal values.
fn canonical(value: &Value) -> String {
    if let Value::Time(time) = value {
        return time.canonical().to_string();
    }
    if let Value::DateTime(moment) = value {
        return moment.canonical().to_string();
    }
    value.to_string()
}
