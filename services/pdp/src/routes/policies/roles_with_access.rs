//! The roles to which the policy of an app gives access.

use std::borrow::Cow;

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use fullmakt_http::{AltinnError, CompatPath, MinPosition, Problem};

use super::{super::PdpState, reduced, resource_of_app};

/// Lists the codes of the roles to which rules of an app's policy permit anything.
#[utoipa::path(
    get,
    path = "/authorization/api/v1/policies/roleswithaccess/{org}/{app}",
    tag = "decisions",
    operation_id = "list_roles_with_access",
    params(
        ("org" = String, Path, description = "The code of the app's owner.", example = "skd"),
        ("app" = String, Path, description = "The app's name.", example = "vat-return"),
    ),
    responses(
        (status = 200, description = "The codes, each once, as the policy writes them.", body = Vec<String>),
        (status = 400, description = "The owner or the app is blank; the body is plain text.", content_type = "text/plain"),
        (status = 404, description = "The app has no policy; the body is plain text.", content_type = "text/plain"),
        (status = 503, description = "The graph is not as fresh as asked."),
    ),
)]
#[tracing::instrument(name = "handler.policies.roles_with_access", skip_all)]
pub(crate) async fn list_roles_with_access(
    State(state): State<PdpState>,
    min_position: MinPosition,
    CompatPath((org, app)): CompatPath<(String, String)>,
) -> Result<impl IntoResponse, AltinnError> {
    let plain = |status, text: String| AltinnError::PlainText(status, Cow::Owned(text));
    for (part, value) in [("org", &org), ("app", &app)] {
        if value.trim().is_empty() {
            return Err(plain(StatusCode::BAD_REQUEST, format!("{{{part}}} in the path is blank")));
        }
    }
    let generation = state.decisions.at_least(min_position).await.map_err(Problem::from)?;
    let policy = resource_of_app(&org, &app).and_then(|app| generation.policy(&app));
    let policy =
        policy.ok_or_else(|| plain(StatusCode::NOT_FOUND, "the app has no policy".to_owned()))?;
    Ok((state.token_of(&generation), Json(reduced::roles_with_access(policy.tree()))))
}
