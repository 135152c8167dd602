//! The deciders: what each command makes happen, or why it is refused.
//!
//! Pure: no I/O, no clock, no chance. Time, ids and the facts of other streams come in with the
//! command, and a superseded command is simply decided again with fresh facts.

pub mod agreement;
pub mod authority;
pub mod catalogue;
pub mod codes;
pub mod command;
pub mod decider;
pub mod facts;
pub mod national_number;
pub mod party;
pub mod redirect;
pub mod resource;
pub mod seen;
pub mod system;
pub mod token_client;
pub mod token_scope;

pub use authority::Authority;
pub use codes::{AuthCode, ValidationCode};
pub use decider::{Decider, Family, Outcome, Recorded};
pub use seen::Seen;

#[cfg(test)]
mod scenario;
