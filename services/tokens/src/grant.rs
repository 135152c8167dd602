//! The JWT-bearer grant (RFC 7523): a signed assertion of a client becomes a token.

mod assertion;

use axum::{
    Form, Json,
    extract::{State, rejection::FormRejection},
    http::header,
    response::{IntoResponse, Response},
};
use fullmakt_events::{ClientId, OrgNumber};
use fullmakt_http::{Problem, ProblemType};
use fullmakt_projections::{SystemUserRow, TokenClientRow};
use fullmakt_readstore::{ExternalId, ReadError, Reader};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use self::assertion::Assertion;
use crate::{
    TokenState,
    details::SystemUserDetails,
    oauth_error::{GrantError, OauthErrorBody, Refusal},
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
    responses(
        (status = 200, description = "The token.", body = TokenResponse),
        (status = 400, description = "No token, with the cause.", body = OauthErrorBody),
        (status = 503, description = "Nothing can be decided now.", content_type = "application/problem+json"),
    )
)]
#[tracing::instrument(name = "handler.tokens.grant", skip_all)]
pub(crate) async fn grant_token(
    State(state): State<TokenState>,
    form: Result<Form<GrantForm>, FormRejection>,
) -> Result<Response, GrantError> {
    let Form(form) = form.map_err(|_| Refusal::NoAssertion)?;
    if form.grant_type != JWT_BEARER {
        return Err(Refusal::GrantType(seen(&form.grant_type)).into());
    }
    if form.assertion.is_empty() {
        return Err(Refusal::NoAssertion.into());
    }
    let reader = state.store.reader().await.map_err(|error| unreadable(&error))?;
    let issuer = assertion::issuer(&form.assertion)?;
    let client = client(&reader, &issuer).await?;
    let assertion = Assertion::check(&state, &client, &form.assertion)?;
    let scope = granted(&client, &assertion.scopes)?;
    let user = match &assertion.details {
        Some(details) => Some(system_user(&reader, &client, details).await?),
        None => None,
    };
    // Used last: who is refused for another cause can correct it and send the same again.
    used::use_once(&state, client.client_id.as_str(), &assertion.jti, assertion.expires_at).await?;

    let claims = claims(&state, &client, &scope, user.as_ref());
    let access_token = state
        .sign(&claims)
        .map_err(|error| GrantError::Problem(Problem::opaque(ProblemType::Internal, &error)))?;
    let expires_in = state.lifetime_seconds;
    let body = TokenResponse { access_token, token_type: "Bearer", expires_in, scope };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

async fn client(reader: &Reader, issuer: &str) -> Result<TokenClientRow, GrantError> {
    let unknown = || Refusal::UnknownClient(seen(issuer));
    let id: ClientId = issuer.parse().map_err(|_| unknown())?;
    let client = reader.token_client(&id, None).await.map_err(|error| unreadable(&error))?;
    Ok(client.ok_or_else(unknown)?.row)
}

fn granted(client: &TokenClientRow, asked: &[String]) -> Result<String, Refusal> {
    if asked.is_empty() {
        return Err(Refusal::NoScope);
    }
    match asked.iter().find(|scope| !client.scopes.contains(scope)) {
        Some(scope) => Err(Refusal::Scope(seen(scope))),
        None => Ok(asked.join(" ")),
    }
}

/// The system user that a client may be: of a system of the client's own organisation, that the
/// client acts for, and that the customer has a system user for.
async fn system_user(
    reader: &Reader,
    client: &TokenClientRow,
    details: &SystemUserDetails,
) -> Result<SystemUserRow, GrantError> {
    let system = reader
        .system_of_client(&client.client_id, None)
        .await
        .map_err(|error| unreadable(&error))?;
    let system = system.filter(|system| system.definition.vendor == client.owner);
    let system =
        system.ok_or_else(|| Refusal::ClientWithoutSystem(client.client_id.to_string()))?;
    let owner: OrgNumber = details.owner;
    let external_ref = details.external_ref.clone().unwrap_or_else(|| owner.to_string());
    let id = ExternalId {
        client_id: client.client_id.clone(),
        vendor: client.owner,
        owner,
        external_ref: external_ref.clone(),
    };
    let user =
        reader.system_user_by_external_id(&id, None).await.map_err(|error| unreadable(&error))?;
    let user = user.ok_or_else(|| Refusal::NoSystemUser {
        owner: owner.to_string(),
        external_ref: seen(&external_ref),
        system: system.definition.id.to_string(),
    })?;
    Ok(user.row)
}

fn claims(
    state: &TokenState,
    client: &TokenClientRow,
    scope: &str,
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
    put("consumer", organisation(client.owner));
    claims
}

/// A caller's text as it may be shown again: short, in one line.
fn seen(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(80).collect()
}

fn unreadable(error: &ReadError) -> GrantError {
    let kind = match error {
        ReadError::Database(error) if !error.is_unavailable() => ProblemType::Internal,
        ReadError::Database(_) | ReadError::NothingFolded | ReadError::NotYet { .. } => {
            ProblemType::Unavailable
        }
    };
    GrantError::Problem(Problem::opaque(kind, error))
}
