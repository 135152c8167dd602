//! Functions on bags (annex A.3.10).

use super::Function;
use super::equality::same;
use super::logical::any;
use super::operand::{Evaluated, FunctionError, Operands};
use super::signature::{Signature, Type};
use crate::value::{Bag, DataType, Value};

/// A function on a bag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BagFunction {
    /// `type-one-and-only`
    OneAndOnly,
    /// `type-bag-size`
    Size,
    /// `type-is-in`
    IsIn,
    /// `type-bag`
    Bag,
}

pub(super) fn named(name: &str) -> Option<Function> {
    let (data_type, function) = name.split_once('-')?;
    let data_type = DataType::from_name(data_type)?;
    [BagFunction::OneAndOnly, BagFunction::Size, BagFunction::IsIn, BagFunction::Bag]
        .into_iter()
        .find(|candidate| candidate.name() == function)
        // XPath expressions and days of the week are not compared.
        .filter(|function| {
            *function != BagFunction::IsIn
                || !matches!(data_type, DataType::XPathExpression | DataType::DayOfWeek)
        })
        .map(|function| Function::Bag(function, data_type))
}

impl BagFunction {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::OneAndOnly => "one-and-only",
            Self::Size => "bag-size",
            Self::IsIn => "is-in",
            Self::Bag => "bag",
        }
    }

    pub(super) fn signature(self, data_type: DataType) -> Signature {
        let (single, bag) = (Type::Single(data_type), Type::Bag(data_type));
        let (required, repeated, returns) = match self {
            Self::OneAndOnly => (vec![bag], None, single),
            Self::Size => (vec![bag], None, Type::Single(DataType::Integer)),
            Self::IsIn => (vec![single, bag], None, Type::Single(DataType::Boolean)),
            Self::Bag => (vec![], Some(single), bag),
        };
        Signature { required, repeated, returns }
    }

    pub(super) fn apply(
        self,
        data_type: DataType,
        operands: &Operands<'_>,
    ) -> Result<Evaluated, FunctionError> {
        match self {
            Self::OneAndOnly => match operands.bag(0)?.values() {
                [only] => Ok(Evaluated::Value(only.clone())),
                values => Err(FunctionError::NotOne { size: values.len() }),
            },
            Self::Size => Ok(Evaluated::Value(Value::integer(operands.bag(0)?.len()))),
            Self::IsIn => {
                let value = operands.value(0)?;
                let found =
                    any(operands.bag(1)?.values().iter().map(|member| same(value, member)))?;
                Ok(Evaluated::truth(found))
            }
            Self::Bag => {
                let values = operands.values().collect::<Result<Vec<_>, _>>()?;
                Ok(Evaluated::Bag(Bag::of(data_type, values.into_iter().cloned())))
            }
        }
    }
}
