//! The system register.

pub(crate) mod delete;
pub(crate) mod register;
