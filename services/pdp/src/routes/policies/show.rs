//! Policies of apps in a reduced format.

use axum::{Json, extract::State, response::IntoResponse};
use fullmakt_http::{AltinnError, CompatJson, InputError, MinPosition, ModelState, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    super::PdpState,
    reduced::{self, AttributeMatch, ResourcePolicy},
    resource_of_app,
};
use crate::Generation;

const ORG: &str = "urn:altinn:org";
const APP: &str = "urn:altinn:app";

/// The policy of an app.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AppPolicy {
    /// The app, as it was asked for.
    app_id: Vec<AttributeMatch>,
    /// The least authentication level, 0 where none is asked.
    #[schema(example = 3)]
    minimum_authentication_level: u8,
    /// Who may do what with which part of the app; nothing where there is an error.
    resource_policies: Option<Vec<ResourcePolicy>>,
    /// Why there is no policy.
    error_response: Option<String>,
}

/// Shows the policies of apps: which roles may do what.
///
/// Rules that name no role are left out.
#[utoipa::path(
    post,
    path = "/authorization/api/v1/policies/GetPolicies",
    tag = "decisions",
    operation_id = "show_policies_of_apps",
    params(("language" = Option<String>, Query, description = "Not used.", example = "nb")),
    request_body(content = Vec<Vec<AttributeMatch>>, description = "Apps, each by `urn:altinn:org` and `urn:altinn:app`."),
    responses(
        (status = 200, description = "One policy an app, in the order of the request.", body = Vec<AppPolicy>),
        (status = 400, description = "The body cannot be read, or asks for too many apps."),
        (status = 503, description = "The graph is not as fresh as asked."),
    ),
)]
#[tracing::instrument(name = "handler.policies.show", skip_all)]
pub(crate) async fn show_policies_of_apps(
    State(state): State<PdpState>,
    min_position: MinPosition,
    CompatJson(apps): CompatJson<Vec<Vec<AttributeMatch>>>,
) -> Result<impl IntoResponse, AltinnError> {
    if apps.len() > state.batch_max {
        let detail = format!("{} apps are asked for, of {} at most", apps.len(), state.batch_max);
        return Err(ModelState::from(InputError::at("", detail)).into());
    }
    let generation = state.decisions.at_least(min_position).await.map_err(Problem::from)?;
    let policies: Vec<AppPolicy> = apps.into_iter().map(|app| shown(&generation, app)).collect();
    Ok((state.token_of(&generation), Json(policies)))
}

fn shown(generation: &Generation, app_id: Vec<AttributeMatch>) -> AppPolicy {
    match found(generation, &app_id) {
        Ok((minimum_authentication_level, policies)) => AppPolicy {
            app_id,
            minimum_authentication_level,
            resource_policies: Some(policies),
            error_response: None,
        },
        Err(error) => AppPolicy {
            app_id,
            minimum_authentication_level: 0,
            resource_policies: None,
            error_response: Some(error),
        },
    }
}

fn found(
    generation: &Generation,
    app: &[AttributeMatch],
) -> Result<(u8, Vec<ResourcePolicy>), String> {
    let named = |id: &str| {
        let value = app.iter().find(|one| one.id == id).map(|one| one.value.trim());
        value.filter(|value| !value.is_empty()).ok_or_else(|| format!("`{id}` is missing"))
    };
    let (org, name) = (named(ORG)?, named(APP)?);
    let policy = resource_of_app(org, name).and_then(|app| generation.policy(&app));
    let policy = policy.ok_or_else(|| "the app has no policy".to_owned())?.tree();
    Ok((reduced::minimum_level(policy), reduced::resource_policies(policy)))
}
