//! Which attributes a policy asks for, so that only useful facts need be collected.

use std::collections::BTreeSet;

use crate::model::{Child, Designator, Expression, NoticeExpression, Policy, PolicyTree, Target};

/// An attribute by category and identifier.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AttributeName {
    /// The category.
    pub category: String,
    /// The attribute identifier.
    pub id: String,
}

impl PolicyTree {
    /// The attributes that targets, conditions, variables and notices of the tree ask for;
    /// references are not followed.
    #[must_use]
    pub fn attributes_tested(&self) -> BTreeSet<AttributeName> {
        let mut found = BTreeSet::new();
        self.survey(&mut |designator| {
            found.insert(AttributeName {
                category: designator.category.clone(),
                id: designator.id.clone(),
            });
        });
        found
    }

    /// Whether anything in the tree asks for an attribute.
    #[must_use]
    pub fn tests(&self, category: &str, id: &str) -> bool {
        let mut found = false;
        self.survey(&mut |designator| {
            found |= designator.category == category && designator.id == id;
        });
        found
    }

    fn survey(&self, see: &mut dyn FnMut(&Designator)) {
        match self {
            Self::Policy(policy) => survey_policy(policy, see),
            Self::PolicySet(set) => {
                survey_target(&set.target, see);
                survey_notices(&set.notices, see);
                for child in &set.children {
                    if let Child::Tree(tree) = child {
                        tree.survey(see);
                    }
                }
            }
        }
    }
}

fn survey_policy(policy: &Policy, see: &mut dyn FnMut(&Designator)) {
    survey_target(&policy.target, see);
    survey_notices(&policy.notices, see);
    for variable in &policy.variables {
        survey_expression(&variable.expression, see);
    }
    for rule in &policy.rules {
        if let Some(target) = &rule.target {
            survey_target(target, see);
        }
        if let Some(condition) = &rule.condition {
            survey_expression(condition, see);
        }
        survey_notices(&rule.notices, see);
    }
}

fn survey_target(target: &Target, see: &mut dyn FnMut(&Designator)) {
    for matched in target.matches() {
        if let Some(designator) = matched.lookup.designator() {
            see(designator);
        }
    }
}

fn survey_notices(notices: &[NoticeExpression], see: &mut dyn FnMut(&Designator)) {
    for assignment in notices.iter().flat_map(|notice| &notice.assignments) {
        survey_expression(&assignment.expression, see);
    }
}

fn survey_expression(expression: &Expression, see: &mut dyn FnMut(&Designator)) {
    match expression {
        Expression::Designator(designator) => see(designator),
        Expression::Apply(apply) => {
            for argument in &apply.arguments {
                survey_expression(argument, see);
            }
        }
        Expression::Selector(_)
        | Expression::Value(_)
        | Expression::Variable { .. }
        | Expression::Function(_) => {}
    }
}
