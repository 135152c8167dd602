//! Arithmetic on integers and doubles (annex A.3.2).

use num_bigint::BigInt;
use num_traits::{Signed as _, Zero as _};

use super::operand::{Evaluated, FunctionError, Operands};
use super::signature::Signature;
use crate::limits::MAX_INTEGER_BITS;
use crate::value::{DataType, Value};

/// A function computing with numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    /// `integer-add`
    IntegerAdd,
    /// `integer-subtract`
    IntegerSubtract,
    /// `integer-multiply`
    IntegerMultiply,
    /// `integer-divide`
    IntegerDivide,
    /// `integer-mod`
    IntegerMod,
    /// `integer-abs`
    IntegerAbs,
    /// `double-add`
    DoubleAdd,
    /// `double-subtract`
    DoubleSubtract,
    /// `double-multiply`
    DoubleMultiply,
    /// `double-divide`
    DoubleDivide,
    /// `double-abs`
    DoubleAbs,
    /// `round`
    Round,
    /// `floor`
    Floor,
}

pub(super) fn named(name: &str) -> Option<Arithmetic> {
    Arithmetic::ALL.into_iter().find(|function| function.name() == name)
}

impl Arithmetic {
    const ALL: [Self; 13] = [
        Self::IntegerAdd,
        Self::IntegerSubtract,
        Self::IntegerMultiply,
        Self::IntegerDivide,
        Self::IntegerMod,
        Self::IntegerAbs,
        Self::DoubleAdd,
        Self::DoubleSubtract,
        Self::DoubleMultiply,
        Self::DoubleDivide,
        Self::DoubleAbs,
        Self::Round,
        Self::Floor,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::IntegerAdd => "integer-add",
            Self::IntegerSubtract => "integer-subtract",
            Self::IntegerMultiply => "integer-multiply",
            Self::IntegerDivide => "integer-divide",
            Self::IntegerMod => "integer-mod",
            Self::IntegerAbs => "integer-abs",
            Self::DoubleAdd => "double-add",
            Self::DoubleSubtract => "double-subtract",
            Self::DoubleMultiply => "double-multiply",
            Self::DoubleDivide => "double-divide",
            Self::DoubleAbs => "double-abs",
            Self::Round => "round",
            Self::Floor => "floor",
        }
    }

    pub(super) fn signature(self) -> Signature {
        use DataType::{Double, Integer};
        match self {
            Self::IntegerAdd | Self::IntegerMultiply => {
                Signature::of(&[Integer, Integer], Integer).and_more(Integer)
            }
            Self::IntegerSubtract | Self::IntegerDivide | Self::IntegerMod => {
                Signature::of(&[Integer, Integer], Integer)
            }
            Self::IntegerAbs => Signature::of(&[Integer], Integer),
            Self::DoubleAdd | Self::DoubleMultiply => {
                Signature::of(&[Double, Double], Double).and_more(Double)
            }
            Self::DoubleSubtract | Self::DoubleDivide => Signature::of(&[Double, Double], Double),
            Self::DoubleAbs | Self::Round | Self::Floor => Signature::of(&[Double], Double),
        }
    }

    pub(super) fn apply(self, operands: &Operands<'_>) -> Result<Evaluated, FunctionError> {
        let value = match self {
            Self::IntegerAdd => {
                integer(fold(operands, Operands::integer, |sum: BigInt, n| sum + n)?)?
            }
            Self::IntegerMultiply => {
                integer(fold(operands, Operands::integer, |product: BigInt, n| product * n)?)?
            }
            Self::IntegerSubtract => integer(operands.integer(0)? - operands.integer(1)?)?,
            Self::IntegerDivide => integer(operands.integer(0)? / divisor(operands)?)?,
            Self::IntegerMod => integer(operands.integer(0)? % divisor(operands)?)?,
            Self::IntegerAbs => integer(operands.integer(0)?.abs())?,
            Self::DoubleAdd => double(fold(operands, Operands::double, |sum: f64, n| sum + n)?),
            Self::DoubleMultiply => {
                double(fold(operands, Operands::double, |product: f64, n| product * n)?)
            }
            Self::DoubleSubtract => double(operands.double(0)? - operands.double(1)?),
            Self::DoubleDivide => {
                let divisor = operands.double(1)?;
                if divisor.is_zero() {
                    return Err(FunctionError::DivisionByZero);
                }
                double(operands.double(0)? / divisor)
            }
            Self::DoubleAbs => double(operands.double(0)?.abs()),
            Self::Round => double(operands.double(0)?.round_ties_even()),
            Self::Floor => double(operands.double(0)?.floor()),
        };
        Ok(Evaluated::Value(value))
    }
}

/// Combines all arguments, from the first on.
fn fold<'a, Read, Number>(
    operands: &Operands<'a>,
    read: fn(&Operands<'a>, usize) -> Result<Read, FunctionError>,
    combine: fn(Number, Read) -> Number,
) -> Result<Number, FunctionError>
where
    Number: OfRead<Read>,
{
    let first = Number::of(read(operands, 0)?);
    (1..operands.len()).try_fold(first, |total, at| Ok(combine(total, read(operands, at)?)))
}

/// The owned number behind an argument.
trait OfRead<Read> {
    fn of(read: Read) -> Self;
}

impl OfRead<&BigInt> for BigInt {
    fn of(read: &BigInt) -> Self {
        read.clone()
    }
}

impl OfRead<f64> for f64 {
    fn of(read: f64) -> Self {
        read
    }
}

fn divisor<'a>(operands: &Operands<'a>) -> Result<&'a BigInt, FunctionError> {
    let divisor = operands.integer(1)?;
    if divisor.is_zero() { Err(FunctionError::DivisionByZero) } else { Ok(divisor) }
}

fn integer(number: BigInt) -> Result<Value, FunctionError> {
    if number.bits() > MAX_INTEGER_BITS {
        Err(FunctionError::TooLarge)
    } else {
        Ok(Value::Integer(number))
    }
}

const fn double(number: f64) -> Value {
    Value::Double(number)
}
