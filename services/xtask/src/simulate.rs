//! `cargo xtask simulate`: many seeds of the ledger's simulation, or one of them again.

use crate::failure::Outcome;
use crate::{shell, workspace};
use std::time::Duration;

const SIMULATE_LIMIT: Duration = Duration::from_hours(12);

/// The test that simulates, in the ledger's crate.
const SIMULATION: &str = "tests::simulation::whatever_goes_wrong";

/// Which seeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seeds {
    /// So many, from 0 on.
    First(u64),
    /// This one.
    One(u64),
}

/// Simulates, and shows how often what happened.
pub fn simulate(seeds: Seeds) -> Outcome {
    let mut test = shell::cargo();
    test.args(["test", "--release", "--package", "fullmakt-ledger", "--lib"]);
    test.args([SIMULATION, "--", "--nocapture"]);
    let (name, number) = match seeds {
        Seeds::First(number) => ("FULLMAKT_TEST_SEEDS", number),
        Seeds::One(seed) => ("FULLMAKT_TEST_SEED", seed),
    };
    test.env(name, number.to_string());
    shell::run(test.current_dir(workspace::root()?), SIMULATE_LIMIT)
}
