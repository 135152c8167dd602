//! The attribute ids of the wire contract that decisions know.

/// A resource of the registry.
pub const RESOURCE: &str = "urn:altinn:resource";
/// An access package, by its code.
pub(crate) const ACCESS_PACKAGE: &str = "urn:altinn:accesspackage";
/// An access list, by its owner's code and its name.
pub(crate) const ACCESS_LIST: &str = "urn:altinn:access-list";
/// What the types of rights in the rights registry begin with that are attributes.
pub(crate) const REGISTRY_PREFIX: &str = "urn:resourceright:";
/// The type of rights to an action.
pub(crate) const REGISTRY_ACTION: &str = "urn:resourceright:action";
/// What every attribute that names a role begins with.
const ROLE_PREFIXES: [&str; 3] =
    ["urn:altinn:rolecode", "urn:altinn:role", "urn:altinn:external-role:"];

/// A system user; it has to be the only attribute of the subject.
pub const SYSTEM_USER: &str = "urn:altinn:systemuser:uuid";

/// Whether an attribute names a role.
pub(crate) fn is_role(id: &str) -> bool {
    ROLE_PREFIXES.iter().any(|prefix| id.starts_with(prefix))
}

/// Whether an attribute comes from the rights registry.
pub(crate) fn is_registry(id: &str) -> bool {
    id == ACCESS_LIST || id.starts_with(REGISTRY_PREFIX)
}

/// Whether an attribute of the subject comes from the ledger, and from nobody who asks.
pub(crate) fn is_kept(id: &str) -> bool {
    id == ACCESS_PACKAGE || is_role(id) || is_registry(id)
}
