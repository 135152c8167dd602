//! The rules: one file a subject.

pub(crate) mod dependencies;
pub(crate) mod manifests;
pub(crate) mod manners;
pub(crate) mod purity;
pub(crate) mod sql;
pub(crate) mod traces;
