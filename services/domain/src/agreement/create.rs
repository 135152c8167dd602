//! A vendor asks a customer for a system user of either kind.

use std::borrow::Cow;

use fullmakt_events::{
    OrgNumber, PackageUrn, Right, StreamName, SystemId, SystemUserId, Timestamp,
    event::{AgreementEvent, Catalogue, RequestCreated, SystemDefinition, SystemUserKind},
};

use super::{Agreement, AgreementError, within};
use crate::{
    Seen,
    facts::{PackageFacts, PartyFact},
    national_number, redirect,
    system::System,
};

/// Asks a customer for a system user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateRequest {
    /// The id that the request is to have, and the system user after it.
    pub id: SystemUserId,
    /// Whom the system user is to act for.
    pub kind: SystemUserKind,
    /// When it is asked.
    pub at: Timestamp,
    /// The organisation that the caller's token was issued to.
    pub vendor: Option<OrgNumber>,
    /// The system.
    pub system: SystemId,
    /// The customer.
    pub customer: OrgNumber,
    /// What else the caller wrote.
    pub submitted: RequestSubmission,
    /// What is known of all that it names.
    pub facts: RequestFacts,
}

/// A request as a vendor submits it, nothing checked yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestSubmission {
    /// The vendor's own reference.
    pub external_ref: Option<String>,
    /// What the customer is to see it called.
    pub integration_title: Option<String>,
    /// The single rights asked for. Only a standard system user can have some.
    pub rights: Option<Vec<Right>>,
    /// The access packages asked for.
    pub access_packages: Option<Vec<PackageUrn>>,
    /// Where the approver is to be sent afterwards.
    pub redirect_url: Option<String>,
}

/// What is known of all that a request names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestFacts {
    /// The state of the system's stream.
    pub system: System,
    /// The customer's party, if the entity register knows the customer.
    pub customer_party: Option<PartyFact>,
    /// The access packages.
    pub packages: PackageFacts,
}

impl CreateRequest {
    /// The reference that names the system user: the vendor's own, or else the customer's number.
    #[must_use]
    pub fn external_ref(&self) -> Cow<'_, str> {
        match given(self.submitted.external_ref.as_deref()) {
            Some(reference) => Cow::Borrowed(reference),
            None => Cow::Owned(self.customer.to_string()),
        }
    }

    /// The streams that the request must be decided on.
    #[must_use]
    pub fn reads(&self) -> Vec<StreamName> {
        let mut reads = vec![
            StreamName::agreement(&self.system, self.customer),
            StreamName::system(&self.system),
            StreamName::org(self.customer),
        ];
        reads.extend(self.facts.customer_party.map(|known| StreamName::party(known.party)));
        if self.submitted.access_packages.as_ref().is_some_and(|packages| !packages.is_empty()) {
            reads.push(StreamName::catalogue(Catalogue::AccessPackages(Vec::new()).name()));
        }
        reads
    }
}

