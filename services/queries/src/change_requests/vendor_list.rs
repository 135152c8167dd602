//! The change requests of one system, page by page.

use axum::{extract::State, response::IntoResponse};
use fullmakt_http::{AltinnError, CompatPath, CompatQuery, PublicUrl};
use fullmakt_pep::Authenticated;
use fullmakt_projections::ChangeRequestRow;
use fullmakt_reading::{Reading, failed_there};
use fullmakt_wire::{ChangeRequestResponse, scopes::REQUEST_READ};

use crate::{
    QueryState,
    page::{PAGE_AND_ONE, PageQuery, page},
    vendor::{own_system, vendor},
};

/// Lists the change requests of a system in the order in which they were made.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/changerequest/vendor/bysystem/{system_id}",
    tag = "system user change requests",
    operation_id = "list_change_requests_of_system",
    params(("system_id" = String, Path, description = "The system's id."), PageQuery),
    responses(
        (status = 200, description = "One page (`data`), and a link to the next (`links.next`) unless it is the last.", example = json!({"links": {}, "data": []})),
        (status = 400, description = "The token is not from a `next` link of this list."),
        (status = 401, description = "No token, or one without an organisation (AUTH-00023)."),
        (status = 403, description = "The scope is missing."),
        (status = 404, description = "Unknown, or another vendor's system (AUTH-00011)."),
    ),
    security(("bearer" = [REQUEST_READ]))
)]
#[tracing::instrument(name = "handler.change_requests.vendor_list", skip_all)]
pub(crate) async fn list_change_requests_of_system(
    State(state): State<QueryState>,
    Authenticated(caller): Authenticated,
    CompatPath(system_id): CompatPath<String>,
    CompatQuery(query): CompatQuery<PageQuery>,
    public_url: PublicUrl,
    reading: Reading,
) -> Result<impl IntoResponse, AltinnError> {
    let system = own_system(&reading, vendor(&caller)?, &system_id).await?;
    let rows = reading
        .reader
        .change_requests_of_system(&system, query.after(), PAGE_AND_ONE, None)
        .await
        .map_err(failed_there)?;
    let rows: Vec<ChangeRequestRow> = rows.into_iter().map(|row| row.row).collect();
    let show =
        |row: &ChangeRequestRow| ChangeRequestResponse::new(&row.into(), &state.pages, reading.now);
    let page = page(&rows, &public_url, |row| row.created_at, show);
    Ok((reading.token, page))
}
