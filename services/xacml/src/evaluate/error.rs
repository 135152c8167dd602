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
            Self::MissingAttribute(_) => StatusCode::MissingAttribute,
            Self::Function(FunctionError::Lexical(_)) => StatusCode::SyntaxError,
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
