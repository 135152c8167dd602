//! One system user, as it is now.

use fullmakt_events::event::{SystemUserChanged, SystemUserCreated};

/// A system user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemUser {
    /// What it was created with, and what has changed since.
    pub created: SystemUserCreated,
    /// Whether it can use nothing of what it was given for the time being.
    pub is_paused: bool,
}

impl SystemUser {
    pub(super) const fn new(created: SystemUserCreated) -> Self {
        Self { created, is_paused: false }
    }

    pub(super) fn change(&mut self, changed: &SystemUserChanged) {
        self.created.rights.clone_from(&changed.rights);
        self.created.delegated.clone_from(&changed.delegated);
        self.created.access_packages.clone_from(&changed.access_packages);
    }
}
