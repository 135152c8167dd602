//! Plumbing for axum: problems, extractors, paging and freshness headers. No domain knowledge.
//!
//! A service makes its routes with the extractors here and lets the binary put the layers around
//! them, from the inside out: [`protect`], the telemetry of the caller's choice, [`identify`].

mod altinn;
mod arrival;
mod body;
mod context;
mod edge;
mod entity_tag;
mod freshness;
mod idempotency;
mod input;
mod language;
mod paging;
mod parameters;
mod preference;
mod problem;
mod public_url;
mod rate;
mod server;

pub use altinn::{
    AltinnError, AltinnProblem, AltinnValidation, AltinnValidationError, ModelState, PlainProblem,
};
pub use body::{BODY_BYTES_MAX, CompatJson, OpenJson, RawBody, StrictJson, TrimmedJson};
pub use context::{REQUEST_ID_BYTES_MAX, RequestContext, RequestId};
pub use edge::{EdgeSettings, identify, identify_unless, protect};
pub use entity_tag::{EntityVersion, IfMatch};
pub use freshness::{
    AsOf, AsOfError, ConsistencyToken, FULLMAKT_MIN_POSITION, FULLMAKT_POSITION, FreshnessError,
    MinPosition, TokenError,
};
pub use idempotency::{IDEMPOTENCY_KEY, IdempotencyKey};
pub use input::InputError;
pub use language::Language;
pub use paging::{Cursor, CursorError, Links, Page};
pub use parameters::{CompatPath, CompatQuery, Path, Query, path_part};
pub use preference::Handling;
pub use problem::{CodePage, Problem, ProblemType, code_page, problem_pages};
pub use public_url::{PublicAddress, PublicUrl};
pub use rate::{BURST_SECONDS, REQUESTS_PER_SECOND, RateLimits};
pub use server::{CONNECTIONS_MAX, HEAD_BYTES_MAX, HEAD_TIMEOUT, HEADERS_MAX, ServerLimits, serve};

#[cfg(test)]
mod testing;
