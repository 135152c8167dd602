//! Adding a key to a client of the token endpoint.

use axum::{extract::State, response::Response};
use fullmakt_domain::token_client::TokenClientChange;
use fullmakt_events::{Timestamp, event::CommandAnswer, event::TokenKey};
use fullmakt_http::{Path, Problem, StrictJson};
use fullmakt_wire::scopes::TOKEN_CLIENT_WRITE;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::change::{Change, authority, client_id};
use crate::{CommandState, request::Request};

/// A key to be added.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AddTokenKey {
    /// The key's id, the `kid` of assertions signed with it.
    kid: String,
    /// The public key as a JWK (RFC 7517).
    #[schema(value_type = Object)]
    jwk: Map<String, Value>,
    /// When it begins to count; at once if left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    valid_from: Option<Timestamp>,
    /// When it no longer counts; never if left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    valid_to: Option<Timestamp>,
}

/// Adds a public key that the client may sign with. Keys may overlap, so that they can be changed
/// without a gap.
#[utoipa::path(
    post,
    path = "/fullmakt/v1/token-clients/{client_id}/keys",
    tag = "token clients",
    operation_id = "add_token_key",
    request_body = AddTokenKey,
    params(
        ("client_id" = String, Path, description = "The client's id."),
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command."),
    ),
    responses(
        (status = 201, description = "Added.", body = Object),
        (status = 400, description = "The key cannot be used.", content_type = "application/problem+json"),
        (status = 401, description = "No token, or one that is not trusted.", content_type = "application/problem+json"),
        (status = 403, description = "The scope is missing, or the client is another's.", content_type = "application/problem+json"),
        (status = 404, description = "There is no such client.", content_type = "application/problem+json"),
        (status = 422, description = "The key's id is taken, there are too many keys, or the idempotency key came with another body before.", content_type = "application/problem+json"),
        (status = 503, description = "Nothing was decided in time.", content_type = "application/problem+json"),
    ),
    security(("bearer" = [TOKEN_CLIENT_WRITE]))
)]
#[tracing::instrument(name = "handler.token_clients.add_key", skip_all)]
pub(crate) async fn add_token_key(
    State(state): State<CommandState>,
    request: Request,
    Path(client): Path<String>,
    StrictJson(body): StrictJson<AddTokenKey>,
) -> Result<Response, Problem> {
    let change = Change {
        authority: authority(&request.caller)?,
        client_id: client_id(&client, "{client_id}")?,
        asked: TokenClientChange::AddKey(TokenKey {
            kid: body.kid.clone(),
            jwk: body.jwk.clone(),
            valid_from: body.valid_from.unwrap_or_default(),
            valid_to: body.valid_to,
        }),
        answer: CommandAnswer {
            status: 201,
            location: None,
            body: Some(json!({ "kid": body.kid, "validTo": body.valid_to })),
        },
    };
    request.execute(&state, &body, change).await
}
