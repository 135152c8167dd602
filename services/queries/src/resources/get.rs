//! One resource.

use axum::{Json, response::IntoResponse};
use fullmakt_events::ResourceId;
use fullmakt_http::{AltinnError, CompatPath};

use fullmakt_reading::{Reading, failed_there};

/// Shows a resource's metadata. Open to everyone.
#[utoipa::path(
    get,
    path = "/resourceregistry/api/v1/resource/{id}",
    tag = "resource registry",
    operation_id = "get_resource",
    params(("id" = String, Path, description = "The resource's identifier.")),
    responses(
        (status = 200, description = "The metadata.", body = Object),
        (status = 404, description = "There is no such resource."),
    )
)]
#[tracing::instrument(name = "handler.resources.get", skip_all)]
pub(crate) async fn get_resource(
    CompatPath(id): CompatPath<String>,
    reading: Reading,
) -> Result<impl IntoResponse, AltinnError> {
    let unknown = || super::unknown("there is no such resource in the registry");
    let id: ResourceId = id.parse().map_err(|_| unknown())?;
    let resource = reading.reader.resource(&id, None).await.map_err(failed_there)?;
    let mut metadata = resource.ok_or_else(unknown)?.row.definition.metadata;
    metadata.retain(|_, value| !value.is_null());
    Ok((reading.token, Json(metadata)))
}
