//! What a policy is lowered to.

use super::comparison::Comparison;
use super::condition::Condition;
use super::index::Index;
use super::names::{Attribute, Names};
use crate::model::{self, CombiningAlgorithm, Effect, NoticeExpression, Variable};
use crate::response::PolicyIdentifier;

/// A policy with all that it refers to.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) names: Names,
    /// Policies and policy sets, each once however often it is referred to.
    pub(super) nodes: Vec<Node>,
    pub(super) root: usize,
}

/// A policy or policy set.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) identifier: PolicyIdentifier,
    pub(super) target: Target,
    pub(super) algorithm: CombiningAlgorithm,
    pub(super) variables: Vec<Variable>,
    pub(super) members: Members,
    /// Leads to the members that can apply, where that is worth it.
    pub(super) index: Option<Index>,
    pub(super) notices: Vec<NoticeExpression>,
}

/// What a policy or policy set combines.
#[derive(Debug)]
pub(super) enum Members {
    Rules { rules: Vec<Rule>, indispensable: Indispensable },
    Children(Vec<Child>),
}

/// What an Altinn policy cannot do without: a request that lacks any of it gets no decision.
#[derive(Debug, Default)]
pub(super) struct Indispensable {
    /// The rules' targets that ask for it.
    pub(super) targets: Vec<model::Target>,
    /// All attributes they ask for; a request with each of them lacks nothing.
    pub(super) attributes: Vec<Attribute>,
    /// Whether something is asked of the content, too.
    pub(super) has_content: bool,
}

/// A member of a policy set.
#[derive(Debug)]
pub(super) enum Child {
    /// A node, by its position.
    Node(usize),
    /// No policy fits the reference to this identifier.
    Unknown(String),
}

/// A rule.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) effect: Effect,
    pub(super) target: Target,
    pub(super) condition: Option<Condition>,
    pub(super) notices: Vec<NoticeExpression>,
}

/// A target: all parts must hold, any alternative of a part is enough, and all comparisons of an
/// alternative must hold. Without parts it always does.
#[derive(Debug, Default)]
pub(super) struct Target {
    pub(super) parts: Vec<Vec<Vec<Comparison>>>,
}
