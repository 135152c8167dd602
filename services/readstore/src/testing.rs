//! Databases and ledgers for tests.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot have its database or its ledger has failed"
)]

mod database;
mod ledger;

pub use database::{ENVIRONMENT, TestDatabase};
pub use ledger::TestLedger;
