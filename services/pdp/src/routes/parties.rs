//! The parties that a person who is logged in represents.

mod body;

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use fullmakt_access::{check_representation, represented_parties};
use fullmakt_events::PartyNumber;
use fullmakt_http::{AltinnError, CompatPath, CompatQuery, MinPosition, Problem, ProblemType};
use fullmakt_pep::Authenticated;
use serde::Deserialize;
use utoipa::IntoParams;

use self::body::{Named, PartyBody};
use super::{PdpState, own_user};

/// Who is logged in.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct UserQuery {
    /// The user id of the person who is logged in.
    #[param(value_type = u32, required = true, example = 50_015_837)]
    user_id: u32,
}

/// Lists the parties that the person who is logged in represents: itself, those that it holds a role
/// for, also through an organisation that it leads, and the sub-units of these.
#[utoipa::path(
    get,
    path = "/authorization/api/v1/parties",
    tag = "decisions",
    operation_id = "list_parties_of_user",
    params(UserQuery),
    responses(
        (status = 200, description = "The parties; sub-units below their main units.", body = Vec<PartyBody>),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "Nobody is logged in, or somebody else is."),
        (status = 404, description = "The parameter is missing, or there is no party; the body is empty."),
        (status = 503, description = "The graph is not as fresh as asked, or persons' names cannot be read."),
    ),
    security(("bearer" = []))
)]
#[tracing::instrument(name = "handler.parties.list", skip_all)]
pub(crate) async fn list_parties_of_user(
    State(state): State<PdpState>,
    Authenticated(caller): Authenticated,
    min_position: MinPosition,
    CompatQuery(query): CompatQuery<UserQuery>,
) -> Result<impl IntoResponse, AltinnError> {
    if query.user_id == 0 {
        return Err(not_found());
    }
    let person = own_user(&caller, query.user_id)?;
    let generation = state.decisions.at_least(min_position).await.map_err(Problem::from)?;
    // Somebody may lead an accountant with a hundred thousand clients.
    let (of, at) = (Arc::clone(&generation), state.decisions.now());
    let find = move || represented_parties(&of.graph, person, at);
    let found = tokio::task::spawn_blocking(find).await;
    let found = found.map_err(|error| Problem::opaque(ProblemType::Internal, &error))?;
    let named = Named::of(&generation.graph, &state.vault, &found).await?;
    let parties = body::arranged(&generation.graph, &found, &named);
    if parties.is_empty() {
        return Err(not_found());
    }
    Ok((state.token_of(&generation), Json(parties)))
}

/// Says whether the person who is logged in represents a party.
#[utoipa::path(
    get,
    path = "/authorization/api/v1/parties/{party}/validate",
    tag = "decisions",
    operation_id = "validate_party_of_user",
    params(("party" = u32, Path, description = "The party's integer id.", example = 50_010_022), UserQuery),
    responses(
        (status = 200, description = "`true` or `false`.", body = bool),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "Nobody is logged in, or somebody else is."),
        (status = 404, description = "A parameter is missing or zero; the body is empty."),
        (status = 503, description = "The graph is not as fresh as asked."),
    ),
    security(("bearer" = []))
)]
#[tracing::instrument(name = "handler.parties.validate", skip_all)]
pub(crate) async fn validate_party_of_user(
    State(state): State<PdpState>,
    Authenticated(caller): Authenticated,
    min_position: MinPosition,
    CompatPath(party): CompatPath<u32>,
    CompatQuery(query): CompatQuery<UserQuery>,
) -> Result<impl IntoResponse, AltinnError> {
    if query.user_id == 0 || party == 0 {
        return Err(not_found());
    }
    let person = own_user(&caller, query.user_id)?;
    let generation = state.decisions.at_least(min_position).await.map_err(Problem::from)?;
    let (graph, at) = (&generation.graph, state.decisions.now());
    let is_represented = graph
        .party_of_number(PartyNumber::new(party))
        .is_some_and(|party| check_representation(graph, person, party, at).is_represented);
    Ok((state.token_of(&generation), Json(is_represented)))
}

fn not_found() -> AltinnError {
    AltinnError::PlainText(StatusCode::NOT_FOUND, "".into())
}
