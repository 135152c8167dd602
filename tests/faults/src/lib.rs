//! What it takes to show that the ledger holds when processes die, disks are full and networks
//! break: an installation that is a test's own to harm, clients who put load on it and remember what
//! they were told, and the truth that this is held against.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::must_use_candidate,
    clippy::panic,
    reason = "who shows faults fails by panicking"
)]

mod brokers;
mod chance;
mod installation;
mod member;
mod pace;
mod skip;

pub use brokers::{Brokers, Place, can_run_brokers};
pub use chance::{Chance, seeds};
pub use installation::{Installation, PUBLIC_ADDRESS, People, Probe, READY_WITHIN};
pub use member::{End, Member};
pub use pace::{pause, within};
pub use skip::skip;
