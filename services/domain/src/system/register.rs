//! Registering a system.

use fullmakt_events::{
    OrgNumber, StreamName, SystemInternalId,
    event::{SystemEvent, SystemRegistered},
};

use super::{ClaimClientId, System, SystemError, SystemFacts, SystemSubmission, Violation, rules};
use crate::{Authority, Decider, Outcome, Seen, ValidationCode, decider::on};

/// The path by which the wire contract names the vendor.
const VENDOR_ID: &str = "/registersystemrequest/vendor/id";

/// Enters a system into the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterSystem {
    /// In what right.
    pub authority: Authority,
    /// The internal id that it is to have.
    pub internal_id: SystemInternalId,
    /// What the caller wrote.
    pub submitted: SystemSubmission,
    /// What is known of all that it names.
    pub facts: SystemFacts,
}

/// What a registration makes happen, on the system's stream and on those of its client ids.
///
/// # Errors
/// When [`System`] refuses the command.
pub fn register(system: &System, command: &RegisterSystem) -> Result<Outcome, SystemError> {
    let mut outcome = Outcome::new();
    if let Some(registered) = decide(system, command)? {
        let definition = registered.system.clone();
        let event = SystemEvent::Registered(registered);
        outcome.extend(on(&StreamName::system(&definition.id), [event]));
        for client_id in &definition.client_ids {
            let claim =
                ClaimClientId { client_id: client_id.clone(), system: definition.id.clone() };
            let claimed = command.facts.claim(client_id).decide(&claim)?;
            outcome.extend(on(&StreamName::client_id(client_id), claimed));
        }
    }
    Ok(outcome)
}

/// Decides a registration; nothing where the same one was decided before.
///
/// The form of the vendor's id is checked first and reported alone, because without a vendor
/// nobody owns the system. The other rules are reported to its owner only, all at once.
pub(super) fn decide(
    system: &System,
    command: &RegisterSystem,
) -> Result<Option<SystemRegistered>, SystemError> {
    let submitted = &command.submitted;
    let vendor = OrgNumber::from_iso6523(&submitted.vendor).map_err(|_| {
        SystemError::Invalid(vec![Violation {
            code: ValidationCode::VendorIdForm,
            paths: vec![VENDOR_ID.to_owned()],
            values: vec![Seen::new(&submitted.vendor)],
        }])
    })?;
    if !command.authority.covers(vendor) {
        return Err(SystemError::NotOwner { vendor, caller: command.authority });
    }

    let definition = submitted.definition(vendor);
    if let (System::Active(active), Some(definition)) = (system, &definition)
        && active.internal_id == command.internal_id
        && *active.definition == *definition
    {
        return Ok(None);
    }
    let violations = rules::of_registration(system, vendor, submitted, &command.facts);
    match definition {
        Some(definition) if violations.is_empty() => Ok(Some(SystemRegistered {
            internal_id: command.internal_id,
            system: Box::new(definition),
        })),
        // INVARIANT: what has no definition breaks a rule of ids, so the list is not empty.
        Some(_) | None => Err(SystemError::Invalid(violations)),
    }
}
