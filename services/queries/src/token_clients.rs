//! Clients of our own token endpoint.

pub(crate) mod get;
