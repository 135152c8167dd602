//! System users.

pub(crate) mod delete;
