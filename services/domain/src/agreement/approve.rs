//! A customer approves a request, and has a system user.

use fullmakt_events::{
    PartyId, StreamName, SystemUserId, Timestamp,
    event::{
        AgreementEvent, Catalogue, RequestApproved, RequestCreated, SystemUserCreated,
        SystemUserKind,
    },
};

use super::{Agreement, AgreementError, DelegationCheck, answer, within};
use crate::{Seen, facts::PackageFacts, system::System};

/// Approves a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApproveRequest {
    /// The request.
    pub id: SystemUserId,
    /// Which kind of request is answered.
    pub kind: SystemUserKind,
    /// When it is approved.
    pub at: Timestamp,
    /// The party in whose name it is approved.
    pub party: PartyId,
    /// The person who approves.
    pub by: PartyId,
    /// What is known of all that the request names.
    pub facts: ApprovalFacts,
}

/// What is known of all that a request names, at the time of approval.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ApprovalFacts {
    /// The state of the system's stream.
    pub system: System,
    /// The access packages.
    pub packages: PackageFacts,
    /// What the approver can delegate.
    pub delegation: DelegationCheck,
}

impl ApproveRequest {
    /// The streams that approval of a request must be decided on, without those that the
    /// delegation check of a standard request was made on.
    #[must_use]
    pub fn reads(request: &RequestCreated) -> Vec<StreamName> {
        let mut reads = vec![
            StreamName::agreement(&request.system, request.customer),
            StreamName::system(&request.system),
        ];
        if !request.access_packages.is_empty() {
            reads.push(StreamName::catalogue(Catalogue::AccessPackages(Vec::new()).name()));
        }
        reads
    }
}

/// Decides an approval. What the system has now counts, not what it had when it was asked.
pub(super) fn decide(
    agreement: &Agreement,
    command: &ApproveRequest,
) -> Result<Vec<AgreementEvent>, AgreementError> {
    let ApproveRequest { id, kind, at, party, by, ref facts } = *command;
    let request = answer::answerable(agreement, id, kind, party, at)?;
    let RequestCreated { rights, access_packages, .. } = request;
    if agreement.system_user_named(&request.external_ref).is_some() {
        let external_ref = Seen::new(&request.external_ref);
        return Err(AgreementError::SystemUserExists { external_ref });
    }
    let system = facts
        .system
        .active()
        .ok_or_else(|| AgreementError::SystemNotFound { system: request.system.clone() })?;
    within::check(kind, system, rights, access_packages, &facts.packages)?;
    let delegated = match kind {
        SystemUserKind::Standard => {
            let delegated = facts.delegation.delegated(rights)?;
            facts.delegation.check_packages(access_packages)?;
            delegated
        }
        // Nothing is given yet: the packages are the most that clients can be given on.
        SystemUserKind::Agent => Vec::new(),
    };

    Ok(vec![
        AgreementEvent::RequestApproved(RequestApproved { id, by }),
        AgreementEvent::SystemUserCreated(SystemUserCreated {
            id,
            kind,
            system: request.system.clone(),
            vendor: request.vendor,
            owner: request.customer,
            owner_party: request.customer_party,
            external_ref: request.external_ref.clone(),
            integration_title: request.integration_title.clone(),
            rights: rights.clone(),
            delegated,
            access_packages: access_packages.clone(),
        }),
    ])
}
