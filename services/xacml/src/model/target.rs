//! Targets (sections 5.6 to 5.9).

use super::{Designator, Selector};
use crate::functions::Function;
use crate::value::{DataType, Value};

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
    /// What it is compared with.
    pub lookup: Lookup,
}

/// Where a match finds the values it compares with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// Attributes.
    Designator(Designator),
    /// Nodes of the content.
    Selector(Selector),
}

impl Lookup {
    /// The category.
    #[must_use]
    pub fn category(&self) -> &str {
        match self {
            Self::Designator(designator) => &designator.category,
            Self::Selector(selector) => &selector.category,
        }
    }

    /// The data type.
    #[must_use]
    pub const fn data_type(&self) -> DataType {
        match self {
            Self::Designator(designator) => designator.data_type,
            Self::Selector(selector) => selector.data_type,
        }
    }

    /// Whether it is an error that there are no values.
    #[must_use]
    pub const fn must_be_present(&self) -> bool {
        match self {
            Self::Designator(designator) => designator.must_be_present,
            Self::Selector(selector) => selector.must_be_present,
        }
    }

    /// The attributes, unless the values are in the content.
    #[must_use]
    pub const fn designator(&self) -> Option<&Designator> {
        match self {
            Self::Designator(designator) => Some(designator),
            Self::Selector(_) => None,
        }
    }
}

impl Target {
    /// All matches, in the order they are written.
    pub fn matches(&self) -> impl Iterator<Item = &Match> {
        self.any_of.iter().flat_map(|any_of| &any_of.all_of).flat_map(|all_of| &all_of.matches)
    }
}
