//! The system users of one system, page by page.

use axum::{Json, response::IntoResponse};
use fullmakt_http::{AltinnError, CompatPath, CompatQuery, Cursor, Links, PublicUrl};
use fullmakt_pep::Authenticated;
use fullmakt_projections::Sequence;
use fullmakt_reading::{Reading, failed_there};
use fullmakt_wire::{
    ExternalSystemUser,
    scopes::{REQUEST_READ, SYSTEM_REGISTER_ADMIN, SYSTEM_REGISTER_WRITE},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    page::{PAGE_AND_ONE, split},
    vendor::{own_system, vendor_with},
};

/// Where a page begins.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SystemUserPageQuery {
    /// From the `next` link of the page before.
    #[param(value_type = Option<String>, example = "MTU0NDAyODE3")]
    token: Option<Cursor<u64>>,
}

/// A page of system users.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SystemUserPage {
    /// Under `next` the absolute address of the next page; absent on the last.
    #[schema(value_type = Object)]
    links: Links,
    /// The system users.
    data: Vec<ExternalSystemUser>,
}

/// Lists the system users of a system, of both kinds, in the order in which they were created.
///
/// The contract asks for the scope to write the system register. The one to read requests is enough
/// here, since nothing is written.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/vendor/bysystem/{system_id}",
    tag = "system users",
    operation_id = "list_system_users_of_system",
    params(
        ("system_id" = String, Path, description = "The system's id.", example = "310010014_smartcloud"),
        SystemUserPageQuery,
    ),
    responses(
        (status = 200, description = "One page, and a link to the next.", body = SystemUserPage),
        (status = 400, description = "The token is no cursor of this list."),
        (status = 401, description = "No token, or one without an organisation (AUTH-00023)."),
        (status = 403, description = "The scope is missing."),
        (status = 404, description = "Unknown, or another vendor's system (AUTH-00011)."),
    ),
    security(("bearer" = [SYSTEM_REGISTER_WRITE]), ("bearer" = [REQUEST_READ]))
)]
#[tracing::instrument(name = "handler.system_users.vendor_list", skip_all)]
pub(crate) async fn list_system_users_of_system(
    Authenticated(caller): Authenticated,
    CompatPath(system_id): CompatPath<String>,
    CompatQuery(query): CompatQuery<SystemUserPageQuery>,
    public_url: PublicUrl,
    reading: Reading,
) -> Result<impl IntoResponse, AltinnError> {
    let any_of = [SYSTEM_REGISTER_WRITE, SYSTEM_REGISTER_ADMIN, REQUEST_READ];
    let vendor = vendor_with(&caller, &any_of)?;
    let system = own_system(&reading, vendor, &system_id).await?;
    let after = query.token.map(|Cursor(number)| Sequence::of_number(number));
    let rows = reading
        .reader
        .system_users_of_system(&system, after, PAGE_AND_ONE, None)
        .await
        .map_err(failed_there)?;
    let (page, last) = split(&rows);
    let next = last.map(|last| Cursor(last.created_at.number()));
    let page = SystemUserPage {
        links: Links::to_next(&public_url, next.as_ref()),
        data: page.iter().map(|row| ExternalSystemUser::new(&(&row.row).into())).collect(),
    };
    Ok((reading.token, Json(page)))
}
