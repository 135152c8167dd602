//! `GET /.well-known/authzen-configuration`.

use axum::{
    Json,
    http::{HeaderName, header},
};
use fullmakt_http::PublicUrl;
use serde::Serialize;
use utoipa::ToSchema;

/// For how long the metadata may be kept: they change with releases only.
const CACHE: &str = "max-age=3600";

/// Where the decision endpoints are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuthzenMetadata {
    /// The decision point: the address that these metadata were asked at.
    policy_decision_point: String,
    access_evaluation_endpoint: String,
    access_evaluations_endpoint: String,
    search_subject_endpoint: String,
    search_resource_endpoint: String,
    search_action_endpoint: String,
}

/// Shows where the decision endpoints are (`AuthZEN`).
#[utoipa::path(
    get,
    path = "/.well-known/authzen-configuration",
    tag = "decisions",
    operation_id = "authzen_configuration",
    responses((status = 200, description = "Decision point metadata.", body = AuthzenMetadata))
)]
pub(crate) async fn authzen_configuration(
    url: PublicUrl,
) -> ([(HeaderName, &'static str); 1], Json<AuthzenMetadata>) {
    let metadata = AuthzenMetadata {
        policy_decision_point: url.base().to_owned(),
        access_evaluation_endpoint: url.of("/access/v1/evaluation"),
        access_evaluations_endpoint: url.of("/access/v1/evaluations"),
        search_subject_endpoint: url.of("/access/v1/search/subject"),
        search_resource_endpoint: url.of("/access/v1/search/resource"),
        search_action_endpoint: url.of("/access/v1/search/action"),
    };
    ([(header::CACHE_CONTROL, CACHE)], Json(metadata))
}
