//! Refusals as the token endpoint shows them: the errors of RFC 6749 (§5.2), with a code of our own
//! for each cause.

use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use fullmakt_http::Problem;
use fullmakt_readstore::ReadError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::refusal::Refusal;

/// A caller's text as an error may show it again: short, and of the characters that
/// `error_description` may have (RFC 6749 §5.2).
pub(crate) fn seen(text: &str) -> String {
    const CHARS_MAX: usize = 80;
    let may_stand = |c: &char| matches!(c, ' '..='~') && *c != '"' && *c != '\\';
    text.chars().filter(may_stand).take(CHARS_MAX).collect()
}

/// The body of an error.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OauthErrorBody {
    /// The error of RFC 6749.
    error: &'static str,
    /// What happened and what to do.
    error_description: String,
    /// The stable code of the cause; `/problems/{code}` explains it.
    error_code: &'static str,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = OauthErrorBody {
            error: self.error(),
            error_description: self.to_string(),
            error_code: self.code(),
        };
        let headers = [
            (header::CACHE_CONTROL, "no-store".to_owned()),
            (header::LINK, format!("</problems/{}>; rel=\"help\"", self.code())),
        ];
        (StatusCode::BAD_REQUEST, headers, Json(body)).into_response()
    }
}

/// Why there is no token.
#[derive(Debug)]
pub(crate) enum GrantError {
    /// A rule forbids it.
    Refused(Refusal),
    /// Something is not there that is needed to decide.
    Problem(Problem),
}

impl From<Refusal> for GrantError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<ReadError> for GrantError {
    fn from(error: ReadError) -> Self {
        Self::Problem(fullmakt_reading::failed(error))
    }
}

impl From<Problem> for GrantError {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl IntoResponse for GrantError {
    fn into_response(self) -> Response {
        match self {
            Self::Refused(refusal) => refusal.into_response(),
            Self::Problem(problem) => problem.into_response(),
        }
    }
}
