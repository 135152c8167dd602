//! Decisions and what is answered with them (sections 5.47 to 5.58).

mod json;
mod read;
mod xml;

use std::collections::HashSet;
use std::fmt;

use crate::model::{Designator, Effect, ReferenceKind};
use crate::request::{AttributeCategory, Request, RequestDocument};
use crate::value::{DataType, Value};

/// A decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// Access is given.
    Permit,
    /// Access is refused.
    Deny,
    /// No decision could be made.
    Indeterminate,
    /// Nothing is known about the request.
    NotApplicable,
}

/// A decision that tells what an Indeterminate could have been (section 7.10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExtendedDecision {
    /// Access is given.
    Permit,
    /// Access is refused.
    Deny,
    /// Nothing is known about the request.
    NotApplicable,
    /// An error; without it the decision could have been Deny, not Permit.
    IndeterminateD,
    /// An error; without it the decision could have been Permit, not Deny.
    IndeterminateP,
    /// An error; without it the decision could have been either.
    IndeterminateDP,
}

/// How the decision came about (section 5.54).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The code.
    pub code: StatusCode,
    /// What people are told.
    pub message: Option<String>,
    /// The attributes whose absence stood in the way.
    pub missing: Vec<MissingAttribute>,
}

/// The status codes of the standard (annex B.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatusCode {
    /// No error.
    Ok,
    /// Attributes that are needed were not there.
    MissingAttribute,
    /// Something could not be read.
    SyntaxError,
    /// Something could not be computed.
    ProcessingError,
}

/// An attribute that was needed and not there (section 5.57).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MissingAttribute {
    /// The category.
    pub category: String,
    /// The attribute identifier.
    pub id: String,
    /// The data type.
    pub data_type: DataType,
    /// The issuer, if one was asked for.
    pub issuer: Option<String>,
}

/// An obligation or a piece of advice.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// The identifier.
    pub id: String,
    /// The values it carries.
    pub assignments: Vec<Assignment>,
}

/// A value of an obligation or a piece of advice.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The attribute identifier.
    pub attribute_id: String,
    /// The category, if given.
    pub category: Option<String>,
    /// The issuer, if given.
    pub issuer: Option<String>,
    /// The value.
    pub value: Value,
}

/// A policy or policy set that applied.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PolicyIdentifier {
    /// Policy or policy set.
    pub kind: ReferenceKind,
    /// The identifier.
    pub id: String,
    /// The version.
    pub version: String,
}

/// What one evaluation found.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// The decision.
    pub decision: Decision,
    /// The decision with what an Indeterminate could have been.
    pub extended: ExtendedDecision,
    /// How it came about.
    pub status: Status,
    /// What the enforcement point must do.
    pub obligations: Vec<Notice>,
    /// What the enforcement point may do.
    pub advice: Vec<Notice>,
    /// The policies and policy sets that applied, if the request asked for them.
    pub policies: Vec<PolicyIdentifier>,
}

/// The answer to one individual request (section 5.48).
#[derive(Debug, Clone, PartialEq)]
pub struct DecisionResult {
    /// The decision.
    pub decision: Decision,
    /// How it came about.
    pub status: Status,
    /// What the enforcement point must do.
    pub obligations: Vec<Notice>,
    /// What the enforcement point may do.
    pub advice: Vec<Notice>,
    /// The attributes the request wanted to have repeated.
    pub attributes: Vec<AttributeCategory>,
    /// The policies that applied, if the request asked for them.
    pub policies: Vec<PolicyIdentifier>,
}

/// The answer to a request: one result per individual request (section 5.47).
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// The results, in the order of the individual requests.
    pub results: Vec<DecisionResult>,
}

impl Decision {
    /// The word of the standard.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Permit => "Permit",
            Self::Deny => "Deny",
            Self::Indeterminate => "Indeterminate",
            Self::NotApplicable => "NotApplicable",
        }
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl MissingAttribute {
    /// What a designator did not find.
    pub(crate) fn of(wanted: &Designator) -> Self {
        Self {
            category: wanted.category.clone(),
            id: wanted.id.clone(),
            data_type: wanted.data_type,
            issuer: wanted.issuer.clone(),
        }
    }
}

impl ExtendedDecision {
    /// How many there are.
    pub(crate) const COUNT: usize = 6;

