//! Adding a key to a client of the token endpoint.

use async_trait::async_trait;
use axum::{extract::State, response::Response};
use fullmakt_domain::{
    Authority,
    token_client::{TokenClient, TokenClientChange, TokenClientCommand},
};
use fullmakt_events::{
    ClientId, StreamName, Timestamp,
    event::{CommandAnswer, TokenKey},
};
use fullmakt_http::{Path, Problem, StrictJson};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided};
use fullmakt_wire::scopes::TOKEN_CLIENT_WRITE;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::change::{authority, client_id, decided};
use crate::{CommandState, load, request::Request};

/// A key to be added.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
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
        (status = 409, description = "Another key that counts has the id.", content_type = "application/problem+json"),
        (status = 422, description = "There are too many keys, or the idempotency key came with another body before.", content_type = "application/problem+json"),
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
    let command = AddKey {
        authority: authority(&request.caller)?,
        client_id: client_id(&client, "{client_id}")?,
        asked: body.clone(),
    };
    request.execute(&state, &body, command).await
}

struct AddKey {
    authority: Authority,
    client_id: ClientId,
    asked: AddTokenKey,
}

#[async_trait]
impl Command for AddKey {
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
        let at = attempt.now();
        let key = key(&self.asked, &client, at);
        let answer = CommandAnswer {
            status: 201,
            location: None,
            body: Some(json!({
                "kid": key.kid,
                "validFrom": key.valid_from,
                "validTo": key.valid_to,
            })),
        };
        let command = TokenClientCommand {
            authority: self.authority,
            client_id: self.client_id.clone(),
            at,
            change: TokenClientChange::AddKey(key),
        };
        decided(&client, &command, answer)
    }
}

/// The key that is asked for. One that does not say when it begins to count counts at once; if it
/// does so already, it began then, so that asking twice is the same as asking once.
fn key(asked: &AddTokenKey, client: &TokenClient, at: Timestamp) -> TokenKey {
    let known = match client {
        TokenClient::Active(client) => client.keys_at(at).find(|key| key.kid == asked.kid),
        TokenClient::Unregistered | TokenClient::Deleted { .. } => None,
    };
    let at_once = known.map_or(at, |key| key.valid_from);
    TokenKey {
        kid: asked.kid.clone(),
        jwk: asked.jwk.clone(),
        valid_from: asked.valid_from.unwrap_or(at_once),
        valid_to: asked.valid_to,
    }
}

#[cfg(test)]
mod tests {
    use fullmakt_domain::{
        Decider,
        token_client::{ActiveClient, KeyState, TokenClientError},
    };

    use super::*;

    const SECOND: i64 = 1000;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_millis(1_800_000_000_000 + second * SECOND)
    }

    fn asked(x: &str, valid_from: Option<Timestamp>) -> AddTokenKey {
        let members = [("kty", "EC"), ("crv", "P-256"), ("x", x), ("y", "def")];
        let jwk =
            members.map(|(name, value)| (name.to_owned(), value.into())).into_iter().collect();
        AddTokenKey { kid: "a".to_owned(), jwk, valid_from, valid_to: Some(at(100)) }
    }

    fn client(keys: &[TokenKey]) -> TokenClient {
        let state = |key: &TokenKey| (key.kid.clone(), KeyState::Active(key.clone()));
        TokenClient::Active(ActiveClient {
            client_id: "client".parse().unwrap(),
            owner: "310010014".parse().unwrap(),
            scopes: vec!["a:b".to_owned()],
            keys: keys.iter().map(state).collect(),
        })
    }

    /// The key as it is after the client was asked at this time.
    fn added(client: &TokenClient, asked: &AddTokenKey, at: Timestamp) -> TokenKey {
        let command = add(client, asked, at);
        let events = client.decide(&command).unwrap();
        let [fullmakt_events::event::TokenClientEvent::KeyAdded(added)] = events.as_slice() else {
            panic!("{events:?}")
        };
        added.key.clone()
    }

    fn add(client: &TokenClient, asked: &AddTokenKey, at: Timestamp) -> TokenClientCommand {
        TokenClientCommand {
            authority: Authority::Administrator,
            client_id: "client".parse().unwrap(),
            at,
            change: TokenClientChange::AddKey(key(asked, client, at)),
        }
    }

    #[test]
    fn a_key_counts_at_once_unless_it_says_when() {
        assert_eq!(added(&client(&[]), &asked("abc", None), at(5)).valid_from, at(5));
        let early = Timestamp::default();
        assert_eq!(added(&client(&[]), &asked("abc", Some(early)), at(5)).valid_from, early);
    }

    #[test]
    fn a_key_that_counts_already_is_added_again_without_effect() {
        let asked = asked("abc", None);
        let client = client(&[added(&client(&[]), &asked, at(5))]);
        assert_eq!(client.decide(&add(&client, &asked, at(9))), Ok(vec![]));
    }

    #[test]
    fn another_key_does_not_take_the_place_of_one_that_counts() {
        let client = client(&[added(&client(&[]), &asked("abc", None), at(5))]);
        let refused = client.decide(&add(&client, &asked("ghi", None), at(9))).unwrap_err();
        assert!(matches!(refused, TokenClientError::KeyRefused { .. }));
    }

    #[test]
    fn a_key_in_the_place_of_one_that_is_over_begins_anew() {
        let client = client(&[added(&client(&[]), &asked("abc", None), at(5))]);
        let later = AddTokenKey { valid_to: None, ..asked("abc", None) };
        assert_eq!(added(&client, &later, at(200)).valid_from, at(200));
    }
}
