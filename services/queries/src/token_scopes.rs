//! Scopes of tokens.

pub(crate) mod get;
