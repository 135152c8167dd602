//! Test tokens: for everybody who asks, in demonstrations on this machine.

mod query;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use fullmakt_events::{OrgNumber, PartyId, PartyNumber};
use fullmakt_http::{InputError, Problem, ProblemType, Query};
use fullmakt_vault::NationalNumber;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use self::query::{EnterpriseQuery, PersonalQuery, PlatformAccessQuery, scopes};
use crate::TokenState;

/// How long a test token is valid if nothing else is asked for, in seconds.
const TTL_SECONDS: u64 = 1_800;
/// The longest that it may be asked for, in seconds.
const TTL_SECONDS_MAX: u64 = 24 * 60 * 60;
/// How surely persons and machines are authenticated, if nothing else is asked for.
const LEVEL: u8 = 3;

/// A token of an organisation.
pub(crate) async fn enterprise_token(
    State(state): State<TokenState>,
    Query(query): Query<EnterpriseQuery>,
) -> Result<Response, Problem> {
    let org: OrgNumber =
        query.org_no.parse().map_err(|_| invalid("?orgNo", "is no organisation number"))?;
    let mut claims = base(&state, &state.issuers.platform, query.ttl)?;
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("consumer", json!({ "authority": "iso6523-actorid-upis", "ID": org.to_iso6523() }));
    put("urn:altinn:orgNumber", json!(org));
    put("urn:altinn:authenticatemethod", json!("maskinporten"));
    put("urn:altinn:authlevel", json!(LEVEL));
    put("client_id", json!(format!("test-{org}")));
    put("scope", json!(scopes(query.scopes.as_deref().unwrap_or_default())));
    if let Some(code) = query.org {
        put("urn:altinn:org", json!(code));
    }
    signed(&state, &claims)
}

/// A token of a person who is logged in.
pub(crate) async fn personal_token(
    State(state): State<TokenState>,
    Query(query): Query<PersonalQuery>,
) -> Result<Response, Problem> {
    let reader = state
        .store
        .reader()
        .await
        .map_err(|error| Problem::opaque(ProblemType::Unavailable, &error))?;
    let unreadable =
        |error: fullmakt_readstore::ReadError| Problem::opaque(ProblemType::Unavailable, &error);
    let party = match (&query.pid, query.party_uuid, query.party_id) {
        (Some(pid), None, None) => {
            let number: NationalNumber =
                pid.parse().map_err(|_| invalid("?pid", "is no national identity number"))?;
            let party = state
                .vault
                .resolve(&number)
                .await
                .map_err(|error| Problem::opaque(ProblemType::Unavailable, &error))?;
            let party = party.ok_or_else(|| invalid("?pid", "is nobody's who is known here"))?;
            reader.party(party, None).await.map_err(unreadable)?
        }
        (None, Some(uuid), None) => {
            reader.party(PartyId::new(uuid), None).await.map_err(unreadable)?
        }
        (None, None, Some(number)) => {
            let number = PartyNumber::new(number);
            reader.party_by_number(number, None).await.map_err(unreadable)?
        }
        (Some(_) | None, Some(_) | None, Some(_) | None) => {
            return Err(invalid(
                "?pid",
                "has to be given, or `partyUuid`, or `partyId`; one of them",
            ));
        }
    };
    let party = party.ok_or_else(|| invalid("?partyId", "is nobody's who is known here"))?;
    let mut claims = base(&state, &state.issuers.platform, query.ttl)?;
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("urn:altinn:userid", json!(party.number));
    put("urn:altinn:partyid", json!(party.number));
    put("urn:altinn:party:uuid", json!(party.party));
    put("urn:altinn:authlevel", json!(query.auth_lvl.unwrap_or(LEVEL)));
    put("urn:altinn:authenticatemethod", json!("BankID"));
    put("scope", json!(scopes(query.scopes.as_deref().unwrap_or("altinn:portal/enduser"))));
    signed(&state, &claims)
}

/// A token of a component of the platform.
pub(crate) async fn platform_access_token(
    State(state): State<TokenState>,
    Query(query): Query<PlatformAccessQuery>,
) -> Result<Response, Problem> {
    let mut claims = base(&state, &state.issuers.platform_access, query.ttl)?;
    claims.insert("urn:altinn:app".to_owned(), json!(query.app));
    signed(&state, &claims)
}

fn base(state: &TokenState, issuer: &str, ttl: Option<u64>) -> Result<Map<String, Value>, Problem> {
    let ttl = ttl.unwrap_or(TTL_SECONDS);
    if ttl == 0 || ttl > TTL_SECONDS_MAX {
        return Err(invalid("?ttl", "has to be 1 to 86400 seconds"));
    }
    let now = state.now_seconds();
    let mut claims = Map::new();
    claims.insert("iss".to_owned(), json!(issuer));
    claims.insert("iat".to_owned(), json!(now));
    claims.insert("exp".to_owned(), json!(now.saturating_add(ttl)));
    claims.insert("jti".to_owned(), json!(Uuid::new_v4()));
    Ok(claims)
}

fn signed(state: &TokenState, claims: &Map<String, Value>) -> Result<Response, Problem> {
    let token =
        state.sign(claims).map_err(|error| Problem::opaque(ProblemType::Internal, &error))?;
    Ok(token.into_response())
}

/// What is wrong with a parameter. Its value is not repeated: it may be a person's number.
fn invalid(pointer: &str, wrong: &str) -> Problem {
    Problem::invalid(vec![InputError::at(pointer, wrong)])
}
