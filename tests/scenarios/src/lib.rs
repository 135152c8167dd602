//! What the scenarios are told with: the running system, and the people who use it.
//!
//! Everything goes through the front door. The system is the binary itself, in a process of its own
//! with a database and a ledger of its own, and it is asked over HTTP only.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::must_use_candidate,
    clippy::panic,
    clippy::return_self_not_must_use,
    reason = "who tells a scenario fails by panicking"
)]

mod client;
mod keys;
mod people;
mod scenario_4;
mod system;

pub use client::{Answer, Client};
pub use keys::ClientKey;
pub use people::{
    Customer, FJORDTORG, KARI, NORDVIK, OLA, Person, SERVICE_OWNER, VENDOR, decision_request,
};
pub use scenario_4::{Scenario4, VAT_RETURN};
pub use system::{Log, System};
