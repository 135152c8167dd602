//! The layer around a route that lets through only whom the decision point permits it.
//!
//! A route says what it needs with [`Permit`]; the application says with [`Enforcement`], once and
//! around all routes, whom it trusts and whom it asks:
//!
//! ```
//! use axum::{Extension, Router, routing::get};
//! use fullmakt_pep::{Enforcement, PartyInPath, Permit, Permitted};
//!
//! fn routes(enforcement: Enforcement) -> Router {
//!     let may_read = Permit::new("read", "vat-return", PartyInPath::Org("organisation"));
//!     Router::new()
//!         .route("/{organisation}/returns", get(list).route_layer(may_read))
//!         .layer(Extension(enforcement))
//! }
//!
//! async fn list(permitted: Permitted) -> String {
//!     format!("permitted by decision {}", permitted.decision())
//! }
//! ```
//!
//! What goes wrong ends in a refusal: a route with a `Permit` but without an `Enforcement` around it,
//! or with a [`Permitted`] handler but without a `Permit`, serves nobody.

use std::{
    convert::Infallible,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    extract::{FromRequestParts, Request},
    http::{HeaderName, HeaderValue, request::Parts},
    response::{IntoResponse, Response},
};
use fullmakt_events::{DecisionId, OrgNumber, PartyId, PartyNumber, ResourceId};
use fullmakt_http::{AltinnError, MinPosition, ModelState, Problem, ProblemType, path_part};
use futures::future::BoxFuture;
use tower::{Layer, Service};
use uuid::Uuid;

use crate::{
    AccessRefusal, Authenticated, Caller, DecisionPoint, PartyRef, TokenVerifier, enforce,
};

/// The header that names the decision that an answer rests on.
pub const FULLMAKT_DECISION: HeaderName = HeaderName::from_static("fullmakt-decision");

/// Whom an application trusts to say who calls, and whom it asks for decisions. Put around its
/// routes as an [`axum::Extension`].
#[derive(Clone)]
pub struct Enforcement {
    verifier: TokenVerifier,
    point: Arc<dyn DecisionPoint>,
}

impl Enforcement {
    /// Trusts these issuers, and asks this decision point.
    #[must_use]
    pub fn new(verifier: TokenVerifier, point: Arc<dyn DecisionPoint>) -> Self {
        Self { verifier, point }
    }
}

/// What a caller of a route has to be permitted. A layer for that route.
#[derive(Debug, Clone)]
pub struct Permit {
    action: &'static str,
    resource: &'static str,
    party: PartyInPath,
    scopes: &'static [&'static str],
}

/// Which part of the path names the party that the caller acts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartyInPath {
    /// A part with the integer id of the wire contract; the routes are that contract's.
    Number(&'static str),
    /// A part with an organisation number.
    Org(&'static str),
    /// A part with the party's UUID.
    Uuid(&'static str),
}

/// A caller that was let through. Only a [`Permit`] around the route makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permitted {
    /// Who calls.
    pub caller: Caller,
    decision: DecisionId,
}

impl Permit {
    /// A caller has to be permitted this action with this resource for the party in the path.
    #[must_use]
    pub const fn new(action: &'static str, resource: &'static str, party: PartyInPath) -> Self {
        Self { action, resource, party, scopes: &[] }
    }

    /// The same, and the token has to have one of these scopes. Without one nothing is asked.
    #[must_use]
    pub const fn with_any_scope(mut self, scopes: &'static [&'static str]) -> Self {
        self.scopes = scopes;
        self
    }

    /// Who calls, if it is permitted.
    async fn admit(&self, parts: &mut Parts) -> Result<Permitted, Refusal> {
        let enforcement = parts.extensions.get::<Enforcement>().cloned();
        let Enforcement { verifier, point } =
            enforcement.ok_or_else(|| Problem::opaque(ProblemType::Internal, &WiringError))?;
        let Authenticated(caller) = Authenticated::from_request_parts(parts, &verifier).await?;
        let of = self.party.read(parts).await?;
        let min_position = MinPosition::from_request_parts(parts, &()).await?;
        if !self.scopes.is_empty() {
            caller.require_any_scope(self.scopes).map_err(Problem::from)?;
        }
        let resource: ResourceId = self
            .resource
            .parse()
            .map_err(|error| Problem::opaque(ProblemType::Internal, &error))?;
        let ask = (min_position, DecisionId::new(Uuid::now_v7()));
        let allowed = enforce(point.as_ref(), &caller, self.action, resource, of, ask).await?;
        Ok(Permitted { caller, decision: allowed.decision() })
    }
}

