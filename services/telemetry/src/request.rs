//! The canonical line: one line says all about a request that may be said.

use std::time::Instant;

use axum::{
    Router,
    extract::{MatchedPath, Request},
    http::{Method, Response},
    middleware::{self, Next},
    response::IntoResponse,
};
use fullmakt_http::{ConsistencyToken, FULLMAKT_POSITION, RequestContext};
use tracing::Level;

/// Routes that machines ask all the time: their lines would bury the others.
const PROBES: [&str; 2] = ["/health/", "/metrics"];

/// Writes one line, and counts, for every request to these routes. Belongs inside
/// [`fullmakt_http::identify`], so that it knows the request's id, and outside
/// [`fullmakt_http::protect`], so that it sees every answer.
pub fn observe<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    routes.layer(middleware::from_fn(observe_request))
}

async fn observe_request(request: Request, next: Next) -> impl IntoResponse {
    let mut line = CanonicalLine::new(&request);
    let response = next.run(request).await;
    line.answered(&response);
    response
}

/// The line of a request. It is written when dropped, so that a request whose caller went away
/// has its line too.
struct CanonicalLine {
    started: Instant,
    method: &'static str,
    /// The route's pattern. Never the path itself: it can hold what must not be logged.
    route: String,
    context: Option<RequestContext>,
    status: Option<u16>,
    position: Option<u64>,
}

impl CanonicalLine {
    fn new(request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>();
        Self {
            started: Instant::now(),
            method: name_of(request.method()),
            route: route.map_or_else(|| "none".to_owned(), |route| route.as_str().to_owned()),
            context: RequestContext::current(),
            status: None,
            position: None,
        }
    }

    fn answered<B>(&mut self, response: &Response<B>) {
        self.status = Some(response.status().as_u16());
        let header = response.headers().get(FULLMAKT_POSITION);
        let token: Option<ConsistencyToken> =
            header.and_then(|value| value.to_str().ok()?.parse().ok());
        self.position = token.map(|token| token.position.get());
    }
}

impl Drop for CanonicalLine {
    fn drop(&mut self) {
        let elapsed = self.started.elapsed();
        let status =
            self.status.map_or_else(|| "abandoned".to_owned(), |status| status.to_string());
        let context = self.context.as_ref();
        let org = context.and_then(RequestContext::caller_org).map(|org| org.to_string());
        // A macro, because an event's level is part of its call site.
        macro_rules! line {
            ($level:expr) => {
                tracing::event!(
                    target: "fullmakt::request",
                    $level,
                    {
                        http.method = self.method,
                        http.route = self.route,
                        http.status = status,
                        duration_ms = (elapsed.as_secs_f64() * 1e6).round() / 1e3,
                        request.id = context.map(|context| context.id.as_str()),
                        caller.org = org,
                        ledger.position = self.position,
                    },
                    "request"
                )
            };
        }
        if PROBES.iter().any(|probe| self.route.starts_with(probe)) {
            line!(Level::DEBUG);
        } else {
            line!(Level::INFO);
        }
        let labels =
            [("method", self.method.to_owned()), ("route", std::mem::take(&mut self.route))];
        metrics::histogram!("http_request_seconds", &labels).record(elapsed.as_secs_f64());
        let [method, route] = labels;
        let labels = [method, route, ("status", status)];
        metrics::counter!("http_requests_total", &labels).increment(1);
    }
}

/// The method from a closed set: a caller can make up others.
fn name_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests;
