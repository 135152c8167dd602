//! The requests of one system, page by page.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use fullmakt_events::event::SystemUserKind;
use fullmakt_http::{AltinnError, CompatPath, CompatQuery, PublicUrl};
use fullmakt_pep::{Authenticated, Caller};
use fullmakt_projections::RequestRow;
use fullmakt_reading::{Reading, failed_there};
use fullmakt_wire::{RequestSystemResponse, scopes::REQUEST_READ};

use crate::{
    QueryState,
    page::{PAGE_AND_ONE, PageQuery, page},
    vendor::{own_system, vendor},
};

/// Lists the requests of a system for standard system users, in the order in which they were made.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/request/vendor/bysystem/{system_id}",
    tag = "system user requests",
    operation_id = "list_requests_of_system",
    params(("system_id" = String, Path, description = "The system's id."), PageQuery),
    responses(
        (status = 200, description = "One page (`data`), and a link to the next (`links.next`) unless it is the last.", example = json!({"links": {"next": "https://platform.example.no/authentication/api/v1/systemuser/request/vendor/bysystem/310010014_smartcloud?token=WzQ3MTEsMF0"}, "data": []})),
        (status = 400, description = "The token is not from a `next` link of this list."),
        (status = 401, description = "No token, or one without an organisation (AUTH-00023)."),
        (status = 403, description = "The scope is missing."),
        (status = 404, description = "Unknown, or another vendor's system (AUTH-00011)."),
    ),
    security(("bearer" = [REQUEST_READ]))
)]
#[tracing::instrument(name = "handler.requests.vendor_list", skip_all)]
pub(crate) async fn list_requests_of_system(
    State(state): State<QueryState>,
    Authenticated(caller): Authenticated,
    CompatPath(system_id): CompatPath<String>,
    CompatQuery(query): CompatQuery<PageQuery>,
    public_url: PublicUrl,
    reading: Reading,
) -> Result<Response, AltinnError> {
    let place = (query, &public_url);
    list(&state, &caller, SystemUserKind::Standard, &system_id, place, &reading).await
}

/// Lists the requests of a system for system users that act for clients, in the order in which they
/// were made.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/request/vendor/agent/bysystem/{system_id}",
    tag = "system user requests",
    operation_id = "list_agent_requests_of_system",
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
#[tracing::instrument(name = "handler.requests.vendor_list_agent", skip_all)]
pub(crate) async fn list_agent_requests_of_system(
    State(state): State<QueryState>,
    Authenticated(caller): Authenticated,
    CompatPath(system_id): CompatPath<String>,
    CompatQuery(query): CompatQuery<PageQuery>,
    public_url: PublicUrl,
    reading: Reading,
) -> Result<Response, AltinnError> {
    let place = (query, &public_url);
    list(&state, &caller, SystemUserKind::Agent, &system_id, place, &reading).await
}

async fn list(
    state: &QueryState,
    caller: &Caller,
    kind: SystemUserKind,
    system_id: &str,
    (query, public_url): (PageQuery, &PublicUrl),
    reading: &Reading,
) -> Result<Response, AltinnError> {
    let system = own_system(reading, vendor(caller)?, system_id).await?;
    let rows = reading
        .reader
        .requests_of_system(&system, kind, query.after(), PAGE_AND_ONE, None)
        .await
        .map_err(failed_there)?;
    let rows: Vec<RequestRow> = rows.into_iter().map(|row| row.row).collect();
    let show =
        |row: &RequestRow| RequestSystemResponse::new(&row.into(), &state.pages, reading.now);
    let page = page(&rows, public_url, |row| row.created_at, show);
    Ok((reading.token, page).into_response())
}
