//! The roles of a person who is logged in.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use fullmakt_access::roles_for;
use fullmakt_events::{PartyNumber, RoleUrn};
use fullmakt_http::{AltinnError, CompatQuery, MinPosition, Problem};
use fullmakt_pep::Authenticated;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{PdpState, own_user};

/// The attribute that names a role by its older code, which this route speaks of.
const ROLE_CODE: &str = "urn:altinn:rolecode";

/// Whose roles, and for whom.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RolesQuery {
    /// The user id of the person who is logged in.
    #[param(value_type = u32, required = true, example = 50_015_837)]
    covered_by_user_id: u32,
    /// The integer id of the party for which the roles are held.
    #[param(value_type = u32, required = true, example = 50_010_022)]
    offered_by_party_id: u32,
}

/// A role.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct RoleBody {
    /// Always `altinn`.
    #[schema(example = "altinn")]
    r#type: &'static str,
    /// The role's code.
    #[schema(example = "DAGL")]
    value: String,
}

/// Lists the roles that the person who is logged in holds for a party, by their older codes.
#[utoipa::path(
    get,
    path = "/authorization/api/v1/roles",
    tag = "decisions",
    operation_id = "list_roles_of_user",
    params(RolesQuery),
    responses(
        (status = 200, description = "The roles.", body = Vec<RoleBody>),
        (status = 400, description = "A parameter is missing; the body is empty."),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "Nobody is logged in, or somebody else is."),
        (status = 404, description = "The person holds no role for the party; the body is empty."),
        (status = 503, description = "The graph is not as fresh as asked."),
    ),
    security(("bearer" = []))
)]
#[tracing::instrument(name = "handler.roles.list", skip_all)]
pub(crate) async fn list_roles_of_user(
    State(state): State<PdpState>,
    Authenticated(caller): Authenticated,
    min_position: MinPosition,
    CompatQuery(query): CompatQuery<RolesQuery>,
) -> Result<impl IntoResponse, AltinnError> {
    let empty = |status| AltinnError::PlainText(status, "".into());
    let person = own_user(&caller, query.covered_by_user_id)?;
    if query.offered_by_party_id == 0 {
        return Err(empty(StatusCode::BAD_REQUEST));
    }
    let generation = state.decisions.at_least(min_position).await.map_err(Problem::from)?;
    let party = generation.graph.party_of_number(PartyNumber::new(query.offered_by_party_id));
    let at = state.decisions.now();
    let roles = party.map(|party| roles_for(&generation.graph, person, party, at));
    let roles: Vec<RoleBody> = roles.iter().flatten().filter_map(by_code).collect();
    if roles.is_empty() {
        return Err(empty(StatusCode::NOT_FOUND));
    }
    Ok((state.token_of(&generation), Json(roles)))
}

fn by_code(role: &RoleUrn) -> Option<RoleBody> {
    let (id, code) = role.attribute();
    (id == ROLE_CODE).then(|| RoleBody { r#type: "altinn", value: code.to_uppercase() })
}
