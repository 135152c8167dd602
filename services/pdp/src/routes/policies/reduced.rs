//! A policy reduced to which roles may do what with which resource, as the wire contract shows it.

use fullmakt_pep::Obligation;
use fullmakt_xacml::{
    PolicyTree,
    ids::{ACCESS_SUBJECT, ACTION, RESOURCE},
    model::{AllOf, Designator, Effect, Lookup, Policy, Rule},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The attribute by which rules name roles here. Roles that are named by newer attributes, and
/// access packages, have no place in the format.
const ROLE_CODE: &str = "urn:altinn:rolecode";

/// An attribute and a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct AttributeMatch {
    #[schema(example = "urn:altinn:app")]
    pub(crate) id: String,
    #[schema(example = "vat-return")]
    pub(crate) value: String,
}

/// Who may do what with a resource.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ResourcePolicy {
    /// What the policy says of itself.
    description: Option<String>,
    #[schema(example = "skd/vat-return")]
    title: String,
    actions: Vec<ResourceAction>,
    /// The resource.
    resource: Vec<AttributeMatch>,
}

/// Who may do something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ResourceAction {
    #[serde(rename = "match")]
    matches: AttributeMatch,
    #[schema(example = "read")]
    title: String,
    /// Always null.
    #[schema(value_type = Option<String>)]
    description: Option<()>,
    role_grants: Vec<RoleGrant>,
}

/// A role that may do it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RoleGrant {
    #[schema(example = "DAGL")]
    role_type_code: String,
    /// Always true.
    is_delegable: bool,
}

/// The codes of the roles that Permit rules name, each once.
pub(super) fn roles_with_access(tree: &PolicyTree) -> Vec<String> {
    let mut codes = Vec::new();
    for code in permits(tree).flat_map(|(_, rule)| roles_of(rule)) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes
}

/// The least authentication level that the policy's own obligations ask for.
pub(super) fn minimum_level(tree: &PolicyTree) -> u8 {
    let obligations = tree.literal_obligations(Effect::Permit);
    let levels = obligations.iter().flat_map(|notice| {
        let assignments = notice.assignments.iter();
        let assignments = assignments.map(|one| (one.category.as_deref(), one.value.to_string()));
        Obligation::read(&notice.id, assignments)
    });
    let levels = levels.filter_map(|obligation| match obligation {
        Obligation::MinimumAuthLevel(level) => Some(level),
        Obligation::MinimumAuthLevelOrg(_) | Obligation::Unknown(_) => None,
    });
    levels.max().unwrap_or_default()
}

/// What roles may do, resource by resource in the order in which rules name them.
pub(super) fn resource_policies(tree: &PolicyTree) -> Vec<ResourcePolicy> {
    let mut policies: Vec<ResourcePolicy> = Vec::new();
    for (policy, rule) in permits(tree) {
        let roles = roles_of(rule);
        if roles.is_empty() {
            continue;
        }
        let actions = alternatives(rule, ACTION).flatten().collect::<Vec<_>>();
        for resource in alternatives(rule, RESOURCE).filter(|resource| !resource.is_empty()) {
            let known = policies.iter().position(|known| known.resource == resource);
            let index = known.unwrap_or_else(|| {
                policies.push(ResourcePolicy::of(policy, resource));
                policies.len() - 1
            });
            if let Some(found) = policies.get_mut(index) {
                for action in &actions {
                    found.grant(action, &roles);
                }
            }
        }
    }
    policies
}

impl ResourcePolicy {
    fn of(policy: &Policy, resource: Vec<AttributeMatch>) -> Self {
        let values: Vec<&str> = resource.iter().map(|part| part.value.as_str()).collect();
        Self {
            description: policy.description.clone(),
            title: values.join("/"),
            actions: Vec::new(),
            resource,
        }
    }

    fn grant(&mut self, action: &AttributeMatch, roles: &[String]) {
        let known = self.actions.iter().position(|known| known.matches == *action);
        let index = known.unwrap_or_else(|| {
            self.actions.push(ResourceAction {
                matches: action.clone(),
                title: action.value.clone(),
                description: None,
                role_grants: Vec::new(),
            });
            self.actions.len() - 1
        });
        let Some(found) = self.actions.get_mut(index) else { return };
        for role in roles {
            if !found.role_grants.iter().any(|grant| grant.role_type_code == *role) {
                let role_type_code = role.clone();
                found.role_grants.push(RoleGrant { role_type_code, is_delegable: true });
            }
        }
    }
}

/// The rules that permit, each with its policy.
fn permits(tree: &PolicyTree) -> impl Iterator<Item = (&Policy, &Rule)> {
    let rules = tree
        .policies()
        .into_iter()
        .flat_map(|policy| policy.rules.iter().map(move |rule| (policy, rule)));
    rules.filter(|(_, rule)| rule.effect == Effect::Permit)
}

fn roles_of(rule: &Rule) -> Vec<String> {
    let roles = alternatives(rule, ACCESS_SUBJECT).flatten();
    roles.filter(|role| role.id == ROLE_CODE).map(|role| role.value).collect()
}

/// What each alternative of the rule's target asks of a category.
fn alternatives<'a>(
    rule: &'a Rule,
    category: &'a str,
) -> impl Iterator<Item = Vec<AttributeMatch>> + 'a {
    let any_of = rule.target.iter().flat_map(|target| &target.any_of);
    any_of.flat_map(|any_of| &any_of.all_of).map(move |all_of| asked(all_of, category))
}

fn asked(all_of: &AllOf, category: &str) -> Vec<AttributeMatch> {
    let of = |designator: &Designator| designator.category == category;
    let matches = all_of.matches.iter().filter_map(|one| match &one.lookup {
        Lookup::Designator(designator) if of(designator) => {
            Some(AttributeMatch { id: designator.id.clone(), value: one.value.to_string() })
        }
        Lookup::Designator(_) | Lookup::Selector(_) => None,
    });
    matches.collect()
}

#[cfg(test)]
mod tests;
