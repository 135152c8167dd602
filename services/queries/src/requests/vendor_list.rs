//! The requests of one system, page by page.

use axum::{Json, extract::State, response::IntoResponse};
use fullmakt_domain::AuthCode;
use fullmakt_events::{Position, SystemId, event::SystemUserKind};
use fullmakt_http::{AltinnError, CompatPath, CompatQuery, Cursor, Page, PublicUrl};
use fullmakt_pep::Authenticated;
use fullmakt_projections::{RequestRow, Sequence};
use fullmakt_reading::{Reading, failed_there};
use fullmakt_wire::{RequestSystemResponse, auth_error, scopes::REQUEST_READ};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::QueryState;

/// How many requests a page has.
const PAGE: u32 = 50;

/// Where a page begins.
#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct PageQuery {
    /// From the `next` link of the page before.
    #[param(value_type = Option<String>)]
    token: Option<Cursor<(u64, u32)>>,
}

/// Lists the requests of a system in the order in which they were made.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/request/vendor/bysystem/{system_id}",
    tag = "system user requests",
    operation_id = "list_requests_of_system",
    params(("system_id" = String, Path, description = "The system's id."), PageQuery),
    responses(
        (status = 200, description = "One page, and a link to the next."),
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
) -> Result<impl IntoResponse, AltinnError> {
    let vendor = super::vendor(&caller)?;
    let unknown = || auth_error(AuthCode::SystemNotFound, "there is no such system of yours");
    let system: SystemId = system_id.parse().map_err(|_| unknown())?;
    let owned = reading.reader.system(&system, None).await.map_err(failed_there)?;
    owned.filter(|owned| owned.definition.vendor == vendor).ok_or_else(unknown)?;

    let after = query
        .token
        .map(|Cursor((position, index))| Sequence { position: Position::new(position), index });
    let rows = reading
        .reader
        .requests_of_system(&system, SystemUserKind::Standard, after, PAGE.saturating_add(1), None)
        .await
        .map_err(failed_there)?;
    let rows: Vec<RequestRow> = rows.into_iter().map(|row| row.row).collect();
    let (page, rest) = rows.split_at(rows.len().min(usize::try_from(PAGE).unwrap_or(usize::MAX)));
    let last = page
        .last()
        .filter(|_| !rest.is_empty())
        .map(|last| Cursor((last.created_at.position.get(), last.created_at.index)));
    let requests: Vec<RequestSystemResponse> = page
        .iter()
        .map(|row| RequestSystemResponse::new(&row.into(), &state.pages, reading.now))
        .collect();
    let page = Page::new(requests, &public_url, last.as_ref());
    Ok((reading.token, Json(page)))
}
