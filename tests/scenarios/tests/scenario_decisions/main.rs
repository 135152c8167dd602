//! Every decision is kept: those who may, find it and have it computed again.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "who tells a story fails by panicking"
)]

mod history;
mod reading;
mod story;
