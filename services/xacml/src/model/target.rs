//! Targets (sections 5.6 to 5.9).

use super::Designator;
use crate::functions::Function;
use crate::value::Value;

/// When a rule, policy or policy set applies: all its parts must hold; empty, it always does.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Target {
    /// The parts.
    pub any_of: Vec<AnyOf>,
}

/// Alternatives, of which one must hold.
#[derive(Debug, Clone, PartialEq)]
pub struct AnyOf {
    /// The alternatives.
    pub all_of: Vec<AllOf>,
}

/// Matches, all of which must hold.
#[derive(Debug, Clone, PartialEq)]
pub struct AllOf {
    /// The matches.
    pub matches: Vec<Match>,
}

/// A literal compared with the attributes of the request.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// The comparison: the literal comes first, a value of the request second.
    pub function: Function,
    /// The literal.
    pub value: Value,
    /// The attributes.
    pub designator: Designator,
}

impl Target {
    /// All matches, in the order they are written.
    pub fn matches(&self) -> impl Iterator<Item = &Match> {
        self.any_of.iter().flat_map(|any_of| &any_of.all_of).flat_map(|all_of| &all_of.matches)
    }
}
