//! Why no token is issued: each cause with a stable code and a sentence that says what to do.

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
    #[error(
        "organisation `{owner}`, whose client `{client}` is, is deleted in the entity register; \
         register a client of the organisation that carries on"
    )]
    ClientOwnerDeleted { client: String, owner: String },
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
        "organisation `{0}` is deleted in the entity register, and its system users ended with it; \
         ask the organisation that carries on for one"
    )]
    OwnerDeleted(String),
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
            Self::ClientOwnerDeleted { .. } => "client-owner-deleted",
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
            Self::OwnerDeleted(_) => "owner-deleted",
            Self::NotApproved { .. } => "not-approved",
            Self::Paused { .. } => "system-user-paused",
            Self::ExternalRefMissing { .. } => "external-ref-missing",
            Self::NoSystemUser { .. } => "no-system-user",
        }
    }

    /// The error of RFC 6749.
    pub(crate) const fn error(&self) -> &'static str {
        match self {
            Self::GrantType(_) => "unsupported_grant_type",
            Self::UnknownClient(_) | Self::ClientOwnerDeleted { .. } => "invalid_client",
            Self::NoScope | Self::Scope(_) => "invalid_scope",
            Self::Details(_) => "invalid_authorization_details",
            Self::Form | Self::NoAssertion => "invalid_request",
            Self::ClientWithoutSystem(_)
            | Self::SystemDeleted { .. }
            | Self::WrongOrganisation { .. }
            | Self::OwnerDeleted(_)
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
