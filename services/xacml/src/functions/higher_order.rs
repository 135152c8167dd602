//! Functions that apply other functions (annex A.3.12).

use super::Function;
use super::logical::{all, any};
use super::operand::{Evaluated, FunctionError, Operand};
use super::signature::Type;
use crate::value::{Bag, DataType, Value};

/// How a function is applied.
type Call<'a, E> = &'a dyn Fn(Function, &[Operand<'_>]) -> Result<Evaluated, E>;

/// A function whose first argument is the function it applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HigherOrder {
    /// `any-of`
    AnyOf,
    /// `all-of`
    AllOf,
    /// `any-of-any`
    AnyOfAny,
    /// `all-of-any`
    AllOfAny,
    /// `any-of-all`
    AnyOfAll,
    /// `all-of-all`
    AllOfAll,
    /// `map`
    Map,
}

pub(super) fn named(name: &str) -> Option<HigherOrder> {
    HigherOrder::ALL.into_iter().find(|function| function.name() == name)
}

impl HigherOrder {
    const ALL: [Self; 7] = [
        Self::AnyOf,
        Self::AllOf,
        Self::AnyOfAny,
        Self::AllOfAny,
        Self::AnyOfAll,
        Self::AllOfAll,
        Self::Map,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::AnyOf => "any-of",
            Self::AllOf => "all-of",
            Self::AnyOfAny => "any-of-any",
            Self::AllOfAny => "all-of-any",
            Self::AnyOfAll => "any-of-all",
            Self::AllOfAll => "all-of-all",
            Self::Map => "map",
        }
    }

    /// The type of the result of applying `function` to arguments of these types; none when it
    /// cannot be.
    pub(crate) fn returns(self, function: Function, types: &[Type]) -> Option<Type> {
        let bags = types.iter().filter(|found| matches!(found, Type::Bag(_))).count();
        let shaped = match self {
            Self::AnyOf | Self::AllOf | Self::Map => bags == 1,
            Self::AnyOfAny => !types.is_empty(),
            Self::AllOfAny | Self::AnyOfAll | Self::AllOfAll => bags == 2 && types.len() == 2,
        };
        let singles: Vec<Type> = types
            .iter()
            .map(|found| match found {
                Type::Single(data_type) | Type::Bag(data_type) => Type::Single(*data_type),
            })
            .collect();
        let signature = function.signature()?;
        let Type::Single(returned) = signature.returns else { return None };
        if !shaped || !signature.accepts(&singles) {
            return None;
        }
        match self {
            Self::Map => Some(Type::Bag(returned)),
            Self::AnyOf
            | Self::AllOf
            | Self::AnyOfAny
            | Self::AllOfAny
            | Self::AnyOfAll
            | Self::AllOfAll => {
                (returned == DataType::Boolean).then_some(Type::Single(DataType::Boolean))
            }
        }
    }

    /// Applies `function`, by way of `call`, to the arguments.
    ///
    /// # Errors
    ///
    /// What the calls return, when the result depends on it.
    pub(crate) fn evaluate<E: From<FunctionError>>(
        self,
        function: Function,
        arguments: &[Evaluated],
        call: Call<'_, E>,
    ) -> Result<Evaluated, E> {
        let truth = |values: &[&Value]| -> Result<bool, E> {
            let operands: Vec<_> = values.iter().map(|value| Operand::Value(value)).collect();
            let result = call(function, &operands)?;
            result.as_truth().ok_or_else(|| FunctionError::Mismatch.into())
        };
        match self {
            Self::AnyOf | Self::AnyOfAny => any_of(arguments, &mut Vec::new(), &truth),
            Self::AllOf => all(rows(arguments)?.iter().map(|row| truth(row))),
            Self::AllOfAny => {
                let (left, right) = two_bags(arguments)?;
                all(left.iter().map(|x| any(right.iter().map(|y| truth(&[x, y])))))
            }
            Self::AnyOfAll => {
                // For all of the second bag there is one in the first, not one of the first for all.
                let (left, right) = two_bags(arguments)?;
                all(right.iter().map(|y| any(left.iter().map(|x| truth(&[x, y])))))
            }
            Self::AllOfAll => {
                let (left, right) = two_bags(arguments)?;
                all(left.iter().map(|x| all(right.iter().map(|y| truth(&[x, y])))))
            }
            Self::Map => return map(function, arguments, call),
        }
        .map(Evaluated::truth)
    }
}

/// Whether the function holds for any combination of one value of each argument.
fn any_of<'a, E>(
    arguments: &'a [Evaluated],
    chosen: &mut Vec<&'a Value>,
    truth: &dyn Fn(&[&Value]) -> Result<bool, E>,
) -> Result<bool, E> {
    let Some((argument, rest)) = arguments.split_first() else { return truth(chosen) };
    any(members(argument).iter().map(|value| {
        chosen.push(value);
        let found = any_of(rest, chosen, truth);
        chosen.pop();
        found
    }))
}

/// Applies the function for every member of the one bag, and collects the results.
fn map<E: From<FunctionError>>(
    function: Function,
    arguments: &[Evaluated],
    call: Call<'_, E>,
) -> Result<Evaluated, E> {
    let Some(Type::Single(data_type)) = function.signature().map(|signature| signature.returns)
    else {
        return Err(FunctionError::Mismatch.into());
    };
    let mut results = Vec::new();
    for row in rows(arguments)? {
        let operands: Vec<_> = row.into_iter().map(Operand::Value).collect();
        let Evaluated::Value(result) = call(function, &operands)? else {
            return Err(FunctionError::Mismatch.into());
        };
        results.push(result);
    }
    Ok(Evaluated::Bag(Bag::of(data_type, results)))
}

/// One list of arguments for every member of the one bag among them.
fn rows(arguments: &[Evaluated]) -> Result<Vec<Vec<&Value>>, FunctionError> {
    let bag = arguments
        .iter()
        .find_map(|argument| match argument {
            Evaluated::Bag(bag) => Some(bag),
            Evaluated::Value(_) => None,
        })
        .ok_or(FunctionError::Mismatch)?;
    let row = |member| {
        arguments
            .iter()
            .map(|argument| match argument {
                Evaluated::Value(value) => value,
                Evaluated::Bag(_) => member,
            })
            .collect()
    };
    Ok(bag.values().iter().map(row).collect())
}

fn members(argument: &Evaluated) -> &[Value] {
    match argument {
        Evaluated::Value(value) => std::slice::from_ref(value),
        Evaluated::Bag(bag) => bag.values(),
    }
}

fn two_bags(arguments: &[Evaluated]) -> Result<(&[Value], &[Value]), FunctionError> {
    match arguments {
        [Evaluated::Bag(left), Evaluated::Bag(right)] => Ok((left.values(), right.values())),
        _ => Err(FunctionError::Mismatch),
    }
}
