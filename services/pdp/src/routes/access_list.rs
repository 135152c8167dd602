//! What access lists say, for components of the platform.

use axum::{Json, extract::State, response::IntoResponse};
use fullmakt_events::{OrgNumber, PartyId, PartyNumber, ResourceId};
use fullmakt_http::{
    AltinnError, CompatJson, InputError, MinPosition, ModelState, Problem, ProblemType,
};
use fullmakt_pep::PlatformOrBearer;
use fullmakt_projections::graph::ListAuthorization;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::PdpState;
use crate::Generation;

const PARTY_UUID: &str = "urn:altinn:party:uuid:";
const PARTY_ID: &str = "urn:altinn:party:id:";
const ORG_NUMBER: &str = "urn:altinn:organization:identifier-no:";
const RESOURCE: &str = "urn:altinn:resource:";
const ACTION: &str = "urn:oasis:names:tc:xacml:1.0:action:action-id:";

/// Who wants to do what, as URNs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccessListAuthorizationRequest {
    /// A party, by UUID, integer id or organisation number.
    #[schema(example = "urn:altinn:organization:identifier-no:310010022")]
    subject: String,
    #[schema(example = "urn:altinn:resource:demo-vat-return")]
    resource: String,
    #[schema(example = "urn:oasis:names:tc:xacml:1.0:action:action-id:read")]
    action: String,
}

/// The question with its answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccessListAuthorizationResponse {
    #[schema(example = "urn:altinn:organization:identifier-no:310010022")]
    subject: String,
    #[schema(example = "urn:altinn:resource:demo-vat-return")]
    resource: String,
    #[schema(example = "urn:oasis:names:tc:xacml:1.0:action:action-id:read")]
    action: String,
    /// `Authorized`, `NotAuthorized`, or `NotDetermined` where the party or the resource is unknown.
    #[schema(example = "NotAuthorized")]
    result: &'static str,
}

/// Says whether access lists let a party use a resource. For components of the platform.
#[utoipa::path(
    post,
    path = "/authorization/api/v1/accesslist/accessmanagement/authorization",
    tag = "decisions",
    operation_id = "authorize_by_access_lists",
    request_body = AccessListAuthorizationRequest,
    responses(
        (status = 200, description = "What the lists say.", body = AccessListAuthorizationResponse),
        (status = 400, description = "A member is missing, or is no URN of its kind."),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "No token of a component of the platform."),
        (status = 503, description = "The graph is not as fresh as asked."),
    ),
    security(("bearer" = []))
)]
#[tracing::instrument(name = "handler.access_lists.authorize", skip_all)]
pub(crate) async fn authorize_by_access_lists(
    State(state): State<PdpState>,
    PlatformOrBearer(caller): PlatformOrBearer,
    min_position: MinPosition,
    CompatJson(asked): CompatJson<AccessListAuthorizationRequest>,
) -> Result<impl IntoResponse, AltinnError> {
    // No scope opens it: only components ask.
    caller.require_platform_or_scope(&[]).map_err(|_| {
        Problem::of(ProblemType::Forbidden, "only components of the platform may ask this")
    })?;
    let generation = state.decisions.at_least(min_position).await.map_err(Problem::from)?;
    let party = party(&generation, &asked.subject)?;
    let resource: Option<ResourceId> =
        asked.resource.strip_prefix(RESOURCE).and_then(|id| id.parse().ok());
    let resource = resource.ok_or_else(|| not_a("resource", "resource"))?;
    let action = asked.action.strip_prefix(ACTION).filter(|action| !action.is_empty());
    let action = action.ok_or_else(|| not_a("action", "action"))?;
    let result = party.map_or(ListAuthorization::NotDetermined, |party| {
        generation.graph.list_authorization(party, &resource, action)
    });
    let AccessListAuthorizationRequest { subject, resource, action } = asked;
    let response =
        AccessListAuthorizationResponse { subject, resource, action, result: name(result) };
    Ok((state.token_of(&generation), Json(response)))
}

const fn name(result: ListAuthorization) -> &'static str {
    match result {
        ListAuthorization::Authorized => "Authorized",
        ListAuthorization::NotAuthorized => "NotAuthorized",
        ListAuthorization::NotDetermined => "NotDetermined",
    }
}

/// The party that a URN names, if it is somebody's.
fn party(generation: &Generation, urn: &str) -> Result<Option<PartyId>, AltinnError> {
    let graph = &generation.graph;
    let not_a_party = || not_a("subject", "party");
    if let Some(uuid) = urn.strip_prefix(PARTY_UUID) {
        let uuid: Uuid = uuid.parse().map_err(|_| not_a_party())?;
        return Ok(Some(PartyId::new(uuid)));
    }
    if let Some(number) = urn.strip_prefix(PARTY_ID) {
        let number = number.parse().map_err(|_| not_a_party())?;
        return Ok(graph.party_of_number(PartyNumber::new(number)));
    }
    let org = urn.strip_prefix(ORG_NUMBER).and_then(|org| org.parse::<OrgNumber>().ok());
    Ok(graph.party_of_org(org.ok_or_else(not_a_party)?))
}

fn not_a(member: &str, kind: &str) -> AltinnError {
    let error = InputError::at(format!("/{member}"), format!("it is not the URN of a {kind}"));
    ModelState::from(error).into()
}
