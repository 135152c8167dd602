//! What operators need to be shown: a server of PostgreSQL that is theirs to break, and a way to
//! wait for what is about to happen.

#![expect(
    clippy::expect_used,
    clippy::must_use_candidate,
    reason = "who tests operations fails by panicking"
)]

mod postgres;
mod wait;

pub use postgres::Postgres;
pub use wait::eventually;
