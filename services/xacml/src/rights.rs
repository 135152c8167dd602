//! The rights a policy gives out: its Permit rules, flattened to resource, action and who may have
//! them.

use crate::functions::Function;
use crate::ids;
use crate::limits::MAX_COMBINATIONS;
use crate::model::{Effect, Match, Mode, Policy, PolicyTree, Rule};
use crate::value::{DataType, Value};

/// One thing that may be done with one resource, and to whom a rule gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct Right {
    /// The rule that gives it.
    pub rule_id: String,
    /// What names the resource: all of it must match.
    pub resource: Vec<AttributeMatch>,
    /// What names the action: all of it must match.
    pub action: Vec<AttributeMatch>,
    /// Who may have it: alternatives, of each of which all must match. An alternative without
    /// matches is anybody.
    pub subjects: Vec<Vec<AttributeMatch>>,
    /// Whether the rule also has a condition, or asks for attributes of other categories or for content.
    pub conditional: bool,
}

/// A literal an attribute is compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct AttributeMatch {
    /// The category.
    pub category: String,
    /// The attribute identifier.
    pub id: String,
    /// The data type.
    pub data_type: DataType,
    /// The comparison.
    pub function: Function,
    /// The literal.
    pub value: Value,
}

/// A rule whose target unfolds to too many combinations.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the target of rule `{rule_id}` has more than {limit} combinations")]
pub struct RightsError {
    /// The rule.
    pub rule_id: String,
    /// The limit.
    pub limit: usize,
}

impl PolicyTree {
    /// The rights the Permit rules of the tree give out; references are not followed, and neither
    /// the targets of policies nor Deny rules are considered.
    ///
    /// # Errors
    ///
    /// [`RightsError`] when a target unfolds to too many combinations.
    pub fn rights(&self) -> Result<Vec<Right>, RightsError> {
        let mut rights = Vec::new();
        for policy in self.policies() {
            rights.extend(policy.rights()?);
        }
        Ok(rights)
    }
}

impl Policy {
    /// The rights the policy's Permit rules give out.
    ///
    /// # Errors
    ///
    /// [`RightsError`] when a target unfolds to too many combinations.
    pub fn rights(&self) -> Result<Vec<Right>, RightsError> {
        let mut rights = Vec::new();
        for rule in self.rules.iter().filter(|rule| rule.effect == Effect::Permit) {
            rights.extend(rights_of(rule, self.mode)?);
        }
        Ok(rights)
    }
}

/// A way to satisfy a target, by category.
#[derive(Clone, Default)]
struct Combination<'a> {
    resource: Vec<&'a Match>,
    action: Vec<&'a Match>,
    subject: Vec<&'a Match>,
    other: bool,
}

impl<'a> Combination<'a> {
    fn with(&self, matches: impl IntoIterator<Item = &'a Match>) -> Self {
        let mut extended = self.clone();
        for matched in matches {
            let category = matched.lookup.designator().map(|designator| &*designator.category);
            match category.unwrap_or_default() {
                ids::RESOURCE => extended.resource.push(matched),
                ids::ACTION => extended.action.push(matched),
                ids::ACCESS_SUBJECT => extended.subject.push(matched),
                _ => extended.other = true,
            }
        }
        extended
    }
}

fn rights_of(rule: &Rule, mode: Mode) -> Result<Vec<Right>, RightsError> {
    let mut rights: Vec<Right> = Vec::new();
    for combination in combinations(rule, mode)? {
        let resource = described(&combination.resource);
        let action = described(&combination.action);
        let subject = described(&combination.subject);
        let conditional = combination.other || rule.condition.is_some();
        let same = |right: &&mut Right| {
            right.resource == resource && right.action == action && right.conditional == conditional
        };
        match rights.iter_mut().find(same) {
            Some(right) if right.subjects.contains(&subject) => {}
            Some(right) => right.subjects.push(subject),
            None => rights.push(Right {
                rule_id: rule.id.clone(),
                resource,
                action,
                subjects: vec![subject],
                conditional,
            }),
        }
    }
    Ok(rights)
}

/// All ways to satisfy a rule's target.
fn combinations(rule: &Rule, mode: Mode) -> Result<Vec<Combination<'_>>, RightsError> {
    let parts = match mode {
        Mode::Strict => strict_parts(rule),
        Mode::Altinn => altinn_parts(rule),
    };
    let count = parts.iter().try_fold(1_usize, |count, part| count.checked_mul(part.len()));
    if count.is_none_or(|count| count > MAX_COMBINATIONS) {
        return Err(RightsError { rule_id: rule.id.clone(), limit: MAX_COMBINATIONS });
    }
    Ok(parts.iter().fold(vec![Combination::default()], |combinations, part| {
        combinations
            .iter()
            .flat_map(|combination| {
                part.iter().map(|alternative| combination.with(alternative.iter().copied()))
            })
            .collect()
    }))
}

/// What must all hold: every `AnyOf`, by one of its `AllOf`s.
fn strict_parts(rule: &Rule) -> Vec<Vec<Vec<&Match>>> {
    rule.target
        .iter()
        .flat_map(|target| &target.any_of)
        .map(|any_of| any_of.all_of.iter().map(|all_of| all_of.matches.iter().collect()).collect())
        .collect()
}

/// What must all hold: every category, by any `AllOf` that speaks of it, as far as it does.
fn altinn_parts(rule: &Rule) -> Vec<Vec<Vec<&Match>>> {
    let Some(target) = &rule.target else { return Vec::new() };
    let mut parts: Vec<(&str, Vec<Vec<&Match>>)> = Vec::new();
    for all_of in target.any_of.iter().flat_map(|any_of| &any_of.all_of) {
        let mut seen: Vec<&str> = Vec::new();
        for matched in &all_of.matches {
            let category = matched.lookup.category();
            if seen.contains(&category) {
                continue;
            }
            seen.push(category);
            let about = all_of.matches.iter().filter(|m| m.lookup.category() == category);
            let alternative: Vec<&Match> = about.collect();
            match parts.iter_mut().find(|(known, _)| *known == category) {
                Some((_, alternatives)) => alternatives.push(alternative),
                None => parts.push((category, vec![alternative])),
            }
        }
    }
    parts.into_iter().map(|(_, alternatives)| alternatives).collect()
}

fn described(matches: &[&Match]) -> Vec<AttributeMatch> {
    matches
        .iter()
        .filter_map(|matched| {
            let designator = matched.lookup.designator()?;
            Some(AttributeMatch {
                category: designator.category.clone(),
                id: designator.id.clone(),
                data_type: designator.data_type,
                function: matched.function,
                value: matched.value.clone(),
            })
        })
        .collect()
}