impl Permitted {
    /// The id of the decision that permitted it, by which its explanation can be had.
    #[must_use]
    pub const fn decision(&self) -> DecisionId {
        self.decision
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Permitted {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let permitted = parts.extensions.get().cloned();
        permitted.ok_or_else(|| Problem::opaque(ProblemType::Internal, &WiringError))
    }
}

/// The application was put together wrongly. Nobody is let through then.
#[derive(Debug, thiserror::Error)]
#[error("the route is not guarded: it needs a `Permit`, and an `Enforcement` around it")]
struct WiringError;

impl PartyInPath {
    async fn read(self, parts: &mut Parts) -> Result<PartyRef, AltinnError> {
        match self {
            Self::Number(name) => path_part(parts, name, "a whole number from 0")
                .await
                .map(|number| PartyRef::Number(PartyNumber::new(number)))
                .map_err(|error| ModelState::from(error).into()),
            Self::Org(name) => path_part::<OrgNumber>(parts, name, "an organisation number")
                .await
                .map(PartyRef::Org)
                .map_err(|error| Problem::invalid(vec![error]).into()),
            Self::Uuid(name) => path_part::<Uuid>(parts, name, "a UUID")
                .await
                .map(|uuid| PartyRef::Uuid(PartyId::new(uuid)))
                .map_err(|error| Problem::invalid(vec![error]).into()),
        }
    }
}

/// Why a caller is not let through, and the decision that it follows from.
struct Refusal {
    error: AltinnError,
    decision: Option<DecisionId>,
}

impl From<AccessRefusal> for Refusal {
    fn from(refusal: AccessRefusal) -> Self {
        Self { decision: refusal.decision(), error: refusal.into() }
    }
}

impl From<AltinnError> for Refusal {
    fn from(error: AltinnError) -> Self {
        Self { error, decision: None }
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        AltinnError::Ours(problem).into()
    }
}

impl<S> Layer<S> for Permit {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Guarded<S> {
        Guarded { permit: self.clone(), inner }
    }
}

/// A route with its [`Permit`] around it.
#[derive(Debug, Clone)]
pub struct Guarded<S> {
    permit: Permit,
    inner: S,
}

impl<S> Service<Request> for Guarded<S>
where
    S: Service<Request, Error = Infallible> + Clone + Send + 'static,
    S::Response: IntoResponse,
    S::Future: Send,
{
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let permit = self.permit.clone();
        // The one that is ready serves this request; the copy gets ready for the next.
        let next = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, next);
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            let (response, decision) = match permit.admit(&mut parts).await {
                Ok(permitted) => {
                    let decision = permitted.decision;
                    parts.extensions.insert(permitted);
                    let response = inner.call(Request::from_parts(parts, body)).await?;
                    (response.into_response(), Some(decision))
                }
                Err(refusal) => (refusal.error.into_response(), refusal.decision),
            };
            Ok(naming(decision, response))
        })
    }
}

/// The answer with the decision that it rests on.
fn naming(decision: Option<DecisionId>, mut response: Response) -> Response {
    let value = decision.and_then(|id| HeaderValue::try_from(id.to_string()).ok());
    if let Some(value) = value {
        response.headers_mut().insert(FULLMAKT_DECISION, value);
    }
    response
}

#[cfg(test)]
mod tests;
