//! The exchange for persons: a login at ID-porten becomes a token of the platform.

use axum::{
    extract::State,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use fullmakt_events::event::PartyKind;
use fullmakt_http::{AltinnError, ConsistencyToken, Problem, ProblemType};
use fullmakt_pep::{IssuerProfile, TokenError, VerifiedToken, scopes};
use fullmakt_projections::PartyRow;
use fullmakt_reading::failed;
use fullmakt_vault::{NationalNumber, VaultError};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{signed, verified_as};
use crate::{TokenState, fresh::FreshReader};

/// The claims that are copied. The number of the person is not: whoever gets the token needs the
/// party only. Nor is whatever the issuer says of organisations, which it is not believed about.
const COPIED: [&str; 11] = [
    "scope",
    "client_id",
    "sub",
    "acr",
    "amr",
    "auth_time",
    "iat",
    "nbf",
    "exp",
    "jti",
    "token_type",
];
/// What the scopes of the platform begin with.
const OWN_SCOPES: &str = "altinn:";

/// Exchanges a token of a person who has logged in at ID-porten for one of the platform.
///
/// The token has to have a scope that begins with `altinn:`, or one that is configured. Answers with
/// the token as text.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/exchange/id-porten",
    tag = "tokens",
    operation_id = "exchange_id_porten",
    params(
        ("Fullmakt-Min-Position" = Option<String>, Header, description = "The position that the answer has to have seen."),
    ),
    responses(
        (status = 200, description = "The platform's token.", body = String, content_type = "text/plain", example = json!("eyJhbGciOiJSUzI1NiIsImtpZCI6IjFmMmUzZDRjNWI2YTc5ODgifQ.eyJ1cm46YWx0aW5uOmF1dGhsZXZlbCI6M30.c2lnbmF0dXJl")),
        (status = 400, description = "The position is none of this ledger.", content_type = "application/problem+json"),
        (status = 401, description = "No token of a trusted issuer for persons, or one without `pid` or `acr`.", content_type = "application/problem+json"),
        (status = 403, description = "The token has no scope that is exchanged, or the person is not known here, or dead.", content_type = "application/problem+json"),
        (status = 503, description = "The vault or the read models are away, or not as fresh as asked.", content_type = "application/problem+json"),
    ),
    security(("bearer" = []))
)]
#[tracing::instrument(name = "handler.tokens.exchange_id_porten", skip_all)]
pub(crate) async fn exchange_id_porten(
    State(state): State<TokenState>,
    mut parts: Parts,
) -> Result<Response, AltinnError> {
    let verified = verified_as(&state, &parts.headers, IssuerProfile::IdPorten).await?;
    check_scope(&state, &verified)?;
    let login = Login::read(&verified.claims)?;
    let (person, position) = person(&state, &mut parts, &login.number).await?;
    let token = signed(&state, exchanged(&state, verified.claims, &login, &person))?;
    Ok((StatusCode::OK, position, token).into_response())
}

fn check_scope(state: &TokenState, verified: &VerifiedToken) -> Result<(), AltinnError> {
    let scopes = scopes(&verified.claims, verified.profile)?;
    let is_exchanged =
        |scope: &String| scope.starts_with(OWN_SCOPES) || state.partner_scopes().contains(scope);
    if scopes.iter().any(is_exchanged) {
        return Ok(());
    }
    let detail = "the token has no scope that begins with `altinn:`, and none of a partner; log in \
                  with one";
    let problem = Problem::of(ProblemType::MissingScope, detail);
    Err(problem.challenge("Bearer error=\"insufficient_scope\"").into())
}

/// What a login says.
struct Login {
    number: NationalNumber,
    /// How surely the person was authenticated, 0 to 4.
    level: u8,
    /// How.
    method: String,
}

impl Login {
    fn read(claims: &Map<String, Value>) -> Result<Self, TokenError> {
        let text = |claim: &'static str| match claims.get(claim) {
            Some(Value::String(text)) => Ok(text.as_str()),
            Some(_) => Err(TokenError::Claim { claim, wrong: "is not a text" }),
            None => Err(TokenError::Claim { claim, wrong: "is missing" }),
        };
        let wrong = "is not a national identity number";
        let number = text("pid")?.parse();
        let method = match claims.get("amr") {
            Some(Value::Array(methods)) => methods.first().and_then(Value::as_str),
            Some(Value::String(method)) => Some(method.as_str()),
            Some(_) | None => None,
        };
        Ok(Self {
            number: number.map_err(|_| TokenError::Claim { claim: "pid", wrong })?,
            level: level(text("acr")?),
            method: method.unwrap_or("idporten").to_owned(),
        })
    }
}

/// The level that ID-porten's own names of levels mean, the present ones and those before. What is
/// not known here is believed about nothing.
fn level(acr: &str) -> u8 {
    match acr {
        "idporten-loa-high" | "Level4" => 4,
        "idporten-loa-substantial" | "Level3" => 3,
        _ => 0,
    }
}

/// The person who has a number. The number is not repeated, whatever is wrong.
async fn person(
    state: &TokenState,
    parts: &mut Parts,
    number: &NationalNumber,
) -> Result<(PartyRow, ConsistencyToken), AltinnError> {
    let FreshReader { reader, token } = FreshReader::open(state, parts).await?;
    let known = state.vault.resolve(number).await.map_err(|error| closed(&error))?;
    let known = match known {
        Some(id) => reader.party(id, None).await.map_err(failed)?,
        None => None,
    };
    let forbidden = |detail: &str| AltinnError::Ours(Problem::of(ProblemType::Forbidden, detail));
    let unknown = "nobody with the number in the token's `pid` is known here: persons are known \
                   from the entity register's roles";
    let person = known.ok_or_else(|| forbidden(unknown))?.row;
    match person.facts.kind {
        PartyKind::Person if person.facts.is_deleted => {
            Err(forbidden("the person is registered as dead; nobody acts as them any more"))
        }
        PartyKind::Person => Ok((person, token)),
        PartyKind::Organization | PartyKind::SubUnit => Err(forbidden(unknown)),
    }
}

fn closed(error: &VaultError) -> AltinnError {
    let kind = if error.is_temporary() { ProblemType::Unavailable } else { ProblemType::Internal };
    AltinnError::Ours(Problem::opaque(kind, error))
}

fn exchanged(
    state: &TokenState,
    claims: Map<String, Value>,
    login: &Login,
    person: &PartyRow,
) -> Map<String, Value> {
    let mut exchanged: Map<String, Value> =
        claims.into_iter().filter(|(name, _)| COPIED.contains(&name.as_str())).collect();
    let mut put = |name: &str, value: Value| exchanged.insert(name.to_owned(), value);
    put("urn:altinn:userid", json!(person.number));
    put("urn:altinn:partyid", json!(person.number));
    put("urn:altinn:party:uuid", json!(person.party));
    put("urn:altinn:authlevel", json!(login.level));
    put("urn:altinn:authenticatemethod", json!(login.method));
    put("iss", json!(state.issuers.platform));
    put("sid", json!(Uuid::new_v4()));
    exchanged
}

#[cfg(test)]
mod tests;
