//! The layers around all routes.

use std::{any::Any, time::Duration};

use axum::{
    Extension, Router, body::Body, extract::DefaultBodyLimit, http::Response as HttpResponse,
    middleware, response::IntoResponse,
};
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    BODY_BYTES_MAX, CodePage, Problem, ProblemType, PublicAddress, REQUESTS_PER_SECOND, RateLimits,
    arrival::limit_time, context::identify_request, problem_pages,
};

/// The limits around all routes, and the address that clients see.
#[derive(Debug, Clone)]
pub struct EdgeSettings {
    /// The most bytes of a body, where a route sets no limit of its own.
    pub body_bytes_max: usize,
    /// How long a request may take until its answer begins, with what it takes to arrive.
    pub timeout: Duration,
    /// The pages of codes that are no problems of ours.
    pub code_page: CodePage,
    /// How many requests each caller may send.
    pub rate_limits: RateLimits,
    /// The address of the installation as clients reach it.
    pub public_address: Option<PublicAddress>,
}

impl Default for EdgeSettings {
    fn default() -> Self {
        Self {
            body_bytes_max: BODY_BYTES_MAX,
            // Commands give up after 2 s, readers that insist on a position too; the rest is room.
            timeout: Duration::from_secs(10),
            code_page: |_| None,
            rate_limits: RateLimits::new(REQUESTS_PER_SECOND, []),
            public_address: None,
        }
    }
}

/// Adds the problem pages and the fallbacks, and limits bodies and time. A panic becomes an opaque
/// 500. Call it once, with all routes in place.
pub fn protect<S: Clone + Send + Sync + 'static>(
    routes: Router<S>,
    settings: &EdgeSettings,
) -> Router<S> {
    let routes = routes
        .merge(problem_pages(settings.code_page))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(settings.body_bytes_max))
        .layer(CatchPanicLayer::custom(answer_panic))
        .layer(Extension(settings.rate_limits.clone()))
        .layer(middleware::from_fn_with_state(settings.timeout, limit_time));
    match &settings.public_address {
        Some(address) => routes.layer(Extension(address.clone())),
        None => routes,
    }
}

/// Gives every request its id. The outermost layer, so that all others know it.
pub fn identify<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    identify_unless(routes, |_| false)
}

/// The same, but an id that a caller gives is replaced where `is_refused` says so: ids are logged
/// and recorded, so that none may be, for example, a national identity number.
pub fn identify_unless<S: Clone + Send + Sync + 'static>(
    routes: Router<S>,
    is_refused: fn(&str) -> bool,
) -> Router<S> {
    routes.layer(middleware::from_fn_with_state(is_refused, identify_request))
}

async fn not_found() -> Problem {
    Problem::of(ProblemType::NotFound, "there is no such path")
}

async fn method_not_allowed() -> Problem {
    Problem::of(ProblemType::MethodNotAllowed, "the `Allow` header lists the methods of this path")
}

#[derive(Debug, thiserror::Error)]
#[error("a handler panicked; standard error has the message and the place")]
struct Panicked;

/// The message may hold what the caller sent, so it is not repeated.
fn answer_panic(_: Box<dyn Any + Send + 'static>) -> HttpResponse<Body> {
    Problem::opaque(ProblemType::Internal, &Panicked).into_response()
}

#[cfg(test)]
mod tests;
