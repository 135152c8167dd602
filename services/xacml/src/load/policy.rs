//! Policies, policy sets and rules.

use std::collections::HashSet;

use super::flaw::{Identified, PolicyError, PolicyFlaw};
use super::{Loader, Variables};
use crate::functions::Type;
use crate::model::Combines;
use crate::model::{
    Child, CombiningAlgorithm, Effect, Expression, Mode, NoticeExpression, Policy, PolicyReference,
    PolicySet, PolicyTree, ReferenceKind, Rule, Target, Version,
};
use crate::value::DataType;
use crate::xml::{Element, XmlFlaw};
use crate::xpath;

impl Loader<'_> {
    /// Reads a policy or policy set.
    pub(super) fn tree(&mut self, element: Element<'_, '_>) -> Result<PolicyTree, PolicyError> {
        self.count(element)?;
        if element.name() == "PolicySet" {
            element.expect("PolicySet")?;
            return self.policy_set(element).map(PolicyTree::PolicySet);
        }
        element.expect("Policy")?;
        self.policy(element).map(PolicyTree::Policy)
    }

    /// Reads the defaults among the children; those of what is around hold unless there are own ones.
    /// The answer is what held before, to be put back afterwards.
    fn defaults(
        &mut self,
        children: &[Element<'_, '_>],
        name: &str,
    ) -> Result<Option<String>, PolicyError> {
        let before = self.other_xpath.clone();
        for defaults in children.iter().filter(|child| child.name() == name) {
            for version in defaults.children()? {
                version.expect("XPathVersion")?;
                self.other_xpath = xpath::other_version(&version.text()?);
            }
        }
        Ok(before)
    }

    fn policy(&mut self, element: Element<'_, '_>) -> Result<Policy, PolicyError> {
        let children = element.children()?;
        let mut variables = Variables::new(&children)?;
        let xpath_around = self.defaults(&children, "PolicyDefaults")?;
        let algorithm = self.rule_algorithm(element)?;
        let mut target = None;
        let mut description = None;
        let (mut rules, mut notices) = (Vec::new(), Vec::new());
        let mut ids = HashSet::new();
        for child in children {
            match child.name() {
                "Description" => description = Some(child.text()?.trim().to_owned()),
                "Target" => target = Some(self.target(child)?),
                "Rule" => {
                    let rule = self.rule(child, &mut variables)?;
                    if !ids.insert(rule.id.clone()) && self.mode == Mode::Strict {
                        let flaw = PolicyFlaw::Duplicate { what: Identified::Rule, id: rule.id };
                        return Err(child.at_attribute("RuleId", flaw));
                    }
                    rules.push(rule);
                }
                "VariableDefinition" => variables.define(self, child)?,
                "ObligationExpressions" | "AdviceExpressions" => {
                    notices.extend(self.notices(child, &mut variables)?);
                }
                // Defaults are read already; the standard algorithms take no parameters.
                "PolicyDefaults" | "CombinerParameters" | "RuleCombinerParameters" => {}
                "PolicyIssuer" => return Err(issued(child)),
                _ => return Err(child.unexpected().into()),
            }
        }
        self.other_xpath = xpath_around;
        Ok(Policy {
            id: element.required("PolicyId")?.to_owned(),
            version: version(element)?,
            description,
            mode: self.mode,
            target: self.target_of(element, target)?,
            algorithm,
            variables: variables.into_loaded(),
            rules,
            notices,
        })
    }

    fn policy_set(&mut self, element: Element<'_, '_>) -> Result<PolicySet, PolicyError> {
        let mut target = None;
        let mut description = None;
        let (mut members, mut notices) = (Vec::new(), Vec::new());
        let mut none = Variables::none();
        let elements = element.children()?;
        let xpath_around = self.defaults(&elements, "PolicySetDefaults")?;
        for child in elements {
            match child.name() {
                "Description" => description = Some(child.text()?.trim().to_owned()),
                "Target" => target = Some(self.target(child)?),
                "Policy" | "PolicySet" => members.push(Child::Tree(self.tree(child)?)),
                "PolicyIdReference" => {
                    members.push(self.reference(child, ReferenceKind::Policy)?);
                }
                "PolicySetIdReference" => {
                    members.push(self.reference(child, ReferenceKind::PolicySet)?);
                }
                "ObligationExpressions" | "AdviceExpressions" => {
                    notices.extend(self.notices(child, &mut none)?);
                }
                "PolicySetDefaults"
                | "CombinerParameters"
                | "PolicyCombinerParameters"
                | "PolicySetCombinerParameters" => {}
                "PolicyIssuer" => return Err(issued(child)),
                _ => return Err(child.unexpected().into()),
            }
        }
        self.other_xpath = xpath_around;
        let algorithm = policy_algorithm(element)?;
        if algorithm == CombiningAlgorithm::OnPermitApplySecond && !(2..=3).contains(&members.len())
        {
            let flaw = PolicyFlaw::WrongNumberOfPolicies(members.len());
            return Err(element.at_attribute("PolicyCombiningAlgId", flaw));
        }
        Ok(PolicySet {
            id: element.required("PolicySetId")?.to_owned(),
            version: version(element)?,
            description,
            mode: self.mode,
            target: self.target_of(element, target)?,
            algorithm,
            children: members,
            notices,
        })
    }

    /// The target of a policy, which has to be there unless it would be ignored.
    fn target_of(
        &self,
        element: Element<'_, '_>,
        target: Option<Target>,
    ) -> Result<Target, PolicyError> {
        match (target, self.mode) {
            (Some(target), _) => Ok(target),
            (None, Mode::Altinn) => Ok(Target::default()),
            (None, Mode::Strict) => Err(element.at(XmlFlaw::MissingElement("Target")).into()),
        }
    }

    fn rule(
        &mut self,
        element: Element<'_, '_>,
        variables: &mut Variables<'_, '_>,
    ) -> Result<Rule, PolicyError> {
        self.count(element)?;
        let mut target: Option<Target> = None;
        let mut condition: Option<Expression> = None;
        let mut notices: Vec<NoticeExpression> = Vec::new();
        let mut description = None;
        for child in element.children()? {
            match child.name() {
                "Description" => description = Some(child.text()?.trim().to_owned()),
                "Target" => target = Some(self.target(child)?),
                "Condition" => condition = Some(self.condition(child, variables)?),
                "ObligationExpressions" | "AdviceExpressions" => {
                    notices.extend(self.notices(child, variables)?);
                }
                _ => return Err(child.unexpected().into()),
            }
        }
        Ok(Rule {
            id: element.required("RuleId")?.to_owned(),
            description,
            effect: effect(element, "Effect")?,
            target,
            condition,
            notices,
        })
    }

    fn condition(
        &mut self,
        element: Element<'_, '_>,
        variables: &mut Variables<'_, '_>,
    ) -> Result<Expression, PolicyError> {
        let children = element.children()?;
        let [child] = children.as_slice() else {
            return Err(match children.get(1) {
                Some(second) => second.unexpected().into(),
                None => element.at(XmlFlaw::MissingElement("Expression")).into(),
            });
        };
        let expression = variables.expression(self, *child, 0)?;
        match expression.returns() {
            Some(Type::Single(DataType::Boolean)) => Ok(expression),
            Some(other) => Err(child.at(PolicyFlaw::NotACondition(other))),
            None => Err(child.at(PolicyFlaw::MisplacedFunction)),
        }
    }

    fn reference(
        &mut self,
        element: Element<'_, '_>,
        kind: ReferenceKind,
    ) -> Result<Child, PolicyError> {
        self.count(element)?;
        Ok(Child::Reference(PolicyReference {
            kind,
            id: element.text()?.trim().to_owned(),
            version: element.parsed("Version")?,
            earliest: element.parsed("EarliestVersion")?,
            latest: element.parsed("LatestVersion")?,
        }))
    }

    /// The algorithm of a policy. Policies in the field name those for policies where those for
    /// rules belong; what they mean is clear.
    fn rule_algorithm(
        &mut self,
        element: Element<'_, '_>,
    ) -> Result<CombiningAlgorithm, PolicyError> {
        let name = "RuleCombiningAlgId";
        let id = element.required(name)?.trim();
        let unknown = || element.at_attribute(name, PolicyFlaw::UnknownAlgorithm(id.to_owned()));
        match CombiningAlgorithm::from_id(id).ok_or_else(unknown)? {
            (algorithm, Combines::Rules) => Ok(algorithm),
            (algorithm, Combines::Policies) => {
                let algorithm = algorithm.for_rules().ok_or_else(unknown)?;
                self.warn(
                    element,
                    name,
                    format!(
                        "`{id}` combines policies; read as the algorithm of that name for rules"
                    ),
                );
                Ok(algorithm)
            }
        }
    }
}

