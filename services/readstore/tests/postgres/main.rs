//! The read store against a real PostgreSQL, named by `FULLMAKT_TEST_POSTGRES`
//! (`cargo xtask test contract` sets it).

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what a test cannot do has failed"
)]

mod bulk;
mod freshness;
mod history;
mod migration;
mod projector;
mod queries;
mod reading;
mod rebuilding;
mod snapshots;
mod statements;
mod streams;
mod support;
mod systems;
mod verifying;
