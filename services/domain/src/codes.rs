//! The codes that the wire contract gives to refusals.

mod auth;
mod validation;

pub use auth::AuthCode;
pub use validation::ValidationCode;
