//! Systems of the register.

mod body;
pub(crate) mod delete;
mod facts;
pub(crate) mod register;
pub(crate) mod replace_access_packages;
pub(crate) mod replace_rights;
mod target;
pub(crate) mod update;
