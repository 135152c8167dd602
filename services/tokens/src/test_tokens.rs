//! Test tokens: for everybody who asks, in demonstrations on this machine.

mod query;

use std::net::IpAddr;

use axum::{
    extract::{Request, State},
    http::{header::HOST, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};
use fullmakt_events::{OrgNumber, PartyId, PartyNumber, event::PartyKind};
use fullmakt_http::{InputError, Problem, ProblemType};
use fullmakt_projections::PartyRow;
use fullmakt_reading::failed;
use fullmakt_vault::{NationalNumber, VaultError};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use self::query::{EnterpriseQuery, GeneratorQuery, PersonalQuery, PlatformAccessQuery, scopes};
use crate::{TOKEN_SECONDS_MAX, TokenState};

/// How long a test token is valid if nothing else is asked for, in seconds.
const TTL_SECONDS: u64 = 1_800;
/// How surely persons and machines are authenticated, if nothing else is asked for.
const LEVEL: u8 = 3;
/// How surely anybody can be.
const LEVEL_MAX: u8 = 4;

/// Refuses who calls this machine by a name that is not its own: a page of another origin, whose
/// name was made to lead here (DNS rebinding), could have tokens through a browser on this machine.
pub(crate) async fn on_this_machine(request: Request, next: Next) -> Result<Response, Problem> {
    if names_only_this_machine(&request) {
        Ok(next.run(request).await)
    } else {
        let detail = "test tokens are for this machine: call it `localhost` or by a loopback \
                      address, in the only `Host` header and in the request target alike";
        Err(Problem::of(ProblemType::Forbidden, detail))
    }
}

/// Whether a request names this machine, and nothing else: more than one `Host` header is an error,
/// and a request target in absolute form replaces the header (RFC 9112, section 3.2).
fn names_only_this_machine(request: &Request) -> bool {
    let mut hosts = request.headers().get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    host.to_str().is_ok_and(is_loopback)
        && request.uri().authority().is_none_or(|authority| is_loopback(authority.as_str()))
}

/// Whether a `Host` header (RFC 9110, section 7.2) or an authority names this machine to itself.
fn is_loopback(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let name = authority.host();
    let address = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    name.eq_ignore_ascii_case("localhost")
        || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A token of an organisation.
pub(crate) async fn enterprise_token(
    State(state): State<TokenState>,
    GeneratorQuery(query): GeneratorQuery<EnterpriseQuery>,
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
    signed(&state, claims)
}

/// A token of a person who is logged in.
pub(crate) async fn personal_token(
    State(state): State<TokenState>,
    GeneratorQuery(query): GeneratorQuery<PersonalQuery>,
) -> Result<Response, Problem> {
    let party = person(&state, &query).await?;
    let level = query.auth_lvl.unwrap_or(LEVEL);
    if level > LEVEL_MAX {
        return Err(invalid("?authLvl", "has to be 0 to 4"));
    }
    let mut claims = base(&state, &state.issuers.platform, query.ttl)?;
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("urn:altinn:userid", json!(party.number));
    put("urn:altinn:partyid", json!(party.number));
    put("urn:altinn:party:uuid", json!(party.party));
    put("urn:altinn:authlevel", json!(level));
    put("urn:altinn:authenticatemethod", json!("BankID"));
    put("scope", json!(scopes(query.scopes.as_deref().unwrap_or("altinn:portal/enduser"))));
    signed(&state, claims)
}

/// A token of a component of the platform.
pub(crate) async fn platform_access_token(
    State(state): State<TokenState>,
    GeneratorQuery(query): GeneratorQuery<PlatformAccessQuery>,
) -> Result<Response, Problem> {
    let mut claims = base(&state, &state.issuers.platform_access, query.ttl)?;
    claims.insert("urn:altinn:app".to_owned(), json!(query.app));
    signed(&state, claims)
}

/// The person who is asked about.
async fn person(state: &TokenState, query: &PersonalQuery) -> Result<PartyRow, Problem> {
    let reader = state.store.reader().await.map_err(failed)?;
    let (found, parameter) = match (&query.pid, query.party_uuid, query.party_id) {
        (Some(pid), None, None) => {
            let number: NationalNumber =
                pid.parse().map_err(|_| invalid("?pid", "is no national identity number"))?;
            let party = state.vault.resolve(&number).await.map_err(|error| closed(&error))?;
            let found = match party {
                Some(party) => reader.party(party, None).await,
                None => Ok(None),
            };
            (found, "?pid")
        }
        (None, Some(uuid), None) => (reader.party(PartyId::new(uuid), None).await, "?partyUuid"),
        (None, None, Some(number)) => {
            (reader.party_by_number(PartyNumber::new(number), None).await, "?partyId")
        }
        (Some(_) | None, Some(_) | None, Some(_) | None) => {
            return Err(invalid(
                "?pid",
                "has to be given, or `partyUuid`, or `partyId`; one of them",
            ));
        }
    };
    let unknown = || invalid(parameter, "is nobody's who is known here");
    let party = found.map_err(failed)?.ok_or_else(unknown)?.row;
    match party.facts.kind {
        PartyKind::Person => Ok(party),
        PartyKind::Organization | PartyKind::SubUnit => Err(invalid(parameter, "is no person's")),
    }
}

/// The problem of a vault that does not answer, or not rightly.
fn closed(error: &VaultError) -> Problem {
    let kind = if error.is_temporary() { ProblemType::Unavailable } else { ProblemType::Internal };
    Problem::opaque(kind, error)
}

fn base(state: &TokenState, issuer: &str, ttl: Option<u64>) -> Result<Map<String, Value>, Problem> {
    let ttl = ttl.unwrap_or(TTL_SECONDS);
    if ttl == 0 || ttl > TOKEN_SECONDS_MAX {
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

fn signed(state: &TokenState, claims: Map<String, Value>) -> Result<Response, Problem> {
    let token =
        state.sign(claims).map_err(|error| Problem::opaque(ProblemType::Internal, &error))?;
    Ok(token.into_response())
}

/// What is wrong with a parameter. Its value is not repeated: it may be a person's number.
fn invalid(pointer: &str, wrong: &str) -> Problem {
    Problem::invalid(vec![InputError::at(pointer, wrong)])
}

#[cfg(test)]
mod tests;
