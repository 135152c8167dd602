//! Who calls, as a verified token says.

use fullmakt_events::{
    Actor, ActorKind, ClientId, OrgNumber, PartyId, PartyNumber, SystemId, SystemUserId,
};
use fullmakt_http::{AltinnError, Problem, ProblemType};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{IssuerProfile, TokenError, VerifiedToken, claims};

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// What kind of caller it is.
    pub kind: ActorKind,
    /// Who issued the token.
    pub issuer: String,
    /// The organisation that the token was issued to (`consumer`).
    pub org: Option<OrgNumber>,
    /// The organisation that acts for it with a delegated scope (`supplier`).
    pub supplier: Option<OrgNumber>,
    /// The service owner's code (`urn:altinn:org`), such as `skd`.
    pub org_code: Option<String>,
    /// The client of the token issuer.
    pub client_id: Option<ClientId>,
    /// The scopes of the token.
    pub scopes: Vec<String>,
    /// The person who is logged in.
    pub person: Option<PersonCaller>,
    /// The system user that the token was issued as.
    pub system_user: Option<SystemUserCaller>,
    /// The component of the platform (`urn:altinn:app`).
    pub app: Option<String>,
    /// How surely the caller was authenticated, 0 to 4.
    pub auth_level: Option<u8>,
    /// How the caller was authenticated.
    pub authentication_method: Option<String>,
}

/// A person who is logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonCaller {
    /// The user's id in the wire contract.
    pub user_id: u32,
    /// The person's integer party id in the wire contract.
    pub party_number: PartyNumber,
    /// The person's party.
    pub party: PartyId,
}

/// A system user, as Maskinporten's tokens name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemUserCaller {
    /// Its id. The wire contract has a list, of which there is one.
    pub id: SystemUserId,
    /// The organisation that owns it.
    pub owner: OrgNumber,
    /// Its system.
    pub system_id: SystemId,
}

/// The token has none of the scopes that are needed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the token has none of the scopes {}", .any_of.iter().map(|scope| format!("`{scope}`")).collect::<Vec<_>>().join(", "))]
pub struct ScopeError {
    /// The scopes, of which one is needed.
    pub any_of: Vec<&'static str>,
}

impl From<ScopeError> for Problem {
    fn from(error: ScopeError) -> Self {
        let scopes = error.any_of.join(" ");
        let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{scopes}\"");
        Self::of(ProblemType::MissingScope, error.to_string()).challenge(challenge)
    }
}

impl From<ScopeError> for AltinnError {
    fn from(error: ScopeError) -> Self {
        Problem::from(error).into()
    }
}

/// The authentication level of everything that Maskinporten issues: its exchange says so.
const MASKINPORTEN_LEVEL: u8 = 3;

impl Caller {
    /// Reads who calls from a verified token.
    ///
    /// # Errors
    /// When a claim that says who calls is there but cannot be read, or claims contradict each
    /// other.
    pub fn from_token(token: &VerifiedToken) -> Result<Self, TokenError> {
        let all = &token.claims;
        if token.profile == IssuerProfile::IdPorten {
            return Err(TokenError::NotExchanged);
        }
        let is_about_persons = match token.profile {
            IssuerProfile::Platform => true,
            IssuerProfile::Maskinporten
            | IssuerProfile::IdPorten
            | IssuerProfile::PlatformAccess => false,
        };
        let person = if is_about_persons { person(all)? } else { None };
        let system_user = system_user(all)?;
        let kind = match (token.profile, &system_user, &person) {
            (IssuerProfile::PlatformAccess, _, _) => ActorKind::Platform,
            (_, Some(_), Some(_)) => {
                let wrong = "names a system user in the token of a person";
                return Err(TokenError::Claim { claim: AUTHORIZATION_DETAILS, wrong });
            }
            (_, Some(_), None) => ActorKind::SystemUser,
            (_, None, Some(_)) => ActorKind::Person,
            (_, None, None) => ActorKind::SystemProvider,
        };
        let (auth_level, authentication_method) = match token.profile {
            IssuerProfile::Maskinporten => {
                (Some(MASKINPORTEN_LEVEL), Some("maskinporten".to_owned()))
            }
            IssuerProfile::IdPorten | IssuerProfile::Platform | IssuerProfile::PlatformAccess => (
                claims::number(all, "urn:altinn:authlevel")?,
                claims::text(all, "urn:altinn:authenticatemethod")?,
            ),
        };
        Ok(Self {
            kind,
            issuer: token.issuer.clone(),
            org: claims::organisation(all, "consumer")?,
            supplier: claims::organisation(all, "supplier")?,
            org_code: match token.profile {
                IssuerProfile::Platform | IssuerProfile::PlatformAccess => {
                    claims::text(all, "urn:altinn:org")?
                }
                IssuerProfile::Maskinporten | IssuerProfile::IdPorten => None,
            },
            client_id: claims::text(all, "client_id")?
                .map(ClientId::try_from)
                .transpose()
                .map_err(|_| TokenError::Claim { claim: "client_id", wrong: "is not one" })?,
            scopes: claims::scopes(all, token.profile)?,
            person,
            system_user,
            app: claims::text(all, "urn:altinn:app")?,
            auth_level,
            authentication_method,
        })
    }

