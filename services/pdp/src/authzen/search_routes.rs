//! `POST /access/v1/search/{subject,resource,action}`.

use axum::{extract::State, response::Response};
use fullmakt_http::{Language, MinPosition, OpenJson, Problem, RequestId};
use fullmakt_pep::PlatformOrBearer;
use fullmakt_projections::graph::Properties;

use super::{
    evaluate::Asking,
    search::{AuthzenResults, Searched, search},
};
use crate::{PdpState, explain::Explain, routes::AUTHORIZE};

/// Finds the subjects of a type that are permitted something (`AuthZEN`).
///
/// System users, persons and organisations are searched among those that act for the party in
/// `resource.properties.party`; subjects of other types among the installation's entities. A later
/// page is answered from the position of the first, or refused where that is no longer at hand. A
/// page may have few results, or none, and yet a next one.
#[utoipa::path(
    post,
    path = "/access/v1/search/subject",
    tag = "decisions",
    operation_id = "search_subject",
    request_body(content = Object, content_type = "application/json",
        description = "A Subject Search request of the AuthZEN Authorization API 1.0."),
    responses(
        (status = 200, description = "A page of subjects.", body = AuthzenResults),
        (status = 400, description = "The body is no request.", content_type = "application/problem+json"),
        (status = 401, description = "No token, or one that is not trusted.", content_type = "application/problem+json"),
        (status = 403, description = "A scope is missing, or the resource is another's.", content_type = "application/problem+json"),
        (status = 410, description = "The search cannot go on.", content_type = "application/problem+json"),
        (status = 503, description = "Nothing can be decided now.", content_type = "application/problem+json"),
    ),
    security(("bearer" = [AUTHORIZE]))
)]
#[tracing::instrument(name = "handler.decisions.search_subject", skip_all)]
pub(crate) async fn search_subject(
    State(state): State<PdpState>,
    PlatformOrBearer(caller): PlatformOrBearer,
    min_position: MinPosition,
    request_id: RequestId,
    OpenJson(body): OpenJson<Properties>,
) -> Result<Response, Problem> {
    let asking = Asking::new(state, caller, request_id, min_position, NOTHING)?;
    search(&asking, Searched::Subject, &body).await
}

/// Finds the resources of a type that a subject is permitted something with (`AuthZEN`).
///
/// With the scope `altinn:authorization/authorize` among those of the caller's own organisation.
/// Pages are as those of subjects.
#[utoipa::path(
    post,
    path = "/access/v1/search/resource",
    tag = "decisions",
    operation_id = "search_resource",
    request_body(content = Object, content_type = "application/json",
        description = "A Resource Search request of the AuthZEN Authorization API 1.0."),
    responses(
        (status = 200, description = "A page of resources.", body = AuthzenResults),
        (status = 400, description = "The body is no request.", content_type = "application/problem+json"),
        (status = 401, description = "No token, or one that is not trusted.", content_type = "application/problem+json"),
        (status = 403, description = "A scope is missing, or the resource is another's.", content_type = "application/problem+json"),
        (status = 410, description = "The search cannot go on.", content_type = "application/problem+json"),
        (status = 503, description = "Nothing can be decided now.", content_type = "application/problem+json"),
    ),
    security(("bearer" = [AUTHORIZE]))
)]
#[tracing::instrument(name = "handler.decisions.search_resource", skip_all)]
pub(crate) async fn search_resource(
    State(state): State<PdpState>,
    PlatformOrBearer(caller): PlatformOrBearer,
    min_position: MinPosition,
    request_id: RequestId,
    OpenJson(body): OpenJson<Properties>,
) -> Result<Response, Problem> {
    let asking = Asking::new(state, caller, request_id, min_position, NOTHING)?;
    search(&asking, Searched::Resource, &body).await
}

/// Finds the actions that a subject is permitted with a resource (`AuthZEN`).
///
/// They are those that the resource's policy has rules for. Pages are as those of subjects.
#[utoipa::path(
    post,
    path = "/access/v1/search/action",
    tag = "decisions",
    operation_id = "search_action",
    request_body(content = Object, content_type = "application/json",
        description = "An Action Search request of the AuthZEN Authorization API 1.0."),
    responses(
        (status = 200, description = "A page of actions.", body = AuthzenResults),
        (status = 400, description = "The body is no request.", content_type = "application/problem+json"),
        (status = 401, description = "No token, or one that is not trusted.", content_type = "application/problem+json"),
        (status = 403, description = "A scope is missing, or the resource is another's.", content_type = "application/problem+json"),
        (status = 410, description = "The search cannot go on.", content_type = "application/problem+json"),
        (status = 503, description = "Nothing can be decided now.", content_type = "application/problem+json"),
    ),
    security(("bearer" = [AUTHORIZE]))
)]
#[tracing::instrument(name = "handler.decisions.search_action", skip_all)]
pub(crate) async fn search_action(
    State(state): State<PdpState>,
    PlatformOrBearer(caller): PlatformOrBearer,
    min_position: MinPosition,
    request_id: RequestId,
    OpenJson(body): OpenJson<Properties>,
) -> Result<Response, Problem> {
    let asking = Asking::new(state, caller, request_id, min_position, NOTHING)?;
    search(&asking, Searched::Action, &body).await
}

/// A search finds what is permitted, which explains itself.
const NOTHING: Explain = Explain { detail: None, language: Language::Bokmal };
