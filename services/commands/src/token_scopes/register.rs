//! Registering a scope for its owner.

use axum::{extract::State, response::Response};
use fullmakt_domain::{
    Seen,
    token_client::is_scope,
    token_scope::{TokenScopeChange, TokenScopeCommand, TokenScopeError},
};
use fullmakt_events::event::CommandAnswer;
use fullmakt_http::{Problem, StrictJson};
use fullmakt_wire::scopes::{TOKEN_SCOPE_ADMIN, TOKEN_SCOPE_WRITE};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::change::{Change, org_number};
use crate::{CommandState, authorize, refusal, request::Request};

/// A scope to be registered.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({ "scope": "demo:vat.write", "owner": "310090018" }))]
pub(crate) struct RegisterTokenScope {
    /// The scope.
    scope: String,
    /// The organisation number of its owner, who decides who may have it.
    owner: String,
}

/// Registers a scope for its owner. From the answer on it is given only to whom the owner has
/// granted it, and to suppliers of those: clients that had it before as well.
#[utoipa::path(
    post,
    path = "/fullmakt/v1/token-scopes",
    tag = "token scopes",
    operation_id = "register_token_scope",
    request_body = RegisterTokenScope,
    params(("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command.")),
    responses(
        (status = 201, description = "Registered, or so already.", body = Object,
            example = json!({ "scope": "demo:vat.write", "owner": "310090018" })),
        (status = 400, description = "A field cannot be used.", content_type = "application/problem+json"),
        (status = 401, description = "No token, or one that is not trusted.", content_type = "application/problem+json"),
        (status = 403, description = "The caller is no administrator.", content_type = "application/problem+json"),
        (status = 409, description = "Another organisation owns it.", content_type = "application/problem+json"),
        (status = 422, description = "The idempotency key came with another body before.", content_type = "application/problem+json"),
        (status = 503, description = "Nothing was decided in time.", content_type = "application/problem+json"),
    ),
    security(("bearer" = [TOKEN_SCOPE_ADMIN]))
)]
#[tracing::instrument(name = "handler.token_scopes.register", skip_all)]
pub(crate) async fn register_token_scope(
    State(state): State<CommandState>,
    request: Request,
    StrictJson(body): StrictJson<RegisterTokenScope>,
) -> Result<Response, Problem> {
    let authority = authorize::authority(&request.caller, TOKEN_SCOPE_WRITE, TOKEN_SCOPE_ADMIN)?;
    let owner = org_number(&body.owner, "/owner")?;
    let scope = body.scope.clone();
    // Before it names a stream.
    if !is_scope(&scope) {
        return Err(refusal::token_scope(&TokenScopeError::ScopeForm { scope: Seen::new(&scope) }));
    }
    let answer = CommandAnswer {
        status: 201,
        location: None,
        body: Some(json!({ "scope": scope, "owner": owner })),
    };
    let change = TokenScopeChange::Register { owner };
    let command = TokenScopeCommand { authority, scope, change };
    request.execute(&state, &body, Change { command, answer }).await
}
