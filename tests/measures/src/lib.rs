//! Two costs measured in turns, and how they are reported: for every bench.

mod measure;
mod pace;
mod report;
mod rounds;

use std::error::Error;

pub use measure::{Line, Measure, median, percentile};
pub use pace::Pace;
pub use report::Report;
pub use rounds::{Effort, Names, in_turns, spread};

/// Why there is no figure.
pub type Failed = Box<dyn Error + Send + Sync>;
