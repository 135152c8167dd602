//! What can be wrong with a policy.

use std::fmt;

use crate::functions::Type;
use crate::value::LexicalError;
use crate::xml::{At, XmlError, XmlFlaw};
use crate::xpath::XPathFlaw;

/// A policy that cannot be used: the place and the reason.
pub type PolicyError = At<PolicyFlaw>;

/// What is wrong with a policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyFlaw {
    /// No well-formed XML, or not the elements of the standard.
    #[error(transparent)]
    Xml(XmlFlaw),
    /// A function nobody knows.
    #[error("unknown function `{0}`")]
    UnknownFunction(String),
    /// A function of the standard that the engine does not apply.
    #[error("function `{0}` is not supported")]
    UnsupportedFunction(String),
    /// An element of the standard that the engine does not evaluate.
    #[error("element `{0}` is not supported")]
    UnsupportedElement(String),
    /// A data type the engine does not know.
    #[error("unknown data type `{0}`")]
    UnknownDataType(String),
    /// A combining algorithm the engine does not know, or one that does not combine what is given.
    #[error("unknown combining algorithm `{0}`")]
    UnknownAlgorithm(String),
    /// An algorithm that takes another number of policies.
    #[error("the combining algorithm takes two or three policies, not {0}")]
    WrongNumberOfPolicies(usize),
    /// A literal that is none of its data type.
    #[error(transparent)]
    Literal(LexicalError),
    /// A text that is no XPath expression.
    #[error(transparent)]
    Path(XPathFlaw),
    /// XPath of another version than the engine understands.
    #[error("`{0}` is a version of XPath that is not supported; only 1.0 is")]
    XPathVersion(String),
    /// Another number of arguments than the function takes.
    #[error("function `{function}` does not take {count} arguments")]
    WrongNumberOfArguments {
        /// The function.
        function: String,
        /// The number of arguments given.
        count: usize,
    },
    /// An argument of another type than the function takes.
    #[error("argument {position} of function `{function}` is {found}, not {expected}")]
    WrongArgument {
        /// The function.
        function: String,
        /// The argument, counted from one.
        position: usize,
        /// The type the function takes.
        expected: Type,
        /// The type given.
        found: Type,
    },
    /// A function that cannot be applied in this way by the function it is an argument of.
    #[error("function `{function}` cannot be applied to these arguments by `{by}`")]
    WrongApplication {
        /// The function to be applied.
        function: String,
        /// The function that was to apply it.
        by: String,
    },
    /// A function where a value is needed, or the reverse.
    #[error("a function may only be the first argument of a function that applies it")]
    MisplacedFunction,
    /// A condition that is not true or false.
    #[error("a condition must be a boolean, not {0}")]
    NotACondition(Type),
    /// A function in a match that does not compare two values.
    #[error("function `{0}` does not compare two values")]
    NotAComparison(String),
    /// Two elements with one identifier.
    #[error("{what} `{id}` occurs twice")]
    Duplicate {
        /// What kind of element.
        what: Identified,
        /// The identifier.
        id: String,
    },
    /// A variable that is not defined.
    #[error("variable `{0}` is not defined")]
    UnknownVariable(String),
    /// A variable that depends on itself.
    #[error("variable `{0}` depends on itself")]
    CircularVariable(String),
    /// An expression that is too deep once its variables are written out.
    #[error("expressions are nested deeper than {0}")]
    TooDeep(usize),
    /// More rules and policies than the limit.
    #[error("more than {0} rules and policies")]
    TooMany(usize),
}

/// What must have an identifier of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identified {
    /// A rule.
    Rule,
    /// A variable.
    Variable,
}

impl fmt::Display for Identified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rule => "rule",
            Self::Variable => "variable",
        })
    }
}

/// Something odd that is read all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The line, from one.
    pub line: u32,
    /// The column, in characters from one.
    pub column: u32,
    /// What is odd.
    pub message: String,
}

impl From<XmlError> for PolicyError {
    fn from(error: XmlError) -> Self {
        Self { line: error.line, column: error.column, reason: PolicyFlaw::Xml(error.reason) }
    }
}
