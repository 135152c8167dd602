//! Scopes of tokens: who owns them, who may have them, and who may use them for others.

mod change;
pub(crate) mod delegate;
pub(crate) mod grant;
pub(crate) mod register;
pub(crate) mod revoke_delegation;
pub(crate) mod revoke_grant;
