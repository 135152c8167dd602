//! Logic (annex A.3.5), where a truth that cannot be known need not matter.

use num_bigint::BigInt;

use super::operand::{Evaluated, FunctionError, Operands};
use super::signature::{Signature, Type};
use crate::value::{DataType, Value};

/// A function combining truth values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Logical {
    /// `and`
    And,
    /// `or`
    Or,
    /// `n-of`
    NOf,
    /// `not`
    Not,
}

pub(super) fn named(name: &str) -> Option<Logical> {
    [Logical::And, Logical::Or, Logical::NOf, Logical::Not]
        .into_iter()
        .find(|function| function.name() == name)
}

impl Logical {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::And => "and",
            Self::Or => "or",
            Self::NOf => "n-of",
            Self::Not => "not",
        }
    }

    pub(super) fn signature(self) -> Signature {
        let returns = Type::Single(DataType::Boolean);
        match self {
            Self::And | Self::Or => {
                Signature { required: Vec::new(), repeated: Some(returns), returns }
            }
            Self::NOf => {
                Signature::of(&[DataType::Integer], DataType::Boolean).and_more(DataType::Boolean)
            }
            Self::Not => Signature::of(&[DataType::Boolean], DataType::Boolean),
        }
    }

    /// Applies the function to arguments that are all known.
    pub(super) fn apply(self, operands: &Operands<'_>) -> Result<Evaluated, FunctionError> {
        let arguments = operands.values().map(|value| Ok(Evaluated::Value(value?.clone())));
        self.evaluate(arguments)
    }

    /// Applies the function to arguments as they become known, no further than needed.
    ///
    /// # Errors
    ///
    /// The first error among the arguments, when the result depends on it.
    pub(crate) fn evaluate<E: From<FunctionError>>(
        self,
        mut arguments: impl ExactSizeIterator<Item = Result<Evaluated, E>>,
    ) -> Result<Evaluated, E> {
        let truth = match self {
            Self::And => all(arguments.map(truth)),
            Self::Or => any(arguments.map(truth)),
            Self::Not => match arguments.next() {
                Some(argument) => truth(argument).map(|truth| !truth),
                None => Err(FunctionError::Mismatch.into()),
            },
            Self::NOf => {
                let Some(Evaluated::Value(Value::Integer(least))) = arguments.next().transpose()?
                else {
                    return Err(FunctionError::Mismatch.into());
                };
                n_of(&least, arguments.map(truth))
            }
        };
        truth.map(Evaluated::truth)
    }
}

/// Whether any is true; the first error only if none is.
pub(crate) fn any<E>(truths: impl Iterator<Item = Result<bool, E>>) -> Result<bool, E> {
    let mut first_error = None;
    for truth in truths {
        match truth {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    first_error.map_or(Ok(false), Err)
}

/// Whether all are true; the first error only if none is false.
pub(crate) fn all<E>(truths: impl Iterator<Item = Result<bool, E>>) -> Result<bool, E> {
    any(truths.map(|truth| truth.map(|truth| !truth))).map(|truth| !truth)
}

/// Whether at least so many are true. More than there are arguments is an error, zero is true.
fn n_of<E: From<FunctionError>>(
    least: &BigInt,
    truths: impl ExactSizeIterator<Item = Result<bool, E>>,
) -> Result<bool, E> {
    let least = usize::try_from(least).map_err(|_| FunctionError::OutOfRange)?;
    let mut remaining = truths.len();
    if least > remaining {
        return Err(FunctionError::OutOfRange.into());
    }
    let (mut found, mut first_error, mut unknown) = (0, None, 0);
    for truth in truths {
        if found >= least {
            break;
        }
        remaining -= 1;
        match truth {
            Ok(true) => found += 1,
            Ok(false) => {}
            Err(error) => {
                unknown += 1;
                first_error = first_error.or(Some(error));
            }
        }
        if found + unknown + remaining < least {
            return Ok(false);
        }
    }
    if found >= least { Ok(true) } else { first_error.map_or(Ok(false), Err) }
}

fn truth<E: From<FunctionError>>(argument: Result<Evaluated, E>) -> Result<bool, E> {
    argument?.as_truth().ok_or_else(|| FunctionError::Mismatch.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: Result<bool, FunctionError> = Ok(true);
    const F: Result<bool, FunctionError> = Ok(false);
    const E: Result<bool, FunctionError> = Err(FunctionError::DivisionByZero);

    fn evaluate(
        function: Logical,
        truths: &[Result<bool, FunctionError>],
    ) -> Result<bool, FunctionError> {
        let arguments: Vec<_> =
            truths.iter().map(|truth| truth.clone().map(Evaluated::truth)).collect();
        function.evaluate(arguments.into_iter()).map(|result| result == Evaluated::truth(true))
    }

    #[test]
    fn and_is_false_as_soon_as_one_is_false_even_among_errors() {
        for (arguments, expected) in
            [(vec![], T), (vec![T, T], T), (vec![T, F], F), (vec![E, F], F), (vec![T, E], E)]
        {
            assert_eq!(evaluate(Logical::And, &arguments), expected, "{arguments:?}");
        }
    }

    #[test]
    fn or_is_true_as_soon_as_one_is_true_even_among_errors() {
        for (arguments, expected) in
            [(vec![], F), (vec![F, T], T), (vec![F, F], F), (vec![E, T], T), (vec![F, E], E)]
        {
            assert_eq!(evaluate(Logical::Or, &arguments), expected, "{arguments:?}");
        }
    }

    #[test]
    fn not_of_an_error_is_an_error() {
        for (argument, expected) in [(T, F), (F, T), (E, E)] {
            assert_eq!(evaluate(Logical::Not, &[argument]), expected);
        }
    }

    #[test]
    fn n_of_counts_until_the_outcome_is_certain() {
        let range = Err(FunctionError::OutOfRange);
        for (least, truths, expected) in [
            (0, vec![], T),
            (0, vec![E], T),
            (2, vec![T, F, T], T),
            (2, vec![T, F, F], F),
            (2, vec![E, T, T], T),
            (2, vec![E, F, T], E),
            (2, vec![E, F, F], F),
            (3, vec![T, T], range.clone()),
            (-1, vec![T, T], range),
        ] {
            assert_eq!(
                n_of(&BigInt::from(least), truths.clone().into_iter()),
                expected,
                "{least} of {truths:?}"
            );
        }
    }
}
