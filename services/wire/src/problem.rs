//! Refusals as problems with the contract's codes.

use axum::http::StatusCode;
use fullmakt_domain::AuthCode;
use fullmakt_http::{AltinnError, AltinnProblem};

/// The problem of a code.
#[must_use]
pub fn auth_problem(code: AuthCode) -> AltinnProblem {
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::BAD_REQUEST);
    AltinnProblem::new(code.to_string(), code.title(), status)
}

/// The problem of a code, and what the caller should know of this case.
#[must_use]
pub fn auth_error(code: AuthCode, detail: impl Into<String>) -> AltinnError {
    AltinnError::Problem(auth_problem(code).with_detail(detail))
}
