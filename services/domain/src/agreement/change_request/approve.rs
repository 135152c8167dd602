//! A customer approves a change, and the system user has exactly what follows from it.

use fullmakt_events::{
    ChangeRequestId, PartyId, StreamName, Timestamp,
    event::{AgreementEvent, Catalogue, ChangeApproved, ChangeRequested, SystemUserKind},
};

use super::{
    super::{Agreement, AgreementError, ApprovalFacts, within},
    Change, answer,
};

/// Approves a change request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApproveChange {
    /// The change request.
    pub id: ChangeRequestId,
    /// When it is approved.
    pub at: Timestamp,
    /// The party in whose name it is approved.
    pub party: PartyId,
    /// The person who approves.
    pub by: PartyId,
    /// What is known of all that the change request names. The delegation check is of what the
    /// system user lacks.
    pub facts: ApprovalFacts,
}

impl ApproveChange {
    /// The streams that approval of a change must be decided on, without those that the delegation
    /// check was made on.
    #[must_use]
    pub fn reads(requested: &ChangeRequested) -> Vec<StreamName> {
        let mut reads = vec![
            StreamName::agreement(&requested.system, requested.customer),
            StreamName::system(&requested.system),
        ];
        if !requested.required_access_packages.is_empty() {
            reads.push(StreamName::catalogue(Catalogue::AccessPackages(Vec::new()).name()));
        }
        reads
    }
}

/// Decides the approval of a change: all of it, or nothing. What the system has now counts.
pub(in super::super) fn decide(
    agreement: &Agreement,
    command: &ApproveChange,
) -> Result<Vec<AgreementEvent>, AgreementError> {
    let ApproveChange { id, at, party, by, ref facts } = *command;
    let requested = answer::answerable(agreement, id, party, at)?;
    let unknown = || AgreementError::SystemUserNotFound { id: requested.system_user };
    let user = agreement.system_user(requested.system_user).ok_or_else(unknown)?;
    let system = facts
        .system
        .active()
        .ok_or_else(|| AgreementError::SystemNotFound { system: requested.system.clone() })?;
    within::check(
        SystemUserKind::Standard,
        system,
        &requested.required_rights,
        &requested.required_access_packages,
        &facts.packages,
    )?;
    let change = Change::of(requested, user);
    let given = facts.delegation.delegated(&change.missing_rights)?;
    facts.delegation.check_packages(&change.missing_packages)?;

    let mut events = vec![AgreementEvent::ChangeApproved(ChangeApproved { id, by })];
    let changed = change.applied(given);
    let (own, new) = (&user.created, &changed);
    if (&own.rights, &own.delegated, &own.access_packages)
        != (&new.rights, &new.delegated, &new.access_packages)
    {
        events.push(AgreementEvent::SystemUserChanged(changed));
    }
    Ok(events)
}
