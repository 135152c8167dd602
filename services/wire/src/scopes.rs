//! The scopes of the wire contract, by which routes are open to callers.

/// Write the system register.
pub const SYSTEM_REGISTER_WRITE: &str = "altinn:authentication/systemregister.write";
/// Write the system register for any vendor.
pub const SYSTEM_REGISTER_ADMIN: &str = "altinn:authentication/systemregister.admin";
/// Ask customers for system users, and take requests back.
pub const REQUEST_WRITE: &str = "altinn:authentication/systemuser.request.write";
/// Read requests. Writing does not imply it.
pub const REQUEST_READ: &str = "altinn:authentication/systemuser.request.read";
/// Look system users up, as the token issuer does.
pub const SYSTEM_USER_LOOKUP: &str = "altinn:maskinporten/systemuser.read";
/// Follow all system users, as components of the platform do.
pub const SYSTEM_USER_ADMIN: &str = "altinn:authentication/systemuser.admin";
/// What a person's own pages may do.
pub const PORTAL: &str = "altinn:portal/enduser";
/// Write resources of one's own organisation.
pub const RESOURCE_WRITE: &str = "altinn:resourceregistry/resource.write";
/// Write any resource.
pub const RESOURCE_ADMIN: &str = "altinn:resourceregistry/resource.admin";
/// Ask for decisions about resources of one's own organisation.
pub const AUTHORIZE: &str = "altinn:authorization/authorize";
/// Ask for decisions about any resource.
pub const AUTHORIZE_ADMIN: &str = "altinn:authorization/authorize.admin";
/// Read the ledger.
pub const AUDIT_READ: &str = "fullmakt:audit.read";
/// Register clients of the token endpoint, and their keys.
pub const TOKEN_CLIENT_WRITE: &str = "fullmakt:tokenclients.write";
/// The same for any organisation.
pub const TOKEN_CLIENT_ADMIN: &str = "fullmakt:tokenclients.admin";
/// Grant the scopes that one's own organisation owns, and delegate those that it may have.
pub const TOKEN_SCOPE_WRITE: &str = "fullmakt:tokenscopes.write";
/// Register scopes for their owners, and do the above for any organisation.
pub const TOKEN_SCOPE_ADMIN: &str = "fullmakt:tokenscopes.admin";
