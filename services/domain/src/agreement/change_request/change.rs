//! What a change request comes to for a system user as it is now.

use std::collections::BTreeSet;

use fullmakt_events::{
    PackageUrn, Right,
    event::{ChangeRequested, SystemUserChanged},
};

use super::super::SystemUser;

/// The difference that a change request would make to a system user.
///
/// What is required and there already is not given again; what is unwanted and not there is not
/// missed. What is unwanted is taken last: afterwards it is not there, whatever is required.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change<'a> {
    user: &'a SystemUser,
    unwanted_rights: &'a [Right],
    /// The required rights that it lacks.
    pub missing_rights: Vec<Right>,
    /// The unwanted rights of which it has something.
    pub surplus_rights: Vec<Right>,
    /// The required packages that it lacks.
    pub missing_packages: Vec<PackageUrn>,
    /// The unwanted packages that it has.
    pub surplus_packages: Vec<PackageUrn>,
}

impl<'a> Change<'a> {
    /// What the request comes to for the system user.
    #[must_use]
    pub fn of(request: &'a ChangeRequested, user: &'a SystemUser) -> Self {
        let held = &user.created;
        Self {
            user,
            unwanted_rights: &request.unwanted_rights,
            missing_rights: distinct(&request.required_rights, |right| {
                !request.unwanted_rights.iter().any(|unwanted| takes_all(unwanted, right))
                    && !has(user, right)
            }),
            surplus_rights: distinct(&request.unwanted_rights, |unwanted| {
                held.delegated.iter().any(|delegated| takes_all(unwanted, delegated))
            }),
            missing_packages: distinct(&request.required_access_packages, |package| {
                !request.unwanted_access_packages.contains(package)
                    && !held.access_packages.contains(package)
            }),
            surplus_packages: distinct(&request.unwanted_access_packages, |package| {
                held.access_packages.contains(package)
            }),
        }
    }

    /// Whether the system user has all that is required and nothing that is unwanted.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.missing_rights.is_empty()
            && self.surplus_rights.is_empty()
            && self.missing_packages.is_empty()
            && self.surplus_packages.is_empty()
    }

    /// What the system user has once `given` was delegated for what it lacks.
    #[must_use]
    pub fn applied(&self, given: Vec<Right>) -> SystemUserChanged {
        let held = &self.user.created;
        let delegated: BTreeSet<Right> = held
            .delegated
            .iter()
            .cloned()
            .chain(given)
            .filter(|right| !self.unwanted_rights.iter().any(|own| takes_all(own, right)))
            .collect();
        let words = held.rights.iter().chain(&self.missing_rights);
        let mut rights = Vec::new();
        for left in words.flat_map(|right| self.left_of(right, &delegated)) {
            if !rights.contains(&left) {
                rights.push(left);
            }
        }
        let packages = held.access_packages.iter().chain(&self.missing_packages);
        SystemUserChanged {
            id: held.id,
            rights,
            delegated: delegated.into_iter().collect(),
            access_packages: packages
                .filter(|package| !self.surplus_packages.contains(package))
                .cloned()
                .collect(),
        }
    }

    /// What is left of a right in the vendor's words. Where all of a resource was asked for and
    /// some actions are taken, it is what is still delegated, action by action.
    fn left_of(&self, right: &Right, delegated: &BTreeSet<Right>) -> Vec<Right> {
        let unwanted = || self.unwanted_rights.iter().filter(|own| own.has_resource_of(right));
        if unwanted().any(|own| takes_all(own, right)) {
            return Vec::new();
        }
        if unwanted().next().is_none() || right.action.is_some() {
            return vec![right.clone()];
        }
        delegated.iter().filter(|own| own.has_resource_of(right)).cloned().collect()
    }
}

/// Whether nothing is left of `right` where `unwanted` is taken from it.
fn takes_all(unwanted: &Right, right: &Right) -> bool {
    unwanted.has_resource_of(right)
        && right
            .action
            .as_deref()
            .map_or(unwanted.action.is_none(), |action| unwanted.includes(action))
}

/// Whether the system user has a right: the action was delegated, or all of the resource was asked
/// for and as much as could be was delegated.
fn has(user: &SystemUser, right: &Right) -> bool {
    let held = &user.created;
    match &right.action {
        Some(action) => held.delegated.iter().any(|own| {
            own.has_resource_of(right)
                && own.action.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(action))
        }),
        None => held.rights.iter().any(|own| own.action.is_none() && own.has_resource_of(right)),
    }
}

/// The items for which this holds, each once, in their order.
fn distinct<T: Clone + PartialEq>(items: &[T], holds: impl Fn(&T) -> bool) -> Vec<T> {
    let mut distinct = Vec::new();
    for item in items.iter().filter(|item| holds(item)) {
        if !distinct.contains(item) {
            distinct.push(item.clone());
        }
    }
    distinct
}
