//! Revoking the grant of a scope.

use axum::{extract::State, response::Response};
use fullmakt_domain::token_scope::TokenScopeChange;
use fullmakt_http::{Path, Problem};
use fullmakt_wire::scopes::TOKEN_SCOPE_WRITE;

use super::change::{ask, org_number};
use crate::{CommandState, request::Request};

/// Lets an organisation have a scope no more, nor whoever it delegated it to: no token has it from the
/// answer on. The owner of the scope decides.
#[utoipa::path(
    delete,
    path = "/fullmakt/v1/token-scopes/{scope}/grants/{org}",
    tag = "token scopes",
    operation_id = "revoke_token_scope_grant",
    params(
        ("scope" = String, Path, description = "The scope, percent-encoded.", example = "demo:vat.write"),
        ("org" = String, Path, description = "The organisation's number."),
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command."),
    ),
    responses(
        (status = 204, description = "Done, or so already."),
        (status = 400, description = "A number is none of an organisation.", content_type = "application/problem+json"),
        (status = 401, description = "No token, or one that is not trusted.", content_type = "application/problem+json"),
        (status = 403, description = "The scope of the token is missing, or this is another organisation's to decide.", content_type = "application/problem+json"),
        (status = 404, description = "Nobody owns the scope.", content_type = "application/problem+json"),
        (status = 422, description = "The idempotency key came with another command before.", content_type = "application/problem+json"),
        (status = 503, description = "Nothing was decided in time.", content_type = "application/problem+json"),
    ),
    security(("bearer" = [TOKEN_SCOPE_WRITE]))
)]
#[tracing::instrument(name = "handler.token_scopes.revoke_grant", skip_all)]
pub(crate) async fn revoke_token_scope_grant(
    State(state): State<CommandState>,
    request: Request,
    Path((scope, org)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let org = org_number(&org, "{org}")?;
    ask(&state, request, scope, TokenScopeChange::RevokeGrant { org }).await
}
