//! From what was sent to what is answered.

use std::borrow::Cow;

use crate::evaluate::Evaluator;
use crate::explanation::Explanation;
use crate::limits::Limits;
use crate::model::PolicyTree;
use crate::request::{Request, RequestDocument, RequestError};
use crate::response::{DecisionResult, Response, Status, StatusCode};

impl Evaluator<'_> {
    /// Answers every individual request of a document. One that is given away, not borrowed, is not
    /// copied.
    ///
    /// # Errors
    ///
    /// [`RequestError::TooManyDecisions`].
    pub fn respond<'d>(
        &self,
        policy: &PolicyTree,
        document: impl Into<Cow<'d, RequestDocument>>,
        limits: &Limits,
    ) -> Result<Response, RequestError> {
        self.answered(document.into(), limits, |request| {
            DecisionResult::new(request, self.evaluate(policy, request))
        })
    }

    /// Answers every individual request of a document and tells why; there is one explanation for
    /// every individual request that could be evaluated, in their order.
    ///
    /// # Errors
    ///
    /// [`RequestError::TooManyDecisions`].
    pub fn respond_explained<'d>(
        &self,
        policy: &PolicyTree,
        document: impl Into<Cow<'d, RequestDocument>>,
        limits: &Limits,
    ) -> Result<(Response, Vec<Explanation>), RequestError> {
        let mut explanations = Vec::new();
        let response = self.answered(document.into(), limits, |request| {
            let (evaluation, explanation) = self.explain(policy, request);
            explanations.push(explanation);
            DecisionResult::new(request, evaluation)
        })?;
        Ok((response, explanations))
    }

    pub(crate) fn answered(
        &self,
        document: Cow<'_, RequestDocument>,
        limits: &Limits,
        mut answer: impl FnMut(&Request) -> DecisionResult,
    ) -> Result<Response, RequestError> {
        let combined = document.combined_decision;
        let results = RequestDocument::requests_of(document, limits, self.hierarchy)?
            .into_iter()
            .map(|request| match request {
                Ok(request) => answer(&request),
                Err(status) => DecisionResult::indeterminate(status),
            })
            .collect();
        Ok(Response::of(results, combined))
    }
}

impl RequestError {
    /// The response to a request in which only a value is wrong: an Indeterminate with the status
    /// that the standard has for it (annex B.8). None for what is no request at all.
    #[must_use]
    pub fn response(&self) -> Option<Response> {
        match self {
            Self::Value(_) | Self::Path(_) => {
                let status = Status::error(StatusCode::SyntaxError, self.to_string());
                Some(Response { results: vec![DecisionResult::indeterminate(status)] })
            }
            Self::Xml(_)
            | Self::Json { .. }
            | Self::TooLarge { .. }
            | Self::Missing(_)
            | Self::Form(_)
            | Self::UnknownDataType(_)
            | Self::XPathVersion(_)
            | Self::TooManyValues { .. }
            | Self::TooManyDecisions { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests;