    /// The caller as commits name it.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor {
            kind: self.kind,
            org: self.org,
            party: self.person.as_ref().map(|person| person.party),
            system_user: self.system_user.as_ref().map(|user| user.id),
            client_id: self.client_id.clone(),
            scopes: self.scopes.clone(),
        }
    }

    /// Whether the token has this scope.
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|held| held == scope)
    }

    /// Whether the token has one of these scopes.
    ///
    /// # Errors
    /// 403, naming the scopes, if it has none of them.
    pub fn require_any_scope(&self, any_of: &[&'static str]) -> Result<(), ScopeError> {
        if any_of.iter().any(|scope| self.has_scope(scope)) {
            return Ok(());
        }
        Err(ScopeError { any_of: any_of.to_vec() })
    }

    /// Whether the caller is a component of the platform, or its token has one of these scopes.
    ///
    /// # Errors
    /// 403, naming the scopes, if it is neither.
    pub fn require_platform_or_scope(&self, any_of: &[&'static str]) -> Result<(), ScopeError> {
        match self.kind {
            ActorKind::Platform => Ok(()),
            ActorKind::SystemProvider
            | ActorKind::Person
            | ActorKind::SystemUser
            | ActorKind::Operator => self.require_any_scope(any_of),
        }
    }
}

fn person(all: &Map<String, Value>) -> Result<Option<PersonCaller>, TokenError> {
    let Some(user_id) = claims::number(all, "urn:altinn:userid")? else { return Ok(None) };
    let missing = |claim| TokenError::Claim { claim, wrong: "is missing" };
    let number: u32 =
        claims::number(all, "urn:altinn:partyid")?.ok_or_else(|| missing("urn:altinn:partyid"))?;
    let claim = "urn:altinn:party:uuid";
    let party: Uuid = claims::text(all, claim)?
        .ok_or_else(|| missing(claim))?
        .parse()
        .map_err(|_| TokenError::Claim { claim, wrong: "is not a UUID" })?;
    Ok(Some(PersonCaller { user_id, party_number: PartyNumber::new(number), party: party.into() }))
}

const AUTHORIZATION_DETAILS: &str = "authorization_details";
const SYSTEM_USER: &str = "urn:altinn:systemuser";

fn system_user(all: &Map<String, Value>) -> Result<Option<SystemUserCaller>, TokenError> {
    let claim = AUTHORIZATION_DETAILS;
    let Some(value) = all.get(claim).filter(|value| !value.is_null()) else { return Ok(None) };
    let value = claims::unwrapped(value, claim)?;
    let details = value.as_array().map_or(std::slice::from_ref(&value), Vec::as_slice);
    let mut users = details.iter().filter(|detail| {
        // What cannot be told from a system user is not passed over.
        detail.get("type").is_none_or(|kind| kind == SYSTEM_USER)
    });
    let Some(detail) = users.next() else { return Ok(None) };
    let wrong = |wrong| TokenError::Claim { claim, wrong };
    if users.next().is_some() {
        return Err(wrong("names more than one system user"));
    }
    let ids = detail.get("systemuser_id").and_then(Value::as_array).map(Vec::as_slice);
    let Some([Value::String(id)]) = ids else {
        return Err(wrong("does not name exactly one system user"));
    };
    let id: Uuid = id.parse().map_err(|_| wrong("names a system user that is not a UUID"))?;
    let owner = detail.get("systemuser_org").ok_or_else(|| wrong("names no `systemuser_org`"))?;
    let system = detail.get("system_id").and_then(Value::as_str);
    let system = system.and_then(|system| system.parse().ok());
    Ok(Some(SystemUserCaller {
        id: id.into(),
        owner: claims::organisation_in(owner, claim)?,
        system_id: system.ok_or_else(|| wrong("names no `system_id`"))?,
    }))
}

#[cfg(test)]
mod tests;