fn policy_algorithm(element: Element<'_, '_>) -> Result<CombiningAlgorithm, PolicyError> {
    let name = "PolicyCombiningAlgId";
    let id = element.required(name)?.trim();
    match CombiningAlgorithm::from_id(id) {
        Some((algorithm, Combines::Policies)) => Ok(algorithm),
        Some((_, Combines::Rules)) | None => {
            Err(element.at_attribute(name, PolicyFlaw::UnknownAlgorithm(id.to_owned())))
        }
    }
}

fn version(element: Element<'_, '_>) -> Result<Version, PolicyError> {
    element
        .parsed("Version")?
        .ok_or_else(|| element.at(XmlFlaw::MissingAttribute("Version")).into())
}

/// `Permit` or `Deny` in an attribute.
pub(super) fn effect(element: Element<'_, '_>, name: &'static str) -> Result<Effect, PolicyError> {
    match element.required(name)? {
        "Permit" => Ok(Effect::Permit),
        "Deny" => Ok(Effect::Deny),
        _ => Err(element.bad_attribute(name).into()),
    }
}

/// Refuses a policy that somebody has issued. Whether it may be used is for the profile of
/// administration to find out, and a PDP without it must report an error (section 5.3): who takes the
/// policy as trusted lets its issuer decide what nobody delegated.
fn issued(element: Element<'_, '_>) -> PolicyError {
    unsupported(element)
}

/// Refuses an element of the standard that is not evaluated.
pub(super) fn unsupported(element: Element<'_, '_>) -> PolicyError {
    element.at(PolicyFlaw::UnsupportedElement(element.name().to_owned()))
}
