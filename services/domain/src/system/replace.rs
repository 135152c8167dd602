//! Replacing the rights or the access packages that a system may ask customers for.
//!
//! As with an update, what changes nothing is recorded too: one call is one entry in the change log.

use fullmakt_events::{
    PackageUrn, Right,
    event::{SystemAccessPackagesReplaced, SystemRightsReplaced},
};

use super::{System, SystemError, Violation, rules};
use crate::{
    Authority,
    facts::{PackageFacts, ResourceFacts},
};

/// Replaces the single rights that a system may ask customers for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplaceRights {
    /// In what right.
    pub authority: Authority,
    /// The rights that it is to have, and no others.
    pub rights: Vec<Right>,
    /// What is known of their resources.
    pub resources: ResourceFacts,
}

/// Replaces the access packages that a system may ask customers for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplaceAccessPackages {
    /// In what right.
    pub authority: Authority,
    /// The packages that it is to have, and no others.
    pub access_packages: Vec<PackageUrn>,
    /// What is known of them.
    pub packages: PackageFacts,
}

pub(super) fn decide_rights(
    system: &System,
    command: &ReplaceRights,
) -> Result<SystemRightsReplaced, SystemError> {
    system.of_owner(command.authority)?;
    let definition = system.in_register()?;
    kept(rules::of_rights(&command.rights, &command.resources))?;
    Ok(SystemRightsReplaced { id: definition.id.clone(), rights: command.rights.clone() })
}

pub(super) fn decide_access_packages(
    system: &System,
    command: &ReplaceAccessPackages,
) -> Result<SystemAccessPackagesReplaced, SystemError> {
    system.of_owner(command.authority)?;
    let definition = system.in_register()?;
    let packages = &command.access_packages;
    kept(rules::of_access_packages(packages, definition.is_visible, &command.packages))?;
    Ok(SystemAccessPackagesReplaced {
        id: definition.id.clone(),
        access_packages: packages.clone(),
    })
}

/// Refuses what breaks rules.
fn kept(violations: Vec<Violation>) -> Result<(), SystemError> {
    if violations.is_empty() { Ok(()) } else { Err(SystemError::Invalid(violations)) }
}
