//! The rights that a system may ask for.

use axum::{Json, response::IntoResponse};
use fullmakt_http::{AltinnError, CompatPath, CompatQuery};
use fullmakt_pep::Authenticated;
use fullmakt_wire::{ResourcePairBody, RightBody, scopes::PORTAL};
use serde::Deserialize;
use utoipa::IntoParams;

use fullmakt_reading::Reading;

/// How the rights are written.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RightsQuery {
    /// Whether an app is written as two pairs, its owner and its name.
    #[serde(default)]
    use_old_format_for_app: bool,
}

/// Lists the single rights that a system may ask customers for. A system that is not there has none.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemregister/{system_id}/rights",
    tag = "system register",
    operation_id = "get_rights_of_system",
    params(("system_id" = String, Path, description = "The system's id."), RightsQuery),
    responses(
        (status = 200, description = "The rights.", body = Vec<RightBody>),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The scope is missing."),
    ),
    security(("bearer" = [PORTAL]))
)]
#[tracing::instrument(name = "handler.systems.rights", skip_all)]
pub(crate) async fn get_rights_of_system(
    Authenticated(caller): Authenticated,
    CompatPath(system_id): CompatPath<String>,
    CompatQuery(query): CompatQuery<RightsQuery>,
    reading: Reading,
) -> Result<impl IntoResponse, AltinnError> {
    caller.require_any_scope(&[PORTAL])?;
    let system = super::system(&reading, &system_id).await?;
    let mut rights: Vec<RightBody> =
        system.iter().flat_map(|system| &system.definition.rights).map(RightBody::from).collect();
    if query.use_old_format_for_app {
        for right in &mut rights {
            right.resource = right.resource.drain(..).flat_map(as_old_app).collect();
        }
    }
    Ok((reading.token, Json(rights)))
}

/// `app_{org}_{app}` as two pairs; anything else as it is.
fn as_old_app(pair: ResourcePairBody) -> Vec<ResourcePairBody> {
    let app = pair.value.strip_prefix("app_").and_then(|rest| rest.split_once('_'));
    let named = |id: &str, value: &str| ResourcePairBody { id: id.into(), value: value.into() };
    match app {
        Some((org, app)) => vec![named("urn:altinn:org", org), named("urn:altinn:app", app)],
        None => vec![pair],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_becomes_two_pairs_and_a_resource_stays() {
        let pair = |value: &str| ResourcePairBody {
            id: "urn:altinn:resource".into(),
            value: value.into(),
        };
        let values = |pairs: Vec<ResourcePairBody>| -> Vec<String> {
            pairs.into_iter().map(|pair| format!("{}={}", pair.id, pair.value)).collect()
        };
        assert_eq!(
            values(as_old_app(pair("app_skd_vat_return"))),
            ["urn:altinn:org=skd", "urn:altinn:app=vat_return"]
        );
        assert_eq!(values(as_old_app(pair("demo-vat"))), ["urn:altinn:resource=demo-vat"]);
    }
}
