//! One client of the token endpoint.

use axum::{Json, response::IntoResponse};
use fullmakt_domain::Authority;
use fullmakt_events::{ClientId, OrgNumber, Timestamp, event::TokenKey};
use fullmakt_http::{Path, Problem, ProblemType};
use fullmakt_pep::{Authenticated, Caller};
use fullmakt_projections::TokenClientRow;
use fullmakt_reading::{Reading, failed};
use fullmakt_wire::scopes::{TOKEN_CLIENT_ADMIN, TOKEN_CLIENT_WRITE};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A client of the token endpoint.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TokenClientBody {
    /// The client's id.
    #[schema(value_type = String)]
    client_id: ClientId,
    /// The owner's organisation number.
    #[schema(value_type = String)]
    owner: OrgNumber,
    /// The scopes that it may ask for.
    scopes: Vec<String>,
    /// Its keys that are not retired, in the order in which they were added.
    keys: Vec<TokenKeyBody>,
}

/// A public key of a client.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TokenKeyBody {
    /// The key's id, the `kid` of assertions signed with it.
    kid: String,
    /// The public key as a JWK (RFC 7517).
    #[schema(value_type = Object)]
    jwk: Map<String, Value>,
    /// When it begins to count.
    #[schema(value_type = String)]
    valid_from: Timestamp,
    /// When it no longer counts; left out if it counts until it is retired.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    valid_to: Option<Timestamp>,
}

impl From<TokenClientRow> for TokenClientBody {
    fn from(row: TokenClientRow) -> Self {
        let TokenClientRow { client_id, owner, scopes, keys } = row;
        Self { client_id, owner, scopes, keys: keys.into_iter().map(Into::into).collect() }
    }
}

impl From<TokenKey> for TokenKeyBody {
    fn from(key: TokenKey) -> Self {
        let TokenKey { kid, jwk, valid_from, valid_to } = key;
        Self { kid, jwk, valid_from, valid_to }
    }
}

/// Shows a client with its keys.
#[utoipa::path(
    get,
    path = "/fullmakt/v1/token-clients/{client_id}",
    tag = "token clients",
    operation_id = "get_token_client",
    params(("client_id" = String, Path, description = "The client's id.")),
    responses(
        (status = 200, description = "The client.", body = TokenClientBody),
        (status = 401, description = "No token, or one that is not trusted.", content_type = "application/problem+json"),
        (status = 403, description = "The scope is missing, or the client is another's.", content_type = "application/problem+json"),
        (status = 404, description = "There is no such client, or it was deleted.", content_type = "application/problem+json"),
        (status = 503, description = "The read models are not as fresh as asked, or away.", content_type = "application/problem+json"),
    ),
    security(("bearer" = [TOKEN_CLIENT_WRITE]))
)]
#[tracing::instrument(name = "handler.token_clients.get", skip_all)]
pub(crate) async fn get_token_client(
    Authenticated(caller): Authenticated,
    Path(client): Path<String>,
    reading: Reading,
) -> Result<impl IntoResponse, Problem> {
    caller.require_any_scope(&[TOKEN_CLIENT_WRITE, TOKEN_CLIENT_ADMIN])?;
    let unknown = || Problem::of(ProblemType::NotFound, "there is no such token client");
    let id: ClientId = client.parse().map_err(|_| unknown())?;
    let client = reading.reader.token_client(&id, None).await.map_err(failed)?;
    let client = client.ok_or_else(unknown)?.row;
    if !may_see(&caller, client.owner) {
        return Err(Problem::of(
            ProblemType::Forbidden,
            "the token client belongs to another organisation than the one your token names",
        ));
    }
    Ok((reading.token, Json(TokenClientBody::from(client))))
}

/// Whether the caller owns the client, or administers all.
fn may_see(caller: &Caller, owner: OrgNumber) -> bool {
    let authority = if caller.has_scope(TOKEN_CLIENT_ADMIN) {
        Some(Authority::Administrator)
    } else {
        caller.org.map(Authority::Organization)
    };
    authority.is_some_and(|authority| authority.covers(owner))
}

#[cfg(test)]
mod tests {
    use fullmakt_events::ActorKind;
    use serde_json::json;

    use super::*;

    fn caller(org: Option<&str>, scope: &str) -> Caller {
        Caller {
            kind: ActorKind::SystemProvider,
            issuer: "https://issuer.example.no/".to_owned(),
            org: org.map(|org| org.parse().unwrap()),
            supplier: None,
            org_code: None,
            client_id: None,
            scopes: vec![scope.to_owned()],
            person: None,
            system_user: None,
            app: None,
            auth_level: None,
            authentication_method: None,
        }
    }

    #[test]
    fn a_client_is_seen_by_its_owner_and_by_administrators_and_by_nobody_else() {
        let owner: OrgNumber = "310010014".parse().unwrap();
        assert!(may_see(&caller(Some("310010014"), TOKEN_CLIENT_WRITE), owner));
        assert!(may_see(&caller(None, TOKEN_CLIENT_ADMIN), owner));
        assert!(!may_see(&caller(Some("310010022"), TOKEN_CLIENT_WRITE), owner));
        assert!(!may_see(&caller(None, TOKEN_CLIENT_WRITE), owner));
    }

    #[test]
    fn a_client_is_shown_with_when_its_keys_count() {
        let jwk = Map::from_iter([("kty".to_owned(), json!("EC"))]);
        let valid_from = Timestamp::from_millis(1_800_000_000_000);
        let key = TokenKey { kid: "a".to_owned(), jwk, valid_from, valid_to: None };
        let row = TokenClientRow {
            client_id: "client".parse().unwrap(),
            owner: "310010014".parse().unwrap(),
            scopes: vec!["a:b".to_owned()],
            keys: vec![TokenKey { valid_to: Some(valid_from), ..key.clone() }, key],
        };
        let time = "2027-01-15T08:00:00.000000Z";
        assert_eq!(
            serde_json::to_value(TokenClientBody::from(row)).unwrap(),
            json!({
                "clientId": "client",
                "owner": "310010014",
                "scopes": ["a:b"],
                "keys": [
                    { "kid": "a", "jwk": { "kty": "EC" }, "validFrom": time, "validTo": time },
                    { "kid": "a", "jwk": { "kty": "EC" }, "validFrom": time },
                ],
            })
        );
    }
}
