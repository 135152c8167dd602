//! What it takes to show that the ledger holds when processes die, disks are full and networks
//! break: an installation that is a test's own to harm, clients who put load on it and remember what
//! they were told, and the truth that this is held against.
//!
//! What happens by chance follows from a seed, which a run says and `FULLMAKT_TEST_SEED` sets;
//! `FULLMAKT_TEST_SEEDS` says how many seeds are run, from that one on.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::must_use_candidate,
    clippy::panic,
    reason = "who shows faults fails by panicking"
)]

mod brokers;
mod chance;
mod client;
mod disk;
mod history;
mod installation;
mod load;
mod member;
mod network;
mod order;
mod pace;
mod place;
mod plan;
mod skip;
pub mod truth;

pub use brokers::Brokers;
pub use chance::{Chance, seeds};
pub use client::{Asker, Found, Orderer, number};
pub use disk::SmallDisk;
pub use history::{Entry, Fate, History};
pub use installation::{Installation, PUBLIC_ADDRESS, People, Probe, READY_WITHIN, free_port};
pub use load::{Account, Load};
pub use member::{End, Member};
pub use network::Network;
pub use order::{Attempt, By, Order, Reply, Told, What};
pub use pace::{pause, within};
pub use place::{Place, can_run_brokers};
pub use plan::{Fault, Plan};
pub use skip::skip;
