//! A vendor asks a customer for other rights of a standard system user.

use fullmakt_events::{
    ChangeRequestId, OrgNumber, PackageUrn, Right, StreamName, SystemUserId, Timestamp,
    event::{AgreementEvent, Catalogue, ChangeRequested, SystemUserKind},
};

use super::{
    super::{Agreement, AgreementError, SystemUser, create, within},
    ChangeRequestClaim, ClaimChangeRequest,
};
use crate::{
    Decider, Outcome,
    decider::on,
    facts::{PackageFacts, PartyFact},
    national_number,
    system::System,
};

/// Asks for a change of what a system user has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestChange {
    /// The id that the change request is to have: the caller's correlation id.
    pub id: ChangeRequestId,
    /// When it is asked.
    pub at: Timestamp,
    /// The organisation that the caller's token was issued to.
    pub vendor: Option<OrgNumber>,
    /// The system user.
    pub system_user: SystemUserId,
    /// What the caller wrote.
    pub submitted: ChangeSubmission,
    /// What is known of all that it names.
    pub facts: ChangeFacts,
}

/// A change as a vendor submits it, nothing checked yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChangeSubmission {
    /// The single rights that the system user is to have.
    pub required_rights: Vec<Right>,
    /// The single rights that it is not to have.
    pub unwanted_rights: Vec<Right>,
    /// The access packages that it is to have.
    pub required_access_packages: Vec<PackageUrn>,
    /// The access packages that it is not to have.
    pub unwanted_access_packages: Vec<PackageUrn>,
    /// Where the approver is to be sent afterwards.
    pub redirect_url: Option<String>,
}

/// What is known of all that a change request names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChangeFacts {
    /// The state of the system's stream.
    pub system: System,
    /// The customer's party, if the entity register knows the customer.
    pub customer_party: Option<PartyFact>,
    /// The access packages.
    pub packages: PackageFacts,
    /// The claim of the correlation id.
    pub claim: ChangeRequestClaim,
}

impl ChangeSubmission {
    /// Whether it asks for nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.required_rights.is_empty()
            && self.unwanted_rights.is_empty()
            && self.required_access_packages.is_empty()
            && self.unwanted_access_packages.is_empty()
    }

    /// Where the approver is to be sent afterwards, unless that is an empty text.
    #[must_use]
    pub fn redirect_url(&self) -> Option<&str> {
        create::given(self.redirect_url.as_deref())
    }
}

impl RequestChange {
    /// The streams that a change of this system user must be decided on.
    #[must_use]
    pub fn reads(&self, user: &SystemUser) -> Vec<StreamName> {
        let mut reads = vec![
            StreamName::agreement(&user.created.system, user.created.owner),
            StreamName::change_request(self.id),
            StreamName::system(&user.created.system),
            StreamName::org(user.created.owner),
        ];
        reads.extend(self.facts.customer_party.map(|known| StreamName::party(known.party)));
        if !self.submitted.required_access_packages.is_empty() {
            reads.push(StreamName::catalogue(Catalogue::AccessPackages(Vec::new()).name()));
        }
        reads
    }
}

/// What a change request makes happen, on the agreement's stream and on that of its id.
///
/// # Errors
/// As [`Agreement`] decides.
pub fn request_change(
    agreement: &Agreement,
    command: &RequestChange,
) -> Result<Outcome, AgreementError> {
    let events = decide(agreement, command)?;
    let mut outcome = Outcome::new();
    for event in &events {
        let AgreementEvent::ChangeRequested(requested) = event else { continue };
        let claim = ClaimChangeRequest {
            id: requested.id,
            system: requested.system.clone(),
            customer: requested.customer,
        };
        let claimed = command.facts.claim.decide(&claim);
        let claimed = claimed.map_err(|_| AgreementError::CorrelationSpent { id: command.id })?;
        outcome.extend(on(&StreamName::change_request(requested.id), claimed));
        outcome.extend(on(
            &StreamName::agreement(&requested.system, requested.customer),
            [event.clone()],
        ));
    }
    Ok(outcome)
}

