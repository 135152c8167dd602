//! One system user, for the vendor of its system, by what names it.

use axum::{Json, response::IntoResponse};
use fullmakt_domain::AuthCode;
use fullmakt_http::{AltinnError, CompatQuery, ModelState};
use fullmakt_pep::Authenticated;
use fullmakt_reading::{Reading, failed_there};
use fullmakt_readstore::Reference;
use fullmakt_wire::{
    ExternalSystemUser, auth_error,
    scopes::{REQUEST_READ, REQUEST_WRITE},
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::vendor::vendor_with;

/// Which system user is meant.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ReferenceQuery {
    /// The system's id.
    #[param(value_type = String, required = true, example = "310010014_smartcloud")]
    system_id: Option<String>,
    /// The owner's organisation number.
    #[param(value_type = String, required = true, example = "310010022")]
    orgno: Option<String>,
    /// The vendor's reference; nothing means the owner's organisation number.
    external_ref: Option<String>,
}

/// Shows a system user to the vendor of its system, by system, owner and external reference.
///
/// The contract asks for the scope to write requests. The one to read them is enough here, since
/// nothing is written.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/vendor/byquery",
    tag = "system users",
    operation_id = "find_system_user_of_vendor",
    params(ReferenceQuery),
    responses(
        (status = 200, description = "The system user.", body = ExternalSystemUser),
        (status = 400, description = "A parameter is missing."),
        (status = 401, description = "No token, or one without an organisation (AUTH-00023)."),
        (status = 403, description = "The scope is missing."),
        (status = 404, description = "There is no such system user of a system of this vendor (AUTH-00015)."),
    ),
    security(("bearer" = [REQUEST_WRITE]), ("bearer" = [REQUEST_READ]))
)]
#[tracing::instrument(name = "handler.system_users.vendor_by_query", skip_all)]
pub(crate) async fn find_system_user_of_vendor(
    Authenticated(caller): Authenticated,
    CompatQuery(query): CompatQuery<ReferenceQuery>,
    reading: Reading,
) -> Result<impl IntoResponse, AltinnError> {
    let vendor = vendor_with(&caller, &[REQUEST_WRITE, REQUEST_READ])?;
    let system = given("system-id", query.system_id)?;
    let owner = given("orgno", query.orgno)?;
    let external_ref =
        query.external_ref.filter(|text| !text.is_empty()).unwrap_or_else(|| owner.clone());
    let unknown = || {
        auth_error(
            AuthCode::SystemUserNotFound,
            "there is no system user of a system of yours with this owner and reference",
        )
    };
    let (Ok(system), Ok(customer)) = (system.parse(), owner.parse()) else {
        return Err(unknown());
    };
    let reference = Reference { system, customer, external_ref };
    let user = reading.reader.system_user_by_reference(&reference, None).await;
    let user = user.map_err(failed_there)?;
    let user = user.filter(|user| user.vendor == vendor).ok_or_else(unknown)?;
    Ok((reading.token, Json(ExternalSystemUser::new(&(&user.row).into()))))
}

fn given(parameter: &str, value: Option<String>) -> Result<String, ModelState> {
    value
        .filter(|text| !text.is_empty())
        .ok_or_else(|| ModelState::field(parameter, format!("The {parameter} field is required.")))
}