    /// Its place among all.
    pub(crate) const fn place(self) -> usize {
        match self {
            Self::Permit => 0,
            Self::Deny => 1,
            Self::NotApplicable => 2,
            Self::IndeterminateD => 3,
            Self::IndeterminateP => 4,
            Self::IndeterminateDP => 5,
        }
    }

    /// The decision without what an Indeterminate could have been.
    #[must_use]
    pub const fn decision(self) -> Decision {
        match self {
            Self::Permit => Decision::Permit,
            Self::Deny => Decision::Deny,
            Self::NotApplicable => Decision::NotApplicable,
            Self::IndeterminateD | Self::IndeterminateP | Self::IndeterminateDP => {
                Decision::Indeterminate
            }
        }
    }

    /// The effect, for a Permit or a Deny.
    #[must_use]
    pub const fn effect(self) -> Option<Effect> {
        match self {
            Self::Permit => Some(Effect::Permit),
            Self::Deny => Some(Effect::Deny),
            Self::NotApplicable
            | Self::IndeterminateD
            | Self::IndeterminateP
            | Self::IndeterminateDP => None,
        }
    }
}

impl From<Effect> for ExtendedDecision {
    fn from(effect: Effect) -> Self {
        match effect {
            Effect::Permit => Self::Permit,
            Effect::Deny => Self::Deny,
        }
    }
}

impl StatusCode {
    /// The identifier.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Ok => "urn:oasis:names:tc:xacml:1.0:status:ok",
            Self::MissingAttribute => "urn:oasis:names:tc:xacml:1.0:status:missing-attribute",
            Self::SyntaxError => "urn:oasis:names:tc:xacml:1.0:status:syntax-error",
            Self::ProcessingError => "urn:oasis:names:tc:xacml:1.0:status:processing-error",
        }
    }
}

impl Status {
    /// No error.
    #[must_use]
    pub const fn ok() -> Self {
        Self { code: StatusCode::Ok, message: None, missing: Vec::new() }
    }

    /// An error with a message.
    pub fn error(code: StatusCode, message: impl Into<String>) -> Self {
        Self { code, message: Some(message.into()), missing: Vec::new() }
    }
}

impl Response {
    /// The response to a document whose individual requests have these results.
    #[must_use]
    pub fn to(document: &RequestDocument, results: Vec<DecisionResult>) -> Self {
        Self::of(results, document.combined_decision)
    }

    /// A response with these results, or with the one that they are combined to.
    pub(crate) fn of(results: Vec<DecisionResult>, is_combined: bool) -> Self {
        let results = if is_combined { vec![combined(&results)] } else { results };
        Self { results }
    }
}

impl DecisionResult {
    /// The result of evaluating a request.
    #[must_use]
    pub fn new(request: &Request, evaluation: Evaluation) -> Self {
        Self {
            decision: evaluation.decision,
            status: evaluation.status,
            obligations: evaluation.obligations,
            advice: evaluation.advice,
            attributes: request.included(),
            policies: if request.return_policies {
                each_once(evaluation.policies)
            } else {
                Vec::new()
            },
        }
    }

    /// An Indeterminate for a request that could not be evaluated at all.
    #[must_use]
    pub const fn indeterminate(status: Status) -> Self {
        Self {
            decision: Decision::Indeterminate,
            status,
            obligations: Vec::new(),
            advice: Vec::new(),
            attributes: Vec::new(),
            policies: Vec::new(),
        }
    }
}

/// A policy that is referred to several times is named once.
fn each_once(mut policies: Vec<PolicyIdentifier>) -> Vec<PolicyIdentifier> {
    let mut known = HashSet::new();
    policies.retain(|policy| known.insert(policy.clone()));
    policies
}

/// One decision for all (Multiple Decision profile): only if all agree, and nothing is to be done
/// besides.
fn combined(results: &[DecisionResult]) -> DecisionResult {
    let refused = |message| {
        DecisionResult::indeterminate(Status::error(StatusCode::ProcessingError, message))
    };
    if results.iter().any(|result| !result.obligations.is_empty() || !result.advice.is_empty()) {
        return refused("decisions with obligations or advice cannot be combined");
    }
    let mut decisions = results.iter().map(|result| result.decision);
    match decisions.next() {
        Some(Decision::Indeterminate) | None => refused("no decision could be made"),
        Some(first) if decisions.all(|decision| decision == first) => DecisionResult {
            decision: first,
            status: Status::ok(),
            ..DecisionResult::indeterminate(Status::ok())
        },
        Some(_) => refused("the decisions differ"),
    }
}

#[cfg(test)]
mod tests;
