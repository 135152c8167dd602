//! Explanations on request: why a decision is what it is, for users in short and for those who are
//! entitled in full.

mod body;
mod reason;

use axum::{
    extract::FromRequestParts,
    http::{HeaderName, request::Parts},
};
use fullmakt_access::{AccessDecision, AccessExplanation, Question, explain};
use fullmakt_http::{InputError, Language, Problem};
use fullmakt_pep::Caller;

pub(crate) use body::{DecisionExplanation, FullExplanation};
pub(crate) use reason::DecisionReason;

use crate::{Generation, routes::AUTHORIZE_ADMIN};

/// The header by which a caller asks for an explanation.
const FULLMAKT_EXPLAIN: HeaderName = HeaderName::from_static("fullmakt-explain");

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// The reason, as its code and in words: for users.
    Short,
    /// The rule, the facts with the paths that made them true, and what would have had to be true:
    /// for those who may ask about everybody, since a path names others than the subject.
    Full,
}

/// What a caller wants explained, and in which language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Explain {
    pub(crate) detail: Option<Detail>,
    pub(crate) language: Language,
}

impl Detail {
    /// Reads what a caller asks for.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "short" => Some(Self::Short),
            "full" => Some(Self::Full),
            _ => None,
        }
    }

    /// What to say where it cannot be read.
    pub(crate) fn needed(seen: &str) -> String {
        format!("`{}` stands where `short` or `full` is needed", InputError::seen(seen))
    }
}

impl Explain {
    /// Whether the caller may have what it wants.
    ///
    /// # Errors
    /// 403, naming the scope, where it may not.
    pub(crate) fn check(self, caller: &Caller) -> Result<(), Problem> {
        match self.detail {
            None | Some(Detail::Short) => Ok(()),
            Some(Detail::Full) => Ok(caller.require_platform_or_scope(&[AUTHORIZE_ADMIN])?),
        }
    }

    /// Explains a decision, as far as it is wanted in full.
    pub(crate) fn full(
        self,
        generation: &Generation,
        question: &Question,
        decision: &AccessDecision,
    ) -> Option<AccessExplanation> {
        let policy = generation.policy(&question.resource);
        (self.detail == Some(Detail::Full))
            .then(|| explain(&generation.graph, policy, question, decision))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Explain {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Ok(language) = Language::from_request_parts(parts, state).await;
        let mut values = parts.headers.get_all(FULLMAKT_EXPLAIN).iter();
        let value = match (values.next(), values.next()) {
            (None, _) => return Ok(Self { detail: None, language }),
            (Some(value), None) => String::from_utf8_lossy(value.as_bytes()),
            (Some(_), Some(_)) => {
                let twice = InputError::at("Fullmakt-Explain", "it is given twice");
                return Err(Problem::invalid(vec![twice]));
            }
        };
        let detail = Detail::parse(&value).ok_or_else(|| {
            Problem::invalid(vec![InputError::at("Fullmakt-Explain", Detail::needed(&value))])
        })?;
        Ok(Self { detail: Some(detail), language })
    }
}

#[cfg(test)]
mod tests;
