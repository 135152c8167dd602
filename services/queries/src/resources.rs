//! Resources of the resource registry.

pub(crate) mod get;
pub(crate) mod policy;

use fullmakt_http::{AltinnError, Problem, ProblemType};

/// The answer where there is no such resource, or no policy of it.
fn unknown(what: &str) -> AltinnError {
    AltinnError::Ours(Problem::of(ProblemType::NotFound, what))
}
