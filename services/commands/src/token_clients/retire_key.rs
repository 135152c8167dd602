//! Retiring a key of a client of the token endpoint.

use axum::{extract::State, response::Response};
use fullmakt_domain::token_client::TokenClientChange;
use fullmakt_events::event::CommandAnswer;
use fullmakt_http::{Path, Problem};
use fullmakt_wire::scopes::TOKEN_CLIENT_WRITE;

use super::change::{Change, authority, client_id};
use crate::{CommandState, request::Request};

/// Retires a key: assertions signed with it are refused from the answer on.
#[utoipa::path(
    delete,
    path = "/fullmakt/v1/token-clients/{client_id}/keys/{kid}",
    tag = "token clients",
    operation_id = "retire_token_key",
    params(
        ("client_id" = String, Path, description = "The client's id."),
        ("kid" = String, Path, description = "The key's id."),
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command."),
    ),
    responses(
        (status = 204, description = "Done, or so already."),
        (status = 401, description = "No token, or one that is not trusted.", content_type = "application/problem+json"),
        (status = 403, description = "The scope is missing, or the client is another's.", content_type = "application/problem+json"),
        (status = 404, description = "There is no such client, or no such key.", content_type = "application/problem+json"),
        (status = 422, description = "The idempotency key came with another body before.", content_type = "application/problem+json"),
        (status = 503, description = "Nothing was decided in time.", content_type = "application/problem+json"),
    ),
    security(("bearer" = [TOKEN_CLIENT_WRITE]))
)]
#[tracing::instrument(name = "handler.token_clients.retire_key", skip_all)]
pub(crate) async fn retire_token_key(
    State(state): State<CommandState>,
    request: Request,
    Path((client, kid)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let change = Change {
        authority: authority(&request.caller)?,
        client_id: client_id(&client, "{client_id}")?,
        asked: TokenClientChange::RetireKey { kid },
        answer: CommandAnswer { status: 204, location: None, body: None },
    };
    request.execute(&state, &(), change).await
}
