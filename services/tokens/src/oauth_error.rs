//! Why no token is issued: the errors of RFC 6749 (§5.2), each cause with a code of its own and a
//! sentence that says what to do.

use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use fullmakt_http::Problem;
use fullmakt_readstore::ReadError;
use serde::Serialize;
use utoipa::ToSchema;

/// Why no token is issued.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("the grant type is `{0}`; use `urn:ietf:params:oauth:grant-type:jwt-bearer`")]
    GrantType(String),
    #[error(
        "the body is no form; send `grant_type` and `assertion`, each once, as \
         `application/x-www-form-urlencoded`"
    )]
    Form,
    #[error("the form has no `assertion`; send the signed client assertion in it")]
    NoAssertion,
    #[error("the assertion is no signed JWT: {0}")]
    Malformed(&'static str),
    #[error("the assertion names no key; put the key's id into its header as `kid`")]
    NoKeyId,
    #[error("there is no client `{0}`; register it, or correct `iss`")]
    UnknownClient(String),
    #[error("client `{client}` has no valid key `{kid}`; register the key, or correct `kid`")]
    UnknownKey { client: String, kid: String },
    #[error("key `{kid}` of client `{client}` is no longer valid; register a new key and use that")]
    ExpiredKey { client: String, kid: String },
    #[error("key `{kid}` of client `{client}` is not valid yet; use another, or wait")]
    EarlyKey { client: String, kid: String },
    #[error("the assertion's header has critical extensions (`crit`); leave them out")]
    CriticalExtension,
    #[error("key `{0}` cannot be used with the algorithm that the header names")]
    Algorithm(String),
    #[error("the signature does not fit key `{0}`; sign with the key that is registered")]
    Signature(String),
    #[error("the assertion's audience is not this token endpoint; set `aud` to `{0}`")]
    Audience(String),
    #[error("the assertion has expired; make a new one for each request")]
    Expired,
    #[error("the assertion is from the future; set the clock of the client's machine")]
    NotYet,
    #[error(
        "the assertion is valid for {0} seconds; at most 120 are allowed between `iat` and `exp`"
    )]
    TooLong(u64),
    #[error("the assertion has no `{0}`")]
    Missing(&'static str),
    #[error("the assertion was used before; give each a `jti` of its own")]
    Replayed,
    #[error("the assertion asks for no scope")]
    NoScope,
    #[error("the client may not ask for scope `{0}`")]
    Scope(String),
    #[error("`authorization_details` is not what it should be: {0}")]
    Details(&'static str),
    #[error(
        "client `{0}` acts for no system of your organisation; put it into `clientId` of the \
         system in the system register"
    )]
    ClientWithoutSystem(String),
    #[error(
        "system `{system}`, which client `{client}` acted for, was deleted; register another \
         system with the client, and ask customers for system users of that"
    )]
    SystemDeleted { client: String, system: String },
    #[error(
        "organisation `{owner}` has no system user of your system `{system}`; ask the customer \
         for one, or correct `systemuser_org`"
    )]
    WrongOrganisation { owner: String, system: String },
    #[error(
        "the request for a system user of your system `{system}` with external reference \
         `{external_ref}` has not been approved by organisation `{owner}`"
    )]
    NotApproved { owner: String, external_ref: String, system: String },
    #[error(
        "the system user with external reference `{external_ref}` of your system `{system}` is \
         paused by its owner; ask organisation `{owner}` to resume it"
    )]
    Paused { owner: String, external_ref: String, system: String },
    #[error(
        "organisation `{owner}` has system users of your system `{system}`, but only with \
         external references of their own; say in `externalRef` which one is meant"
    )]
    ExternalRefMissing { owner: String, system: String },
    #[error(
        "organisation `{owner}` has no system user with external reference `{external_ref}` of \
         your system `{system}`; correct `externalRef`, or ask the customer for one"
    )]
    NoSystemUser { owner: String, external_ref: String, system: String },
}

