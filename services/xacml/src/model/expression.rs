//! Expressions (sections 5.25 to 5.31), checked for types when they are loaded.

use crate::functions::{Function, Type};
use crate::value::{DataType, Value};
use crate::xpath::XPath;

/// Something to evaluate.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// A literal.
    Value(Value),
    /// Attributes of the request.
    Designator(Designator),
    /// Nodes of the request's content.
    Selector(Selector),
    /// A function applied to arguments.
    Apply(Apply),
    /// A variable of the policy, by its position in [`super::Policy::variables`].
    Variable {
        /// The position of the definition.
        index: usize,
        /// The type of the variable.
        returns: Type,
    },
    /// A function as the first argument of a function that applies it.
    Function(Function),
}

/// A function applied to arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct Apply {
    /// The function.
    pub function: Function,
    /// The arguments, of types the function takes.
    pub arguments: Vec<Expression>,
    /// The type of the result.
    pub returns: Type,
}

/// Which attributes of the request are meant (section 5.29).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Designator {
    /// The category.
    pub category: String,
    /// The attribute identifier.
    pub id: String,
    /// The data type of the wanted values.
    pub data_type: DataType,
    /// The wanted issuer; absent, any.
    pub issuer: Option<String>,
    /// Whether a missing attribute is an error instead of an empty bag.
    pub must_be_present: bool,
}

/// Which nodes of a category's content are meant (section 5.30).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    /// The category.
    pub category: String,
    /// The way to the nodes.
    pub path: XPath,
    /// The data type their texts are read as.
    pub data_type: DataType,
    /// The attribute that leads to the node the way begins at; absent, at the document.
    pub context_selector_id: Option<String>,
    /// Whether it is an error that there are none, instead of an empty bag.
    pub must_be_present: bool,
}

impl Expression {
    /// The type the expression evaluates to; none for a function that is only named.
    #[must_use]
    pub const fn returns(&self) -> Option<Type> {
        match self {
            Self::Value(value) => Some(Type::Single(value.data_type())),
            Self::Designator(designator) => Some(Type::Bag(designator.data_type)),
            Self::Selector(selector) => Some(Type::Bag(selector.data_type)),
            Self::Apply(apply) => Some(apply.returns),
            Self::Variable { returns, .. } => Some(*returns),
            Self::Function(_) => None,
        }
    }
}
