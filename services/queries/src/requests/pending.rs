//! The requests that wait for a customer's answer.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use fullmakt_domain::AuthCode;
use fullmakt_events::{OrgNumber, PartyNumber, event::SystemUserKind};
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_pep::Permitted;
use fullmakt_projections::RequestRow;
use fullmakt_reading::{Reading, failed_there};
use fullmakt_wire::{RequestSystemResponse, auth_error, is_timed_out, scopes::PORTAL};

use crate::{QueryState, access};

/// Lists the requests for standard system users that wait for a customer's answer, in the order in
/// which they were made. Those that have timed out cannot be answered and are left out.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/request/{party}/{org_no}/pending",
    tag = "system user requests",
    operation_id = "list_pending_requests",
    params(
        ("party" = u32, Path, description = "The customer's integer party id."),
        ("org_no" = String, Path, description = "The customer's organisation number."),
    ),
    responses(
        (status = 200, description = "The requests.", body = Vec<RequestSystemResponse>),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The caller does not manage the party's access, or the organisation number is not the party's (AUTH-00041)."),
    ),
    security(("bearer" = [PORTAL]))
)]
#[tracing::instrument(name = "handler.requests.pending", skip_all)]
pub(crate) async fn list_pending_requests(
    State(state): State<QueryState>,
    _: Permitted,
    CompatPath((party, org_no)): CompatPath<(u32, String)>,
    reading: Reading,
) -> Result<Response, AltinnError> {
    list(&state, SystemUserKind::Standard, (party, &org_no), &reading).await
}

/// Lists the requests for system users that act for clients that were handed to those who may
/// answer them, in the order in which they were made. Those that have timed out are left out.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/request/agent/{party}/{org_no}/pending",
    tag = "system user requests",
    operation_id = "list_pending_agent_requests",
    params(
        ("party" = u32, Path, description = "The customer's integer party id."),
        ("org_no" = String, Path, description = "The customer's organisation number."),
    ),
    responses(
        (status = 200, description = "The escalated requests, without `rights`.", body = Vec<RequestSystemResponse>),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The caller does not manage the party's access, or the organisation number is not the party's (AUTH-00042)."),
    ),
    security(("bearer" = [PORTAL]))
)]
#[tracing::instrument(name = "handler.requests.pending_agent", skip_all)]
pub(crate) async fn list_pending_agent_requests(
    State(state): State<QueryState>,
    _: Permitted,
    CompatPath((party, org_no)): CompatPath<(u32, String)>,
    reading: Reading,
) -> Result<Response, AltinnError> {
    list(&state, SystemUserKind::Agent, (party, &org_no), &reading).await
}

async fn list(
    state: &QueryState,
    kind: SystemUserKind,
    (party, org_no): (u32, &str),
    reading: &Reading,
) -> Result<Response, AltinnError> {
    let number = PartyNumber::new(party);
    let party = access::party(reading, number).await?;
    let own = party.and_then(|party| party.facts.org_number);
    let customer = org_no.parse::<OrgNumber>().ok().filter(|customer| Some(*customer) == own);
    let customer = customer.ok_or_else(|| not_the_partys(kind))?;
    let rows = reading.reader.pending_requests(customer, kind, None).await.map_err(failed_there)?;
    let is_listed = |row: &RequestRow| {
        let is_seen = match kind {
            SystemUserKind::Standard => true,
            SystemUserKind::Agent => row.is_escalated,
        };
        is_seen && !is_timed_out(row.created, reading.now)
    };
    let requests: Vec<RequestSystemResponse> = rows
        .iter()
        .filter(|row| is_listed(row))
        .map(|row| RequestSystemResponse::new(&(&row.row).into(), &state.pages, reading.now))
        .collect();
    Ok((reading.token, Json(requests)).into_response())
}

fn not_the_partys(kind: SystemUserKind) -> AltinnError {
    let code = match kind {
        SystemUserKind::Standard => AuthCode::RequestOfAnotherParty,
        SystemUserKind::Agent => AuthCode::AgentRequestOfAnotherParty,
    };
    auth_error(code, "the organisation number in the path is not that of the party in the path")
}
