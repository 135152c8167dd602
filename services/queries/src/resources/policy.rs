//! The policy of one resource.

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::IntoResponse,
};
use fullmakt_events::ResourceId;
use fullmakt_http::{AltinnError, CompatPath};

use fullmakt_reading::{Reading, failed_there};

/// Shows a resource's policy as it was published. Open to everyone.
#[utoipa::path(
    get,
    path = "/resourceregistry/api/v1/resource/{id}/policy",
    tag = "resource registry",
    operation_id = "get_policy",
    params(("id" = String, Path, description = "The resource's identifier.")),
    responses(
        (status = 200, description = "The policy, XACML 3.0.", content_type = "application/xml"),
        (status = 404, description = "There is no such resource, or it has no policy."),
    )
)]
#[tracing::instrument(name = "handler.resources.policy", skip_all)]
pub(crate) async fn get_policy(
    CompatPath(id): CompatPath<String>,
    reading: Reading,
) -> Result<impl IntoResponse, AltinnError> {
    let unknown = || super::unknown("there is no such resource, or it has no policy");
    let id: ResourceId = id.parse().map_err(|_| unknown())?;
    let policy = reading.reader.policy(&id, None).await.map_err(failed_there)?;
    let policy = policy.ok_or_else(unknown)?;
    let headers: [(HeaderName, HeaderValue); 1] =
        [(header::CONTENT_TYPE, HeaderValue::from_static("application/xml"))];
    Ok((reading.token, headers, policy.row.xml))
}
