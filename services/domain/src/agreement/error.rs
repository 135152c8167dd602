//! Why a request or a system user is refused.

use fullmakt_events::{
    ChangeRequestId, OrgNumber, PartyId, SystemId, SystemUserId, event::SystemUserKind,
};

use super::{DelegationRefusal, INTEGRATION_TITLE_CHARS_MAX, Standing};
use crate::{AuthCode, Seen, seen::list};

/// Why a command about requests and system users is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AgreementError {
    /// The caller's token names no organisation.
    #[error("the token names no organisation")]
    VendorMissing,
    /// The reference names a system user already.
    #[error("there is already a system user with external reference `{external_ref}`")]
    SystemUserExists {
        /// The reference.
        external_ref: Seen,
    },
    /// The system does not exist any more, never did, or is another vendor's.
    #[error("system `{system}` was not found")]
    SystemNotFound {
        /// The system.
        system: SystemId,
    },
    /// The reference names a request of the other kind.
    #[error("a request with external reference `{external_ref}` is {standing}")]
    ReferenceInUse {
        /// The reference.
        external_ref: Seen,
        /// Where that request stands; never timed out.
        standing: Standing,
    },
    /// The entity register does not know the customer, or has deleted it.
    #[error(
        "customer `{customer}` was not found; name a unit that the entity register has and has not \
         deleted"
    )]
    CustomerNotFound {
        /// The customer.
        customer: OrgNumber,
    },
    /// A redirect URL was given, and the system has none.
    #[error("the system has no redirect URLs, so `{url}` is not one of them")]
    NoRedirectUrls {
        /// The URL.
        url: Seen,
    },
    /// The redirect URL is not one of the system's.
    #[error("redirect URL `{url}` is not among the system's")]
    RedirectUrlNotAllowed {
        /// The URL.
        url: Seen,
    },
    /// Neither rights nor packages were mentioned.
    #[error("neither rights nor access packages are given")]
    RightsMissing,
    /// The lists of rights and packages are empty.
    #[error("at least one right or access package is needed")]
    NothingRequested,
    /// No packages were asked for, and the system user is to act for clients.
    #[error("at least one access package is needed: it says what clients can be acted for in")]
    PackageMissing,
    /// Rights that the system does not have, or more of them than it has.
    #[error("not among the system's rights: {}", list(.rights))]
    RightsNotInSystem {
        /// The resources of those rights; all of them where they are too many.
        rights: Vec<Seen>,
    },
    /// Packages that the system does not have.
    #[error("not among the system's access packages: {}", list(.packages))]
    PackagesNotInSystem {
        /// The packages.
        packages: Vec<Seen>,
    },
    /// Packages that cannot be given to a standard system user.
    #[error("access packages that cannot be given directly: {}", list(.packages))]
    PackagesNotAssignable {
        /// The packages.
        packages: Vec<Seen>,
    },
    /// Packages that cannot be passed on to somebody who acts for clients.
    #[error("access packages that cannot be passed on for clients: {}", list(.packages))]
    PackagesNotForAgent {
        /// The packages.
        packages: Vec<Seen>,
    },
    /// A text holds a valid national identity number, which the ledger must not.
    #[error("field `{field}` holds a national identity number")]
    NationalNumber {
        /// The field, as the wire contract names it.
        field: &'static str,
    },
    /// The id that the request was to have is spent.
    #[error("id `{id}` is spent")]
    IdSpent {
        /// The id.
        id: SystemUserId,
    },
    /// There is no such request.
    #[error("request `{id}` was not found")]
    RequestNotFound {
        /// The request.
        id: SystemUserId,
    },
    /// The request was sent to another party than the one that answers.
    #[error("request `{id}` was sent to another party")]
    RequestOfAnotherParty {
        /// The request.
        id: SystemUserId,
    },
    /// There is no such request for a system user that acts for clients.
    #[error("request `{id}` for a system user that acts for clients was not found")]
    AgentRequestNotFound {
        /// The request.
        id: SystemUserId,
    },
    /// The same was sent to another party than the one that answers.
    #[error("request `{id}` for a system user that acts for clients was sent to another party")]
    AgentRequestOfAnotherParty {
        /// The request.
        id: SystemUserId,
    },
    /// The request is for a standard system user.
    #[error(
        "request `{id}` is for a standard system user; answer it on the routes without `agent`"
    )]
    AgentRequestExpected {
        /// The request.
        id: SystemUserId,
    },
    /// The request can no longer be answered.
    #[error("request `{id}` is {standing}")]
    RequestNotNew {
        /// The request.
        id: SystemUserId,
        /// Where it stands.
        standing: Standing,
    },
    /// The approver can delegate no action of a right.
    #[error("no action on resource `{resource}` can be delegated: {reason}")]
    RightNotDelegable {
        /// The right's resource.
        resource: Seen,
        /// The action that the reason is about, if it is about one.
        action: Option<Seen>,
        /// The reason.
        reason: DelegationRefusal,
    },
    /// The approver may not delegate a package.
    #[error("access packages that the approver may not delegate: {}", list(.packages))]
    PackagesNotDelegable {
        /// The packages.
        packages: Vec<Seen>,
    },
    /// There is no such system user.
    #[error("system user `{id}` was not found")]
    SystemUserNotFound {
        /// The system user.
        id: SystemUserId,
    },
    /// The system user is another party's.
    #[error("system user `{id}` belongs to another party")]
    SystemUserNotOwned {
        /// The system user.
        id: SystemUserId,
    },
    /// The system user acts for clients.
    #[error("system user `{id}` does not act for its owner")]
    StandardExpected {
        /// The system user.
        id: SystemUserId,
    },
    /// The system user acts for its owner.
    #[error("system user `{id}` does not act for clients")]
    AgentExpected {
        /// The system user.
        id: SystemUserId,
    },
    /// The party that is said to act for clients is not the one that owns the system user.
    #[error("party `{facilitator}` is not the one that acts with system user `{id}` for clients")]
    FacilitatorDiffers {
        /// The system user.
        id: SystemUserId,
        /// The party that was named.
        facilitator: PartyId,
    },
    /// A title is empty or too long.
    #[error(
        "field `integrationTitle` has {chars} characters; give it 1 to {INTEGRATION_TITLE_CHARS_MAX}"
    )]
    TitleLength {
        /// How many characters it has, without spaces around it.
        chars: usize,
    },
    /// The system user's system is another vendor's.
    #[error("system user `{id}` uses another vendor's system")]
    SystemUserOfAnotherVendor {
        /// The system user.
        id: SystemUserId,
    },
    /// The correlation id is the system user's own id.
    #[error("the correlation id `{id}` is the system user's id; choose a new one")]
    CorrelationIsSystemUser {
        /// The id.
        id: ChangeRequestId,
    },
    /// Another change request for the system user waits for an answer.
    #[error(
        "change request `{other}` for the same system user waits for an answer; withdraw it first"
    )]
    ChangePending {
        /// The change request that waits.
        other: ChangeRequestId,
    },
    /// The correlation id was used for something else, or for what was withdrawn.
    #[error("correlation id `{id}` was used before; choose a new one")]
    CorrelationSpent {
        /// The id.
        id: ChangeRequestId,
    },
    /// There is no such change request.
    #[error("change request `{id}` was not found")]
    ChangeNotFound {
        /// The change request.
        id: ChangeRequestId,
    },
    /// The change request was sent to another party than the one that answers.
    #[error("change request `{id}` was sent to another party")]
    ChangeOfAnotherParty {
        /// The change request.
        id: ChangeRequestId,
    },
    /// The change request can no longer be answered.
    #[error("change request `{id}` is {standing}")]
    ChangeNotNew {
        /// The change request.
        id: ChangeRequestId,
        /// Where it stands.
        standing: Standing,
    },
}

