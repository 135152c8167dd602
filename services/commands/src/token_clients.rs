//! Clients of our own token endpoint, and their keys.

pub(crate) mod add_key;
pub(crate) mod change;
pub(crate) mod delete;
pub(crate) mod register;
pub(crate) mod retire_key;
