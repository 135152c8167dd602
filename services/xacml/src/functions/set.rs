//! Functions on bags as sets (annex A.3.11).

use super::Function;
use super::equality::same;
use super::logical::{all, any};
use super::operand::{Evaluated, FunctionError, Operands, has_equality};
use super::signature::{Signature, Type};
use crate::value::{Bag, DataType, Value};

/// A function on two bags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SetFunction {
    /// `type-intersection`
    Intersection,
    /// `type-at-least-one-member-of`
    AtLeastOneMemberOf,
    /// `type-union`
    Union,
    /// `type-subset`
    Subset,
    /// `type-set-equals`
    SetEquals,
}

pub(super) fn named(name: &str) -> Option<Function> {
    let (data_type, function) = name.split_once('-')?;
    let data_type = DataType::from_name(data_type).filter(|data_type| has_equality(*data_type))?;
    SetFunction::ALL
        .into_iter()
        .find(|candidate| candidate.name() == function)
        .map(|function| Function::Set(function, data_type))
}

impl SetFunction {
    const ALL: [Self; 5] =
        [Self::Intersection, Self::AtLeastOneMemberOf, Self::Union, Self::Subset, Self::SetEquals];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Intersection => "intersection",
            Self::AtLeastOneMemberOf => "at-least-one-member-of",
            Self::Union => "union",
            Self::Subset => "subset",
            Self::SetEquals => "set-equals",
        }
    }

    pub(super) fn signature(self, data_type: DataType) -> Signature {
        let bag = Type::Bag(data_type);
        let (repeated, returns) = match self {
            Self::Intersection => (None, bag),
            Self::Union => (Some(bag), bag),
            Self::AtLeastOneMemberOf | Self::Subset | Self::SetEquals => {
                (None, Type::Single(DataType::Boolean))
            }
        };
        Signature { required: vec![bag, bag], repeated, returns }
    }

    pub(super) fn apply(self, operands: &Operands<'_>) -> Result<Evaluated, FunctionError> {
        let (left, right) = (operands.bag(0)?, operands.bag(1)?);
        match self {
            Self::Intersection => {
                let mut common = Vec::new();
                for value in left.values() {
                    if contains(right.values(), value)? && !contains(&common, value)? {
                        common.push(value.clone());
                    }
                }
                Ok(Evaluated::Bag(Bag::of(left.data_type(), common)))
            }
            Self::Union => {
                let mut union = Vec::new();
                for bag in operands.bags() {
                    for value in bag?.values() {
                        if !contains(&union, value)? {
                            union.push(value.clone());
                        }
                    }
                }
                Ok(Evaluated::Bag(Bag::of(left.data_type(), union)))
            }
            Self::AtLeastOneMemberOf => {
                let members = left.values().iter().map(|value| contains(right.values(), value));
                any(members).map(Evaluated::truth)
            }
            Self::Subset => subset(left, right).map(Evaluated::truth),
            Self::SetEquals => Ok(Evaluated::truth(subset(left, right)? && subset(right, left)?)),
        }
    }
}

fn subset(left: &Bag, right: &Bag) -> Result<bool, FunctionError> {
    all(left.values().iter().map(|value| contains(right.values(), value)))
}

fn contains(values: &[Value], wanted: &Value) -> Result<bool, FunctionError> {
    any(values.iter().map(|value| same(value, wanted)))
}
