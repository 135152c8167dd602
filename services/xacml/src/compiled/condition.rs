//! Conditions of the common kinds, and all others as they are.

use std::collections::HashSet;

use foldhash::fast::RandomState;

use super::comparison::Comparison;
use super::names::{Attribute, Names};
use super::run::Run;
use crate::evaluate::{EvaluationError, Scope};
use crate::functions::logical::{all, any};
use crate::functions::{BagFunction, Function, FunctionError, HigherOrder, Logical, SetFunction};
use crate::model::{Apply, Designator, Expression};
use crate::value::{DataType, Value};

/// Fewer literals than this are compared one by one.
const WORTH_HASHING: usize = 4;

/// An expression that is true or false.
#[derive(Debug)]
pub(super) enum Condition {
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
    /// A literal compared with each of a bag.
    AnyOf(Comparison),
    /// Whether a bag has any of these texts.
    HasText {
        attribute: Attribute,
        texts: Texts,
    },
    /// Whether the only value of a bag is this text.
    OnlyText {
        attribute: Attribute,
        text: Box<str>,
    },
    /// Anything else.
    Other(Expression),
}

/// Texts to be found.
#[derive(Debug)]
pub(super) enum Texts {
    Few(Vec<Box<str>>),
    Many(HashSet<Box<str>, RandomState>),
}

impl Condition {
    pub(super) fn lower(expression: &Expression, names: &mut Names) -> Self {
        let known = match expression {
            Expression::Apply(apply) => Self::lower_apply(apply, names),
            Expression::Value(_)
            | Expression::Designator(_)
            | Expression::Selector(_)
            | Expression::Variable { .. }
            | Expression::Function(_) => None,
        };
        known.unwrap_or_else(|| Self::Other(expression.clone()))
    }

    fn lower_apply(apply: &Apply, names: &mut Names) -> Option<Self> {
        let mut each = || {
            apply.arguments.iter().map(|argument| Self::lower(argument, names)).collect::<Vec<_>>()
        };
        match (apply.function, apply.arguments.as_slice()) {
            (Function::Logical(Logical::And), _) => Some(Self::And(each())),
            (Function::Logical(Logical::Or), _) => Some(Self::Or(each())),
            (Function::Logical(Logical::Not), [argument]) => {
                Some(Self::Not(Box::new(Self::lower(argument, names))))
            }
            (
                Function::HigherOrder(HigherOrder::AnyOf),
                [
                    Expression::Function(function),
                    Expression::Value(literal),
                    Expression::Designator(designator),
                ],
            ) => Some(Self::AnyOf(Comparison::of(*function, literal, names.attribute(designator)))),
            (
                Function::Bag(BagFunction::IsIn, DataType::String | DataType::AnyUri),
                [Expression::Value(literal), Expression::Designator(designator)],
            ) => Self::has_text(std::slice::from_ref(literal).iter(), designator, names),
            (
                Function::Set(SetFunction::AtLeastOneMemberOf, DataType::String | DataType::AnyUri),
                [Expression::Designator(designator), Expression::Apply(bag)]
                | [Expression::Apply(bag), Expression::Designator(designator)],
            ) => Self::has_text(literals(bag)?.into_iter(), designator, names),
            (
                Function::Equality(DataType::String | DataType::AnyUri),
                [Expression::Value(literal), Expression::Apply(only)]
                | [Expression::Apply(only), Expression::Value(literal)],
            ) => Some(Self::OnlyText {
                attribute: names.attribute(only_one(only)?),
                text: literal.text()?.into(),
            }),
            _ => None,
        }
    }

    fn has_text<'v>(
        literals: impl Iterator<Item = &'v Value>,
        designator: &Designator,
        names: &mut Names,
    ) -> Option<Self> {
        let texts = literals.map(Value::text).collect::<Option<Vec<_>>>()?;
        let attribute = names.attribute(designator);
        Some(Self::HasText { attribute, texts: Texts::of(texts) })
    }

    /// Whether it is true.
    pub(super) fn holds(
        &self,
        run: &Run<'_>,
        scope: &Scope<'_, '_>,
    ) -> Result<bool, EvaluationError> {
        match self {
            Self::And(parts) => all(parts.iter().map(|part| part.holds(run, scope))),
            Self::Or(parts) => any(parts.iter().map(|part| part.holds(run, scope))),
            Self::Not(part) => part.holds(run, scope).map(|truth| !truth),
            Self::AnyOf(comparison) => comparison.holds(run),
            Self::HasText { attribute, texts } => {
                let values = run.values(attribute)?;
                Ok(values.any(|value| value.text().is_some_and(|text| texts.contain(text))))
            }
            Self::OnlyText { attribute, text } => {
                let values = run.values(attribute)?;
                let (mut iter, size) = (values.iter(), values.len());
                match (iter.next(), size) {
                    (Some(only), 1) => Ok(only.text() == Some(text)),
                    _ => Err(FunctionError::NotOne { size }.into()),
                }
            }
            Self::Other(expression) => scope.truth(expression),
        }
    }
}

impl Texts {
    fn of(texts: Vec<&str>) -> Self {
        if texts.len() < WORTH_HASHING {
            Self::Few(texts.into_iter().map(Into::into).collect())
        } else {
            Self::Many(texts.into_iter().map(Into::into).collect())
        }
    }

    fn contain(&self, text: &str) -> bool {
        match self {
            Self::Few(texts) => texts.iter().any(|own| own.as_ref() == text),
            Self::Many(texts) => texts.contains(text),
        }
    }
}

/// The members of a bag that is written out.
fn literals<'v>(bag: &'v Apply) -> Option<Vec<&'v Value>> {
    if !matches!(bag.function, Function::Bag(BagFunction::Bag, _)) {
        return None;
    }
    let literal = |argument: &'v Expression| match argument {
        Expression::Value(value) => Some(value),
        Expression::Designator(_)
        | Expression::Selector(_)
        | Expression::Apply(_)
        | Expression::Variable { .. }
        | Expression::Function(_) => None,
    };
    bag.arguments.iter().map(literal).collect()
}

/// The attribute whose only value is asked for.
fn only_one(only: &Apply) -> Option<&Designator> {
    match (only.function, only.arguments.as_slice()) {
        (Function::Bag(BagFunction::OneAndOnly, _), [Expression::Designator(designator)]) => {
            Some(designator)
        }
        _ => None,
    }
}