impl Refusal {
    /// The stable code of the cause.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::GrantType(_) => "grant-type",
            Self::Form => "malformed-form",
            Self::NoAssertion => "no-assertion",
            Self::Malformed(_) => "malformed-assertion",
            Self::NoKeyId => "no-key-id",
            Self::UnknownClient(_) => "unknown-client",
            Self::UnknownKey { .. } => "unknown-key",
            Self::ExpiredKey { .. } => "expired-key",
            Self::EarlyKey { .. } => "key-not-yet-valid",
            Self::CriticalExtension => "critical-extension",
            Self::Algorithm(_) => "wrong-algorithm",
            Self::Signature(_) => "wrong-signature",
            Self::Audience(_) => "wrong-audience",
            Self::Expired => "expired",
            Self::NotYet => "not-yet-valid",
            Self::TooLong(_) => "lifetime-too-long",
            Self::Missing(_) => "missing-claim",
            Self::Replayed => "replayed",
            Self::NoScope => "no-scope",
            Self::Scope(_) => "scope-not-granted",
            Self::Details(_) => "malformed-authorization-details",
            Self::ClientWithoutSystem(_) => "client-without-system",
            Self::SystemDeleted { .. } => "system-deleted",
            Self::WrongOrganisation { .. } => "wrong-organisation",
            Self::NotApproved { .. } => "not-approved",
            Self::Paused { .. } => "system-user-paused",
            Self::ExternalRefMissing { .. } => "external-ref-missing",
            Self::NoSystemUser { .. } => "no-system-user",
        }
    }

    /// The error of RFC 6749.
    const fn error(&self) -> &'static str {
        match self {
            Self::GrantType(_) => "unsupported_grant_type",
            Self::UnknownClient(_) => "invalid_client",
            Self::NoScope | Self::Scope(_) => "invalid_scope",
            Self::Details(_) => "invalid_authorization_details",
            Self::Form | Self::NoAssertion => "invalid_request",
            Self::ClientWithoutSystem(_)
            | Self::SystemDeleted { .. }
            | Self::WrongOrganisation { .. }
            | Self::NotApproved { .. }
            | Self::Paused { .. }
            | Self::ExternalRefMissing { .. }
            | Self::NoSystemUser { .. } => "invalid_altinn_customer_configuration",
            Self::Malformed(_)
            | Self::NoKeyId
            | Self::UnknownKey { .. }
            | Self::ExpiredKey { .. }
            | Self::EarlyKey { .. }
            | Self::CriticalExtension
            | Self::Algorithm(_)
            | Self::Signature(_)
            | Self::Audience(_)
            | Self::Expired
            | Self::NotYet
            | Self::TooLong(_)
            | Self::Missing(_)
            | Self::Replayed => "invalid_grant",
        }
    }
}

/// A caller's text as an error may show it again: short, and of the characters that
/// `error_description` may have (RFC 6749 §5.2).
pub(crate) fn seen(text: &str) -> String {
    const CHARS_MAX: usize = 80;
    let may_stand = |c: &char| matches!(c, ' '..='~') && *c != '"' && *c != '\\';
    text.chars().filter(may_stand).take(CHARS_MAX).collect()
}

/// The body of an error.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OauthErrorBody {
    /// The error of RFC 6749.
    error: &'static str,
    /// What happened and what to do.
    error_description: String,
    /// The stable code of the cause.
    error_code: &'static str,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = OauthErrorBody {
            error: self.error(),
            error_description: self.to_string(),
            error_code: self.code(),
        };
        let no_store = [(header::CACHE_CONTROL, "no-store")];
        (StatusCode::BAD_REQUEST, no_store, Json(body)).into_response()
    }
}

/// Why there is no token.
#[derive(Debug)]
pub(crate) enum GrantError {
    /// A rule forbids it.
    Refused(Refusal),
    /// Something is not there that is needed to decide.
    Problem(Problem),
}

impl From<Refusal> for GrantError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<ReadError> for GrantError {
    fn from(error: ReadError) -> Self {
        Self::Problem(fullmakt_reading::failed(error))
    }
}

impl From<Problem> for GrantError {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl IntoResponse for GrantError {
    fn into_response(self) -> Response {
        match self {
            Self::Refused(refusal) => refusal.into_response(),
            Self::Problem(problem) => problem.into_response(),
        }
    }
}
