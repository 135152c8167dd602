//! Evaluated arguments, and what can go wrong with them.

use num_bigint::BigInt;

use crate::value::{Bag, DataType, LexicalError, Value};

/// What an expression evaluates to.
#[derive(Debug, Clone, PartialEq)]
pub enum Evaluated {
    /// One value.
    Value(Value),
    /// A bag of values.
    Bag(Bag),
}

impl Evaluated {
    /// A truth value.
    #[must_use]
    pub const fn truth(truth: bool) -> Self {
        Self::Value(Value::Boolean(truth))
    }

    /// The truth value, if it is one.
    #[must_use]
    pub const fn as_truth(&self) -> Option<bool> {
        if let Self::Value(Value::Boolean(truth)) = self { Some(*truth) } else { None }
    }

    /// The value as an argument.
    #[must_use]
    pub const fn as_operand(&self) -> Operand<'_> {
        match self {
            Self::Value(value) => Operand::Value(value),
            Self::Bag(bag) => Operand::Bag(bag),
        }
    }
}

/// An evaluated argument of a function.
#[derive(Debug, Clone, Copy)]
pub enum Operand<'a> {
    /// One value.
    Value(&'a Value),
    /// A bag of values.
    Bag(&'a Bag),
}

/// Why a function has no result: the reasons for which the standard says Indeterminate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FunctionError {
    /// An argument does not have the type the function takes.
    #[error("an argument has the wrong type")]
    Mismatch,
    /// Division by zero.
    #[error("division by zero")]
    DivisionByZero,
    /// A result or an argument lies outside of what can be computed with.
    #[error("a number, date or position is out of range")]
    OutOfRange,
    /// A bag that had to hold one value.
    #[error("a bag of {size} values where exactly one was needed")]
    NotOne {
        /// The number of values.
        size: usize,
    },
    /// Times of which only one has a time zone.
    #[error("a time with a time zone cannot be compared with one without")]
    Incomparable,
    /// A regular expression that is none.
    #[error("`{0}` is not a regular expression the engine can apply")]
    Pattern(String),
    /// A text that could not be converted.
    #[error(transparent)]
    Lexical(#[from] LexicalError),
    /// A text or number grown beyond the engine's limit.
    #[error("a value grew beyond the limit")]
    TooLarge,
}

/// The arguments of one application, read by position and type.
#[derive(Debug, Clone, Copy)]
pub struct Operands<'a> {
    operands: &'a [Operand<'a>],
}

impl<'a> Operands<'a> {
    pub(super) const fn new(operands: &'a [Operand<'a>]) -> Self {
        Self { operands }
    }

    pub(super) const fn len(&self) -> usize {
        self.operands.len()
    }

    pub(super) fn values(&self) -> impl ExactSizeIterator<Item = Result<&'a Value, FunctionError>> {
        self.operands.iter().map(|operand| match operand {
            Operand::Value(value) => Ok(*value),
            Operand::Bag(_) => Err(FunctionError::Mismatch),
        })
    }

    pub(super) fn bags(&self) -> impl Iterator<Item = Result<&'a Bag, FunctionError>> {
        self.operands.iter().map(|operand| match operand {
            Operand::Bag(bag) => Ok(*bag),
            Operand::Value(_) => Err(FunctionError::Mismatch),
        })
    }

    pub(super) fn value(&self, at: usize) -> Result<&'a Value, FunctionError> {
        self.values().nth(at).ok_or(FunctionError::Mismatch)?
    }

    pub(super) fn bag(&self, at: usize) -> Result<&'a Bag, FunctionError> {
        self.bags().nth(at).ok_or(FunctionError::Mismatch)?
    }

    pub(super) fn string(&self, at: usize) -> Result<&'a str, FunctionError> {
        let Value::String(text) = self.value(at)? else { return Err(FunctionError::Mismatch) };
        Ok(text)
    }

    /// The text of a string or of a URI.
    pub(super) fn text(&self, at: usize) -> Result<&'a str, FunctionError> {
        self.value(at)?.text().ok_or(FunctionError::Mismatch)
    }

    pub(super) fn integer(&self, at: usize) -> Result<&'a BigInt, FunctionError> {
        let Value::Integer(number) = self.value(at)? else { return Err(FunctionError::Mismatch) };
        Ok(number)
    }

    pub(super) fn double(&self, at: usize) -> Result<f64, FunctionError> {
        let Value::Double(number) = self.value(at)? else { return Err(FunctionError::Mismatch) };
        Ok(*number)
    }
}

/// The types a family of functions is defined for, apart from network addresses, host names, days of
/// the week and XPath expressions, for which the standard defines no equality.
pub(super) const fn has_equality(data_type: DataType) -> bool {
    !matches!(
        data_type,
        DataType::IpAddress | DataType::DnsName | DataType::DayOfWeek | DataType::XPathExpression
    )
}
