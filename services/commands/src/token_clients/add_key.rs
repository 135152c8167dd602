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
use fullmakt_http::{InputError, Path, Problem, StrictJson};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided};
use fullmakt_wire::scopes::TOKEN_CLIENT_WRITE;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::change::{authority, client_id, decided};
use crate::{CommandState, load, refusal, request::Request};

/// Keys to be added: either one, by `kid` and `jwk`, or several, by `keys`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "kid": "2027-1",
    "jwk": { "kty": "RSA", "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4", "e": "AQAB" },
    "validTo": "2028-01-15T00:00:00Z",
}))]
pub(crate) struct AddTokenKeys {
    /// The key's id, the `kid` of assertions signed with it.
    #[serde(default)]
    kid: Option<String>,
    /// The public key as a JWK (RFC 7517).
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    jwk: Option<Map<String, Value>>,
    /// Instead of one key the public keys of a JWK set (RFC 7517), each with its `kid`. They are
    /// added together or, if one is refused, not at all.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Object>>)]
    keys: Option<Vec<Map<String, Value>>>,
    /// When they begin to count; at once if left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    valid_from: Option<Timestamp>,
    /// When they no longer count; never if left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    valid_to: Option<Timestamp>,
}

/// Adds public keys that the client may sign with. Keys may overlap, so that they can be changed
/// without a gap.
#[utoipa::path(
    post,
    path = "/fullmakt/v1/token-clients/{client_id}/keys",
    tag = "token clients",
    operation_id = "add_token_key",
    request_body = AddTokenKeys,
    params(
        ("client_id" = String, Path, description = "The client's id."),
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command."),
    ),
    responses(
        (status = 201, description = "Added. Of a set the answer has `keys`, one for each.", body = Object,
            example = json!({ "kid": "2027-1", "validFrom": "2027-01-15T08:00:00Z", "validTo": "2028-01-15T00:00:00Z" })),
        (status = 400, description = "A key cannot be used.", content_type = "application/problem+json"),
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
    StrictJson(body): StrictJson<AddTokenKeys>,
) -> Result<Response, Problem> {
    let command = AddKeys {
        authority: authority(&request.caller)?,
        client_id: client_id(&client, "{client_id}")?,
        asked: AskedKeys::read(&body)?,
        valid_from: body.valid_from,
        valid_to: body.valid_to,
    };
    request.execute(&state, &body, command).await
}

struct AddKeys {
    authority: Authority,
    client_id: ClientId,
    asked: AskedKeys,
    valid_from: Option<Timestamp>,
    valid_to: Option<Timestamp>,
}

/// A public key with its id.
type NamedKey = (String, Map<String, Value>);

/// What is asked for, in one of the two forms of the body.
enum AskedKeys {
    One(NamedKey),
    Set(Vec<NamedKey>),
}

impl AskedKeys {
    fn read(body: &AddTokenKeys) -> Result<Self, Problem> {
        let invalid =
            |pointer: &str, wrong: &str| Problem::invalid(vec![InputError::at(pointer, wrong)]);
        match (&body.kid, &body.jwk, &body.keys) {
            (Some(kid), Some(jwk), None) => Ok(Self::One((kid.clone(), jwk.clone()))),
            (None, None, Some(keys)) if keys.is_empty() => {
                Err(invalid("/keys", "there is no key in the set; give one at least"))
            }
            (None, None, Some(keys)) => {
                let named = |(index, jwk): (usize, &Map<String, Value>)| {
                    let kid = jwk.get("kid").and_then(Value::as_str);
                    let pointer = format!("/keys/{index}/kid");
                    let kid = kid.ok_or_else(|| invalid(&pointer, "the key has no `kid`"))?;
                    Ok((kid.to_owned(), jwk.clone()))
                };
                let named: Result<Vec<_>, Problem> = keys.iter().enumerate().map(named).collect();
                Ok(Self::Set(named?))
            }
            (Some(_), None, None) => Err(invalid("/jwk", "give the key beside its id")),
            (None, Some(_), None) => Err(invalid("/kid", "give the key's id beside the key")),
            (None, None, None) => Err(invalid("/jwk", "give `kid` and `jwk`, or `keys`")),
            (Some(_) | None, Some(_) | None, Some(_)) => {
                Err(invalid("/keys", "give either `kid` and `jwk`, or `keys`"))
            }
        }
    }

    /// Where the ids and the keys are in the body.
    const fn pointers(&self) -> [&'static str; 2] {
        match self {
            Self::One(_) => ["/kid", "/jwk"],
            Self::Set(_) => ["/keys", "/keys"],
        }
    }
}

#[async_trait]
impl Command for AddKeys {
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
        let key = |named: &NamedKey| self.key(named, &client, at);
        let (keys, body) = match &self.asked {
            AskedKeys::One(named) => {
                let key = key(named);
                let body = shown(&key);
                (vec![key], body)
            }
            AskedKeys::Set(named) => {
                let keys: Vec<TokenKey> = named.iter().map(key).collect();
                let body = json!({ "keys": keys.iter().map(shown).collect::<Vec<_>>() });
                (keys, body)
            }
        };
        let answer = CommandAnswer { status: 201, location: None, body: Some(body) };
        let command = TokenClientCommand {
            authority: self.authority,
            client_id: self.client_id.clone(),
            at,
            change: TokenClientChange::AddKeys(keys),
        };
        let refused = |error: &_| refusal::token_keys(error, self.asked.pointers());
        decided(&client, &command, answer, refused)
    }
}

impl AddKeys {
    /// The key that is asked for. One that does not say when it begins to count counts at once; if
    /// it does so already, it began then, so that asking twice is the same as asking once.
    fn key(&self, (kid, jwk): &NamedKey, client: &TokenClient, at: Timestamp) -> TokenKey {
        let known = match client {
            TokenClient::Active(client) => client.keys_at(at).find(|key| key.kid == *kid),
            TokenClient::Unregistered | TokenClient::Deleted { .. } => None,
        };
        let at_once = known.map_or(at, |key| key.valid_from);
        TokenKey {
            kid: kid.clone(),
            jwk: jwk.clone(),
            valid_from: self.valid_from.unwrap_or(at_once),
            valid_to: self.valid_to,
        }
    }
}

fn shown(key: &TokenKey) -> Value {
    json!({ "kid": key.kid, "validFrom": key.valid_from, "validTo": key.valid_to })
}

#[cfg(test)]
mod tests;
