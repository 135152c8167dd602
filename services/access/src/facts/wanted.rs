//! The kinds of facts that a policy can use.

use fullmakt_xacml::{PolicyTree, ids::ACCESS_SUBJECT};

use crate::ids;

/// The kinds of facts that are collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each kind is wanted or not by itself")]
pub struct Wanted {
    /// Roles.
    pub roles: bool,
    /// Access packages.
    pub packages: bool,
    /// What parties give each other. Single rights stand beside policies, so that no policy rules
    /// them out.
    pub mandates: bool,
    /// Rights of the rights registry and access lists.
    pub registry: bool,
}

impl Wanted {
    /// All kinds of facts.
    pub const ALL: Self = Self { roles: true, packages: true, mandates: true, registry: true };
    /// Roles alone.
    pub const ROLES: Self = Self { roles: true, packages: false, mandates: false, registry: false };

    /// The kinds that a policy tests, and those that count without.
    #[must_use]
    pub fn by(policy: &PolicyTree) -> Self {
        let mut wanted = Self { roles: false, packages: false, mandates: true, registry: false };
        for tested in policy.attributes_tested() {
            if tested.category == ACCESS_SUBJECT {
                wanted.roles |= ids::is_role(&tested.id);
                wanted.packages |= tested.id == ids::ACCESS_PACKAGE;
                wanted.registry |= ids::is_registry(&tested.id);
            }
        }
        wanted
    }

    /// These kinds, and the rights registry where a resource requires a right in it.
    #[must_use]
    pub const fn with_registry_if(self, is_required: bool) -> Self {
        Self { registry: self.registry || is_required, ..self }
    }
}
