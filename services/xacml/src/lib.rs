//! The XACML 3.0 policy engine. Pure; depends on nothing of ours.

pub mod functions;
pub mod ids;
pub mod limits;
pub mod value;
