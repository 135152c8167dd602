//! What stands in the way of a decision, and the status it becomes.

use crate::functions::FunctionError;
use crate::response::{MissingAttribute, Status, StatusCode};
use crate::source::SourceError;

/// Why something is Indeterminate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvaluationError {
    /// An attribute had to be present and is not.
    #[error("attribute `{}` of category `{}` is missing", .0.id, .0.category)]
    MissingAttribute(MissingAttribute),
    /// Content had to be present, or nodes in it, and are not.
    #[error("the content of category `{category}` has nothing at `{path}`")]
    MissingContent {
        /// The category.
        category: String,
        /// The way to the nodes.
        path: String,
    },
    /// The content of a category is no XML that can be selected from.
    #[error("the content of category `{category}` cannot be read: {reason}")]
    Content {
        /// The category.
        category: String,
        /// What is wrong with it.
        reason: String,
    },
    /// An XPath expression does not give what is needed.
    #[error("`{path}` {reason}")]
    Path {
        /// The expression.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A function has no result.
    #[error(transparent)]
    Function(#[from] FunctionError),
    /// The attribute source could not answer.
    #[error("an attribute could not be looked up: {0}")]
    Source(SourceError),
    /// A policy that is referred to is not there.
    #[error("no policy `{0}` fits the reference")]
    UnknownPolicy(String),
    /// A policy refers to itself.
    #[error("policy `{0}` refers to itself")]
    CircularReference(String),
    /// Policies are nested too deeply, references included.
    #[error("policies are nested too deeply")]
    TooDeep,
    /// More than one policy applies where at most one may.
    #[error("more than one policy is applicable")]
    SeveralApplicable,
    /// The evaluation took more steps than allowed.
    #[error("the evaluation took too many steps")]
    TooManySteps,
}

impl EvaluationError {
    const fn code(&self) -> StatusCode {
        match self {
            Self::MissingAttribute(_) | Self::MissingContent { .. } => StatusCode::MissingAttribute,
            Self::Function(FunctionError::Lexical(_))
            | Self::Content { .. }
            | Self::Path { .. } => StatusCode::SyntaxError,
            Self::Function(_)
            | Self::Source(_)
            | Self::UnknownPolicy(_)
            | Self::CircularReference(_)
            | Self::TooDeep
            | Self::SeveralApplicable
            | Self::TooManySteps => StatusCode::ProcessingError,
        }
    }
}

/// The status of an Indeterminate: that of its first error, with all attributes that are missing.
pub(super) fn status(errors: &[EvaluationError]) -> Status {
    let Some(first) = errors.first() else {
        return Status { code: StatusCode::ProcessingError, message: None, missing: Vec::new() };
    };
    let mut missing: Vec<MissingAttribute> = Vec::new();
    if first.code() == StatusCode::MissingAttribute {
        for error in errors {
            if let EvaluationError::MissingAttribute(attribute) = error
                && !missing.contains(attribute)
            {
                missing.push(attribute.clone());
            }
        }
    }
    Status { code: first.code(), message: Some(first.to_string()), missing }
}
