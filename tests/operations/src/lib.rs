//! What operators need to be shown: a server of PostgreSQL that is theirs to break, a way to wait
//! for what is about to happen, and what `compose.yaml` says.

#![expect(
    clippy::expect_used,
    clippy::must_use_candidate,
    clippy::panic,
    reason = "who tests operations fails by panicking"
)]

pub mod compose;
mod postgres;
mod wait;

pub use postgres::Postgres;
pub use wait::eventually;
