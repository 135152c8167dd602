//! A made-up country of any size: its entity register, and the ledger that its organisations write.
//!
//! Everything follows from a seed and a size: the same seed makes the same country, whatever is asked
//! of it first.

mod country;
mod draw;
pub mod ledger;
mod number;
pub mod register;

pub use country::{Country, Held, Holder, Size, Unit};
