//! Delegating a scope.

use axum::{extract::State, response::Response};
use fullmakt_domain::token_scope::TokenScopeChange;
use fullmakt_http::{Path, Problem};
use fullmakt_wire::scopes::TOKEN_SCOPE_WRITE;

use super::change::{ask, org_number};
use crate::{CommandState, request::Request};

/// Lets a supplier have tokens with a scope for a consumer. The consumer decides, if it may have the
/// scope itself.
#[utoipa::path(
    put,
    path = "/fullmakt/v1/token-scopes/{scope}/delegations/{consumer}/{supplier}",
    tag = "token scopes",
    operation_id = "delegate_token_scope",
    params(
        ("scope" = String, Path, description = "The scope, percent-encoded.", example = "demo:vat.write"),
        ("consumer" = String, Path, description = "The number of the organisation that may have the scope."),
        ("supplier" = String, Path, description = "The number of the organisation that is to act for it."),
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command."),
    ),
    responses(
        (status = 204, description = "Done, or so already."),
        (status = 400, description = "A number is none of an organisation.", content_type = "application/problem+json"),
        (status = 401, description = "No token, or one that is not trusted.", content_type = "application/problem+json"),
        (status = 403, description = "The scope of the token is missing, or this is another organisation's to decide.", content_type = "application/problem+json"),
        (status = 404, description = "Nobody owns the scope.", content_type = "application/problem+json"),
        (status = 422, description = "The consumer may not have the scope, is the supplier, or there are too many delegations; or the idempotency key came with another command before.", content_type = "application/problem+json"),
        (status = 503, description = "Nothing was decided in time.", content_type = "application/problem+json"),
    ),
    security(("bearer" = [TOKEN_SCOPE_WRITE]))
)]
#[tracing::instrument(name = "handler.token_scopes.delegate", skip_all)]
pub(crate) async fn delegate_token_scope(
    State(state): State<CommandState>,
    request: Request,
    Path((scope, consumer, supplier)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let consumer = org_number(&consumer, "{consumer}")?;
    let supplier = org_number(&supplier, "{supplier}")?;
    ask(&state, request, scope, TokenScopeChange::Delegate { consumer, supplier }).await
}
