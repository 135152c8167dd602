//! What an approver can delegate: the result of the delegation check, and what follows from it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use fullmakt_events::{PackageUrn, Right};

use super::{AgreementError, within};
use crate::{AuthCode, Seen};

/// What the approver can delegate of all that a request asks for.
///
/// What is missing from it cannot be delegated.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DelegationCheck {
    /// The resources, by identifier.
    pub resources: BTreeMap<String, ResourceDelegation>,
    /// The access packages that the approver may delegate.
    pub packages: BTreeSet<PackageUrn>,
}

/// What can be delegated of one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResourceDelegation {
    /// Nothing, whatever the action.
    Refused(DelegationRefusal),
    /// It depends on the action: all actions that the resource's policy knows.
    Actions(BTreeMap<String, ActionDelegation>),
}

/// Whether one action on a resource can be delegated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionDelegation {
    /// It can.
    Delegable,
    /// It cannot.
    Refused(DelegationRefusal),
}

/// Why something cannot be delegated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DelegationRefusal {
    /// The approver has no access package that gives the right.
    MissingPackageAccess,
    /// The approver has no role that gives the right.
    MissingRoleAccess,
    /// The right was received in a way that does not let it be delegated.
    MissingDelegationAccess,
    /// The party has no right in the resource rights registry.
    MissingResourceRight,
    /// The approver has not logged in at a level that is high enough.
    AuthenticationLevelTooLow,
    /// The party is not on the resource's access list.
    AccessListRefused,
    /// The resource's owner does not let it be delegated.
    ResourceNotDelegable,
    /// The resource is a scope of the token issuer, which is delegated in another way.
    ResourceIsMaskinportenSchema,
    /// The check gave no reason, or the policy does not know the action.
    Unknown,
}

impl DelegationRefusal {
    /// The code of the wire contract.
    #[must_use]
    pub const fn code(self) -> AuthCode {
        match self {
            Self::MissingPackageAccess => AuthCode::MissingPackage,
            Self::MissingRoleAccess => AuthCode::MissingRole,
            Self::MissingDelegationAccess => AuthCode::MissingDelegationAccess,
            Self::MissingResourceRight => AuthCode::MissingResourceRight,
            Self::AuthenticationLevelTooLow => AuthCode::AuthenticationLevelTooLow,
            Self::AccessListRefused => AuthCode::AccessListRefused,
            Self::ResourceNotDelegable => AuthCode::ResourceNotDelegable,
            Self::ResourceIsMaskinportenSchema => AuthCode::ResourceIsMaskinportenSchema,
            Self::Unknown => AuthCode::DelegationUnknown,
        }
    }
}

impl fmt::Display for DelegationRefusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::MissingPackageAccess => "an access package is missing",
            Self::MissingRoleAccess => "a role is missing",
            Self::MissingDelegationAccess => "it was not received to be delegated",
            Self::MissingResourceRight => "a right in the resource rights registry is missing",
            Self::AuthenticationLevelTooLow => "the level of authentication is too low",
            Self::AccessListRefused => "the resource's access list does not have the party",
            Self::ResourceNotDelegable => "its owner does not let it be delegated",
            Self::ResourceIsMaskinportenSchema => "it is a scope of the token issuer",
            Self::Unknown => "the reason is not known",
        })
    }
}

impl DelegationCheck {
    /// What is delegated for these rights: one resource and one action each, none twice, in order.
    ///
    /// A right that names an action gives that action only; one that names none gives all actions
    /// that can be delegated.
    ///
    /// # Errors
    /// When nothing can be delegated for one of the rights.
    pub fn delegated(&self, rights: &[Right]) -> Result<Vec<Right>, AgreementError> {
        let mut delegated = BTreeSet::new();
        for right in rights {
            delegated.extend(self.delegated_for(right)?);
        }
        Ok(delegated.into_iter().collect())
    }

    /// Checks that every one of these packages may be delegated.
    ///
    /// # Errors
    /// When one may not.
    pub fn check_packages(&self, packages: &[PackageUrn]) -> Result<(), AgreementError> {
        let packages = within::failing(packages, |package| self.packages.contains(package));
        if packages.is_empty() {
            return Ok(());
        }
        Err(AgreementError::PackagesNotDelegable { packages })
    }

    fn delegated_for(&self, right: &Right) -> Result<Vec<Right>, AgreementError> {
        let refused = |action: Option<&str>, reason| AgreementError::RightNotDelegable {
            resource: within::resource_of(right),
            action: action.map(Seen::new),
            reason,
        };
        let named = right.action.as_deref();
        let unknown = || refused(named, DelegationRefusal::Unknown);
        let resource = right.resource_id().ok_or_else(unknown)?;
        let actions = match self.resources.get(resource).ok_or_else(unknown)? {
            ResourceDelegation::Refused(reason) => return Err(refused(None, *reason)),
            ResourceDelegation::Actions(actions) => actions,
        };

        let mut delegated = Vec::new();
        let mut refusal = None;
        for (action, delegation) in actions.iter().filter(|(action, _)| right.includes(action)) {
            match delegation {
                ActionDelegation::Delegable => delegated.push(Right::to(resource, Some(action))),
                ActionDelegation::Refused(reason) => {
                    refusal.get_or_insert_with(|| refused(Some(action), *reason));
                }
            }
        }
        if delegated.is_empty() {
            return Err(refusal.unwrap_or_else(unknown));
        }
        Ok(delegated)
    }
}
