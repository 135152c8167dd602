//! Expressions (section 7.5).

use super::EvaluationError;
use super::context::Scope;
use crate::functions::{Evaluated, Function, FunctionError, HigherOrder, Operand};
use crate::model::{Apply, Expression};
use crate::value::Bag;

impl Scope<'_, '_> {
    /// Evaluates an expression.
    pub(super) fn evaluate(&self, expression: &Expression) -> Result<Evaluated, EvaluationError> {
        match expression {
            Expression::Value(value) => Ok(Evaluated::Value(value.clone())),
            Expression::Designator(designator) => {
                let values = self.context.values(designator)?;
                let values = values.into_iter().map(std::borrow::Cow::into_owned);
                Ok(Evaluated::Bag(Bag::of(designator.data_type, values)))
            }
            Expression::Selector(selector) => {
                let values = self.context.selected(selector)?;
                Ok(Evaluated::Bag(Bag::of(selector.data_type, values)))
            }
            Expression::Apply(apply) => self.apply(apply),
            Expression::Variable { index, .. } => self.variable(*index),
            Expression::Function(_) => Err(FunctionError::Mismatch.into()),
        }
    }

    /// Evaluates an expression whose value is true or false.
    pub(crate) fn truth(&self, expression: &Expression) -> Result<bool, EvaluationError> {
        self.evaluate(expression)?.as_truth().ok_or_else(|| FunctionError::Mismatch.into())
    }

    fn apply(&self, apply: &Apply) -> Result<Evaluated, EvaluationError> {
        match apply.function {
            Function::Logical(function) => {
                self.context.step()?;
                function.evaluate(apply.arguments.iter().map(|argument| self.evaluate(argument)))
            }
            Function::HigherOrder(function) => self.apply_function(function, &apply.arguments),
            Function::Equality(_)
            | Function::EqualityIgnoringCase
            | Function::Arithmetic(_)
            | Function::Conversion(_)
            | Function::Comparison(..)
            | Function::TimeInRange
            | Function::Calendar(_)
            | Function::Recurring(_)
            | Function::Text(_)
            | Function::Bag(..)
            | Function::Set(..)
            | Function::Pattern(_)
            | Function::NameMatch(_)
            | Function::Node(_) => {
                let arguments = self.all(&apply.arguments)?;
                let operands: Vec<Operand<'_>> =
                    arguments.iter().map(Evaluated::as_operand).collect();
                self.context.call(apply.function, &operands)
            }
        }
    }

    fn apply_function(
        &self,
        function: HigherOrder,
        arguments: &[Expression],
    ) -> Result<Evaluated, EvaluationError> {
        let Some((Expression::Function(applied), arguments)) = arguments.split_first() else {
            return Err(FunctionError::Mismatch.into());
        };
        let arguments = self.all(arguments)?;
        function.evaluate(*applied, &arguments, &|function, operands| {
            self.context.call(function, operands)
        })
    }

    fn all(&self, arguments: &[Expression]) -> Result<Vec<Evaluated>, EvaluationError> {
        arguments.iter().map(|argument| self.evaluate(argument)).collect()
    }
}
