//! A customer makes a system user of a system itself, without being asked by the vendor.

use fullmakt_events::{
    OrgNumber, StreamName, SystemId, SystemUserId,
    event::{AgreementEvent, Catalogue, SystemUserCreated, SystemUserKind},
};

use super::{Agreement, AgreementError, ApprovalFacts, title, within};
use crate::{Seen, facts::PartyFact};

/// Makes a standard system user that has all rights and access packages of its system. Its
/// reference is the owner's organisation number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateSystemUser {
    /// The id that it is to have.
    pub id: SystemUserId,
    /// The system.
    pub system: SystemId,
    /// The customer, who will own it.
    pub owner: OrgNumber,
    /// The customer's party.
    pub owner_party: PartyFact,
    /// What it is to be called; the system's name if left out.
    pub integration_title: Option<String>,
    /// What is known of all that the system has.
    pub facts: ApprovalFacts,
}

impl CreateSystemUser {
    /// The streams that it must be decided on, without those that the delegation check was made
    /// on.
    #[must_use]
    pub fn reads(&self) -> Vec<StreamName> {
        vec![
            StreamName::agreement(&self.system, self.owner),
            StreamName::system(&self.system),
            StreamName::party(self.owner_party.party),
            StreamName::catalogue(Catalogue::AccessPackages(Vec::new()).name()),
        ]
    }
}

/// Decides the creation of a system user by its owner.
pub(super) fn decide(
    agreement: &Agreement,
    command: &CreateSystemUser,
) -> Result<Vec<AgreementEvent>, AgreementError> {
    let external_ref = command.owner.to_string();
    if agreement.system_user_named(&external_ref).is_some() {
        let external_ref = Seen::new(&external_ref);
        return Err(AgreementError::SystemUserExists { external_ref });
    }
    let facts = &command.facts;
    let system = facts
        .system
        .active()
        .ok_or_else(|| AgreementError::SystemNotFound { system: command.system.clone() })?;
    if command.owner_party.is_deleted {
        return Err(AgreementError::CustomerNotFound { customer: command.owner });
    }
    let (rights, access_packages) = (&system.rights, &system.access_packages);
    if rights.is_empty() && access_packages.is_empty() {
        return Err(AgreementError::NothingRequested);
    }
    within::check(SystemUserKind::Standard, system, rights, access_packages, &facts.packages)?;
    let given = command.integration_title.as_deref().map(str::trim);
    let title = match given.filter(|text| !text.is_empty()) {
        Some(text) => title::checked(text)?,
        None => &system.name.nb,
    };
    let delegated = facts.delegation.delegated(rights)?;
    facts.delegation.check_packages(access_packages)?;
    if agreement.spent.contains(&command.id) {
        return Err(AgreementError::IdSpent { id: command.id });
    }

    Ok(vec![AgreementEvent::SystemUserCreated(SystemUserCreated {
        id: command.id,
        kind: SystemUserKind::Standard,
        system: command.system.clone(),
        vendor: system.vendor,
        owner: command.owner,
        owner_party: command.owner_party.party,
        external_ref,
        integration_title: title.to_owned(),
        rights: rights.clone(),
        delegated,
        access_packages: access_packages.clone(),
    })])
}
