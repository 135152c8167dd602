//! Obligation and advice expressions (sections 5.39 to 5.42).

use super::Expression;
use crate::response::{Assignment, Notice};

/// What a rule decides when it applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Access is to be given.
    Permit,
    /// Access is to be refused.
    Deny,
}

/// Whether a notice binds the enforcement point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoticeKind {
    /// It must be fulfilled.
    Obligation,
    /// It may be ignored.
    Advice,
}

/// An obligation or a piece of advice before its values are known.
#[derive(Debug, Clone, PartialEq)]
pub struct NoticeExpression {
    /// The identifier.
    pub id: String,
    /// Whether it binds.
    pub kind: NoticeKind,
    /// The decision it goes with.
    pub applies_to: Effect,
    /// The values it carries.
    pub assignments: Vec<AssignmentExpression>,
}

/// A value of a notice before it is known.
#[derive(Debug, Clone, PartialEq)]
pub struct AssignmentExpression {
    /// The attribute identifier.
    pub attribute_id: String,
    /// The category, if given.
    pub category: Option<String>,
    /// The issuer, if given.
    pub issuer: Option<String>,
    /// What it evaluates to.
    pub expression: Expression,
}

impl NoticeExpression {
    /// The notice, if all its values are literals.
    #[must_use]
    pub fn literal(&self) -> Option<Notice> {
        let assignments = self
            .assignments
            .iter()
            .map(|assignment| match &assignment.expression {
                Expression::Value(value) => Some(Assignment {
                    attribute_id: assignment.attribute_id.clone(),
                    category: assignment.category.clone(),
                    issuer: assignment.issuer.clone(),
                    value: value.clone(),
                }),
                Expression::Designator(_)
                | Expression::Selector(_)
                | Expression::Apply(_)
                | Expression::Variable { .. }
                | Expression::Function(_) => None,
            })
            .collect::<Option<Vec<_>>>()?;
        Some(Notice { id: self.id.clone(), assignments })
    }
}
