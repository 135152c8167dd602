//! The attribute ids of the wire contract that decisions know.

/// A resource of the registry.
pub const RESOURCE: &str = "urn:altinn:resource";
/// An access package, by its code.
pub(crate) const ACCESS_PACKAGE: &str = "urn:altinn:accesspackage";
/// What every attribute that names a role begins with.
pub(crate) const ROLE_PREFIXES: [&str; 3] =
    ["urn:altinn:rolecode", "urn:altinn:role", "urn:altinn:external-role:"];

/// A system user; it has to be the only attribute of the subject.
pub const SYSTEM_USER: &str = "urn:altinn:systemuser:uuid";
