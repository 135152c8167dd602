//! Matching of names (annex A.3.14).

use super::operand::{Evaluated, FunctionError, Operands};
use super::signature::Signature;
use crate::value::{DataType, Value};

/// A function matching names by a part of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NameMatch {
    /// `x500Name-match`
    X500Name,
    /// `rfc822Name-match`
    Rfc822Name,
}

pub(super) fn named(name: &str) -> Option<NameMatch> {
    [NameMatch::X500Name, NameMatch::Rfc822Name]
        .into_iter()
        .find(|function| function.name() == name)
}

impl NameMatch {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::X500Name => "x500Name-match",
            Self::Rfc822Name => "rfc822Name-match",
        }
    }

    pub(super) fn signature(self) -> Signature {
        use DataType::{Boolean, Rfc822Name, String, X500Name};
        match self {
            Self::X500Name => Signature::of(&[X500Name, X500Name], Boolean),
            Self::Rfc822Name => Signature::of(&[String, Rfc822Name], Boolean),
        }
    }

    pub(super) fn apply(self, operands: &Operands<'_>) -> Result<Evaluated, FunctionError> {
        let matches = match (self, operands.value(0)?, operands.value(1)?) {
            (Self::X500Name, Value::X500Name(end), Value::X500Name(name)) => end.is_end_of(name),
            (Self::Rfc822Name, Value::String(pattern), Value::Rfc822Name(name)) => {
                name.is_matched_by(pattern)
            }
            _ => return Err(FunctionError::Mismatch),
        };
        Ok(Evaluated::truth(matches))
    }
}
