//! Registering a client of the token endpoint.

use std::collections::BTreeMap;

use async_trait::async_trait;
use axum::{extract::State, response::Response};
use fullmakt_domain::{
    Authority,
    token_client::{SCOPES_MAX, TokenClient, TokenClientChange, TokenClientCommand, is_scope},
    token_scope::{RegisteredScope, TokenScope},
};
use fullmakt_events::{ClientId, OrgNumber, StreamName, event::CommandAnswer};
use fullmakt_http::{InputError, Problem, StrictJson};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided, Unavailable};
use fullmakt_wire::scopes::TOKEN_CLIENT_WRITE;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::change::{authority, client_id, decided};
use crate::{CommandState, load, refusal, request::Request};

/// A client to be registered.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "clientId": "smartcloud-1", "scopes": ["demo:vat.write"] }))]
pub(crate) struct RegisterTokenClient {
    /// The client's id; one is made if it is left out.
    #[serde(default)]
    client_id: Option<String>,
    /// The owner's organisation number; the caller's if left out. Another only with the scope
    /// `fullmakt:tokenclients.admin`.
    #[serde(default)]
    owner: Option<String>,
    /// The scopes that it may ask for. One that somebody owns has to be granted or delegated to the
    /// client's owner; one that begins with `altinn:` or `fullmakt:` and that nobody owns is given by
    /// administrators only.
    scopes: Vec<String>,
}

/// Registers a client of the token endpoint.
#[utoipa::path(
    post,
    path = "/fullmakt/v1/token-clients",
    tag = "token clients",
    operation_id = "register_token_client",
    request_body = RegisterTokenClient,
    params(("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command.")),
    responses(
        (status = 201, description = "Registered.", body = Object),
        (status = 400, description = "A field cannot be used.", content_type = "application/problem+json"),
        (status = 401, description = "No token, or one that is not trusted.", content_type = "application/problem+json"),
        (status = 403, description = "The scope is missing, the owner is another, or may not have a scope that the client is to ask for.", content_type = "application/problem+json"),
        (status = 409, description = "The id is in use, or has been.", content_type = "application/problem+json"),
        (status = 422, description = "The idempotency key came with another body before.", content_type = "application/problem+json"),
        (status = 503, description = "Nothing was decided in time.", content_type = "application/problem+json"),
    ),
    security(("bearer" = [TOKEN_CLIENT_WRITE]))
)]
#[tracing::instrument(name = "handler.token_clients.register", skip_all)]
pub(crate) async fn register_token_client(
    State(state): State<CommandState>,
    request: Request,
    StrictJson(body): StrictJson<RegisterTokenClient>,
) -> Result<Response, Problem> {
    let authority = authority(&request.caller)?;
    let id = body.client_id.clone().unwrap_or_else(|| Uuid::new_v4().to_string());
    let client_id = client_id(&id, "/clientId")?;
    let owner = owner(authority, body.owner.as_deref())?;
    let path = format!("/fullmakt/v1/token-clients/{}", in_path(client_id.as_str()));
    let command = RegisterClient {
        authority,
        answer: CommandAnswer {
            status: 201,
            location: Some(request.public_url.of(&path)),
            body: Some(json!({ "clientId": client_id, "owner": owner, "scopes": body.scopes })),
        },
        client_id,
        owner,
        scopes: body.scopes.clone(),
    };
    request.execute(&state, &body, command).await
}

struct RegisterClient {
    authority: Authority,
    client_id: ClientId,
    owner: OrgNumber,
    scopes: Vec<String>,
    answer: CommandAnswer,
}

#[async_trait]
impl Command for RegisterClient {
    type Answer = CommandAnswer;
    type Refusal = Problem;

    fn turn(&self) -> StreamName {
        StreamName::token_client(&self.client_id)
    }

    async fn decide(
        &self,
        attempt: &mut Attempt,
    ) -> Result<Decided<CommandAnswer>, CommandError<Problem>> {
        let client: TokenClient = load::state(attempt, self.turn()).await?;
        let (owner, scopes) = (self.owner, self.scopes.clone());
        let command = TokenClientCommand {
            authority: self.authority,
            client_id: self.client_id.clone(),
            at: attempt.now(),
            change: TokenClientChange::Register {
                owner,
                scopes,
                guarded: self.guarded(attempt).await?,
            },
        };
        decided(&client, &command, self.answer.clone(), refusal::token_client)
    }
}

impl RegisterClient {
    /// The scopes that somebody owns. Those of another form, or beyond the most there may be, are
    /// refused without being looked for.
    async fn guarded(
        &self,
        attempt: &mut Attempt,
    ) -> Result<BTreeMap<String, RegisteredScope>, Unavailable> {
        let mut guarded = BTreeMap::new();
        for scope in self.scopes.iter().filter(|scope| is_scope(scope)).take(SCOPES_MAX) {
            match load::state(attempt, StreamName::token_scope(scope)).await? {
                TokenScope::Registered(registered) => guarded.insert(scope.clone(), registered),
                TokenScope::Unregistered => None,
            };
        }
        Ok(guarded)
    }
}

fn owner(authority: Authority, named: Option<&str>) -> Result<OrgNumber, Problem> {
    let invalid = |detail: String| Problem::invalid(vec![InputError::at("/owner", detail)]);
    match (named, authority) {
        (Some(named), Authority::Organization(_) | Authority::Administrator) => {
            let seen = fullmakt_domain::Seen::new(named);
            named.parse().map_err(|_| invalid(format!("`{seen}` is not an organisation number")))
        }
        (None, Authority::Organization(org)) => Ok(org),
        (None, Authority::Administrator) => {
            Err(invalid("an administrator has to name the owner".to_owned()))
        }
    }
}

/// A text as one segment of a path: all but the unreserved characters of RFC 3986 §2.3 encoded.
fn in_path(text: &str) -> String {
    let encoded = |byte: u8| match char::from(byte) {
        kept @ ('a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '.' | '_' | '~') => kept.to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encoded).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_location_of_a_client_is_one_segment_of_a_path() {
        assert_eq!(in_path("9c4e-b.A_1~"), "9c4e-b.A_1~");
        assert_eq!(in_path("a/b?c#æ%"), "a%2Fb%3Fc%23%C3%A6%25");
    }

    #[test]
    fn the_owner_is_the_callers_organisation_unless_another_is_named() {
        let own: OrgNumber = "310010014".parse().unwrap();
        let organisation = Authority::Organization(own);
        assert_eq!(owner(organisation, None).unwrap(), own);
        // Whether it may name another is the decider's to say.
        assert_eq!(owner(organisation, Some("310010022")).unwrap().to_string(), "310010022");
        assert!(owner(Authority::Administrator, None).is_err());
        assert!(owner(organisation, Some("310010023")).is_err());
    }
}