/// Decides a change request. The order of the checks is the wire contract's (§5 there); nothing
/// happens where nothing is asked for, or the change request is there already.
pub(in super::super) fn decide(
    agreement: &Agreement,
    command: &RequestChange,
) -> Result<Vec<AgreementEvent>, AgreementError> {
    let RequestChange { id, at, system_user, ref submitted, ref facts, .. } = *command;
    let vendor = command.vendor.ok_or(AgreementError::VendorMissing)?;
    let unknown = || AgreementError::SystemUserNotFound { id: system_user };
    let user = &agreement.system_user(system_user).ok_or_else(unknown)?.created;
    if id.uuid() == system_user.uuid() {
        return Err(AgreementError::CorrelationIsSystemUser { id });
    }
    if user.vendor != vendor {
        return Err(AgreementError::SystemUserOfAnotherVendor { id: system_user });
    }
    let existing = agreement.change_request(id);
    if submitted.is_empty()
        || existing.is_some_and(|existing| existing.requested.system_user == system_user)
    {
        return Ok(vec![]);
    }
    match user.kind {
        SystemUserKind::Standard => {}
        SystemUserKind::Agent => return Err(unknown()),
    }

    let system = facts
        .system
        .active()
        .ok_or_else(|| AgreementError::SystemNotFound { system: user.system.clone() })?;
    let (rights, packages) = (&submitted.required_rights, &submitted.required_access_packages);
    within::check(user.kind, system, rights, packages, &facts.packages)?;
    create::check_redirect(system, submitted.redirect_url())?;
    let customer_party = facts
        .customer_party
        .filter(|known| !known.is_deleted)
        .ok_or(AgreementError::CustomerNotFound { customer: user.owner })?;
    check_texts(submitted)?;
    if let Some(pending) = agreement.pending_change(system_user, at) {
        return Err(AgreementError::ChangePending { other: pending.requested.id });
    }
    match facts.claim {
        ChangeRequestClaim::Free if existing.is_none() => {}
        ChangeRequestClaim::Free | ChangeRequestClaim::Spent => {
            return Err(AgreementError::CorrelationSpent { id });
        }
    }

    Ok(vec![AgreementEvent::ChangeRequested(ChangeRequested {
        id,
        system_user,
        system: user.system.clone(),
        vendor,
        customer: user.owner,
        customer_party: customer_party.party,
        external_ref: user.external_ref.clone(),
        required_rights: rights.clone(),
        unwanted_rights: submitted.unwanted_rights.clone(),
        required_access_packages: packages.clone(),
        unwanted_access_packages: submitted.unwanted_access_packages.clone(),
        redirect_url: submitted.redirect_url().map(str::to_owned),
    })])
}

/// Checks the texts that are the caller's own. What is required is the system's by now, but for the
/// actions; what is unwanted may be anything.
fn check_texts(submitted: &ChangeSubmission) -> Result<(), AgreementError> {
    let actions = submitted.required_rights.iter().filter_map(|right| right.action.as_deref());
    let unwanted = submitted.unwanted_rights.iter().flat_map(|right| {
        let parts = right.resource.iter().flat_map(|part| [part.id.as_str(), part.value.as_str()]);
        parts.chain(right.action.as_deref())
    });
    let packages = submitted.unwanted_access_packages.iter().map(PackageUrn::as_str);
    let texts = actions
        .map(|text| ("requiredRights", text))
        .chain(unwanted.map(|text| ("unwantedRights", text)))
        .chain(packages.map(|text| ("unwantedAccessPackages", text)))
        .chain(submitted.redirect_url().map(|text| ("redirectUrl", text)));
    match texts.into_iter().find(|(_, text)| national_number::find(text).is_some()) {
        Some((field, _)) => Err(AgreementError::NationalNumber { field }),
        None => Ok(()),
    }
}