impl AgreementError {
    /// That there is no request of this kind with this id.
    #[must_use]
    pub const fn request_not_found(kind: SystemUserKind, id: SystemUserId) -> Self {
        match kind {
            SystemUserKind::Standard => Self::RequestNotFound { id },
            SystemUserKind::Agent => Self::AgentRequestNotFound { id },
        }
    }

    /// That the request of this kind was sent to another party than the one that answers.
    #[must_use]
    pub const fn request_of_another_party(kind: SystemUserKind, id: SystemUserId) -> Self {
        match kind {
            SystemUserKind::Standard => Self::RequestOfAnotherParty { id },
            SystemUserKind::Agent => Self::AgentRequestOfAnotherParty { id },
        }
    }

    /// The code of the wire contract. It has none for national identity numbers, which it lets in,
    /// none for titles, since nothing there is renamed, and none for two refusals of changes.
    #[must_use]
    pub const fn code(&self) -> Option<AuthCode> {
        Some(match self {
            Self::VendorMissing => AuthCode::VendorMissing,
            Self::SystemUserExists { .. } => AuthCode::SystemUserExists,
            Self::SystemNotFound { .. } => AuthCode::SystemNotFound,
            Self::ReferenceInUse { standing, .. } => match standing {
                Standing::New | Standing::TimedOut => AuthCode::RequestPending,
                Standing::Accepted => AuthCode::RequestAccepted,
                Standing::Rejected => AuthCode::RequestRejected,
            },
            Self::CustomerNotFound { .. } => AuthCode::CustomerNotFound,
            Self::NoRedirectUrls { .. } => AuthCode::NoRedirectUrls,
            Self::RedirectUrlNotAllowed { .. } => AuthCode::RedirectUrlNotAllowed,
            Self::RightsMissing | Self::RightsNotInSystem { .. } => AuthCode::RightNotInSystem,
            Self::NothingRequested => AuthCode::NothingRequested,
            Self::PackageMissing => AuthCode::AgentNeedsPackage,
            Self::PackagesNotInSystem { .. } => AuthCode::PackageNotInSystem,
            Self::PackagesNotAssignable { .. } => AuthCode::PackageNotForStandard,
            Self::PackagesNotForAgent { .. } => AuthCode::PackageNotForAgent,
            Self::NationalNumber { .. }
            | Self::TitleLength { .. }
            | Self::SystemUserOfAnotherVendor { .. }
            | Self::CorrelationIsSystemUser { .. } => return None,
            Self::IdSpent { .. } => AuthCode::RequestNotStored,
            Self::RequestNotFound { .. } | Self::ChangeNotFound { .. } => AuthCode::RequestNotFound,
            Self::RequestOfAnotherParty { .. } | Self::ChangeOfAnotherParty { .. } => {
                AuthCode::RequestOfAnotherParty
            }
            Self::AgentRequestNotFound { .. } => AuthCode::AgentRequestNotFound,
            Self::AgentRequestOfAnotherParty { .. } => AuthCode::AgentRequestOfAnotherParty,
            Self::AgentRequestExpected { .. } => AuthCode::AgentRequestExpected,
            Self::RequestNotNew { .. } => AuthCode::RequestNotNew,
            Self::RightNotDelegable { reason, .. } => reason.code(),
            Self::PackagesNotDelegable { .. } => AuthCode::PackageNotDelegable,
            Self::SystemUserNotFound { .. } => AuthCode::SystemUserNotFound,
            Self::SystemUserNotOwned { .. } => AuthCode::SystemUserNotOwned,
            Self::StandardExpected { .. } => AuthCode::StandardExpected,
            Self::AgentExpected { .. } => AuthCode::AgentExpected,
            Self::FacilitatorDiffers { .. } => AuthCode::FacilitatorDiffers,
            Self::ChangePending { .. } => AuthCode::RequestPending,
            Self::CorrelationSpent { .. } | Self::ChangeNotNew { .. } => {
                AuthCode::ChangeRequestNotNew
            }
        })
    }
}
