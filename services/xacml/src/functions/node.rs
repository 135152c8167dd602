//! Functions on XPath expressions (annex A.3.15).

use super::signature::{Signature, Type};
use crate::value::DataType;

/// A function on the nodes XPath expressions select, which only an evaluator can apply: the nodes
/// are those of the request's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NodeFunction {
    /// `xpath-node-count`
    Count,
    /// `xpath-node-equal`
    Equal,
    /// `xpath-node-match`
    Match,
}

pub(super) fn named(name: &str) -> Option<NodeFunction> {
    [NodeFunction::Count, NodeFunction::Equal, NodeFunction::Match]
        .into_iter()
        .find(|function| function.name() == name)
}

impl NodeFunction {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Count => "xpath-node-count",
            Self::Equal => "xpath-node-equal",
            Self::Match => "xpath-node-match",
        }
    }

    pub(super) fn signature(self) -> Signature {
        let path = Type::Single(DataType::XPathExpression);
        let (required, returns) = match self {
            Self::Count => (vec![path], DataType::Integer),
            Self::Equal | Self::Match => (vec![path, path], DataType::Boolean),
        };
        Signature { required, repeated: None, returns: Type::Single(returns) }
    }
}