/// Decides a request. The order of the checks is the wire contract's (§4.4 there), because it says
/// which code a caller sees; nothing happens where the same request is there already.
///
/// Another vendor than the system's is told nothing but that there is no such system, also where
/// the contract's order would have shown it a request or system user that is not its own.
pub(super) fn decide(
    agreement: &Agreement,
    command: &CreateRequest,
) -> Result<Vec<AgreementEvent>, AgreementError> {
    let vendor = command.vendor.ok_or(AgreementError::VendorMissing)?;
    let external_ref = command.external_ref();
    let seen = || Seen::new(&external_ref);
    let not_found = || AgreementError::SystemNotFound { system: command.system.clone() };

    if let Some(user) = agreement.system_user_named(&external_ref) {
        return Err(if user.created.vendor == vendor {
            AgreementError::SystemUserExists { external_ref: seen() }
        } else {
            not_found()
        });
    }
    let kind = command.kind;
    if let Some(request) = agreement.live_request(kind, &external_ref, command.at) {
        return if request.created.vendor == vendor { Ok(vec![]) } else { Err(not_found()) };
    }
    let system = command.facts.system.active().ok_or_else(not_found)?;
    if system.vendor != vendor {
        return Err(not_found());
    }
    if let Some(other) = agreement.live_requests(&external_ref, command.at).next() {
        let standing = other.standing(command.at);
        return Err(AgreementError::ReferenceInUse { external_ref: seen(), standing });
    }
    let customer_party = command
        .facts
        .customer_party
        .filter(|known| !known.is_deleted)
        .ok_or(AgreementError::CustomerNotFound { customer: command.customer })?;
    let redirect_url = given(command.submitted.redirect_url.as_deref());
    check_redirect(system, redirect_url)?;
    let (rights, access_packages) = requested(kind, &command.submitted)?;
    within::check(kind, system, rights, access_packages, &command.facts.packages)?;
    check_texts(&command.submitted)?;
    if agreement.spent.contains(&command.id) {
        return Err(AgreementError::IdSpent { id: command.id });
    }

    let title = given(command.submitted.integration_title.as_deref());
    Ok(vec![AgreementEvent::RequestCreated(RequestCreated {
        id: command.id,
        kind,
        system: command.system.clone(),
        vendor,
        customer: command.customer,
        customer_party: customer_party.party,
        external_ref: external_ref.into_owned(),
        integration_title: title.unwrap_or(&system.name.nb).to_owned(),
        rights: rights.to_vec(),
        access_packages: access_packages.to_vec(),
        redirect_url: redirect_url.map(str::to_owned),
    })])
}

/// A text, unless it is empty.
pub(super) fn given(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

/// Checks that an approver may be sent to this URL.
pub(super) fn check_redirect(
    system: &SystemDefinition,
    url: Option<&str>,
) -> Result<(), AgreementError> {
    let Some(url) = url else { return Ok(()) };
    if system.allowed_redirect_urls.is_empty() {
        return Err(AgreementError::NoRedirectUrls { url: Seen::new(url) });
    }
    if !redirect::is_allowed(url, &system.allowed_redirect_urls) {
        return Err(AgreementError::RedirectUrlNotAllowed { url: Seen::new(url) });
    }
    Ok(())
}

fn requested(
    kind: SystemUserKind,
    submitted: &RequestSubmission,
) -> Result<(&[Right], &[PackageUrn]), AgreementError> {
    let packages = submitted.access_packages.as_deref();
    let rights = match kind {
        SystemUserKind::Standard => submitted.rights.as_deref(),
        SystemUserKind::Agent => {
            let packages = packages.filter(|packages| !packages.is_empty());
            return packages
                .map(|packages| (&[][..], packages))
                .ok_or(AgreementError::PackageMissing);
        }
    };
    if rights.is_none() && packages.is_none() {
        return Err(AgreementError::RightsMissing);
    }
    let (rights, packages) = (rights.unwrap_or_default(), packages.unwrap_or_default());
    if rights.is_empty() && packages.is_empty() {
        return Err(AgreementError::NothingRequested);
    }
    Ok((rights, packages))
}

/// Checks the texts that are the caller's own. Resources and packages are the system's by now.
fn check_texts(submitted: &RequestSubmission) -> Result<(), AgreementError> {
    let actions = submitted.rights.iter().flatten().filter_map(|right| right.action.as_deref());
    let texts = [
        ("externalRef", submitted.external_ref.as_deref()),
        ("integrationTitle", submitted.integration_title.as_deref()),
        ("redirectUrl", submitted.redirect_url.as_deref()),
    ];
    let texts = texts.into_iter().filter_map(|(field, text)| Some((field, text?)));
    match texts
        .chain(actions.map(|action| ("rights", action)))
        .find(|(_, text)| national_number::find(text).is_some())
    {
        Some((field, _)) => Err(AgreementError::NationalNumber { field }),
        None => Ok(()),
    }
}
