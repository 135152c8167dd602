//! Why a decision came about: which policies and rules were evaluated, what they decided, which
//! attributes that was by, and which were missing.

mod json;
mod text;

use crate::functions::Function;
use crate::response::ExtendedDecision;
use crate::value::{DataType, Value};

/// What was looked at for a decision, in the order it was looked at. What does not occur was not
/// needed.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The policy that was evaluated; none if not even that could be begun.
    pub root: Option<Explained>,
    /// Whether more was looked at than is told, because it was more than
    /// [`MAX_EXPLAINED`](crate::limits::MAX_EXPLAINED) things.
    pub is_cut: bool,
}

/// A policy set, a policy or a rule that was evaluated.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// Which of them.
    pub kind: ExplainedKind,
    /// The identifier.
    pub id: String,
    /// The version; rules have none.
    pub version: Option<String>,
    /// What it decided.
    pub decision: ExtendedDecision,
    /// What stood in the way of a decision.
    pub error: Option<String>,
    /// Whether the target matched; none without a target, or if it was not looked at.
    pub target: Option<Judgement>,
    /// Whether the condition held; none without a condition, or if it was not looked at.
    pub condition: Option<Judgement>,
    /// The comparisons of the target.
    pub matches: Vec<ExplainedMatch>,
    /// The attributes and content that were asked for, each once.
    pub lookups: Vec<ExplainedLookup>,
    /// What is within it.
    pub children: Vec<Explained>,
}

/// What a part of a policy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExplainedKind {
    /// A policy set.
    PolicySet,
    /// A policy.
    Policy,
    /// A rule.
    Rule,
}

/// What came of a target or a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// It is true.
    Holds,
    /// It is false.
    Fails,
    /// It cannot be told, and why.
    Unknown(String),
}

/// A comparison of a target.
#[derive(Debug, Clone, PartialEq)]
pub struct ExplainedMatch {
    /// What was compared.
    pub sought: Sought,
    /// How.
    pub function: Function,
    /// The literal it was compared with.
    pub literal: Value,
    /// The first value the comparison held for.
    pub by: Option<Value>,
    /// What came of it.
    pub judgement: Judgement,
}

/// An attribute or content that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct ExplainedLookup {
    /// What was asked for.
    pub sought: Sought,
    /// Where it was found.
    pub origin: Origin,
    /// What was found.
    pub values: Vec<Value>,
    /// Whether it had to be there and was not.
    pub is_missing: bool,
}

/// What was sought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    /// The category.
    pub category: String,
    /// The attribute's identifier, or the XPath expression.
    pub name: String,
    /// Whether it is an XPath expression.
    pub is_path: bool,
    /// The data type.
    pub data_type: DataType,
    /// The issuer, if one was asked for.
    pub issuer: Option<String>,
}

/// Where a value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The request.
    Request,
    /// The time of the decision.
    Time,
    /// The attribute source.
    Source,
    /// There is none.
    Nowhere,
}

impl ExplainedKind {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PolicySet => "policy set",
            Self::Policy => "policy",
            Self::Rule => "rule",
        }
    }
}

impl Origin {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Time => "time",
            Self::Source => "source",
            Self::Nowhere => "nowhere",
        }
    }
}
