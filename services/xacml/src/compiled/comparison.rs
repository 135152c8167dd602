//! Comparisons of a literal with the values of an attribute (section 7.6).

use std::borrow::Cow;

use super::names::{Attribute, Names};
use super::run::Run;
use crate::evaluate::{EvaluationError, cost, holds};
use crate::functions::logical::any;
use crate::functions::pattern::Pattern;
use crate::functions::{Function, FunctionError, Operand};
use crate::model::{Lookup, Match};
use crate::value::{DataType, Value};

/// A literal compared with values.
#[derive(Debug)]
pub(super) enum Comparison {
    /// With the texts of an attribute, which are equal or not.
    Text { attribute: Attribute, literal: Box<str> },
    /// A pattern, with the values of an attribute.
    Pattern { attribute: Attribute, function: Function, pattern: Pattern },
    /// With the values of an attribute, by any other function.
    Called { attribute: Attribute, function: Function, literal: Value },
    /// With what is in the content.
    Content(Match),
}

/// The values of an attribute.
pub(super) enum Values<'v> {
    /// Those of the request.
    Held(&'v [&'v Value]),
    /// Those from elsewhere.
    Supplied(Vec<Cow<'v, Value>>),
}

impl Comparison {
    pub(super) fn lower(matched: &Match, names: &mut Names) -> Self {
        match &matched.lookup {
            Lookup::Designator(designator) => {
                Self::of(matched.function, &matched.value, names.attribute(designator))
            }
            Lookup::Selector(_) => Self::Content(matched.clone()),
        }
    }

    /// A function applied to a literal and, one by one, the values of an attribute.
    pub(super) fn of(function: Function, literal: &Value, attribute: Attribute) -> Self {
        match (function, literal) {
            (
                Function::Equality(DataType::String | DataType::AnyUri),
                Value::String(text) | Value::AnyUri(text),
            ) => Self::Text { attribute, literal: text.as_str().into() },
            (Function::Pattern(_), Value::String(text)) => match Pattern::compile(text) {
                Ok(pattern) => Self::Pattern { attribute, function, pattern },
                // It is an error only once it is applied.
                Err(_) => Self::Called { attribute, function, literal: literal.clone() },
            },
            _ => Self::Called { attribute, function, literal: literal.clone() },
        }
    }

    /// Whether the comparison holds for any value.
    pub(super) fn holds(&self, run: &Run<'_>) -> Result<bool, EvaluationError> {
        match self {
            Self::Text { attribute, literal } => {
                Ok(run.values(attribute)?.any(|value| value.text() == Some(literal)))
            }
            Self::Pattern { attribute, function, pattern } => {
                let matches = |value: &Value| {
                    run.context.steps(cost::of(*function, &[Operand::Value(value)]))?;
                    Ok(pattern.matches(value))
                };
                any(run.values(attribute)?.iter().map(matches))
            }
            Self::Called { attribute, function, literal } => {
                let called = |value: &Value| {
                    let operands = [Operand::Value(literal), Operand::Value(value)];
                    let result = run.context.call(*function, &operands)?;
                    Ok(result.as_truth().ok_or(FunctionError::Mismatch)?)
                };
                any(run.values(attribute)?.iter().map(called))
            }
            Self::Content(matched) => holds(&run.context, matched),
        }
    }
}

impl Values<'_> {
    /// Whether it holds for any.
    pub(super) fn any(&self, holds: impl Fn(&Value) -> bool) -> bool {
        match self {
            Self::Held(values) => values.iter().any(|value| holds(value)),
            Self::Supplied(values) => values.iter().any(|value| holds(value)),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Value> {
        let (held, supplied): (&[&Value], &[Cow<'_, Value>]) = match self {
            Self::Held(values) => (values, &[]),
            Self::Supplied(values) => (&[], values),
        };
        held.iter().copied().chain(supplied.iter().map(AsRef::as_ref))
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Held(values) => values.len(),
            Self::Supplied(values) => values.len(),
        }
    }
}
