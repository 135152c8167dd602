//! Policies, policy sets and what they refer to.

use fullmakt_xacml::functions::Type;
use fullmakt_xacml::model::{
    AssignmentExpression, Child, CombiningAlgorithm as Algorithm, Expression, NoticeExpression,
    NoticeKind, Policy, PolicyReference, PolicySet, ReferenceKind, Rule, Target, Variable,
};
use fullmakt_xacml::{DataType, Effect, Mode, PolicyStore, PolicyTree};
use proptest::prelude::*;

use super::expressions::{designator, target, truth};
use super::requests::value;

const FOR_RULES: [Algorithm; 7] = [
    Algorithm::DenyOverrides,
    Algorithm::PermitOverrides,
    Algorithm::DenyUnlessPermit,
    Algorithm::PermitUnlessDeny,
    Algorithm::FirstApplicable,
    Algorithm::LegacyRuleDenyOverrides,
    Algorithm::LegacyRulePermitOverrides,
];

const FOR_POLICIES: [Algorithm; 9] = [
    Algorithm::DenyOverrides,
    Algorithm::PermitOverrides,
    Algorithm::DenyUnlessPermit,
    Algorithm::PermitUnlessDeny,
    Algorithm::FirstApplicable,
    Algorithm::OnlyOneApplicable,
    Algorithm::LegacyPolicyDenyOverrides,
    Algorithm::LegacyPolicyPermitOverrides,
    Algorithm::OnPermitApplySecond,
];

fn effect() -> impl Strategy<Value = Effect> {
    prop_oneof![Just(Effect::Permit), Just(Effect::Deny)]
}

fn mode() -> impl Strategy<Value = Mode> {
    prop_oneof![3 => Just(Mode::Strict), 1 => Just(Mode::Altinn)]
}

fn notices() -> impl Strategy<Value = Vec<NoticeExpression>> {
    let kind = prop_oneof![Just(NoticeKind::Obligation), Just(NoticeKind::Advice)];
    let expression = prop_oneof![
        2 => value(DataType::String).prop_map(Expression::Value),
        1 => designator(DataType::String).prop_map(Expression::Designator),
    ];
    let notice = ("[no]", kind, effect(), prop::option::of(expression)).prop_map(
        |(id, kind, applies_to, expression)| {
            let assignments = expression.map(|expression| AssignmentExpression {
                attribute_id: "z".to_owned(),
                category: None,
                issuer: None,
                expression,
            });
            NoticeExpression {
                id,
                kind,
                applies_to,
                assignments: assignments.into_iter().collect(),
            }
        },
    );
    prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(notice, 1..3)]
}

fn rule(variables: usize) -> impl Strategy<Value = Rule> {
    let condition = prop::option::weighted(0.5, truth(variables));
    (effect(), prop::option::of(target()), condition, notices()).prop_map(
        |(effect, target, condition, notices)| Rule {
            id: "rule".to_owned(),
            description: None,
            effect,
            target,
            condition,
            notices,
        },
    )
}

fn variables() -> impl Strategy<Value = Vec<Variable>> {
    let variable = |id: &'static str, before| {
        truth(before).prop_map(move |expression| Variable {
            id: id.to_owned(),
            expression,
            returns: Type::Single(DataType::Boolean),
        })
    };
    let two = (variable("x", 0), variable("y", 1)).prop_map(|(x, y)| vec![x, y]);
    prop_oneof![2 => Just(Vec::new()), 1 => two]
}

/// A policy with so many rules.
fn policy(rules: std::ops::Range<usize>) -> impl Strategy<Value = Policy> {
    let body = variables().prop_flat_map(move |variables| {
        let rules = prop::collection::vec(rule(variables.len()), rules.clone());
        (Just(variables), rules)
    });
    let algorithm = prop::sample::select(FOR_RULES.to_vec());
    let target = prop_oneof![Just(Target::default()), target()];
    (algorithm, target, body, mode(), notices(), "[pqr]", "[12]").prop_map(
        |(algorithm, target, (variables, rules), mode, notices, id, version)| Policy {
            id,
            version: version.parse().expect("a version"),
            description: None,
            mode,
            target,
            algorithm,
            variables,
            rules,
            notices,
        },
    )
}

fn reference() -> impl Strategy<Value = PolicyReference> {
    let kind = prop_oneof![
        3 => Just(ReferenceKind::Policy),
        1 => Just(ReferenceKind::PolicySet),
    ];
    (kind, "[pqrs]", prop::option::of("[12]")).prop_map(|(kind, id, version)| PolicyReference {
        kind,
        id,
        version: version.map(|version| version.parse().expect("a pattern")),
        earliest: None,
        latest: None,
    })
}

fn set(children: impl Strategy<Value = Vec<Child>>) -> impl Strategy<Value = PolicyTree> {
    let algorithm = prop::sample::select(FOR_POLICIES.to_vec());
    let target = prop_oneof![2 => Just(Target::default()), 1 => target()];
    (algorithm, target, children, mode(), notices(), "[stu]").prop_map(
        |(algorithm, target, children, mode, notices, id)| {
            PolicyTree::PolicySet(PolicySet {
                id,
                version: "1".parse().expect("a version"),
                description: None,
                mode,
                target,
                algorithm,
                children,
                notices,
            })
        },
    )
}

/// A policy, or policy sets of a few members.
pub fn tree() -> BoxedStrategy<PolicyTree> {
    let leaf = policy(0..4).prop_map(PolicyTree::Policy).boxed();
    leaf.prop_recursive(2, 8, 3, |inner| {
        let child = prop_oneof![
            3 => inner.prop_map(Child::Tree),
            1 => reference().prop_map(Child::Reference),
        ];
        set(prop::collection::vec(child, 0..4))
    })
    .boxed()
}

/// Policies that references find; some refer to others, and some to themselves.
pub fn store() -> impl Strategy<Value = PolicyStore> {
    prop::collection::vec(tree(), 0..4).prop_map(|trees| {
        let mut store = PolicyStore::new();
        for tree in trees {
            store.insert(tree);
        }
        store
    })
}

/// A policy of many rules, or a policy set of many members.
pub fn many() -> BoxedStrategy<PolicyTree> {
    let numbered = prop::collection::vec(policy(0..3), 8..24).prop_map(|policies| {
        let numbered = policies.into_iter().enumerate().map(|(at, policy)| {
            let id = format!("{}{at}", policy.id);
            Child::Tree(PolicyTree::Policy(Policy { id, ..policy }))
        });
        numbered.collect::<Vec<_>>()
    });
    prop_oneof![policy(8..24).prop_map(PolicyTree::Policy).boxed(), set(numbered).boxed()].boxed()
}
