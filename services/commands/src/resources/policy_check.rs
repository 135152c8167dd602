//! Checks of a policy before it is published: it can be read, and is about its resource alone.

use fullmakt_domain::{Seen, national_number};
use fullmakt_events::ResourceId;
use fullmakt_xacml::{
    Limits, Mode, PolicyError, PolicyTree, RightsError,
    functions::Function,
    ids::RESOURCE,
    model::{AllOf, Child, Match, Policy, Rule},
};

/// The attribute by which rules name a resource.
const RESOURCE_ID: &str = "urn:altinn:resource";
/// The attributes by which rules name an app, together.
const ORG: &str = "urn:altinn:org";
const APP: &str = "urn:altinn:app";

/// The most characters of a reason that are shown.
const REASON_CHARS_MAX: usize = 300;

/// Why a policy is not published.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PolicyCheckError {
    /// It is no policy that can be evaluated.
    #[error("line {line}, column {column}: {reason}")]
    Unreadable {
        /// The line, from one.
        line: u32,
        /// The column, in characters from one.
        column: u32,
        /// What is wrong there.
        reason: String,
    },
    /// It refers to a policy that is kept elsewhere.
    #[error("policy `{id}` is referred to; write it out, because a resource has one policy")]
    Reference {
        /// What is referred to.
        id: Seen,
    },
    /// The rights that a rule gives cannot be listed.
    #[error("the target of rule `{rule}` has more than {limit} combinations; split the rule")]
    TooManyCombinations {
        /// The rule.
        rule: Seen,
        /// The limit.
        limit: usize,
    },
    /// A rule can apply to other resources, because it does not name this one.
    #[error("rule `{rule}` does not name resource `{resource}` in every alternative of its target")]
    NotNamed {
        /// The rule.
        rule: Seen,
        /// The resource.
        resource: ResourceId,
    },
    /// A rule names another resource.
    #[error("rule `{rule}` names `{other}`, and may name no other resource than `{resource}`")]
    AnotherNamed {
        /// The rule.
        rule: Seen,
        /// What it names.
        other: Seen,
        /// The resource.
        resource: ResourceId,
    },
    /// A rule compares resources by something else than equality, which can hold for several.
    #[error("rule `{rule}` compares resources by `{function}`; compare by `string-equal`")]
    NotByEquality {
        /// The rule.
        rule: Seen,
        /// The function.
        function: String,
    },
}

impl From<PolicyError> for PolicyCheckError {
    fn from(error: PolicyError) -> Self {
        // What is wrong may quote any part of the policy. Masked first and last, as by `Seen`.
        let visible = |c: char| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c };
        let masked = national_number::mask(&error.reason.to_string());
        let short: String = masked.chars().map(visible).take(REASON_CHARS_MAX).collect();
        let reason = national_number::mask(&short);
        Self::Unreadable { line: error.line, column: error.column, reason }
    }
}

impl From<RightsError> for PolicyCheckError {
    fn from(error: RightsError) -> Self {
        Self::TooManyCombinations { rule: Seen::new(&error.rule_id), limit: error.limit }
    }
}

/// Checks that the text is a policy, and one of this resource: every rule names the resource, and no
/// other.
pub(crate) fn check(xml: &str, resource: &ResourceId) -> Result<(), PolicyCheckError> {
    let tree = PolicyTree::parse(xml, Mode::Strict, &Limits::default())?.policy;
    if let Some(id) = reference(&tree) {
        return Err(PolicyCheckError::Reference { id: Seen::new(id) });
    }
    for rule in tree.policies().into_iter().flat_map(|policy: &Policy| &policy.rules) {
        check_rule(rule, resource)?;
    }
    // Rights can only be delegated if they can be listed.
    tree.rights()?;
    Ok(())
}

/// A policy that is kept elsewhere, if the tree refers to one.
fn reference(tree: &PolicyTree) -> Option<&str> {
    match tree {
        PolicyTree::Policy(_) => None,
        PolicyTree::PolicySet(set) => set.children.iter().find_map(|child| match child {
            Child::Tree(tree) => reference(tree),
            Child::Reference(reference) => Some(reference.id.as_str()),
        }),
    }
}

/// A rule's target holds when one alternative of each part does. It thus names the resource whatever
/// it is asked about if all alternatives of one part do.
fn check_rule(rule: &Rule, resource: &ResourceId) -> Result<(), PolicyCheckError> {
    let mut is_named = false;
    for any_of in rule.target.iter().flat_map(|target| &target.any_of) {
        let mut in_all = true;
        for all_of in &any_of.all_of {
            in_all &= names(rule, all_of, resource)?;
        }
        is_named |= in_all;
    }
    if is_named {
        return Ok(());
    }
    Err(PolicyCheckError::NotNamed { rule: Seen::new(&rule.id), resource: resource.clone() })
}

/// Whether an alternative names the resource. It may name no other.
fn names(rule: &Rule, all_of: &AllOf, resource: &ResourceId) -> Result<bool, PolicyCheckError> {
    let mut named: Vec<String> = Vec::new();
    let (mut orgs, mut apps) = (Vec::new(), Vec::new());
    for matched in &all_of.matches {
        let Some(designator) = matched.lookup.designator() else { continue };
        if designator.category != RESOURCE {
            continue;
        }
        match designator.id.as_str() {
            RESOURCE_ID => named.push(literal(rule, matched)?),
            ORG => orgs.push(literal(rule, matched)?),
            APP => apps.push(literal(rule, matched)?),
            // Tasks and other parts of the resource.
            _ => {}
        }
    }
    named
        .extend(orgs.iter().flat_map(|org| apps.iter().map(move |app| format!("app_{org}_{app}"))));
    if let Some(other) = named.iter().find(|named| named.as_str() != resource.as_str()) {
        return Err(PolicyCheckError::AnotherNamed {
            rule: Seen::new(&rule.id),
            other: Seen::new(other),
            resource: resource.clone(),
        });
    }
    Ok(!named.is_empty())
}

/// The literal that a resource is compared with.
fn literal(rule: &Rule, matched: &Match) -> Result<String, PolicyCheckError> {
    let value = matched.value.to_string();
    match matched.function {
        Function::Equality(_) => Ok(value),
        Function::EqualityIgnoringCase => Ok(value.to_lowercase()),
        Function::Arithmetic(_)
        | Function::Conversion(_)
        | Function::Logical(_)
        | Function::Comparison(..)
        | Function::TimeInRange
        | Function::Calendar(_)
        | Function::Recurring(_)
        | Function::Text(_)
        | Function::Bag(..)
        | Function::Set(..)
        | Function::HigherOrder(_)
        | Function::Pattern(_)
        | Function::NameMatch(_)
        | Function::Node(_) => Err(PolicyCheckError::NotByEquality {
            rule: Seen::new(&rule.id),
            function: matched.function.to_string(),
        }),
    }
}

#[cfg(test)]
mod tests;
