//! Obligations and advice (section 7.18).

use super::EvaluationError;
use super::context::Scope;
use crate::functions::Evaluated;
use crate::model::{Effect, NoticeExpression, NoticeKind};
use crate::response::{Assignment, Notice};

impl Scope<'_, '_> {
    /// The notices that go with an effect; the first error makes the whole rule or policy
    /// Indeterminate.
    pub(crate) fn notices(
        &self,
        expressions: &[NoticeExpression],
        effect: Effect,
    ) -> Result<Vec<(NoticeKind, Notice)>, EvaluationError> {
        // Most have none, and collecting nothing takes longer than not to begin.
        if expressions.is_empty() {
            return Ok(Vec::new());
        }
        expressions
            .iter()
            .filter(|expression| expression.applies_to == effect)
            .map(|expression| Ok((expression.kind, self.notice(expression)?)))
            .collect()
    }

    fn notice(&self, expression: &NoticeExpression) -> Result<Notice, EvaluationError> {
        let mut assignments = Vec::new();
        for assignment in &expression.assignments {
            // A bag gives one assignment per value, and none if it is empty.
            let values = match self.evaluate(&assignment.expression)? {
                Evaluated::Value(value) => vec![value],
                Evaluated::Bag(bag) => bag.values().to_vec(),
            };
            assignments.extend(values.into_iter().map(|value| Assignment {
                attribute_id: assignment.attribute_id.clone(),
                category: assignment.category.clone(),
                issuer: assignment.issuer.clone(),
                value,
            }));
        }
        Ok(Notice { id: expression.id.clone(), assignments })
    }
}
