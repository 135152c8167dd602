//! One system user, as a token issuer looks it up.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::IntoResponse,
};
use fullmakt_events::OrgNumber;
use fullmakt_http::{AltinnError, CompatQuery};
use fullmakt_pep::Authenticated;
use fullmakt_readstore::ExternalId;
use fullmakt_wire::{ExternalSystemUser, scopes::SYSTEM_USER_LOOKUP};
use serde::Deserialize;
use utoipa::IntoParams;

use fullmakt_reading::{Reading, failed_there};

/// Which system user is meant.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LookupQuery {
    /// The client id that asks for a token.
    #[param(value_type = String, required = true, example = "smartcloud-client")]
    client_id: Option<String>,
    /// The organisation that makes the system.
    #[param(value_type = String, required = true, example = "310010014")]
    system_provider_org_no: Option<String>,
    /// The organisation that owns the system user.
    #[param(value_type = String, required = true, example = "310010022")]
    system_user_owner_org_no: Option<String>,
    /// The vendor's reference; nothing means the owner's organisation number.
    external_ref: Option<String>,
}

/// Looks a system user up, as a token issuer does before it issues a token.
///
/// The answer is for this moment: one that is deleted or paused is not found from then on.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/byExternalId",
    tag = "system users",
    operation_id = "get_system_user_by_external_id",
    params(LookupQuery),
    responses(
        (status = 200, description = "The system user.", body = ExternalSystemUser),
        (status = 400, description = "A parameter is missing; the body is empty."),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The scope is missing."),
        (status = 404, description = "There is no such system user, or a link of the chain does not hold: it was deleted or is paused, or its system was deleted; the body is empty."),
    ),
    security(("bearer" = [SYSTEM_USER_LOOKUP]))
)]
#[tracing::instrument(name = "handler.system_users.by_external_id", skip_all)]
pub(crate) async fn get_system_user_by_external_id(
    Authenticated(caller): Authenticated,
    CompatQuery(query): CompatQuery<LookupQuery>,
    reading: Reading,
) -> Result<impl IntoResponse, AltinnError> {
    caller.require_any_scope(&[SYSTEM_USER_LOOKUP])?;
    // A cache that kept an answer, be it a refusal, would give it when it is no longer true.
    let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    let found = find(query, &reading).await;
    Ok((reading.token, no_store, found))
}

async fn find(
    query: LookupQuery,
    reading: &Reading,
) -> Result<Json<ExternalSystemUser>, AltinnError> {
    let empty = |status| AltinnError::PlainText(status, "".into());
    let given = |text: Option<String>| {
        text.filter(|text| !text.is_empty()).ok_or_else(|| empty(StatusCode::BAD_REQUEST))
    };
    let client_id = given(query.client_id)?;
    let vendor = given(query.system_provider_org_no)?;
    let owner = given(query.system_user_owner_org_no)?;
    let external_ref =
        query.external_ref.filter(|text| !text.is_empty()).unwrap_or_else(|| owner.clone());
    // What is no id and no number names nothing that exists.
    let unknown = || empty(StatusCode::NOT_FOUND);
    let id = ExternalId {
        client_id: client_id.parse().map_err(|_| unknown())?,
        vendor: vendor.parse::<OrgNumber>().map_err(|_| unknown())?,
        owner: owner.parse::<OrgNumber>().map_err(|_| unknown())?,
        external_ref,
    };
    let user = reading
        .reader
        .system_user_by_external_id(&id, None)
        .await
        .map_err(failed_there)?
        .ok_or_else(unknown)?;
    Ok(Json(ExternalSystemUser::new(&(&user.row).into()).with_product_name()))
}
