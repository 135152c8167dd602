//! What is asked for must be what the system has, when it is asked and again when it is approved.

use fullmakt_events::{
    PackageUrn, Right,
    event::{SystemDefinition, SystemUserKind},
};

use super::AgreementError;
use crate::{Seen, facts::PackageFacts};

/// Checks that a system user of this kind may have these rights and packages of the system.
///
/// Rights are compared by their resource: which actions a right is about is the customer's to
/// judge, and the delegation check's.
pub(super) fn check(
    kind: SystemUserKind,
    system: &SystemDefinition,
    rights: &[Right],
    packages: &[PackageUrn],
    facts: &PackageFacts,
) -> Result<(), AgreementError> {
    let is_of_system = |right: &Right| system.rights.iter().any(|own| own.has_resource_of(right));
    let are_too_many = rights.len() > system.rights.len();
    let rights: Vec<_> = rights
        .iter()
        .filter(|right| are_too_many || !is_of_system(right))
        .map(resource_of)
        .collect();
    if !rights.is_empty() {
        return Err(AgreementError::RightsNotInSystem { rights });
    }

    let strange = failing(packages, |package| system.access_packages.contains(package));
    if !strange.is_empty() {
        return Err(AgreementError::PackagesNotInSystem { packages: strange });
    }
    let unfit = failing(packages, |package| {
        facts.get(package).is_some_and(|fact| match kind {
            SystemUserKind::Standard => fact.is_assignable,
            SystemUserKind::Agent => fact.is_delegable,
        })
    });
    if unfit.is_empty() {
        return Ok(());
    }
    Err(match kind {
        SystemUserKind::Standard => AgreementError::PackagesNotAssignable { packages: unfit },
        SystemUserKind::Agent => AgreementError::PackagesNotForAgent { packages: unfit },
    })
}

/// The resource of a right, to be quoted.
pub(super) fn resource_of(right: &Right) -> Seen {
    let values: Vec<_> = right.resource.iter().map(|part| part.value.as_str()).collect();
    Seen::new(&values.join(" "))
}

/// The packages that a claim is not true of, to be quoted.
pub(super) fn failing(packages: &[PackageUrn], claim: impl Fn(&PackageUrn) -> bool) -> Vec<Seen> {
    let failing = packages.iter().filter(|package| !claim(package));
    failing.map(|package| Seen::new(package.as_str())).collect()
}
