//! Updating a system: all that the register holds of it is replaced.

use std::collections::BTreeSet;

use fullmakt_events::{
    ClientId, OrgNumber, StreamName,
    event::{ClientIdEvent, ClientIdReleased, SystemEvent, SystemUpdated},
};

use super::{
    ClaimClientId, System, SystemError, SystemFacts, SystemSubmission, Violation,
    rules::{self, SYSTEM_ID},
};
use crate::{Authority, Decider, Outcome, Seen, ValidationCode, decider::on};

/// Replaces all that the register holds of a system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateSystem {
    /// In what right.
    pub authority: Authority,
    /// What the caller wrote.
    pub submitted: SystemSubmission,
    /// What is known of all that it names.
    pub facts: SystemFacts,
}

/// What an update makes happen, on the system's stream and on those of its client ids.
///
/// A client id that the system keeps is neither released nor claimed, however it is spelled now.
///
/// # Errors
/// When [`System`] refuses the command.
pub fn update(system: &System, command: &UpdateSystem) -> Result<Outcome, SystemError> {
    let updated = decide(system, command)?;
    let definition = updated.system.clone();
    let mut outcome = Outcome::new();
    let event = SystemEvent::Updated(updated);
    outcome.extend(on(&StreamName::system(&definition.id), [event]));

    let kept: BTreeSet<_> = definition.client_ids.iter().map(ClientId::folded).collect();
    let held = system.active().into_iter().flat_map(|active| &active.client_ids);
    for client_id in held.filter(|held| !kept.contains(&held.folded())) {
        let released = ClientIdEvent::Released(ClientIdReleased {
            client_id: client_id.clone(),
            system: definition.id.clone(),
        });
        outcome.extend(on(&StreamName::client_id(client_id), [released]));
    }
    for client_id in &definition.client_ids {
        let claim = ClaimClientId { client_id: client_id.clone(), system: definition.id.clone() };
        let claimed = command.facts.claim(client_id).decide(&claim)?;
        outcome.extend(on(&StreamName::client_id(client_id), claimed));
    }
    Ok(outcome)
}

/// Decides an update, in the contract's order: whether the system is the caller's, whether the body
/// is about it, whether it is still in the register, and only then the rules, all at once.
///
/// An update that changes nothing is recorded too: the contract has one entry a call in the
/// system's change log.
pub(super) fn decide(
    system: &System,
    command: &UpdateSystem,
) -> Result<SystemUpdated, SystemError> {
    let submitted = &command.submitted;
    let registered = system.of_owner(command.authority)?;
    let (id, vendor) = (&registered.definition.id, registered.definition.vendor);
    if OrgNumber::from_iso6523(&submitted.vendor) != Ok(vendor) {
        return Err(SystemError::VendorDiffers { vendor, seen: Seen::new(&submitted.vendor) });
    }
    if submitted.id != id.as_str() {
        return Err(SystemError::Invalid(vec![Violation {
            code: ValidationCode::SystemIdsDiffer,
            paths: vec![SYSTEM_ID.to_owned()],
            values: vec![Seen::new(&submitted.id)],
        }]));
    }
    system.in_register()?;
    let violations = rules::of_update(submitted, &command.facts);
    match submitted.definition(vendor) {
        Some(definition) if violations.is_empty() => {
            Ok(SystemUpdated { system: Box::new(definition) })
        }
        // INVARIANT: the id is the system's own, and a client id without its grammar breaks a rule,
        // so the list is not empty.
        Some(_) | None => Err(SystemError::Invalid(violations)),
    }
}
