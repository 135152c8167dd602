//! The JWT-bearer grant (RFC 7523): a signed assertion of a client becomes a token.

mod assertion;
mod scopes;
mod system_user;

use axum::{
    Form, Json,
    extract::{State, rejection::FormRejection},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use fullmakt_events::{ClientId, OrgNumber};
use fullmakt_http::{Problem, ProblemType, RateLimits};
use fullmakt_projections::{SystemUserRow, TokenClientRow};
use fullmakt_readstore::{ReadError, Reader};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use self::{assertion::Assertion, scopes::Parties};
use crate::{
    TokenState,
    fresh::FreshReader,
    oauth_error::{GrantError, OauthErrorBody, seen},
    refusal::Refusal,
    used,
};

const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// What a client sends.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct GrantForm {
    /// `urn:ietf:params:oauth:grant-type:jwt-bearer`.
    #[serde(default)]
    grant_type: String,
    /// The signed client assertion.
    #[serde(default)]
    assertion: String,
}

/// A token.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TokenResponse {
    /// The token, a signed JWT.
    access_token: String,
    /// `Bearer`.
    token_type: &'static str,
    /// For how many seconds it is valid.
    expires_in: u64,
    /// The scopes granted.
    scope: String,
}

/// Issues a token to a client, as its organisation or as a system user of a customer.
#[utoipa::path(
    post,
    path = "/token",
    tag = "tokens",
    operation_id = "grant_token",
    request_body(content = GrantForm, content_type = "application/x-www-form-urlencoded"),
    params(
        ("Fullmakt-Min-Position" = Option<String>, Header, description = "The position that the answer has to have seen."),
    ),
    responses(
        (status = 200, description = "The token.", body = TokenResponse, example = json!({
            "access_token": "eyJhbGciOiJSUzI1NiIsImtpZCI6IjFmMmUzZDRjNWI2YTc5ODgifQ.eyJzY29wZSI6ImRlbW86dmF0LndyaXRlIn0.c2lnbmF0dXJl",
            "token_type": "Bearer", "expires_in": 120, "scope": "demo:vat.write",
        })),
        (status = 400, description = "No token, with the cause.", body = OauthErrorBody, example = json!({
            "error": "invalid_altinn_customer_configuration",
            "error_description": "organisation `310010022` has no system user of your system `310010014_smartcloud`; ask the customer for one, or correct `systemuser_org`",
            "error_code": "wrong-organisation",
        })),
        (status = 413, description = "The form is too large.", content_type = "application/problem+json"),
        (status = 429, description = "The client sent too many requests.", content_type = "application/problem+json"),
        (status = 503, description = "Nothing can be decided now.", content_type = "application/problem+json"),
    )
)]
#[tracing::instrument(name = "handler.tokens.grant", skip_all)]
pub(crate) async fn grant_token(
    State(state): State<TokenState>,
    mut parts: Parts,
    form: Result<Form<GrantForm>, FormRejection>,
) -> Result<Response, GrantError> {
    let assertion = assertion_of(form)?;
    let issuer = assertion::issuer(&assertion)?;
    let FreshReader { reader, token: position } = FreshReader::open(&state, &mut parts).await?;
    let client = client(&reader, &issuer).await?;
    let assertion = Assertion::check(&state, &client, &assertion)?;
    // Once it is sure that the client asks, so that nobody uses up what is another's.
    if let Some(limits) = parts.extensions.get::<RateLimits>() {
        limits.count(client.client_id.as_str())?;
    }
    let parties = Parties::of(&client, &assertion);
    let scope = scopes::granted(&reader, &client, &assertion.scopes, parties).await?;
    if is_deleted(&reader, client.owner).await? {
        let (client, owner) = (client.client_id.to_string(), client.owner.to_string());
        return Err(Refusal::ClientOwnerDeleted { client, owner }.into());
    }
    if parties.supplier.is_some() && is_deleted(&reader, parties.consumer).await? {
        return Err(Refusal::ConsumerDeleted(parties.consumer.to_string()).into());
    }
    let user = match &assertion.details {
        Some(details) => {
            Some(system_user::find(&reader, &client, parties.consumer, details).await?)
        }
        None => None,
    };
    drop(reader);
    // Used last: who is refused for another cause can correct it and send the same again.
    used::use_once(&state, &client.client_id, &assertion.jti, assertion.expires_at).await?;

    let claims = claims(&state, &client, (&scope, parties), user.as_ref());
    let access_token =
        state.sign(claims).map_err(|error| Problem::opaque(ProblemType::Internal, &error))?;
    let expires_in = state.lifetime_seconds;
    let body = TokenResponse { access_token, token_type: "Bearer", expires_in, scope };
    Ok((position, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

/// The assertion in a form of this grant.
fn assertion_of(form: Result<Form<GrantForm>, FormRejection>) -> Result<String, GrantError> {
    let form = match form {
        Ok(Form(form)) => form,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return Err(Problem::bare(ProblemType::TooLarge).into());
        }
        Err(_) => return Err(Refusal::Form.into()),
    };
    if form.grant_type != JWT_BEARER {
        return Err(Refusal::GrantType(seen(&form.grant_type)).into());
    }
    if form.assertion.is_empty() {
        return Err(Refusal::NoAssertion.into());
    }
    Ok(form.assertion)
}

async fn client(reader: &Reader, issuer: &str) -> Result<TokenClientRow, GrantError> {
    let unknown = || Refusal::UnknownClient(seen(issuer));
    let id: ClientId = issuer.parse().map_err(|_| unknown())?;
    let client = reader.token_client(&id, None).await?;
    Ok(client.ok_or_else(unknown)?.row)
}

/// Whether the entity register has deleted an organisation. One that it never had is not deleted.
async fn is_deleted(reader: &Reader, org: OrgNumber) -> Result<bool, ReadError> {
    let party = reader.party_by_org(org, None).await?;
    Ok(party.is_some_and(|party| party.facts.is_deleted))
}

fn claims(
    state: &TokenState,
    client: &TokenClientRow,
    (scope, parties): (&str, Parties),
    user: Option<&SystemUserRow>,
) -> Map<String, Value> {
    let now = state.now_seconds();
    let organisation =
        |org: OrgNumber| json!({ "authority": "iso6523-actorid-upis", "ID": org.to_iso6523() });
    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    if let Some(user) = user {
        put(
            "authorization_details",
            json!([{
                "type": "urn:altinn:systemuser",
                "systemuser_org": organisation(user.owner),
                "systemuser_id": [user.id],
                "system_id": user.system,
            }]),
        );
    }
    put("scope", json!(scope));
    put("iss", json!(state.issuers.maskinporten));
    put("client_id", json!(client.client_id));
    put("client_amr", json!("private_key_jwt"));
    put("token_type", json!("Bearer"));
    put("iat", json!(now));
    put("exp", json!(now.saturating_add(state.lifetime_seconds)));
    put("jti", json!(Uuid::new_v4()));
    put("consumer", organisation(parties.consumer));
    if let Some(supplier) = parties.supplier {
        put("supplier", organisation(supplier));
    }
    claims
}

#[cfg(test)]
mod tests;
